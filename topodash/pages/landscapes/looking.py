"""One layer, closer: its diagram, one network against the mean, the cycle of a bar; and figure 1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash
import numpy as np
import plotly.graph_objects as go
from dash import Input, Output, State, html, no_update

from topodash.components.inspector import selection
from topodash.figures import theme
from topodash.figures.landscape_band import landscape_band
from topodash.figures.landscape_space import landscape_space
from topodash.figures.persistence_diagram import persistence_barcode, persistence_diagram
from topodash.pages.landscapes import ids
from topodash.pages.landscapes.controls import VIEW
from topodash.pages.landscapes.drawing import at, ready_view
from topodash.pages.landscapes.live_run import place_of, settings_of
from topodash.pages.landscapes.view import View, diagram, question
from topodash.runs import RunError
from topodash.topology.landscapes import landscape, landscape_norm

_EQUAL = 1e-6


def network_of(value: Any, view: View) -> int:
    """The network that the control names, from 0; the last one where there are fewer."""
    return min(int(value) if isinstance(value, int) and value >= 1 else 1, view.networks) - 1


def place(view: View, network: int, moment: int) -> dict[str, Any]:
    """How a question names one network at one moment."""
    if view.study is not None:
        return {**view.named, "network": network, "moment": moment}
    asked = {"changes": view.changes, "degree": view.degree}
    chosen = settings_of(asked, ()) | {"class": view.class_name}
    return place_of(view.run, view.epochs[moment], chosen)


def kept(view: View, network: int) -> str:
    """Why there are no activations of this network; '' where its weights were kept."""
    if view.study is None or network < view.study.config.kept_weights:
        return ""
    return f"The study kept the weights of networks 1 to {view.study.config.kept_weights}; choose one of them under Network."


def nothing(dark: bool) -> go.Figure:
    """An empty figure; the panel's foot says why."""
    return go.Figure(
        layout={"template": theme.template(dark), "xaxis": {"visible": False}, "yaxis": {"visible": False}}
    )


