"""Answers of the question 'mapper' for the callbacks: asked, kept decoded for a while, turned into a graph."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Any

import flask

from topodash.jobs.asking import Answer
from topodash.pages.asking import asked as question
from topodash.topology.mapper.graph import MapperGraph

#: Decoded answers kept by this process: what is on screen, and what a scrub comes back to.
KEPT = 12
_KEY = "topodash-mapper-answers"


class Kept:
    """The last few decoded answers, by key."""

    def __init__(self) -> None:
        self._values: OrderedDict[str, Any] = OrderedDict()
        self._mutex = Lock()

    def get(self, key: str) -> Any:
        with self._mutex:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: str, value: Any) -> None:
        with self._mutex:
            self._values[key] = value
            while len(self._values) > KEPT:
                self._values.popitem(last=False)


def _kept() -> Kept:
    return flask.current_app.extensions.setdefault(_KEY, Kept())


def graph_answer(request: Mapping[str, Any], *, again: bool = False) -> Answer:
    """Ask for the graph of a request; what is ready is kept decoded."""
    answer = question("mapper", {"request": request}, again=again)
    if answer.state == "ready":
        _kept().put(answer.key, answer.value)
    return answer


def value_of(shown: Mapping[str, Any] | None) -> Any:
    """The answer that a slot shows, or None when there is none (any more)."""
    if not shown:
        return None
    value = _kept().get(shown["key"])
    if value is None:
        answer = graph_answer(shown["request"])
        value = answer.value if answer.state == "ready" else None
    return value


def graph_of(value: Mapping[str, Any]) -> MapperGraph:
    """The graph of an answer, for membership and paths."""
    return MapperGraph(value["n"], value["starts"], value["members"], value["elements"], value["settings"])
