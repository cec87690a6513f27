"""How a page asks its questions: for this browser, of this application's workers, and never waiting long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topodash.jobs import Answer, ask
from topodash.jobs.questions import question_key
from topodash.jobs.sources import Sources
from topodash.pages.context import owner, services
from topodash.runs import RunError

_MISSING = object()


def asked(name: str, parameters: Mapping[str, Any], *, wait: float = 0.25, again: bool = False) -> Answer:
    """The answer, or how far it is; what is wrong with the question itself is a failure in words."""
    try:
        return ask(name, parameters, wait=wait, asker=owner(), again=again, settings=services().settings)
    except ValueError as problem:
        return Answer("failed", "", message=str(problem))


def known(name: str, parameters: Mapping[str, Any]) -> Any:
    """The answer when it has been computed before, else None; computes nothing."""
    try:
        key = question_key(name, parameters, Sources(services().settings))
    except (ValueError, RunError):
        return None
    value = services().cache.get(key, _MISSING)
    return None if value is _MISSING else value


def progress_words(answer: Answer) -> str:
    """'computing, 40 %' of an answer that is on its way."""
    share = "" if answer.progress is None else f", {answer.progress:.0%}"
    return f"{answer.message or 'computing'}{share}"
