"""What the script asks for: the graphs of what is set on the page, answered at once or while they are worked on.

`assets/mapper_ask.js` asks through one route of its own (`web/mapper_graphs.py`): a picture of several hundred nodes that goes
through Dash's callbacks is looked at several times on its way. The script draws the answer and then says in `ids.answer`
what stands on screen, from which everything beside the graph follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topodash.components.controls import ControlErrors
from topodash.components.notices import notice
from topodash.figures.mapper_graph import drawing, paint
from topodash.jobs import cancel
from topodash.jobs.sources import is_source
from topodash.pages.asking import asked as question
from topodash.pages.asking import progress_words
from topodash.pages.context import owner, services
from topodash.pages.mapper import ids
from topodash.pages.mapper.answers import graph_answer, value_of
from topodash.pages.mapper.controls import TABLE, request_of

STOPPED = "cancelled; press Compute to try again"


def painted(
    shown: Mapping[str, Any], value: Mapping[str, Any], colour: Any, threshold: Any
) -> dict[str, Any]:
    """How the nodes of an answer are painted and which edges are hidden, for the script."""
    least = threshold if type(threshold) is int and threshold > 0 else 1
    return {
        **paint(value, colour or "class"),
        "key": shown["key"],
        "n": len(value["elements"]),
        "threshold": least,
    }


def picture(shown: Mapping[str, Any], *, colour: Any, threshold: Any) -> dict[str, Any]:
    """An answer as the script draws it."""
    value = value_of(shown)
    return {**shown, "graph": drawing(value), "painted": painted(shown, value, colour, threshold)}


def composed(body: Mapping[str, Any]) -> dict[str, Any]:
    """Read the settings of a body of the route and ask for their graph, and for the one beside it.

    Parameters
    ----------
    body : mapping
        `values`: the raw values of the controls in the order of `TABLE.names()`; `chosen`: what `controls.source_of` reads;
        or `request`: {"a": request, "b": request or None} of before, to go on with; `beside`: the request of the second graph;
        `have`: the keys on screen; `again`: try once more what failed; `colour`, `threshold`: how nodes are painted.

    Returns
    -------
    dict
        As `asked`, with `errors` {control: message} when the settings cannot be read; then `request` is None.

    Raises
    ------
    ValueError
        When the body is not what it must be.
    """
    beside = checked(body.get("beside"))
    if body.get("request"):
        return asked({"a": checked(body["request"].get("a")), "b": checked(body["request"].get("b"))}, body)
    raw, names = body.get("values"), TABLE.names()
    if not isinstance(raw, list) or len(raw) != len(names) or not isinstance(body.get("chosen"), dict):
        raise ValueError(f"values must be a list of {len(names)}, and chosen say what the points come from")
    try:
        request = request_of(TABLE.parse(dict(zip(names, raw, strict=True))), body["chosen"])
    except ControlErrors as problem:
        return {**asked({"a": None, "b": beside}, body), "request": None, "errors": dict(problem.errors)}
    return asked({"a": request, "b": beside}, body)


def checked(request: Any) -> dict[str, Any] | None:
    """A request that a browser sent back, as far as this process reads it; the rest is checked where it is worked on."""
    if request is None:
        return None
    if not isinstance(request, dict) or not is_source(request.get("source")):
        raise ValueError("request must name the source of the points")
    return request


def asked(requests: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """Ask for the graphs of both slots.

    Returns
    -------
    dict
        `request`; `pictures` of the slots that are ready and not on screen; `working`, `progress`: whether to ask again, and what
        to say meanwhile; `said`: notices of what failed.
    """
    pictures: dict[str, Any] = {}
    said, progress, working = [], "", False
    have = body.get("have") or {}
    for slot in ids.SLOTS:
        wanted = requests[slot]
        if wanted is None:
            continue
        answer = graph_answer(wanted, again=bool(body.get("again")))
        if answer.state == "ready":
            if have.get(slot) != answer.key:
                shown = {"key": answer.key, "request": wanted}
                pictures[slot] = picture(shown, colour=body.get("colour"), threshold=body.get("threshold"))
        elif answer.state == "failed" and answer.message == "Cancelled.":
            progress = STOPPED
        elif answer.state == "failed":
            said.append(notice(answer.message, kind="error", closable=True))
        else:
            working, progress = True, progress_words(answer)
    return {
        "request": requests, "pictures": pictures, "working": working, "progress": progress, "said": said, "errors": {},
    }  # fmt: skip


def dropped(requests: Mapping[str, Any]) -> str:
    """Stop what is being computed for these requests and nobody else waits for; the words to say."""
    for slot in ids.SLOTS:
        wanted = checked(requests.get(slot))
        if wanted is not None:
            answer = question("mapper", {"request": wanted}, wait=0.0)
            if answer.state == "working":
                cancel(answer.key, asker=owner(), settings=services().settings)
    return STOPPED
