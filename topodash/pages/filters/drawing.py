"""Draws what has been asked: both rings and the Klein bottle; then asks for their homology."""

from __future__ import annotations

from typing import Any

import dash
import numpy as np
from dash import Input, Output, State, ctx, html, no_update

from topodash.components.notices import notice
from topodash.components.panel import empty
from topodash.components.waiting import waiting
from topodash.figures.klein_chart import klein_figure
from topodash.figures.plain import words
from topodash.figures.ring_colours import node_colours
from topodash.figures.ring_graph import drawing
from topodash.jobs import Answer, cancel
from topodash.pages.asking import asked, progress_words
from topodash.pages.context import owner, services
from topodash.pages.filters import ids
from topodash.pages.filters.controls import VIEW
from topodash.pages.filters.null_banks import null_question
from topodash.pages.filters.words import ring_words


def register_drawing(app: dash.Dash) -> None:
    """Register the callbacks that draw."""
    _rings(app)
    _homology(app)


def _rings(app: dash.Dash) -> None:
    @app.callback(
        output={"a": _ring_outputs("a"), "b": _ring_outputs("b"), "klein": Output(waiting(ids.KLEIN), "data"), "klein_said": Output(ids.KLEIN_SAID, "children"),
                "rings": Output(ids.RINGS, "data"), "total": Output(ids.TOTAL, "data"), "ready": Output(ids.READY, "data"), "words": Output(ids.WORDS, "children"),
                "progress": Output(ids.PROGRESS, "children"), "stop": Output(ids.CANCEL, "display"), "still": Output(ids.POLL, "disabled"),
                "said": Output(ids.SAID, "children", allow_duplicate=True)},
        inputs={"request": Input(ids.REQUEST, "data"), "tick": Input(ids.POLL, "n_intervals"), "layout": Input(VIEW.id("layout"), "value"), "look": Input("theme", "data")},
        state={"before": State(ids.READY, "data")},
        prevent_initial_call="initial_duplicate",
    )  # fmt: skip
    def draw(request: Any, tick: Any, layout: str, look: str, before: Any) -> dict[str, Any]:
        out: dict[str, Any] = {
            **dict.fromkeys(("klein", "klein_said", "rings", "total", "ready", "words"), no_update), "a": dict.fromkeys(_RING, no_update), "b": dict.fromkeys(_RING, no_update),
            "progress": "", "stop": "none", "still": True, "said": no_update,
        }  # fmt: skip
        dark_ = look == "dark"
        if not request:  # what is chosen has no filters (yet): those of before do not stay under its name
            stands = before or ctx.triggered_id == ids.REQUEST
            return {**out, **_nothing_drawn(dark_)} if stands else out
        answers = {
            slot: asked("filter_ring", request[slot], again=tick is None)
            for slot in ids.SLOTS
            if request[slot]
        }
        pending = next((answer for answer in answers.values() if answer.state == "working"), None)
        if pending is not None:
            return {**out, "progress": progress_words(pending), "stop": "inline-flex", "still": False}
        failed = answers["a"].state == "failed"
        for slot in ids.SLOTS:
            out[slot] = _ring_values(answers.get(slot), request, slot)
        out["rings"] = {
            slot: drawn_ring(answer.value, layout)
            for slot, answer in answers.items()
            if answer.state == "ready"
        }
        if failed:
            return {
                **out,
                **_nothing_drawn(dark_),
                **{name: out[name] for name in ("a", "b", "rings")},
                "said": notice(answers["a"].message, kind="error", closable=True),
            }
        ring = answers["a"].value
        out["total"] = ring["total"]
        r2 = float(np.nanmedian(ring["r2"]))
        out["klein"] = klein_figure(ring, dark=dark_)
        out["klein_said"] = (
            f"Median R² {r2:.2f} of {len(ring['rows']):,} kept filters. Thumbnails are the patches of the bottle itself."
        )
        kept = {**request, "b": request["b"] if "b" in answers and answers["b"].state == "ready" else None}
        # A file may hold several layers, and each may be read in two ways: its own words say which.
        label = ring["source"] if "from" in request["a"]["filters"] else request["label"]
        return {**out, "ready": kept, "words": ring_words(label, ring), "said": None}

    @app.callback(
        Output(ids.SAID, "children", allow_duplicate=True), Output(ids.POLL, "disabled", allow_duplicate=True),
        Output(ids.HOMOLOGY_TICK, "disabled", allow_duplicate=True), Output(ids.PROGRESS, "children", allow_duplicate=True),
        Output(ids.CANCEL, "display", allow_duplicate=True),
        Input(ids.CANCEL, "n_clicks"), State(ids.REQUEST, "data"), State(ids.READY, "data"), prevent_initial_call=True,
    )  # fmt: skip
    def stop(clicks: Any, request: Any, ready: Any) -> tuple[Any, ...]:
        if not clicks or not request:
            return (no_update,) * 5
        # what is drawn already waits for its homology, what is not for its rings
        name = "filter_homology" if ready and ready["a"] == request["a"] else "filter_ring"
        for slot in ids.SLOTS:
            answer = asked(name, request[slot], wait=0) if request[slot] else None
            if answer is not None and answer.state == "working":
                cancel(answer.key, asker=owner(), settings=services().settings)
        said = "Cancelled. Change a setting, or load the page again, to compute it."
        return notice(said, kind="info", closable=True), True, True, "", "none"


