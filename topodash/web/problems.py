"""What a person reads when our own code fails: a sentence where they look, and the details in the log."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Any

from dash import html, set_props
from dash.development.base_component import Component

from topodash.components.notices import notice
from topodash.components.page import document
from topodash.pages import Page
from topodash.runs import RunError

log = logging.getLogger("topodash.web")

#: The place of the shell that holds the sentence about the last callback that failed.
PLACE = "td-problem"


def sentence(problem: Exception) -> str:
    """The error of a run speaks for itself; any other is ours."""
    if isinstance(problem, RunError):
        return str(problem)
    return f"Something went wrong here ({type(problem).__name__}); the log of the server has the details."


def guarded(page: Page, layout: Callable[..., Component]) -> Callable[..., Component]:
    """A page's layout that says so when it fails, instead of leaving an empty window."""

    @functools.wraps(layout)
    def draw(**query: Any) -> Component:
        try:
            return layout(**query)
        except Exception as problem:
            log.exception("the page %s could not be drawn", page.path)
            return document(page.name, page.title, notice(sentence(problem), kind="error"))

    return draw


def callback_failed(problem: Exception) -> None:
    """Dash calls this for a callback that raised: its outputs stay as they are, and the shell says why."""
    log.error("a callback failed", exc_info=problem)
    set_props(PLACE, {"children": notice(sentence(problem), kind="error", closable=True)})


def place() -> Component:
    """Where `callback_failed` writes."""
    return html.Div(id=PLACE, className="td-problem", role="status")
