"""Callbacks of the selection: gestures in, one selection out, its inspector."""

from __future__ import annotations

import time
from typing import Any

import dash
from dash import Input, Output, State, ctx, no_update

from topodash.components.notices import notice
from topodash.components.panel import empty
from topodash.pages.asking import asked as question
from topodash.pages.asking import progress_words
from topodash.pages.mapper import ids
from topodash.pages.mapper.answers import value_of
from topodash.pages.mapper.selecting import NothingSelected, carried, resolve
from topodash.pages.mapper.words import inspected

HINT = "Click a node, or drag a lasso in the input or the lens plane."


def register(app: dash.Dash) -> None:
    """Put the callbacks on the application."""

    @app.callback(
        Output(ids.SELECTION, "data"),
        Output(ids.SELECTED, "children"),
        Input(ids.GESTURE, "data"),
        Input(ids.answer("a"), "data"),
        Input(ids.answer("b"), "data"),
        State(ids.SELECTION, "data"),
        prevent_initial_call=True,
    )
    def select(gesture: Any, a: Any, b: Any, before: Any) -> tuple[Any, Any]:
        if ctx.triggered_id != ids.GESTURE and not before:
            return no_update, ""  # a selection set anew: every view would be drawn once more
        values = {"a": value_of(a), "b": value_of(b)}
        try:
            if ctx.triggered_id != ids.GESTURE:
                found = carried(before, values)
                found = found and {**found, "carried": True}
            else:
                found = resolve(gesture or {"how": "clear"}, values, before)
        except NothingSelected as problem:
            return (None if not str(problem) else no_update), str(problem)
        return found, "" if found is None else f"{found['size']:,} of {found['of']:,} points"

    @app.callback(
        Output(ids.GESTURE, "data"),
        Input(ids.FIND_BUTTON, "n_clicks"),
        Input(ids.FIND, "n_submit"),
        Input(ids.MIXED_BUTTON, "n_clicks"),
        State(ids.FIND, "value"),
        State(ids.MIXED, "value"),
        prevent_initial_call=True,
    )
    def ask_for(_find: Any, _submit: Any, _mixed: Any, text: str | None, share: Any) -> Any:
        if ctx.triggered_id == ids.MIXED_BUTTON:
            good = isinstance(share, int | float) and 0 <= share <= 100
            return {"how": "mixed", "slot": "a", "share": share, "at": time.time()} if good else no_update
        return {"how": "find", "slot": "a", "text": text or "", "at": time.time()}

    @app.callback(
        Output(ids.INSPECTOR, "children"),
        Output(ids.INSPECT_TICK, "disabled"),
        Input(ids.SELECTION, "data"),
        Input(ids.INSPECT_TICK, "n_intervals"),
        State(ids.answer("a"), "data"),
        State(ids.answer("b"), "data"),
        prevent_initial_call=True,
    )
    def inspect(selection: Any, _tick: Any, a: Any, b: Any) -> tuple[Any, bool]:
        shown = b if selection and selection["slot"] == "b" else a
        if not selection or not shown:
            return empty(HINT), True
        request, rows = shown["request"], selection["rows"][selection["slot"]]
        answer = question("mapper_selection", {"request": request, "points": rows})
        if answer.state == "working":
            # The numbers of another selection must not stand under a new one; those of an epoch before may.
            fresh = ctx.triggered_id == ids.SELECTION and not selection.get("carried")
            return empty(f"{selection['title']}: {progress_words(answer)}") if fresh else no_update, False
        if answer.state == "failed":
            return notice(answer.message, kind="error"), True
        return inspected(answer.value, selection), True
