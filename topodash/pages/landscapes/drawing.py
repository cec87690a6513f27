"""Figures 2, 3 and 4, and the words beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash
import numpy as np
from dash import Input, Output, State, html, no_update
from dash.development.base_component import Component

from topodash.components.timeline import part_id
from topodash.figures.landscape_curves import landscape_curves
from topodash.figures.landscape_grid import landscape_grid
from topodash.figures.norm_curves import norm_curves, norm_heatmap, norms_over_epochs
from topodash.pages.landscapes import ids
from topodash.pages.landscapes.controls import VIEW, whose_defaults
from topodash.pages.landscapes.findings import caveats, course, findings, last_moment
from topodash.pages.landscapes.sources import counted, title_of
from topodash.pages.landscapes.state import address
from topodash.pages.landscapes.view import View, load
from topodash.runs import RunError


def ready_view(ready: Mapping[str, Any] | None) -> View | None:
    """The view that is ready; None where it has gone."""
    if not ready:
        return None
    try:
        return load(ready, wait=0.0).view
    except (RunError, ValueError, KeyError):
        return None


def at(cursor: Mapping[str, Any] | None, view: View) -> tuple[int, int]:
    """(layer, moment) of the cursor in this view: the first hidden layer and the last moment where it says nothing."""
    found = cursor or {}
    layer, moment = found.get("layer"), found.get("moment")
    if not isinstance(layer, int) or not 0 <= layer < len(view.layers):
        layer = 0
    if not isinstance(moment, int) or not 0 <= moment < len(view.moments):
        moment = last_moment(view)
    return layer, moment


def register_drawing(app: dash.Dash) -> None:
    """Register the callbacks that draw the averages."""

    @app.callback(
        output={
            "grid": Output(ids.GRID, "figure"), "grid_said": Output(ids.GRID_SAID, "children"), "heat": Output(ids.HEAT, "figure"),
            "notes": Output(ids.NOTES, "children"), "shape": Output(ids.SHAPE, "data"), "most": Output(part_id(ids.PAGE, "slider"), "max"),
            "still": Output(part_id(ids.PAGE, "slider"), "disabled"), "layers": Output(ids.SPACE_LAYERS, "data"), "shown": Output(ids.SPACE_LAYERS, "value"),
        },
        inputs={"ready": Input(ids.READY, "data"), "axes": Input(VIEW.id("axes"), "value"), "functions": Input(VIEW.id("functions"), "value"),
                "look": Input("theme", "data"),
                "before": {"cursor": State(ids.CURSOR, "data"), "shape": State(ids.SHAPE, "data"), "shown": State(ids.SPACE_LAYERS, "value")}},
        prevent_initial_call=True,
    )  # fmt: skip
    def averages(ready: Any, axes: Any, functions: Any, look: Any, before: dict[str, Any]) -> dict[str, Any]:
        view = ready_view(ready)
        if view is None:
            raise dash.exceptions.PreventUpdate
        dark = look == "dark"
        named: dict[str, Any] = {
            "layers": view.layers,
            "moments": view.moments,
            "moment_title": view.moment_title,
        }
        count = functions if isinstance(functions, int) and 1 <= functions <= 8 else 3
        layer, moment = at(before["cursor"], view)
        grid = landscape_grid(
            view.means,
            view.grid,
            view.norm_of_mean,
            functions=count,
            common=axes != "own",
            cursor=(layer, moment),
            dark=dark,
            **named,
        )
        if view.epochs:
            heat = norms_over_epochs(view.mean_norm, view.epochs, layers=view.layers, dark=dark)
        else:
            heat = norm_heatmap(view.mean_norm, dark=dark, **named)
        now = {
            "layers": list(view.layers),
            "moments": list(view.moments),
            "title": view.moment_title,
            "last": last_moment(view),
            "run": view.run,
        }
        fresh = not before["shape"] or before["shape"]["layers"] != now["layers"] or not before["shown"]
        return {
            "grid": grid, "grid_said": grid_words(view), "heat": heat, "notes": notes(view), "shape": now, "most": max(len(view.moments) - 1, 1),
            "still": len(view.moments) < 2, "layers": [{"value": str(k), "label": name} for k, name in enumerate(view.layers)] if fresh else no_update,
            "shown": first_layers(len(view.layers)) if fresh else no_update,
        }  # fmt: skip

    @app.callback(
        Output(ids.NORMS, "figure"), Output(ids.CURVES, "figure"), Output(ids.WORDS, "children"), Output(ids.key("norms"), "data"),
        Input(ids.READY, "data"), Input(ids.CURSOR, "data"), Input("theme", "data"), State(ids.key("norms"), "data"), prevent_initial_call=True,
    )  # fmt: skip
    def courses(ready: Any, cursor: Any, look: Any, before: Any) -> tuple[Any, ...]:
        view = ready_view(ready)
        if view is None:
            raise dash.exceptions.PreventUpdate
        _, moment = at(cursor, view)
        key = [view.run, view.stamp, view.changes, view.degree, moment, look]
        if key == before:
            raise dash.exceptions.PreventUpdate
        named: dict[str, Any] = {
            "layers": view.layers,
            "moments": view.moments,
            "moment_title": view.moment_title,
            "cursor": moment,
            "dark": look == "dark",
        }
        norms = norm_curves(view.norm_of_mean, view.mean_norm, view.sd_norm, **named)
        return norms, landscape_curves(view.points, view.explained, **named), course(view, moment), key

    @app.callback(
        Output(ids.QUERY, "data"),
        Input(ids.READY, "data"),
        Input(ids.CURSOR, "data"),
        Input(ids.VIEW, "data"),
        VIEW.inputs(),
        prevent_initial_call=True,
    )
    def written(ready: Any, cursor: Any, asked: Any, raw: dict[str, Any]) -> str:
        try:
            values = VIEW.parse(raw)
        except ValueError:
            raise dash.exceptions.PreventUpdate from None
        # A study that is still computed has no picture, and yet a reload must come back to it.
        shown = ready if ready and (not asked or asked["run"] == ready["run"]) else asked
        return address(shown, cursor or {}, values)


def first_layers(count: int) -> list[str]:
    """The layers that figure 1 begins with: input, the first, a middle and the last hidden one."""
    return [str(k) for k in sorted({0, 1, (count - 1) // 2, count - 2})][:4]


def grid_words(view: View) -> str:
    """The line under figure 2."""
    kind = (
        "local homology at the origin"
        if view.homology == "local"
        else "ordinary homology, activations scaled to diameter 1"
    )
    of = f"class {view.class_name}" if view.class_name else "all classes"
    if view.study is None:
        points = int(view.answers[0]["points"])
        return (
            f"One network, {points} points of {of}; {kind}, degree {view.degree}. ReLU layers are R1, R2, ..."
        )
    sizes = view.study.batch_sizes
    batch = f"{int(sizes[0])} points" + (f" in each of {len(sizes)} batches" if len(sizes) > 1 else "")
    changed = " Recomputed; not what is stored." if view.changes else ""
    if view.stamp.startswith("unfinished"):
        changed = " The study goes on; these are the networks so far."
    return f"Mean of {counted(view.networks, 'network')}, {batch} of {of}; {kind}, degree {view.degree}.{changed}"


def notes(view: View) -> list[Component]:
    """What the data say, what was left out, whose defaults."""
    marks = {True: ("agrees", "As the paper"), False: ("differs", "Unlike the paper"), None: ("", "")}
    rows = []
    for finding in findings(view):
        look, word = marks[finding.agrees]
        rows.append(
            html.Li(
                [html.Strong(f"{word}: ") if word else None, finding.text],
                className=f"land-finding land-{look}",
            )
        )
    parts: list[Component] = [
        html.P(
            title_of(view.study.config) if view.study else f"Live run, {len(view.epochs)} epochs.",
            className="land-lead",
        )
    ]
    parts.append(html.Ul(rows, className="land-list"))
    parts.append(html.Ul([html.Li(text) for text in caveats(view)], className="land-list"))
    if view.study is not None:
        paper, ours, other = whose_defaults(view.study.config)
        lines = [
            ("Set for this study", other),
            ("Our defaults, which the paper does not state", ours),
            ("The paper's", paper),
        ]
        parts.append(
            html.Details(
                [html.Summary("Whose numbers these are")]
                + [
                    html.P([html.Strong(f"{name}. "), "; ".join(found) + "."])
                    for name, found in lines
                    if found
                ],
                className="land-whose",
            )
        )
        found = [each[~np.isnan(each)] for each in view.study.accuracy.T]
        told = ", ".join(
            f"{name}: {values.mean():.3f}"
            for name, values in zip(view.moments, found, strict=True)
            if len(values)
        )
        parts.append(html.P(f"Mean training accuracy of the snapshots: {told}.", className="land-hint"))
    return parts