def register_looking(app: dash.Dash) -> None:
    """Register the callbacks of the layer's detail and of figure 1."""
    network = Input(VIEW.id("network"), "value")

    @app.callback(
        Output(ids.DETAIL_TITLE, "children"), Output(ids.DIAGRAM, "figure"), Output(ids.BARCODE, "figure"), Output(ids.INSPECTOR, "children"),
        Input(ids.READY, "data"), Input(ids.CURSOR, "data"), network, Input("theme", "data"), prevent_initial_call=True,
    )  # fmt: skip
    def detail(ready: Any, cursor: Any, number: Any, look: Any) -> tuple[Any, ...]:
        view = ready_view(ready)
        if view is None:
            raise dash.exceptions.PreventUpdate
        layer, moment = at(cursor, view)
        which, dark = network_of(number, view), look == "dark"
        try:
            bars, why = diagram(view, which, moment, layer)
        except RunError as problem:
            bars, why = np.empty((0, 2)), str(problem)
        chosen = min(int((cursor or {}).get("bar") or 0), len(bars) - 1) if len(bars) else None
        # Rips ends in a full simplex: one component lives for ever, and nothing in higher degrees does.
        infinite = 1 if view.degree == 0 and not why else 0
        title = f"{view.layers[layer]}, {moment_name(view, moment)}" + (
            f", network {which + 1} of {view.networks}" if view.study else ""
        )
        options: dict[str, Any] = {"infinite": infinite, "chosen": chosen, "dark": dark}
        return title, persistence_diagram(bars, degree=view.degree, **options), persistence_barcode(bars, **options), \
            inspected(view, layer, moment, which, bars, chosen, why)  # fmt: skip

    @app.callback(
        Output(ids.BAND, "figure"), Output(ids.BAND_SAID, "children"), Output(ids.poll("band"), "disabled"), Output(ids.key("band"), "data"),
        Input(ids.READY, "data"), Input(ids.CURSOR, "data"), network, Input(VIEW.id("functions"), "value"), Input("theme", "data"),
        Input(ids.poll("band"), "n_intervals"), State(ids.key("band"), "data"), prevent_initial_call=True,
    )  # fmt: skip
    def band(
        ready: Any, cursor: Any, number: Any, functions: Any, look: Any, tick: Any, before: Any
    ) -> tuple[Any, ...]:
        view = ready_view(ready)
        if view is None:
            raise dash.exceptions.PreventUpdate
        layer, moment = at(cursor, view)
        which = network_of(number, view)
        count = functions if isinstance(functions, int) and 1 <= functions <= 8 else 3
        key = [
            view.run,
            view.changes,
            view.degree,
            view.layers[layer],
            view.moments[moment],
            which,
            count,
            look,
        ]
        if key == before:
            return no_update, no_update, True, no_update
        try:
            bars, why = diagram(view, which, moment, layer)
        except RunError as problem:
            bars, why = np.empty((0, 2)), str(problem)
        single = landscape(bars, view.grid, count)
        found, said, idle = None, why and f"No diagram: {why}.", True
        if view.study is not None and layer > 0:
            answer = question(
                "landscape_band",
                {
                    **view.named,
                    "moment": moment,
                    "layer": layer,
                    "degree": view.degree_at,
                    "functions": count,
                },
                wait=0.2,
            )
            idle = answer.state != "working"
            found = answer.value if answer.state == "ready" else None
            said = said or band_words(answer, view)
        elif layer == 0:
            said = said or "The input layer is the same for all networks."
        figure = landscape_band(
            single,
            view.grid,
            found,
            name=f"network {which + 1}" if view.study else "this network",
            dark=look == "dark",
        )
        return figure, said, idle, key if idle else None

    @app.callback(
        Output(ids.CYCLE, "figure"), Output(ids.CYCLE_SAID, "children"), Output(ids.poll("cycle"), "disabled"), Output(ids.key("cycle"), "data"),
        Input(ids.READY, "data"), Input(ids.CURSOR, "data"), network, Input("theme", "data"), Input(ids.poll("cycle"), "n_intervals"),
        State(ids.key("cycle"), "data"), prevent_initial_call=True,
    )  # fmt: skip
    def cycle(ready: Any, cursor: Any, number: Any, look: Any, tick: Any, before: Any) -> tuple[Any, ...]:
        view = ready_view(ready)
        if view is None:
            raise dash.exceptions.PreventUpdate
        layer, moment = at(cursor, view)
        which, bar = network_of(number, view), int((cursor or {}).get("bar") or 0)
        key = [
            view.run,
            view.changes,
            view.degree,
            view.layers[layer],
            view.moments[moment],
            which,
            bar,
            look,
        ]
        if key == before:
            return no_update, no_update, True, no_update
        missing = kept(view, which)
        if missing:
            return nothing(look == "dark"), missing, True, key
        where = place(view, which, moment)
        points = question("landscape_points", {"place": where, "layers": [layer]}, wait=0.2)
        if points.state != "ready":
            working = points.state == "working"
            return no_update if working else nothing(look == "dark"), points.message, not working, no_update
        try:
            bars, _ = diagram(view, which, moment, layer)
        except RunError:
            bars = np.empty((0, 2))
        found, said, idle = None, "", True
        if view.degree == 1 and len(bars):
            bar = min(bar, len(bars) - 1)
            found, said, idle = bar_cycle(where, layer, bars, bar)
        elif view.degree != 1:
            said = "Cycles are shown for bars of degree 1."
        value = points.value
        figure = landscape_space(
            value["scenes"],
            value["labels"],
            titles=[view.layers[layer]],
            class_names=value["class_names"],
            cycle=found,
            dark=look == "dark",
        )
        return figure, said, idle, key if idle else None

    @app.callback(
        Output(ids.SPACE, "figure"), Output(ids.SPACE_SAID, "children"), Output(ids.poll("space"), "disabled"), Output(ids.key("space"), "data"),
        Input(ids.READY, "data"), Input(ids.CURSOR, "data"), network, Input(ids.SPACE_LAYERS, "value"), Input("theme", "data"),
        Input(ids.poll("space"), "n_intervals"), State(ids.key("space"), "data"), prevent_initial_call=True,
    )  # fmt: skip
    def space(
        ready: Any, cursor: Any, number: Any, layers: Any, look: Any, tick: Any, before: Any
    ) -> tuple[Any, ...]:
        view = ready_view(ready)
        if view is None or not layers:
            raise dash.exceptions.PreventUpdate
        _, moment = at(cursor, view)
        which = network_of(number, view)
        chosen = sorted(int(k) for k in layers if str(k).isdecimal() and int(k) < len(view.layers))[:4]
        key = [view.run, view.moments[moment], which, chosen, look]
        if key == before or not chosen:
            return no_update, no_update, True, no_update
        missing = kept(view, which)
        if missing:
            return nothing(look == "dark"), missing, True, key
        answer = question(
            "landscape_points", {"place": place(view, which, moment), "layers": chosen}, wait=0.25
        )
        if answer.state != "ready":
            working = answer.state == "working"
            return no_update if working else nothing(look == "dark"), answer.message, not working, no_update
        value = answer.value
        figure = landscape_space(
            value["scenes"],
            value["labels"],
            titles=[view.layers[k] for k in chosen],
            class_names=value["class_names"],
            dark=look == "dark",
        )
        drawn = len(value["labels"])
        name = (
            f"Network {which + 1}, {moment_name(view, moment)}" if view.study else moment_name(view, moment)
        )
        some = (
            f"{drawn} of {value['total']} points are drawn" if drawn < value["total"] else f"{drawn} points"
        )
        return (
            figure,
            f"{name}: {some}; homology is taken of {value['batch']} of them. Each layer has its own principal axes and scale.",
            True,
            key,
        )


