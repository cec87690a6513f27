"""A page that is not built yet says in a sentence what it will show; it has no controls that do nothing."""

from __future__ import annotations

from collections.abc import Callable

from dash import html
from dash.development.base_component import Component

from topodash.components.page import document
from topodash.pages import Page


def placeholder(page: Page) -> Callable[..., Component]:
    """The layout of a page to come."""

    def layout(**_query: str) -> Component:
        return document(
            page.name,
            page.title,
            [
                html.P(page.sentence, className="td-lead"),
                html.P("This page is not part of this version yet."),
            ],
        )

    return layout
