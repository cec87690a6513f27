"""Start, Rewind, Branch make runs; Pause, Resume, Step, Stop, the learning rate and the speed act on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash
from dash import Input, Output, State, ctx, no_update

from topodash.components.controls import ControlErrors
from topodash.components.notices import notice
from topodash.jobs import resume_run, steer
from topodash.pages.context import services
from topodash.pages.live import ids
from topodash.pages.live.controls import TABLE, pace
from topodash.pages.live.drawing import is_own
from topodash.pages.live.raw import (
    CSV_STATE,
    DATA_ERRORS,
    DATA_IDS,
    DATA_VALUES,
    csv_table,
    data_raw,
    error_lines,
)
from topodash.pages.live.start import NotStarted, branch, rewind, start
from topodash.runs import RunError
from topodash.settings import Settings

BUTTONS = {ids.PAUSE: "pause", ids.RESUME: "resume", ids.STEP: "step", ids.STOP: "stop"}


def opened(run_id: str | None) -> dict[str, Any]:
    """The run store for a run that was just made: it is followed, and the address gets a new entry."""
    return {"a": run_id, "b": None, "epoch": None, "pattern": None, "edit": None, "push": True}


def make_run(moment: dict[str, Any], raw: dict[str, Any], own: dict[str, Any], csv: Any, edit: Any) -> str:
    """The run that a button asks for; its id.

    Raises
    ------
    NotStarted
    """
    run_id, step, button = moment.get("run"), moment.get("step"), moment.get("button")
    if button == "start":
        return start(raw, own, csv)
    if not run_id or step is None:
        raise NotStarted("Nothing is on screen yet that this could begin from.")
    if button == "rewind":
        return rewind(run_id)
    return branch(run_id, step, raw, edit["changes"] if edit else None)


def register_steering(app: dash.Dash, settings: Settings) -> None:
    """Register the callbacks of the buttons."""

    @app.callback(
        output={"run": Output(ids.RUN, "data"), "said": Output(ids.ANSWER, "children"), "errors": TABLE.error_outputs(), "own": DATA_ERRORS},
        inputs={"moment": Input(ids.MOMENT, "data")},
        state={"raw": TABLE.states(), "values": DATA_VALUES, "names": DATA_IDS, "csv": CSV_STATE, "edit": State(ids.EDIT, "data"),
               "before": {name: State(TABLE.id(name), "error") for name in TABLE.names()}},
        prevent_initial_call=True,
    )  # fmt: skip
    def make(**given: Any) -> dict[str, Any]:
        names, before = given["names"], given["before"]
        known: dict[str, str] = {}
        run, said = no_update, None
        try:
            own = data_raw(given["values"], names)
            run = opened(make_run(given["moment"], given["raw"], own, csv_table(given["csv"]), given["edit"]))
        except NotStarted as problem:
            known = dict(problem.errors)
            said = notice(str(problem) or " ".join(known.values()), kind="error", closable=True)
        # Only what changes is sent: each property costs the page a look at everything.
        errors = {
            name: no_update if before[name] == known.get(name) else known.get(name) for name in TABLE.names()
        }
        lines = error_lines(known, names) if known else [no_update] * len(names)
        return {"run": run, "said": said, "errors": errors, "own": lines}

    @app.callback(
        Output(ids.RUN, "data", allow_duplicate=True), Input(ids.NEW, "n_clicks"), prevent_initial_call=True
    )
    def leave(clicks: int | None) -> Any:
        return opened(None) if clicks else no_update

    @app.callback(
        Output(ids.ANSWER, "children", allow_duplicate=True),
        [Input(button, "n_clicks") for button in BUTTONS],
        State(ids.ATTACH, "data"),
        prevent_initial_call=True,
    )
    def press(*arguments: Any) -> Any:
        attached = arguments[-1]
        if not attached or not attached["a"] or not any(arguments[:-1]):
            return no_update
        return act(settings, attached["a"]["id"], BUTTONS[ctx.triggered_id])

    @app.callback(
        Output(ids.ANSWER, "children", allow_duplicate=True),
        Input(TABLE.id("learning_rate"), "value"),
        Input(TABLE.id("speed"), "value"),
        State(ids.ATTACH, "data"),
        prevent_initial_call=True,
    )
    def change(rate: Any, speed: Any, attached: Any) -> Any:
        # A person changes one of them; both come when Setup is written anew, and that steers nothing.
        if not attached or not attached["a"] or len(ctx.triggered_prop_ids) != 1:
            return no_update
        given = {"learning_rate": rate} if ctx.triggered_id == TABLE.id("learning_rate") else {"speed": speed}
        return change_pace(settings, attached["a"]["id"], given)


def change_pace(settings: Settings, run_id: str, given: Mapping[str, Any]) -> Any:
    """Let the learning rate or the speed of Setup, whichever is given, act on a run that is at work; what to say, if anything."""
    try:
        if services().store.state(run_id) not in ("running", "paused", "queued") or not is_own(run_id):
            return no_update
        values = TABLE.parse(given)
        if "learning_rate" in given:
            steer(settings, run_id, learning_rate=float(values["learning_rate"]))
        else:
            steer(settings, run_id, epochs_per_second=pace(values["speed"]))
    except (ControlErrors, RunError, ValueError) as problem:
        return notice(str(problem), kind="error", closable=True)
    return no_update


def act(settings: Settings, run_id: str, action: str) -> Any:
    """Pause, resume, step or stop a run of one's own; a notice when that is not possible."""
    if not is_own(run_id):
        text = "Only the browser that made a run can steer it. Branch makes one of your own from here."
        return notice(text, kind="warning", closable=True)
    try:
        if action == "resume":
            steer(settings, run_id, pause=False, stop=False, step_until=None)
            if services().store.state(run_id) in ("interrupted", "stopped"):
                resume_run(settings, run_id)
        elif action == "step":
            with services().store.open(run_id) as reader:
                now = reader.status.step or 0
            steer(settings, run_id, step_until=now + 1)
        elif action == "pause":
            steer(settings, run_id, pause=True)
        else:
            steer(settings, run_id, stop=True)
    except (RunError, ValueError) as problem:
        return notice(str(problem), kind="error", closable=True)
    return None
