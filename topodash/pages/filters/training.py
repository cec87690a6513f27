"""Trainings from the page: start, steer, and the source that grows while it works."""

from __future__ import annotations

from typing import Any

import dash
from dash import Input, Output, State, ctx, no_update

from topodash.components.controls import ControlErrors
from topodash.components.notices import notice
from topodash.components.states import FINAL, sentence, time_left
from topodash.components.timeline import part_id
from topodash.jobs import create_run, resume_run, steer
from topodash.pages.context import owner, services
from topodash.pages.filters import ids
from topodash.pages.filters.address import beside_options
from topodash.pages.filters.choice import options, read_source
from topodash.pages.filters.choosing import time_values
from topodash.pages.filters.controls import TRAINING, run_config
from topodash.runs import RunError
from topodash.settings import Settings

NAMES = {"mnist": "MNIST", "circles_squares": "circles and squares"}
SLIDER = part_id(ids.PAGE, "slider")


def register_training(app: dash.Dash, settings: Settings) -> None:
    """Register the callbacks of trainings."""

    @app.callback(
        output={"options": Output(ids.SOURCE, "data", allow_duplicate=True), "value": Output(ids.SOURCE, "value", allow_duplicate=True),
                "errors": TRAINING.error_outputs(), "said": Output(ids.SAID, "children", allow_duplicate=True), "still": Output(ids.TRAIN_TICK, "disabled")},
        inputs={"clicks": Input(ids.TRAIN, "n_clicks")},
        state={"raw": TRAINING.states()},
        prevent_initial_call=True,
    )  # fmt: skip
    def train(clicks: Any, raw: Any) -> dict[str, Any]:
        quiet = {
            "options": no_update,
            "value": no_update,
            "errors": TRAINING.errors(),
            "said": no_update,
            "still": no_update,
        }
        if not clicks:
            return quiet
        try:
            values = TRAINING.parse(raw)
            config = run_config(values)
            title = f"M({config['c1']}, 8, {config['dense']}) on {NAMES[config['dataset']['name']]}, seed {config['seed']}"
            run_id = create_run(settings, kind="cnn", config=config, owner=owner(), title=title)
        except ControlErrors as problem:
            return {**quiet, "errors": TRAINING.errors(problem)}
        except (RunError, ValueError, OSError) as problem:
            return {**quiet, "said": notice(str(problem), kind="error", closable=True)}
        value = f"run:{run_id}"
        return {**quiet, "options": options(value), "value": value, "still": False}

    @app.callback(
        output={"moments": Output(ids.MOMENTS, "data", allow_duplicate=True), "beside": Output(ids.BESIDE, "data", allow_duplicate=True),
                "with": Output(ids.BESIDE, "value", allow_duplicate=True), "time": _time(), "said": Output(ids.TRAIN_SAID, "children"),
                "pause": Output(ids.TRAIN_PAUSE, "display"), "pause_word": Output(ids.TRAIN_PAUSE, "children"), "stop": Output(ids.TRAIN_STOP, "display"),
                "still": Output(ids.TRAIN_TICK, "disabled", allow_duplicate=True)},
        inputs={"tick": Input(ids.TRAIN_TICK, "n_intervals"), "moments": Input(ids.MOMENTS, "data")},
        state={"follow": State(part_id(ids.PAGE, "follow"), "checked"), "at": State(SLIDER, "value"), "beside": State(ids.BESIDE, "value"),
               "shown": {"request": State(ids.REQUEST, "data"), "ready": State(ids.READY, "data")}},
        prevent_initial_call=True,
    )  # fmt: skip
    def follow(*, tick: Any, moments: Any, follow: bool, at: Any, beside: Any, shown: Any) -> dict[str, Any]:
        idle = {**_idle(), "said": "", "pause": "none", "stop": "none", "still": True}
        if not moments or not moments["source"].startswith("run:"):
            return idle
        try:
            run_id = moments["source"][4:]
            source, words, state = read_source(moments["source"]), *run_words(run_id)
        except (RunError, ValueError) as problem:
            return {**idle, "said": str(problem)}
        over = state in FINAL
        out = {**_idle(), "said": words, "pause": "none" if state in ("finished", "failed") else "inline-flex", "pause_word": "Resume" if state not in ("running", "queued") else "Pause",
               "stop": "none" if over else "inline-flex", "still": over}  # fmt: skip
        # A ring that takes longer than the training does for its next snapshot is drawn first, and then the newest.
        busy = bool(shown["request"]) and (not shown["ready"] or shown["ready"]["a"] != shown["request"]["a"])
        newest = source.steps[-1] if source.steps else 0
        move = (follow and not busy) or not moments["steps"]
        if [list(source.steps), source.live] == [moments["steps"], moments["live"]] and (
            not move or at == newest
        ):
            return out
        out["moments"] = {"source": source.value, "steps": list(source.steps), "live": source.live}
        out["beside"] = beside_options(source, None)
        if beside in (None, "none") and len(source.steps) > 1 and not moments["steps"][1:]:
            out["with"] = str(source.steps[0])
        out["time"] = time_values(source, newest if move else at)
        return out

    @app.callback(
        Output(ids.SAID, "children", allow_duplicate=True), Output(ids.TRAIN_TICK, "disabled", allow_duplicate=True),
        Input(ids.TRAIN_PAUSE, "n_clicks"), Input(ids.TRAIN_STOP, "n_clicks"), State(ids.MOMENTS, "data"), State(ids.TRAIN_PAUSE, "children"), prevent_initial_call=True,
    )  # fmt: skip
    def control(pauses: Any, stops: Any, moments: Any, word: str) -> tuple[Any, Any]:
        if not moments or not moments["source"].startswith("run:") or not (pauses or stops):
            return no_update, no_update
        run_id = moments["source"][4:]
        try:
            if services().catalogue.entry(run_id).owner != owner():
                return notice(
                    "Only the browser that made a run can steer it.", kind="warning", closable=True
                ), no_update
            if ctx.triggered_id == ids.TRAIN_STOP:
                steer(settings, run_id, stop=True)
            elif word == "Pause":
                steer(settings, run_id, pause=True)
            else:
                steer(settings, run_id, pause=False, stop=False, step_until=None)
                if services().store.state(run_id) in ("interrupted", "stopped"):
                    resume_run(settings, run_id)
        except (RunError, ValueError) as problem:
            return notice(str(problem), kind="error", closable=True), no_update
        return no_update, False


