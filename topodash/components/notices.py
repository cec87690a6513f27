"""What a page has to say: notices and errors, in a live region, never by colour alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

#: Sentences of one notice that are not folded.
MOST_SEEN = 3
_KINDS = {"info": ("blue", "Note"), "warning": ("orange", "Take care"), "error": ("red", "This did not work")}


def sentence(problem: object) -> str:
    """The message of an error as a sentence: a capital first, a full stop last."""
    text = str(problem)
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


def notice(text: Any, *, kind: str = "info", title: str | None = None, closable: bool = False) -> Component:
    """One notice; `kind` is 'info', 'warning' or 'error'."""
    if kind not in _KINDS:
        raise ValueError(f"kind must be one of {', '.join(_KINDS)}; it was {kind!r}")
    colour, word = _KINDS[kind]
    return dmc.Alert(
        text,
        title=word if title is None else title,
        color=colour,
        variant="light",
        withCloseButton=closable,
        closeButtonLabel="Close" if closable else None,
        className=f"td-notice td-notice-{kind}",
        attributes={"root": {"role": "alert" if kind == "error" else "note"}},
    )


def notices(texts: Iterable[str], *, kind: str = "warning") -> list[Component]:
    """One notice for all sentences, for example those of `Table.values`, each said once; none where there are none.

    A link with many faults must not push the page away: from the fourth sentence on they are folded.
    """
    said = list(dict.fromkeys(texts))
    if not said:
        return []
    if len(said) == 1:
        return [notice(said[0], kind=kind, closable=True)]
    seen = said if len(said) <= MOST_SEEN else said[: MOST_SEEN - 1]
    rest = said[len(seen) :]
    body: list[Component] = [html.Ul([html.Li(text) for text in seen], className="td-notice-list")]
    if rest:
        more = html.Ul([html.Li(text) for text in rest], className="td-notice-list")
        body.append(html.Details([html.Summary(f"and {len(rest)} more"), more]))
    return [notice(body, kind=kind, closable=True)]
