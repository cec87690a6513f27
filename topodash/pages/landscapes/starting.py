"""A new study: checked, estimated, started as a run; and the buttons that steer it."""

from __future__ import annotations

from typing import Any

import dash
from dash import Input, Output, State, ctx, no_update
from dash.development.base_component import Component

from topodash.components.controls import ControlErrors
from topodash.components.notices import notice
from topodash.components.states import duration
from topodash.datasets import counted
from topodash.jobs import create_run, resume_run, steer
from topodash.pages.context import owner, services
from topodash.pages.landscapes import ids
from topodash.pages.landscapes.controls import NEW
from topodash.pages.landscapes.form import SUITED, preset, study_of
from topodash.pages.landscapes.setup import new_study
from topodash.pages.landscapes.sources import title_of
from topodash.pages.landscapes.standing import is_own
from topodash.runs import RunError
from topodash.settings import Settings
from topodash.studies.activation_landscapes import estimate_seconds, units


def register_starting(app: dash.Dash, settings: Settings) -> None:
    """Register the callbacks of the form and of the buttons."""

    @app.callback(
        Output(ids.NEW_FORM, "children"), Input(ids.NEW_STUDY, "n_clicks"), prevent_initial_call=True
    )
    def opened(clicks: int | None) -> list[Component]:
        if clicks != 1:  # it is there
            raise dash.exceptions.PreventUpdate
        return new_study()

    @app.callback(
        output={"text": Output(ids.ESTIMATE, "children"), "errors": NEW.error_outputs()}, inputs={"raw": NEW.inputs()},
    )  # fmt: skip
    def estimate(raw: dict[str, Any]) -> dict[str, Any]:
        try:
            config, workers = study_of(raw)
        except ControlErrors as problem:
            return {"text": "Some settings are not possible yet.", "errors": NEW.errors(problem)}
        seconds = estimate_seconds(config) / min(workers, config.networks)
        text = (
            f"{counted(len(units(config)), 'piece')} of work: {counted(len(config.groups), 'training group')} and "
            f"{counted(config.networks, 'network')} of {counted(len(config.layers), 'activation set')} at "
            f"{counted(len(config.snapshots), 'moment')}; about {duration(seconds)} on idle cores."
        )
        return {"text": text, "errors": NEW.errors()}

    @app.callback(
        output={name: Output(NEW.id(name), "value") for name in SUITED}, inputs={"dataset": Input(NEW.id("dataset"), "value")}, prevent_initial_call=True,
    )  # fmt: skip
    def suit(dataset: str) -> dict[str, Any]:
        return preset(dataset)

    @app.callback(
        Output(ids.VIEW, "data", allow_duplicate=True), Output(ids.ANSWER, "children", allow_duplicate=True), Output(ids.SOURCE, "value"),
        Input(ids.START, "n_clicks"), NEW.states(), prevent_initial_call=True,
    )  # fmt: skip
    def start(clicks: Any, raw: dict[str, Any]) -> tuple[Any, Any, Any]:
        if not clicks:
            return no_update, no_update, no_update
        try:
            config, workers = study_of(raw)
            fields = {**config.to_json(), "workers": workers}
            run = create_run(
                settings, kind="landscapes", config=fields, owner=owner(), title=title_of(config)
            )
        except (ControlErrors, RunError, ValueError) as problem:
            return (
                no_update,
                notice(f"The study was not started. {problem}", kind="error", closable=True),
                no_update,
            )
        return {"run": run, "changes": {}, "degree": None}, None, run

    @app.callback(
        Output(ids.ANSWER, "children", allow_duplicate=True), Output(ids.VIEW, "data", allow_duplicate=True),
        *(Input(name, "n_clicks") for name in (ids.PAUSE, ids.RESUME, ids.STOP, ids.PEEK)), State(ids.VIEW, "data"), prevent_initial_call=True,
    )  # fmt: skip
    def act(pause: Any, resume: Any, stop: Any, peek: Any, asked: Any) -> tuple[Any, Any]:
        if not asked or not any((pause, resume, stop, peek)):
            return no_update, no_update
        run = asked["run"]
        if ctx.triggered_id == ids.PEEK:
            return None, {"run": run, "changes": {}, "degree": None, "follow": True}
        try:
            steer_study(settings, run, str(ctx.triggered_id))
        except (RunError, ValueError) as problem:
            return notice(str(problem), kind="error", closable=True), no_update
        return None, {**asked, "press": [pause, resume, stop]}


def steer_study(settings: Settings, run: str, button: str) -> None:
    """Pause, resume or stop a study of one's own.

    Raises
    ------
    ValueError
        When the run belongs to another browser.
    RunError
    """
    if not is_own(run):
        raise ValueError("Only the browser that started a study can steer it.")
    if button == ids.PAUSE:
        steer(settings, run, pause=True)
    elif button == ids.STOP:
        steer(settings, run, stop=True)
    else:
        steer(settings, run, pause=False, stop=False, step_until=None)
        if services().store.state(run) in ("interrupted", "stopped"):
            resume_run(settings, run)
