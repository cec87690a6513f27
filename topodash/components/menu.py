"""A small menu of things to do, opened by an icon button; `assets/menu.js` makes its entries and moves through them.

(Mantine's own menu wraps its button into a div that carries the button's ARIA attributes, which screen readers
must not trust. And an entry is no component: a page has a hundred of them, and Dash would walk through all at every
change of anything.)
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from dash import html
from dash.development.base_component import Component

from topodash.components.icons import icon

#: What an entry says, and the data-... attributes by which a script knows what it does.
Entry = dict[str, str]


def menu_item(label: str, **attributes: str) -> Entry:
    """One entry: its words, and data-... attributes for the script that hears the click.

    Raises
    ------
    ValueError
        For an attribute that is not data-...
    """
    for name in attributes:
        if not name.startswith("data-"):
            raise ValueError(f"attributes must be data-...; there was {name}")
    return {**attributes, "label": label}


def menu(name: str, icon_name: str, sections: Iterable[tuple[str, Iterable[Entry]]]) -> Component:
    """The button and its menu.

    Parameters
    ----------
    name : str
        The button's name for a screen reader; its first word is the tooltip.
    sections : iterable of (heading, entries)
        Empty sections are left out.
    """
    filled = [(heading, list(entries)) for heading, entries in sections]
    told = [{"heading": heading, "entries": entries} for heading, entries in filled if entries]
    return html.Div(
        [
            html.Button(
                icon(icon_name, 16),
                type="button",
                className="td-tool td-menu-button",
                title=name.split(" ", maxsplit=1)[0],
                **{"aria-label": name, "aria-haspopup": "menu", "aria-expanded": "false"},
            ),
            html.Div(
                className="td-menu-list",
                role="menu",
                hidden=True,
                **{"aria-label": name, "data-sections": json.dumps(told)},
            ),
        ],
        className="td-menu",
    )