def moment_name(view: View, moment: int) -> str:
    """'iteration 0', 'threshold 0.9', 'epoch 40'."""
    name = view.moments[moment]
    return name if name.startswith("iteration") else f"{view.moment_title} {name}"


def band_words(answer: Any, view: View) -> str:
    """The line under the landscape of one network."""
    if answer.state != "ready":
        return (
            f"The mean over networks: {answer.message}"
            if answer.message
            else "The mean over networks is computed."
        )
    count = answer.value["networks"]
    return (
        f"Mean of {count} networks, band from the 5th to the 95th percentile."
        if count
        else "No network has this layer at this threshold."
    )


def bar_cycle(where: Mapping[str, Any], layer: int, bars: np.ndarray, bar: int) -> tuple[Any, str, bool]:
    """The cycle of a bar, the line that says so, and whether nothing is under way any more."""
    birth, death = (float(value) for value in bars[bar])
    tie = int((np.abs(bars[:bar] - bars[bar]).sum(axis=1) <= _EQUAL).sum())
    answer = question(
        "landscape_cycle",
        {"place": where, "layer": layer, "birth": birth, "death": death, "tie": tie},
        wait=0.2,
    )
    if answer.state != "ready":
        return None, f"The cycle of bar {bar + 1}: {answer.message}", answer.state != "working"
    found = answer.value["cycle"]
    if not len(found):
        return None, f"Bar {bar + 1} has no cycle among these points.", True
    return (
        found,
        f"Bar {bar + 1}, from {birth:.4g} to {death:.4g}: a shortest cycle of it, through {len(found)} points.",
        True,
    )


def inspected(
    view: View, layer: int, moment: int, network: int, bars: np.ndarray, chosen: int | None, why: str
) -> Any:
    """The open layer in numbers."""
    pairs: list[tuple[str, Any]] = [
        ("Layer", view.layers[layer]),
        (view.moment_title.capitalize(), view.moments[moment]),
        ("Norm of the average", f"{view.norm_of_mean[moment, layer]:.4g}"),
    ]
    if view.study is not None:
        study = view.study
        pairs += [
            (
                "Average of the norms",
                f"{view.mean_norm[moment, layer]:.4g} ± {view.sd_norm[moment, layer]:.2g}",
            ),
            ("Networks behind it", f"{int(view.used[moment, layer])} of {view.networks}"),
            ("Lost outside the grid", f"{view.lost[moment, layer]:.2%} at most"),
            ("Left after all cuts", f"{view.retained[moment, layer]:.1%} at least"),
            ("Network", f"{network + 1}"),
        ]
        if study.steps[network, moment] >= 0:
            pairs += [
                ("Its training step", f"{int(study.steps[network, moment])}"),
                ("Its accuracy", f"{study.accuracy[network, moment]:.4f}"),
                ("On other points", f"{study.test_accuracy[network, moment]:.4f}"),
            ]
    pairs += [("Finite bars kept", f"{len(bars)}"), ("Norm of these bars", f"{landscape_norm(bars):.4g}")]
    if chosen is not None:
        pairs.append((f"Bar {chosen + 1}", f"{bars[chosen, 0]:.4g} to {bars[chosen, 1]:.4g}"))
    body = selection(
        f"{view.layers[layer]}, {moment_name(view, moment)}",
        pairs,
        sentence=f"No diagram: {why}." if why else None,
    )
    return html.Div(body)
