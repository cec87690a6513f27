"""What a page has to say: notices and errors, in a live region, never by colour alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import dash_mantine_components as dmc
from dash.development.base_component import Component

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
    """A notice for each sentence, for example those of `Table.values`."""
    return [notice(text, kind=kind, closable=True) for text in texts]
