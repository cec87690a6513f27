"""Looking closer: the inspector, the snapshot strip, a second run, one neuron's landscape."""

from __future__ import annotations

from typing import Any

import dash
from dash import ALL, Input, Output, State, ctx, no_update

from topodash.components.notices import notice
from topodash.components.panel import empty
from topodash.figures.neuron_panel import neuron_landscape
from topodash.pages.context import dark, owner, services
from topodash.pages.live import ids, inspector
from topodash.pages.live.drawing import curves_figure, panels_of_layer
from topodash.pages.live.stage import CURVES_WAIT, NO_NEURONS, STRIP_WAITS, curves_graph, strip
from topodash.pages.live.state import epochs_of
from topodash.pages.live.views import views
from topodash.pages.titles import run_title, shipped_networks
from topodash.runs import RunError


def register_looking(app: dash.Dash) -> None:
    """Register the callbacks of what is looked at more closely."""

    @app.callback(Output(ids.INSPECTOR, "children"), Input(ids.SELECTION, "data"), prevent_initial_call=True)
    def inspect(selected: Any) -> Any:
        if not selected or not (selected["pattern"] or selected["points"]):
            return empty("Click a cell or lasso points in the input plane.")
        changes = (selected.get("edit") or {}).get("changes")
        try:
            if selected["pattern"]:
                view = views().view(selected["run"], selected["step"], changes=changes)
                return inspector.cell_selection(view, views().sample(selected["run"]), selected["pattern"])
            return inspector.points_selection(
                views(), selected["run"], selected["step"], selected["points"], changes
            )
        except (RunError, ValueError) as problem:
            return notice(str(problem), kind="error")

    @app.callback(
        Output(ids.STRIP, "children"), Output(ids.STRIP_EPOCHS, "error"),
        Input(ids.STRIP_EPOCHS, "value"), Input(ids.DRAWN, "data"), Input(ids.STRIP_TICK, "data"), State(ids.ATTACH, "data"), prevent_initial_call=True,
    )  # fmt: skip
    def film(text: str, _drawn: Any, _tick: Any, attached: Any) -> tuple[Any, Any]:
        if not attached or not attached["a"]:
            return empty(STRIP_WAITS), None
        run = attached["a"]
        try:
            epochs = epochs_of(text or "")
            with services().store.open(run["id"]) as reader:
                recorded = set(reader.snapshot_steps().tolist())
        except (ValueError, RunError) as problem:
            return no_update, str(problem)
        return strip(
            run["id"], epochs, recorded, dark(), total=run["total"] or 2**31, first=run["first"]
        ), None

    @app.callback(Output(ids.COMPARE, "data"), Input(ids.DRAWN, "data"), State(ids.ATTACH, "data"))
    def others(_drawn: Any, attached: Any) -> list[dict[str, str]]:
        here = attached["a"]["id"] if attached and attached["a"] else None
        entries = services().catalogue.entries(owner(), limit=60)
        found = {e.id: e.title or f"run {e.id[:6]}" for e in entries}
        found |= {run: f"{title} (shipped)" for run, title in shipped_networks()}
        other = attached["b"]["id"] if attached and attached.get("b") else None
        if other and other not in found:
            found[other] = run_title(other)
        return [{"value": run, "label": title} for run, title in found.items() if run != here]

    @app.callback(
        Output(ids.RUN, "data", allow_duplicate=True), Input(ids.COMPARE, "value"), State(ids.ATTACH, "data"), State(ids.CURSOR, "data"),
        prevent_initial_call=True,
    )  # fmt: skip
    def compare(other: str | None, attached: Any, cursor: Any) -> Any:
        if not attached or not attached["a"] or other == ((attached.get("b") or {}).get("id")):
            return no_update
        return {
            "a": attached["a"]["id"],
            "b": other,
            "epoch": cursor,
            "pattern": None,
            "edit": None,
            "push": True,
        }

    @app.callback(
        Output(ids.CURVES_BOX, "children"),
        Input(ids.DRAWN, "data"),
        State(ids.ATTACH, "data"),
        prevent_initial_call=True,
    )
    def drawn_curves(_drawn: Any, attached: Any) -> Any:
        if not attached or not attached["a"]:
            return empty(CURVES_WAIT)
        run, total = attached["a"]["id"], attached["a"]["total"]
        try:
            return curves_graph(curves_figure(run, views().sample(run), total, dark()))
        except (RunError, ValueError) as problem:
            return notice(str(problem), kind="error")

    @app.callback(
        Output(ids.NEURONS, "children"), Input(ids.LAYER, "value"), Input(ids.DRAWN, "data"), State(ids.ATTACH, "data"), prevent_initial_call=True,
    )  # fmt: skip
    def neurons(layer: str, _drawn: Any, attached: Any) -> Any:
        if not attached or not attached["a"]:
            return empty(NO_NEURONS)
        run_id = attached["a"]["id"]
        try:
            with services().store.open(run_id) as reader:
                hidden = reader.meta.config.get("hidden", [3])
            return panels_of_layer(views().sample(run_id), hidden, layer, dark())
        except (RunError, ValueError, IndexError) as problem:
            return notice(str(problem), kind="error")

    @app.callback(
        Output(ids.LANDSCAPE, "opened"), Output(ids.LANDSCAPE, "title"), Output(ids.LANDSCAPE_GRAPH, "figure"),
        Input({"live-landscape": ALL, "unit": ALL}, "n_clicks"), State(ids.ATTACH, "data"), State(ids.LAYER, "value"),
        prevent_initial_call=True,
    )  # fmt: skip
    def landscape(clicks: list[Any], attached: Any, layer: str) -> tuple[Any, ...]:
        if not any(clicks) or not attached or not attached["a"]:
            return (no_update,) * 3
        unit = ctx.triggered_id["unit"]
        columns = views().sample(attached["a"]["id"]).columns
        return (
            True,
            f"Activation landscape of neuron {unit + 1}{'' if layer == 'last' else f' of layer {layer}'}",
            neuron_landscape(unit, columns=columns, dark=dark()),
        )
