"""The frame of a page: title, setup, stage, inspector, timeline, each in its place on every screen.

On a wide screen Setup and Inspector stand beside the stage and fold away; on a phone they are drawers
over it. `assets/shell.js` opens and closes them, so that no callback is needed.
"""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from topodash.components.icons import icon


def drawer_button(drawer: str, label: str, icon_name: str, *, opened: bool) -> Component:
    """The button that opens and closes the drawer with that id."""
    return html.Button(
        [icon(icon_name, 18), html.Span(label)],
        type="button",
        className="td-drawer-button",
        **{"data-drawer": drawer, "aria-controls": drawer, "aria-expanded": "true" if opened else "false"},
    )


def _drawer(drawer: str, label: str, side: str, children: Any, *, opened: bool) -> Component:
    close = html.Button(
        icon("close", 18),
        type="button",
        className="td-drawer-close",
        **{"aria-label": f"Close {label.lower()}", "data-drawer": drawer},
    )
    return html.Aside(
        [
            html.Div([html.H2(label), close], className="td-drawer-head"),
            html.Div(children, className="td-drawer-body"),
        ],
        id=drawer,
        className=f"td-drawer td-{side}",
        **{"aria-label": label, "data-open": "1" if opened else "0"},
    )


def page(
    name: str,
    title: str,
    stage: Any,
    *,
    setup: Any = None,
    inspector: Any = None,
    timeline: Any = None,
    actions: Any = None,
    subtitle: Any = None,
    notices: Any = None,
) -> Component:
    """A whole page.

    Parameters
    ----------
    name : str
        The page's folder name; the drawers are `<name>-setup` and `<name>-inspector`.
    title : str
        The one `<h1>`.
    stage, setup, inspector, timeline : children
        The four places of the look; a place without children takes no room.
    actions, subtitle : children
        To the right of the title, and beside it (which run this is, its state).
    notices : children
        Above the stage: what the page must say before anything else.
    """
    buttons: list[Component] = []
    if setup is not None:
        buttons.append(drawer_button(f"{name}-setup", "Setup", "settings", opened=True))
    if inspector is not None:
        buttons.append(drawer_button(f"{name}-inspector", "Inspector", "inspect", opened=False))
    head = html.Header(
        [
            html.H1(title, id="td-title", tabIndex=-1),
            html.Div(subtitle, className="td-subtitle"),
            html.Div(actions, className="td-actions"),
            html.Div(buttons, className="td-drawer-buttons"),
        ],
        className="td-head",
    )
    parts = [head]
    if setup is not None:
        parts.append(_drawer(f"{name}-setup", "Setup", "setup", setup, opened=True))
    parts.append(
        html.Div(
            [html.Div(notices, className="td-notices", id=f"{name}-notices", role="status"), stage],
            className="td-stage-column",
        )
    )
    if inspector is not None:
        parts.append(_drawer(f"{name}-inspector", "Inspector", "inspector", inspector, opened=False))
    if timeline is not None:
        parts.append(timeline)
    return html.Div(parts, className=f"td-page td-page-{name}")


def stage(children: Any, **properties: Any) -> Component:
    """The grid of views: twelve columns; a child spans them with `td-span-3` ... `td-span-12`."""
    return html.Div(children, className="td-stage", **properties)


def document(name: str, title: str, children: Any, **places: Any) -> Component:
    """A page of text and tables rather than views: one readable column."""
    return page(name, title, html.Div(children, className="td-document"), **places)