def _time() -> dict[str, Output]:
    found = {name: Output(SLIDER, name, allow_duplicate=True) for name in ("min", "max", "value", "disabled")}
    return {**found, "events": Output(part_id(ids.PAGE, "events"), "children", allow_duplicate=True)}


def _idle() -> dict[str, Any]:
    return {
        "moments": no_update, "beside": no_update, "with": no_update, "time": dict.fromkeys(("min", "max", "value", "disabled", "events"), no_update), "pause_word": no_update,
    }  # fmt: skip


def run_words(run_id: str) -> tuple[str, str]:
    """(what the run is doing, in words, with its last numbers; its state)."""
    state = services().store.state(run_id)
    with services().store.open(run_id) as reader:
        status, last = reader.status, reader.last_scalars()
    step = status.step or 0
    # the first iterations hold the start-up and the first test, and say nothing of the pace
    paced = state == "running" and step >= max(5, (status.total or 0) // 50)
    said = sentence(
        state,
        step,
        status.total,
        word="iteration",
        seconds_left=time_left(step, status.total, status.seconds) if paced else None,
        message=status.message,
    )
    numbers = [
        f"{name} {last[key]:.3f}"
        for key, name in (("loss", "batch loss"), ("test_accuracy", "test accuracy"))
        if key in last
    ]
    return f"{said}{'; ' if numbers else ''}{', '.join(numbers)}", state
