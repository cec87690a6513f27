"""Sentences and legends of the Filters page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from dash import html
from dash.development.base_component import Component

from topodash.figures.ring_colours import angle_colours, hexes
from topodash.figures.theme import SEQUENTIAL


def ring_words(label: str, ring: Mapping[str, Any]) -> str:
    """What is on screen: '6,400 filters of 100 networks, 1,920 densest kept'."""
    networks = ring["networks_total"]
    said = f"{label}: {ring['total']:,} filters of {networks} network{'' if networks == 1 else 's'}, {len(ring['rows']):,} densest kept"
    gone = len(ring["constant"])
    return said + (
        f"; {gone} constant filter{' left out, which has' if gone == 1 else 's left out, which have'} no shape"
        if gone
        else ""
    )


def _bar(colours: list[str]) -> Component:
    return html.Span(
        className="filters-ramp",
        style={"background": f"linear-gradient(90deg, {', '.join(colours)})"},
        **{"aria-hidden": "true"},
    )


def legend(a: Mapping[str, Any], b: Mapping[str, Any] | None, waits: str = "") -> list[Component]:
    """What the colours of the rims mean."""
    parts: list[Component] = [html.Span(f"Rim: {a['name']}")]
    if a["cyclic"]:
        parts += [html.Span("0°"), _bar(angle_colours(np.linspace(0, 2 * np.pi, 13))), html.Span("360°")]
    elif a["low"] is not None:
        ramp = hexes(SEQUENTIAL, np.linspace(0, 1, 7))
        parts += [html.Span(f"{a['low']:.3g}"), _bar(ramp), html.Span(f"{a['high']:.3g}")]
    if b is not None and b["key"] != a["key"]:
        parts.append(html.Span(f"Ring before: {b['name']}"))
    elif b is not None and b["low"] is not None:
        # Each ring has all the colours: what is as bright on both sides need not be as great.
        parts.append(html.Span(f"Ring before: {b['low']:.3g} to {b['high']:.3g}"))
    if waits:
        parts.append(html.Span(f"{waits[:1].upper()}{waits[1:]}."))
    return parts
