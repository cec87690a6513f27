"""The inspector: what is selected, its numbers, what can be done with it. The same on every page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dash import html
from dash.development.base_component import Component

from topodash.components.panel import empty


def facts(pairs: Iterable[tuple[str, Any]]) -> Component:
    """Names and values, aligned; numbers have a fixed width."""
    rows = [html.Div([html.Dt(name), html.Dd(value)], className="td-fact") for name, value in pairs]
    return html.Dl(rows, className="td-facts")


def selection(
    title: str,
    pairs: Iterable[tuple[str, Any]],
    *,
    sentence: str | None = None,
    actions: Any = None,
    more: Any = None,
) -> Component:
    """A selection: its name, a sentence, its numbers, further content, and what can be done with it."""
    parts: list[Any] = [html.H3(title)]
    if sentence:
        parts.append(html.P(sentence, className="td-sentence"))
    parts.append(facts(pairs))
    if more is not None:
        parts.append(more)
    if actions is not None:
        parts.append(html.Div(actions, className="td-inspector-actions"))
    return html.Div(parts, className="td-selection")


def inspector(body_id: str, hint: str) -> Component:
    """The inside of an inspector: a live region for a callback to fill; `hint` stands there until then."""
    return html.Div(empty(hint), id=body_id, className="td-inspector-body", **{"aria-live": "polite"})
