"""A small menu of things to do, opened by an icon button; `assets/menu.js` opens it and moves through it.

(Mantine's own menu wraps its button into a div that carries the button's ARIA attributes, which screen readers
must not trust.)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dash import html
from dash.development.base_component import Component

from topodash.components.icons import icon


def menu_item(label: Any, **properties: Any) -> Component:
    """One entry: a button with `id`, `data-...` or whatever makes it do something."""
    return html.Button(
        label, type="button", className="td-menu-item", role="menuitem", tabIndex=-1, **properties
    )


def _as_item(entry: Component) -> Component:
    # A dmc.MenuItem works here too: what it says and does is taken over.
    if type(entry).__name__ != "MenuItem":
        return entry
    kept = entry.to_plotly_json()["props"]
    return menu_item(
        kept.pop("children", ""), **{k: v for k, v in kept.items() if k in ("id", "n_clicks") or "-" in k}
    )


def menu(name: str, icon_name: str, sections: Iterable[tuple[str, Iterable[Component]]]) -> Component:
    """The button and its menu.

    Parameters
    ----------
    name : str
        The button's name for a screen reader; its first word is the tooltip.
    sections : iterable of (heading, entries)
        Empty sections are left out.
    """
    parts: list[Component] = []
    for heading, entries in sections:
        items = [_as_item(entry) for entry in entries]
        if items:
            group = [html.Div(heading, className="td-menu-heading", **{"aria-hidden": "true"}), *items]
            parts.append(html.Div(group, role="group", **{"aria-label": heading}))
    return html.Div(
        [
            html.Button(
                icon(icon_name, 16),
                type="button",
                className="td-tool td-menu-button",
                title=name.split(" ", maxsplit=1)[0],
                **{"aria-label": name, "aria-haspopup": "menu", "aria-expanded": "false"},
            ),
            html.Div(parts, className="td-menu-list", role="menu", hidden=True, **{"aria-label": name}),
        ],
        className="td-menu",
    )
