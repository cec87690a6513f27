"""Not found: says so and shows the way back."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from topodash.components.page import document
from topodash.pages import PAGES


def layout(**_query: str) -> Component:
    links = [html.Li(dcc.Link(page.title, href=page.path)) for page in PAGES]
    return document(
        "not-found",
        "There is no page here",
        [
            html.P(
                "The address may be mistyped, or the page may have moved. These are the pages of TopoDash:"
            ),
            html.Ul(links),
        ],
    )
