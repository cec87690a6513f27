"""Callbacks of the Stability panel: start a sweep as a run, watch it, load one of its cells."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import dash
import numpy as np
from dash import Input, Output, State, ctx, no_update

from topodash.components.states import sentence, time_left, unit, verb
from topodash.figures.mapper_sweep import cell_at, sweep_map
from topodash.jobs import create_run, steer
from topodash.pages.context import owner, services
from topodash.pages.mapper import ids
from topodash.pages.mapper import sweep_view as view
from topodash.pages.mapper.controls import TABLE
from topodash.pages.mapper.controls import sentence as what
from topodash.runs import RunError, RunStatus
from topodash.settings import Settings

KIND = "mapper_sweep"
MOST_CELLS = 400
GRID = {
    "rows": State(view.ROWS, "value"),
    "against": State(view.AGAINST, "value"),
    "low": State(view.FROM, "value"),
    "high": State(view.TO, "value"),
    "count": State(view.COUNT, "value"),
}


def sweep_config(request: Any, *, rows: str, against: str, low: Any, high: Any, count: Any) -> dict[str, Any]:
    """The config of a run of kind `mapper_sweep`.

    Raises
    ------
    ValueError
        In words, when the numbers do not make a grid.
    """
    if request["cover"]["kind"] != "cubical" or request["clusterer"]["kind"] not in ("dbscan", "single"):
        raise ValueError("A sweep needs the cover Intervals, and DBSCAN or single linkage.")
    parts = [part.strip() for part in (rows or "").split(",") if part.strip()]
    if not parts or not all(
        part.isdecimal() and 1 <= int(part[:6]) <= 10_000 and len(part) <= 5 for part in parts
    ):
        raise ValueError(
            'Intervals must be whole numbers from 1 to 10,000 with commas between, like "10, 20, 30".'
        )
    numbers = [low, high, count]
    if not all(isinstance(each, int | float) and math.isfinite(each) for each in numbers) or int(count) < 1:
        raise ValueError("From, to and values must be numbers, and values at least 1.")
    values = np.linspace(float(low), float(high), int(min(count, MOST_CELLS + 1)))
    if against == "overlap":
        if values.min() < 0 or values.max() >= 100:
            raise ValueError(f"Overlap must go from 0 to below 100 %; it was {low:g} to {high:g}.")
        values = values / 100
    elif values.min() < 0:
        raise ValueError(f"Eps must be at least 0; it was from {low:g}.")
    counts = sorted({int(part) for part in parts})
    if len(counts) * len(values) > MOST_CELLS:
        raise ValueError(f"A sweep has at most {MOST_CELLS} cells; this one has {len(counts) * len(values)}.")
    return {
        "request": request,
        "n_intervals": counts,
        "against": against,
        "values": [float(f"{value:.6g}") for value in np.unique(values)],
    }


def standing(config: Mapping[str, Any], state: str, status: RunStatus) -> str:
    """Where a sweep is, in words: 'Two moons; eps 0.3, 8 intervals, 50 %: computing, cell 4 of 40'."""
    step, total = status.step or 0, status.total
    left = time_left(step, total, status.seconds) if state == "running" else None
    said = sentence(
        state, step, total, word=unit(KIND), verb=verb(KIND), seconds_left=left, message=status.message
    )
    return f"{what(config['request'])}: {said}"


def register(app: dash.Dash, settings: Settings) -> None:
    """Put the callbacks on the application."""

    @app.callback(
        output=[
            Output(ids.SWEEP_RUN, "data"),
            Output(ids.SWEEP_SAID, "children", allow_duplicate=True),
            Output(ids.SWEEP_TICK, "disabled", allow_duplicate=True),
        ],
        inputs=[Input(ids.SWEEP_START, "n_clicks")],
        state=[State(ids.answer("a"), "data"), GRID],
        prevent_initial_call=True,
    )
    def start(clicks: int | None, shown: Any, grid: dict[str, Any]) -> tuple[Any, ...]:
        if not clicks or not shown:
            return (
                no_update,
                "Compute a graph first; the sweep varies its settings." if clicks else no_update,
                no_update,
            )
        try:
            config = sweep_config(shown["request"], **grid)
            title = f"Sweep: {what(shown['request'])}"[:120]
            run_id = create_run(settings, kind=KIND, config=config, owner=owner(), title=title)
        except (ValueError, RunError) as problem:
            return no_update, str(problem), no_update
        return run_id, "queued", False

    @app.callback(
        Output(view.FROM, "value"), Output(view.TO, "value"), Input(view.AGAINST, "value"), State(ids.answer("a"), "data"),
        prevent_initial_call=True,
    )  # fmt: skip
    def bounds(against: str, shown: Any) -> tuple[float, float]:
        if against == "overlap":
            return 20, 70
        eps = float(shown["request"]["clusterer"]["eps"]) if shown else 0.1
        return float(f"{eps / 2:.3g}"), float(f"{eps * 2:.3g}")

    @app.callback(
        Output(ids.SWEEP_GRAPH, "figure"),
        Output(ids.SWEEP_SAID, "children"),
        Output(ids.SWEEP_TICK, "disabled"),
        Output(ids.SWEEP_PAUSE, "display"),
        Output(ids.SWEEP_PAUSE, "children"),
        Output(ids.SWEEP_STOP, "display"),
        Input(ids.SWEEP_RUN, "data"),
        Input(ids.SWEEP_TICK, "n_intervals"),
        Input(ids.SWEEP_SHOW, "value"),
        Input("theme", "data"),
    )
    def watch(run_id: str | None, _tick: Any, show: str, look: str) -> tuple[Any, ...]:
        if not run_id:
            return sweep_map(None, {}, show, dark=look == "dark"), "", True, "none", "Pause", "none"
        try:
            with services().store.open(run_id) as run:
                config, scalars, status = run.meta.config, run.scalars(), run.status
            state = services().store.state(run_id)
            if "n_intervals" not in config:
                raise ValueError("that run is no sweep")
        except (RunError, ValueError) as problem:
            return sweep_map(None, {}, show, dark=look == "dark"), f"The sweep cannot be shown. {problem}", True, "none", "Pause", "none"  # fmt: skip
        alive = state in ("queued", "running", "paused")
        button = None if alive else "none"
        return sweep_map(config, scalars, show, dark=look == "dark"), standing(config, state, status), not alive, button, "Resume" if state == "paused" else "Pause", button  # fmt: skip

    @app.callback(
        Output(ids.SWEEP_TICK, "disabled", allow_duplicate=True),
        Input(ids.SWEEP_PAUSE, "n_clicks"),
        Input(ids.SWEEP_STOP, "n_clicks"),
        State(ids.SWEEP_RUN, "data"),
        State(ids.SWEEP_PAUSE, "children"),
        prevent_initial_call=True,
    )
    def steered(_pause: Any, _stop: Any, run_id: str | None, word: str) -> Any:
        entry = services().catalogue.entry(run_id) if run_id else None
        if entry is None or entry.owner != owner() or not ctx.triggered[0]["value"]:
            return no_update
        if ctx.triggered_id == ids.SWEEP_STOP:
            steer(settings, entry.id, stop=True)
        else:
            steer(settings, entry.id, pause=word == "Pause")
        return False

    @app.callback(
        Output(TABLE.id("intervals"), "value"),
        Output(TABLE.id("overlap"), "value"),
        Output(TABLE.id("eps"), "value", allow_duplicate=True),
        Input(ids.SWEEP_GRAPH, "clickData"),
        State(ids.SWEEP_RUN, "data"),
        prevent_initial_call=True,
    )
    def load(click: Any, run_id: str | None) -> tuple[Any, ...]:
        if not click or not run_id:
            return (no_update,) * 3
        try:
            with services().store.open(run_id) as run:
                config = run.meta.config
            intervals, value = cell_at(config, click["points"][0]["x"], click["points"][0]["y"])
        except (RunError, ValueError):
            return (no_update,) * 3
        if config["against"] == "overlap":
            return intervals, float(f"{100 * value:.6g}"), no_update
        return intervals, no_update, value
