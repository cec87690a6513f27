"""The callbacks of the Runs page. Only the owner of a run changes it; that is asked here, not on the page."""

from __future__ import annotations

import time
from typing import Any

import dash
from dash import ALL, Input, Output, State, ctx, no_update

from topodash.components.notices import notice
from topodash.components.states import size
from topodash.jobs import delete_run, resume_run
from topodash.pages.context import owner, services
from topodash.pages.runs import ids
from topodash.pages.runs.layout import HINT
from topodash.pages.runs.lines import Line, disk, line, lines
from topodash.pages.runs.table import table
from topodash.runs import RunError
from topodash.settings import Settings

TITLE_LIMIT = 120


def own_line(run_id: str | None) -> Line | None:
    """The run of that id when it is the asking browser's own."""
    found = line(services(), owner(), run_id) if run_id else None
    return found if found and found.own else None


def rename(run_id: str, title: str | None) -> str:
    """Rename one's own run; the sentence to say when that is not possible, else nothing."""
    wanted = " ".join((title or "").split())
    if not wanted or len(wanted) > TITLE_LIMIT:
        return f"A name must have 1 to {TITLE_LIMIT} characters; it had {len(wanted)}."
    if own_line(run_id) is None:
        return "Only the browser that made a run can rename it."
    services().catalogue.rename(run_id, wanted)
    return ""


def delete(run_id: str) -> str:
    """Delete one's own run; the sentence to say when that is not possible, else nothing."""
    if own_line(run_id) is None:
        return "Only the browser that made a run can delete it."
    try:
        delete_run(services().settings, run_id)
    except RunError as problem:
        return str(problem)
    return ""


def resume(run_id: str) -> str:
    """Let one's own run go on from its checkpoint; the sentence to say when that is not possible, else nothing."""
    if own_line(run_id) is None:
        return "Only the browser that made a run can let it go on."
    try:
        resume_run(services().settings, run_id)
    except (RunError, OSError) as problem:
        return str(problem)
    return ""


def _pressed(action: str) -> str | None:
    # Rows that appear fire their buttons' first value too; only a click has one.
    trigger = ctx.triggered_id
    clicked = bool(ctx.triggered and ctx.triggered[0]["value"])
    return trigger["run"] if clicked and isinstance(trigger, dict) and trigger["action"] == action else None


def register(app: dash.Dash, _settings: Settings) -> None:
    """Put the page's callbacks on the application."""

    @app.callback(
        Output(ids.ROWS, "children"),
        Output(ids.DISK, "children"),
        Output(ids.FINGERPRINT, "data"),
        Input(ids.TICK, "n_intervals"),
        Input(ids.CHANGED, "data"),
        Input(ids.IMPORTED, "data"),
        State(ids.FINGERPRINT, "data"),
        prevent_initial_call=True,
    )
    def refresh(_tick: Any, _changed: Any, _imported: Any, before: str | None) -> tuple[Any, ...]:
        rows = lines(services(), owner())
        now = repr(rows)
        if now == before:
            return no_update, no_update, no_update
        return table(rows, HINT), disk(services(), rows), now

    @app.callback(
        Output(ids.RENAME, "opened"),
        Output(ids.RENAME_TITLE, "value"),
        Output(ids.RENAME_TITLE, "error"),
        Output(ids.CHOSEN, "data"),
        Input({"page": "runs", "action": "rename", "run": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def ask_name(_clicks: Any) -> tuple[Any, ...]:
        row = own_line(_pressed("rename"))
        return (True, row.title, None, row.id) if row else (no_update,) * 4

    @app.callback(
        Output(ids.RENAME, "opened", allow_duplicate=True),
        Output(ids.RENAME_TITLE, "error", allow_duplicate=True),
        Output(ids.CHANGED, "data"),
        Input(ids.RENAME_SAVE, "n_clicks"),
        Input(ids.RENAME_TITLE, "n_submit"),
        State(ids.RENAME_TITLE, "value"),
        State(ids.CHOSEN, "data"),
        prevent_initial_call=True,
    )
    def save_name(_clicks: Any, _submit: Any, title: str | None, run_id: str) -> tuple[Any, ...]:
        problem = rename(run_id, title)
        return (no_update, problem, no_update) if problem else (False, None, time.time())

    @app.callback(
        Output(ids.SAID, "children", allow_duplicate=True),
        Output(ids.CHANGED, "data", allow_duplicate=True),
        Input({"page": "runs", "action": "resume", "run": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def go_on(_clicks: Any) -> tuple[Any, Any]:
        run_id = _pressed("resume")
        if run_id is None:
            return no_update, no_update
        problem = resume(run_id)
        return notice(problem, kind="error", closable=True) if problem else None, time.time()

    @app.callback(
        Output(ids.DELETE, "opened"),
        Output(ids.DELETE_TEXT, "children"),
        Output(ids.CHOSEN, "data", allow_duplicate=True),
        Input({"page": "runs", "action": "delete", "run": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def ask_delete(_clicks: Any) -> tuple[Any, ...]:
        row = own_line(_pressed("delete"))
        if row is None:
            return (no_update,) * 3
        gone = f"“{row.title}” and everything in it ({size(row.size)}) will be gone."
        return True, f"{gone} Export it first to keep a copy.", row.id

    @app.callback(
        Output(ids.DELETE, "opened", allow_duplicate=True),
        Output(ids.SAID, "children"),
        Output(ids.CHANGED, "data", allow_duplicate=True),
        Input(ids.DELETE_CONFIRM, "n_clicks"),
        State(ids.CHOSEN, "data"),
        prevent_initial_call=True,
    )
    def confirm_delete(_clicks: Any, run_id: str) -> tuple[Any, ...]:
        problem = delete(run_id)
        return False, notice(problem, kind="error", closable=True) if problem else None, time.time()
