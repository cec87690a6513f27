"""The statistics of every source beside those of its null banks, as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from dash import html
from dash.development.base_component import Component

from topodash.figures.filter_evidence_plot import LABELS
from topodash.studies.filter_topology_verdict import EVIDENCE, Shown, p_value

_HEADS = ("source", "statistic", "value", "null median", "null 95 %", "p", "may be used as")


def untrained(filters: Mapping[str, Any]) -> bool:
    """Whether the source of a question is networks before their training."""
    return filters.get("iteration", filters.get("step")) == 0


def evidence_table(sources: Sequence[Shown], total: int) -> Component:
    """A line a source and statistic; instead of p how many of the null banks so far reach the value, until all are there."""
    head = html.Thead(html.Tr([html.Th(text, scope="col") for text in _HEADS]))
    rows = []
    for source in sources:
        for k, name in enumerate(LABELS):
            null = source.nulls(name)
            cells = [
                html.Th(source.name if k == 0 else "", scope="row"),
                html.Td(LABELS[name]),
                html.Td(_number(source.observed[name])),
                html.Td(_number(float(np.nanmedian(null))) if len(null) else "–"),
                html.Td(_number(float(np.nanquantile(null, 0.95))) if len(null) else "–"),
                html.Td(_p(source, name, total) if name in EVIDENCE else "–"),
                html.Td("evidence" if name in EVIDENCE else "description only"),
            ]
            rows.append(html.Tr(cells, className="filters-first" if k == 0 else ""))
    return html.Table([head, html.Tbody(rows)], className="td-number")


def _p(source: Shown, name: str, total: int) -> str:
    p = p_value(source, name, total)
    if p is not None:
        return f"{p:.3f}"
    return f"so far {source.reached(name)} of {source.banks} as large" if source.banks else "–"


def _number(value: float) -> str:
    return f"{value:.3f}" if np.isfinite(value) else "–"