_RING = ("title", "nothing", "hidden")


def _nothing_drawn(dark_: bool) -> dict[str, Any]:
    bare = {"title": "", "nothing": empty("The ring appears here."), "hidden": False}
    return {
        "a": bare,
        "b": bare,
        "rings": {},
        "words": "",
        "klein": words("", dark=dark_),
        "klein_said": "",
        "total": None,
        "ready": None,
    }


def _ring_outputs(slot: str) -> dict[str, Output]:
    return {
        "title": Output(ids.title(slot), "children"),
        "nothing": Output(ids.nothing(slot), "children"),
        "hidden": Output(ids.nothing(slot), "hidden"),
    }


def _ring_values(answer: Answer | None, request: Any, slot: str) -> dict[str, Any]:
    if answer is None:
        said = "The ring appears here."
        if slot == "b":
            said = (
                "A file holds one moment of its filters: there is nothing to compare it with."
                if "from" in request["a"]["filters"]
                else "Choose an iteration under Compare with to see it here."
            )
        return {"title": "", "nothing": empty(said), "hidden": False}
    if answer.state == "failed":
        return {"title": request["names"][slot], "nothing": empty(answer.message), "hidden": False}
    ring = answer.value
    pieces, loops = ring["betti"]
    nodes = len(ring["starts"]) - 1
    title = [
        html.B(request["names"][slot]),
        f": {nodes} node{'' if nodes == 1 else 's'}, {pieces} piece{'' if pieces == 1 else 's'}, {loops} loop{'' if loops == 1 else 's'} (Betti numbers of the nerve)",
    ]
    return {"title": title, "nothing": [], "hidden": True}


def drawn_ring(ring: Any, layout: str) -> dict[str, Any]:
    """What the script draws of a ring, in the colours that need no homology: the callback that paints knows more."""
    colours = node_colours(ring, None, "circular")["colours"]
    return {"rows": node_rows(ring), "drawing": drawing(ring, colours, layout=layout)}


def node_rows(ring: Any) -> list[list[int]]:
    """The filters (numbers in the source) of every node."""
    rows = np.asarray(ring["rows"])[np.asarray(ring["members"])]
    return (
        [part.tolist() for part in np.split(rows, np.asarray(ring["starts"])[1:-1])]
        if len(ring["starts"]) > 1
        else []
    )


def subject(request: Any) -> dict[str, Any]:
    """What a request's evidence is of, whichever moment: the source and the settings of its null banks."""
    asked_for = null_question(request["a"], (0, 1))
    moments = ("iteration", "step")
    return {**asked_for, "filters": {k: v for k, v in asked_for["filters"].items() if k not in moments}}


def _homology(app: dash.Dash) -> None:
    @app.callback(
        Output(ids.HOMOLOGY, "data"), Output(ids.HOMOLOGY_TICK, "disabled"), Output(ids.PROGRESS, "children", allow_duplicate=True),
        Output(ids.SAID, "children", allow_duplicate=True), Output(ids.CANCEL, "display", allow_duplicate=True),
        Input(ids.READY, "data"), Input(ids.HOMOLOGY_TICK, "n_intervals"), State(ids.HOMOLOGY, "data"), prevent_initial_call=True,
    )  # fmt: skip
    def homology(ready: Any, tick: Any, before: Any) -> tuple[Any, ...]:
        if not ready:
            return None if before else no_update, True, "", no_update, "none"
        answers = [asked("filter_homology", ready[slot], wait=0.2) for slot in ids.SLOTS if ready[slot]]
        pending = next((answer for answer in answers if answer.state == "working"), None)
        if pending is not None:
            # p-values of other settings are none of the ring that stands here already; a moment's name stands beside its own
            stale = before and subject(before) != subject(ready)
            return None if stale else no_update, False, progress_words(pending), no_update, "inline-flex"
        if answers[0].state == "failed":
            return None, True, "", notice(answers[0].message, kind="error", closable=True), "none"
        return (no_update if ready == before else ready), True, "", no_update, "none"
