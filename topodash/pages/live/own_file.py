"""A user's file in Setup: what is offered of it when it comes, and the button that leaves out its bad rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash
from dash import Input, Output, State, html, no_update
from dash.exceptions import PreventUpdate

from topodash.components.notices import notice
from topodash.datasets import counted
from topodash.pages.asking import progress_words
from topodash.pages.live import ids
from topodash.pages.live.csv_source import LEAVE_OUT, columns_answer, likely_columns, why_useless

_NAMES = ("x", "y", "label")


def register_own_file(app: dash.Dash) -> None:
    """Register the callbacks of a user's file."""
    places = {"x": ids.CSV_X, "y": ids.CSV_Y, "label": ids.CSV_LABEL}

    @app.callback(
        output={"options": {name: Output(place, "data") for name, place in places.items()},
                "values": {name: Output(place, "value") for name, place in places.items()},
                "said": Output(ids.CSV_SAID, "children"), "tick": Output(ids.CSV_TICK, "disabled")},
        inputs={"table": Input(ids.CSV, "data"), "_tick": Input(ids.CSV_TICK, "n_intervals")},
        state={"chosen": {name: State(place, "value") for name, place in places.items()}},
        prevent_initial_call=True,
    )  # fmt: skip
    def columns(*, table: Any, _tick: Any, chosen: dict[str, Any]) -> dict[str, Any]:
        if not table:
            raise PreventUpdate
        # What was just sent (`assets/upload.js`) has nothing chosen yet; the file of a link or a run has.
        return offered(table, {} if "at" in table else chosen)

    @app.callback(
        Output(ids.CSV_DROP, "checked"), Input(ids.CSV_LEAVE_BUTTON, "n_clicks"), prevent_initial_call=True
    )
    def leave_out(clicks: int | None) -> Any:
        return True if clicks else no_update


def offered(table: Mapping[str, Any], chosen: Mapping[str, Any]) -> dict[str, Any]:
    """What Setup shows of a file, as the callback gives it.

    Parameters
    ----------
    table : {"id", "name"} of the upload.
    chosen : columns that stay chosen where the file has them.
    """
    name, kept = table.get("name") or "The file", any(chosen.values())
    answer = columns_answer(table["id"])
    if answer.state != "ready":
        working = answer.state == "working"
        empty = dict.fromkeys(_NAMES, no_update if kept and working else None)
        return {
            "options": {each: no_update if kept and working else [] for each in _NAMES},
            "values": empty,
            "said": html.P(f"{name} is here; {progress_words(answer)} ...") if working else notice(answer.message, kind="error"),
            "tick": not working,
        }  # fmt: skip
    found = answer.value
    every, likely = found["columns"], likely_columns(found)
    values = {each: chosen[each] if chosen.get(each) in every else likely[each] for each in _NAMES}
    labels = [*found["labels"], *(each for each in every if each not in found["labels"])]
    said: list[Any] = [
        html.P(f"{name}: {counted(found['rows'], 'row')}, {counted(len(every), 'column')}."),
        *(
            notice(
                f'{name} has no column "{chosen[each]}"; "{values[each]}" is chosen instead.', kind="warning"
            )
            for each in _NAMES
            if chosen.get(each) and chosen[each] not in every and values[each]
        ),
    ]
    if useless := why_useless(found, name):
        said.append(notice(useless, kind="error"))
    elif found["bad_rows"]:
        them = "it" if found["bad_rows"] == 1 else "them"
        more = f'{counted(found["bad_rows"], "such row")}; switch on "{LEAVE_OUT}" to go on without {them}.'
        said.append(notice(" ".join([*found["bad"], more]), kind="warning"))
    return {
        "options": {"x": every, "y": every, "label": labels},
        "values": values,
        "said": said,
        "tick": True,
    }
