"""What a page has to say: notices and errors, in a live region, never by colour alone."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate
from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

#: Sentences of one notice that are not folded, and letters of them: two or three lines. The first is always seen.
MOST_SEEN, MOST_LETTERS = 3, 200
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

    A link with many faults must not push the page away: what does not fit a few lines is folded.
    """
    said = list(dict.fromkeys(texts))
    if not said:
        return []
    if len(said) == 1:
        return [notice(said[0], kind=kind, closable=True)]
    lengths = list(accumulate(map(len, said)))
    most = MOST_SEEN if len(said) <= MOST_SEEN else MOST_SEEN - 1
    seen = said[: max(1, sum(length <= MOST_LETTERS for length in lengths[:most]))]
    rest = said[len(seen) :]
    body: list[Component] = [html.Ul([html.Li(text) for text in seen], className="td-notice-list")]
    if rest:
        more = html.Ul([html.Li(text) for text in rest], className="td-notice-list")
        body.append(html.Details([html.Summary(f"and {len(rest)} more"), more]))
    return [notice(body, kind=kind, closable=True)]
