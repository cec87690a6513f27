"""Figures 2, 3 and 4, and the words beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash
import numpy as np
import plotly.graph_objects as go
from dash import Input, Output, State, ctx, no_update

from topodash.components.timeline import part_id
from topodash.components.waiting import waiting
from topodash.figures.landscape_curves import landscape_curves
from topodash.figures.landscape_grid import landscape_grid
from topodash.figures.norm_curves import norm_curves, norm_heatmap, norms_over_epochs
from topodash.pages.landscapes import ids
from topodash.pages.landscapes.controls import VIEW
from topodash.pages.landscapes.findings import course, last_moment
from topodash.pages.landscapes.view import View, load
from topodash.pages.landscapes.words import grid_words, notes
from topodash.runs import RunError

#: What `overview` gives.
_OVERVIEW = ("grid_said", "heat", "notes", "shape", "most", "still", "layers", "shown", "networks")


def ready_view(ready: Mapping[str, Any] | None) -> View | None:
    """The view that is ready; None where it has gone."""
    if not ready:
        return None
    try:
        return load(ready, wait=0.0).view
    except (RunError, ValueError, KeyError):
        return None


def at(cursor: Mapping[str, Any] | None, view: View) -> tuple[int, int]:
    """(layer, moment) of the cursor in this view: the input and the last moment where it says nothing; of a live run the
    epoch that is nearest to the cursor's."""
    found = cursor or {}
    layer, moment, epoch = (found.get(name) for name in ("layer", "moment", "epoch"))
    if view.epochs and isinstance(epoch, int):
        moment = int(np.abs(np.array(view.epochs) - epoch).argmin())
    if not isinstance(layer, int) or not 0 <= layer < len(view.layers):
        layer = 0
    if not isinstance(moment, int) or not 0 <= moment < len(view.moments):
        moment = last_moment(view)
    return layer, moment


def named(view: View) -> dict[str, Any]:
    """How a figure names the layers and moments."""
    return {"layers": view.layers, "moments": view.moments, "moment_title": view.moment_title}


def functions_of(value: Any) -> int:
    """How many landscape functions are drawn: the control's number, 3 while it holds none."""
    return value if isinstance(value, int) and 1 <= value <= 8 else 3


def average_grid(
    view: View, *, axes: Any, functions: Any, cursor: Any, dark: bool
) -> tuple[go.Figure, list[Any]]:
    """Figure 2, and for what it was drawn."""
    common, count = axes != "own", functions_of(functions)
    options: dict[str, Any] = {"functions": count, "common": common, "cursor": at(cursor, view), "dark": dark}
    figure = landscape_grid(view.means, view.grid, view.norm_of_mean, **options, **named(view))
    return figure, [view.run, view.stamp, view.changes, view.degree, common, count, dark]


def register_drawing(app: dash.Dash) -> None:
    """Register the callbacks that draw the averages."""

    @app.callback(
        Output(ids.GRID, "figure"), Output(ids.key("grid"), "data"),
        inputs={"ready": Input(ids.READY, "data"), "axes": Input(VIEW.id("axes"), "value"), "functions": Input(VIEW.id("functions"), "value"),
                "look": Input("theme", "data"), "cursor": State(ids.CURSOR, "data"), "before": State(ids.key("grid"), "data")},
        prevent_initial_call=True,
    )  # fmt: skip
    def averages(
        *, ready: Any, axes: Any, functions: Any, look: Any, cursor: Any, before: Any
    ) -> tuple[Any, Any]:
        view = ready_view(ready)
        if view is None:
            raise dash.exceptions.PreventUpdate
        figure, key = average_grid(view, axes=axes, functions=functions, cursor=cursor, dark=look == "dark")
        if key == before:
            raise dash.exceptions.PreventUpdate
        return figure, key

    @app.callback(
        output={
            "grid_said": Output(ids.GRID_SAID, "children"), "heat": Output(ids.HEAT, "figure"), "notes": Output(ids.NOTES, "children"),
            "shape": Output(ids.SHAPE, "data"), "most": Output(part_id(ids.PAGE, "slider"), "max"), "still": Output(part_id(ids.PAGE, "slider"), "disabled"),
            "layers": Output(ids.SPACE_LAYERS, "data"), "shown": Output(ids.SPACE_LAYERS, "value"), "networks": Output(VIEW.id("network"), "max"),
        },
        inputs={"ready": Input(ids.READY, "data"), "look": Input("theme", "data"),
                "before": {"shape": State(ids.SHAPE, "data"), "shown": State(ids.SPACE_LAYERS, "value")}},
        prevent_initial_call=True,
    )  # fmt: skip
    def overview(ready: Any, look: Any, before: dict[str, Any]) -> dict[str, Any]:
        view = ready_view(ready)
        if view is None:
            raise dash.exceptions.PreventUpdate
        dark = look == "dark"
        if view.epochs:
            heat = norms_over_epochs(view.mean_norm, view.epochs, layers=view.layers, dark=dark)
        else:
            heat = norm_heatmap(view.mean_norm, dark=dark, **named(view))
        if ctx.triggered_id == "theme":  # nothing else has changed
            return dict.fromkeys(_OVERVIEW, no_update) | {"heat": heat}
        now = {
            "layers": list(view.layers),
            "moments": list(view.moments),
            "title": view.moment_title,
            "last": last_moment(view),
            "run": view.run,
        }
        fresh = not before["shape"] or before["shape"]["layers"] != now["layers"] or not before["shown"]
        return {
            "grid_said": grid_words(view), "heat": heat, "notes": notes(view), "shape": now, "most": max(len(view.moments) - 1, 1),
            "still": len(view.moments) < 2, "layers": [{"value": str(k), "label": name} for k, name in enumerate(view.layers)] if fresh else no_update,
            "shown": first_layers(len(view.layers)) if fresh else no_update, "networks": view.networks,
        }  # fmt: skip

    @app.callback(
        Output(waiting(ids.NORMS), "data"), Output(waiting(ids.CURVES), "data"), Output(ids.key("norms"), "data"),
        Input(ids.READY, "data"), Input("theme", "data"), Input(VIEW.id("curves"), "value"), State(ids.MOMENT, "data"), State(ids.key("norms"), "data"),
        prevent_initial_call=True,
    )  # fmt: skip
    def courses(ready: Any, look: Any, fit: Any, place: Any, before: Any) -> tuple[Any, ...]:
        view = ready_view(ready)
        if view is None:
            raise dash.exceptions.PreventUpdate
        key = [view.run, view.stamp, view.changes, view.degree, look, fit]
        if key == before:
            raise dash.exceptions.PreventUpdate
        # Another moment is another look of the same curves: the script changes it (`assets/looks.js`).
        options = {**named(view), "cursor": at(place, view)[1], "dark": look == "dark"}
        norms: Any = norm_curves(view.norm_of_mean, view.mean_norm, view.sd_norm, **options)
        curves = landscape_curves(view.points, view.explained, hidden_only=fit == "hidden", **options)
        return no_update if ctx.triggered_id == VIEW.id("curves") else norms, curves, key

    @app.callback(
        Output(ids.WORDS, "children"),
        Input(ids.READY, "data"),
        Input(ids.MOMENT, "data"),
        prevent_initial_call=True,
    )
    def said(ready: Any, place: Any) -> str:
        view = ready_view(ready)
        if view is None:
            raise dash.exceptions.PreventUpdate
        return course(view, at(place, view)[1])


def first_layers(count: int) -> list[str]:
    """The layers that figure 1 begins with: input, the first, a middle and the last hidden one."""
    return [str(k) for k in sorted({0, 1, (count - 1) // 2, count - 2})][:4]
