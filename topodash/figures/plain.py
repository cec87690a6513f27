"""Figures without plotly's own checks, which cost a page more time than everything that it computes.

Plotly examines every property and every value of a figure in Python: 25 ms for a thousand points, most of it for values that
are right by construction. The tests hand each figure's JSON to the checked constructor instead (`tests/conftest.py`).
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from topodash.figures import theme

Trace = Mapping[str, Any]

#: Letters of a line of `words`: what a panel of a phone, 360 pixels wide, has room for.
LINE = 48

_TEMPLATES = {dark: theme.TEMPLATES[theme.template(dark)].to_plotly_json() for dark in (False, True)}


def trace(kind: str, **properties: Any) -> dict[str, Any]:
    """One trace of plotly's type `kind`; a property that is None is left out."""
    return {"type": kind, **{name: value for name, value in properties.items() if value is not None}}


def figure(traces: Sequence[Trace], *, dark: bool, **layout: Any) -> go.Figure:
    """A figure of the given traces in the light or the dark look; nothing of it is checked.

    Parameters
    ----------
    traces : sequence of trace dicts
        As `trace` makes them; arrays may be NumPy's.
    layout
        Plotly's layout as nested dicts: no underscores for dots.
    """
    return go.Figure(list(traces), layout={"template": _TEMPLATES[dark], **layout}, _validate=False)


def with_looks(
    made: dict[str, Any], moment: int, cursor: int | None, *, plain: Trace, chosen: Trace
) -> dict[str, Any]:
    """A trace that belongs to a moment and looks different while that moment is chosen.

    Both looks travel with the trace, so that `assets/looks.js` changes them when the cursor moves, and no figure is sent again.

    Parameters
    ----------
    made : trace dict
        As `trace` makes it; it is changed and returned.
    moment, cursor : int
        Its moment, and the one that is chosen.
    plain, chosen : mapping
        Plotly's names with dots ("line.width") and their values; None is plotly's default.
    """
    for name, value in (chosen if moment == cursor else plain).items():
        *path, last = name.split(".")
        place = made
        for part in path:
            place = place.setdefault(part, {})
        if value is not None:
            place[last] = value
    return made | {"meta": {"moment": moment, "looks": [dict(plain), dict(chosen)]}}


def words(sentence: str, *, dark: bool, line: int = LINE) -> go.Figure:
    """No axes, and a quiet sentence in the middle that says how the figure is filled; nothing at all for an empty one.

    Plotly breaks no lines: a long sentence would be cut at both edges of its panel, so it is broken after `line` letters. A `<br>`
    stays where it is.
    """
    bare = {"visible": False}
    middle = {"xref": "paper", "yref": "paper", "x": 0.5, "y": 0.5, "showarrow": False}
    lines = [each for part in sentence.split("<br>") for each in textwrap.wrap(part, line)]
    said = (
        [{"text": "<br>".join(lines), **middle, "font": {"color": theme.palette(dark)["quiet"]}}]
        if sentence
        else []
    )
    even = dict.fromkeys("lrtb", 12)  # the middle of the panel, not of a plot with ticks at its left
    return figure([], dark=dark, xaxis=bare, yaxis=bare, annotations=said, dragmode=False, margin=even)


def panels(count: int, gap: float) -> list[tuple[str, list[float]]]:
    """What ends the names of the axes ('', '2', '3', ...) and where they lie, of so many panels side by side.

    `gap` is the share of the width between two of them.
    """
    width = (1 - gap * (count - 1)) / count
    return [
        ("" if k == 0 else str(k + 1), [k * (width + gap), k * (width + gap) + width]) for k in range(count)
    ]
