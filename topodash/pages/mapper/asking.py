"""Callbacks that ask for graphs: what has been asked is answered at once, or polled while it is worked on; Cancel.

An answer goes to the browser as one text, the *picture*; the script draws it and then says in `ids.answer` what stands on
screen, from which everything beside the graph follows. So the graph costs one request and nothing is drawn before it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import dash
from dash import Input, Output, State, no_update

from topodash.components.notices import notice
from topodash.figures.mapper_graph import MOST_NODES, elements, paint
from topodash.jobs import cancel
from topodash.pages.asking import asked as question
from topodash.pages.context import owner, services
from topodash.pages.mapper import ids
from topodash.pages.mapper.answers import graph_answer, value_of

STOPPED = "cancelled; press Compute to try again"


def outputs(*, again: bool = False) -> dict[str, Any]:
    """What asking changes on the page; `again` for every callback but one, as Dash wants it."""
    return {
        "pictures": [Output(ids.picture(slot), "data", allow_duplicate=again) for slot in ids.SLOTS],
        "poll": Output(ids.POLL, "disabled", allow_duplicate=again),
        "progress": Output(ids.PROGRESS, "children", allow_duplicate=again),
        "cancel": Output(ids.CANCEL, "display", allow_duplicate=again),
        "said": Output(ids.SAID, "children", allow_duplicate=again),
        "cancelled": Output(ids.CANCELLED, "data", allow_duplicate=again),
    }


def states() -> dict[str, Any]:
    """What asking must know: what stands on screen, and how nodes are painted."""
    return {
        "before": [State(ids.answer(slot), "data") for slot in ids.SLOTS],
        "colour": State(ids.COLOUR, "value"),
        "threshold": State(ids.THRESHOLD, "value"),
    }


def nothing() -> dict[str, Any]:
    """Leave all that asking changes as it is."""
    return {**dict.fromkeys(("poll", "progress", "cancel", "said", "cancelled"), no_update), "pictures": [no_update] * 2}  # fmt: skip


def painted(
    shown: Mapping[str, Any], value: Mapping[str, Any], colour: Any, threshold: Any
) -> dict[str, Any]:
    """How the nodes of an answer are painted and which edges are hidden, for the script."""
    least = threshold if isinstance(threshold, int) and threshold > 0 else 1
    return {
        **paint(value, colour or "class"),
        "key": shown["key"],
        "n": len(value["elements"]),
        "threshold": least,
    }


def picture(shown: Mapping[str, Any], *, colour: Any, threshold: Any) -> str:
    """An answer as the script draws it. As a text: Dash looks through every part of a list, a text it hands on."""
    value = value_of(shown)
    drawn = elements(value) if len(value["elements"]) <= MOST_NODES else []
    paints = painted(shown, value, colour, threshold)
    return json.dumps({**shown, "elements": drawn, "painted": paints}, separators=(",", ":"))


def asked(
    request: Any, known: Mapping[str, Any], *, again: bool = False, anew: bool = False
) -> dict[str, Any]:
    """Ask for the graphs of a request; the values of `outputs`.

    Parameters
    ----------
    known : what `states` gives
    again : bool
        As `ask` takes it.
    anew : bool
        Draw even what is on screen: between a drawing and its answer the page does not know what that is.
    """
    pictures: list[Any] = []
    said, progress, working = [], "", False
    for slot, old in zip(ids.SLOTS, known["before"], strict=True):
        wanted = (request or {}).get(slot)
        if wanted is None:
            pictures.append("" if old else no_update)
            continue
        answer = graph_answer(wanted, again=again)
        pictures.append(no_update)
        if answer.state == "ready":
            if anew or not old or old["key"] != answer.key:
                shown = {"key": answer.key, "request": wanted}
                pictures[-1] = picture(shown, colour=known["colour"], threshold=known["threshold"])
        elif answer.state == "failed" and answer.message == "Cancelled.":
            progress = STOPPED  # the answer to a poll under way when Cancel was pressed
        elif answer.state == "failed":
            said.append(notice(answer.message, kind="error", closable=True))
        else:
            working = True
            share = "" if answer.progress is None else f"{100 * answer.progress:.0f} % "
            progress = f"{share}{answer.message or 'working'}"
    return {
        "pictures": pictures, "poll": not working, "progress": progress, "cancel": None if working else "none",
        "said": said or None, "cancelled": None,
    }  # fmt: skip


def register(app: dash.Dash) -> None:
    """Put the callbacks on the application."""

    @app.callback(
        output=outputs(again=True),
        inputs={"_tick": Input(ids.POLL, "n_intervals")},
        state={"request": State(ids.REQUEST, "data"), "cancelled": State(ids.CANCELLED, "data"), "known": states()},
        prevent_initial_call=True,
    )  # fmt: skip
    def work(_tick: Any, request: Any, cancelled: Any, known: dict[str, Any]) -> dict[str, Any]:
        if request and request == cancelled:
            return {**nothing(), "poll": True, "progress": STOPPED, "cancel": "none"}
        return {**asked(request, known), "cancelled": no_update}

    @app.callback(
        Output(ids.POLL, "disabled", allow_duplicate=True),
        Output(ids.CANCEL, "display", allow_duplicate=True),
        Output(ids.PROGRESS, "children", allow_duplicate=True),
        Output(ids.CANCELLED, "data", allow_duplicate=True),
        Input(ids.CANCEL, "n_clicks"),
        State(ids.REQUEST, "data"),
        prevent_initial_call=True,
    )
    def stop(clicks: int | None, request: Any) -> tuple[Any, ...]:
        if not clicks or not request:
            return (no_update,) * 4
        for slot in ids.SLOTS:
            if request.get(slot):
                answer = question("mapper", {"request": request[slot]}, wait=0.0)
                if answer.state == "working":
                    cancel(answer.key, asker=owner(), settings=services().settings)
        return True, "none", STOPPED, request
