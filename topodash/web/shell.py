"""What stands around every page: navigation, the switch of light and dark, the theme that pages hear of."""

from __future__ import annotations

import dash
import dash_mantine_components as dmc
import flask
from dash import ClientsideFunction, Input, Output, dcc, html
from dash.development.base_component import Component

from topodash.components.icons import icon
from topodash.figures import theme
from topodash.pages import PAGES
from topodash.pages.context import dark
from topodash.web import problems

#: Filled buttons in a shade that white text stands out from (7:1 in light, 5:1 in dark).
MANTINE_THEME = {
    "fontFamily": theme.FONT,
    "primaryColor": "indigo",
    "primaryShade": {"light": 9, "dark": 8},
    # Mantine's greys from light to dark, drawn towards the grounds of topodash/figures/theme.py.
    "colors": {
        "dark": [
            theme.DARK["text"],
            "#C9CDD6",
            theme.DARK["quiet"],
            "#7C8493",
            theme.DARK["line"],
            "#2F343E",
            "#23272F",
            theme.DARK["panel"],
            theme.DARK["ground"],
            "#0F1115",
        ]
    },
    "defaultRadius": "sm",
    "headings": {"fontFamily": theme.FONT, "fontWeight": "600"},
    "cursorType": "pointer",
    "respectReducedMotion": True,
}


def _navigation() -> Component:
    links = [
        html.Li(
            dcc.Link([icon(page.name, 22), html.Span(page.short)], href=page.path, className="td-nav-link")
        )
        for page in PAGES
        if page.short
    ]
    return html.Nav(html.Ul(links), className="td-nav", **{"aria-label": "Pages"})


def _theme_switch() -> Component:
    return dmc.ColorSchemeToggle(
        lightIcon=icon("theme", 20),
        darkIcon=icon("theme", 20),
        variant="subtle",
        color="gray",
        size="lg",
        id="td-theme-switch",
        **{"aria-label": "Switch between light and dark"},
    )


def layout() -> Component:
    """The document's body; Dash calls it for each visitor."""
    look = "dark" if flask.has_request_context() and dark() else "light"
    return dmc.MantineProvider(
        [
            html.A("Skip to content", href="#td-main", className="td-skip"),
            html.Div(
                [
                    html.Div([_navigation(), _theme_switch()], className="td-rail"),
                    html.Main([problems.place(), dash.page_container], id="td-main", tabIndex=-1),
                ],
                className="td-shell",
            ),
            # What pages listen to: Input("theme", "data") is "light" or "dark".
            dcc.Store(id="theme", data=look),
            dcc.Store(id="td-routed"),
        ],
        theme=MANTINE_THEME,
        defaultColorScheme="auto",
    )


def register(app: dash.Dash) -> None:
    """After each change of page: mark its link, and move the focus to its title."""
    app.clientside_callback(
        ClientsideFunction(namespace="topodash", function_name="routed"),
        Output("td-routed", "data"),
        Input("_pages_location", "pathname"),
    )
