"""What the statistics allow one to conclude, and what not, in sentences and a table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from dash import html
from dash.development.base_component import Component

from topodash.figures.filter_evidence_plot import LABELS, Shown

#: As `topodash.studies.filter_topology.EVIDENCE`, kept here so that the web process need not import scipy for two names;
#: a test holds them together.
EVIDENCE = ("longest_bar", "klein_r2")
LEVEL = 0.05


def p_value(observed: float, null: np.ndarray) -> float | None:
    """As `topodash.topology.null_bank.null_p_value`; None without a null bank."""
    if not len(null):
        return None
    from topodash.topology.null_bank import null_p_value

    return null_p_value(observed, null)


def evidence_table(sources: Sequence[Shown]) -> Component:
    """A line a source and statistic."""
    head = html.Thead(
        html.Tr(
            [
                html.Th(text, scope="col")
                for text in (
                    "source",
                    "statistic",
                    "value",
                    "null median",
                    "null 95 %",
                    "p",
                    "may be used as",
                )
            ]
        )
    )
    rows = []
    for source in sources:
        for k, name in enumerate(LABELS):
            null = np.asarray(source.null.get(name, np.zeros(0)), dtype=np.float64)
            p = p_value(source.observed[name], null) if name in EVIDENCE else None
            cells = [
                html.Th(source.name if k == 0 else "", scope="row"),
                html.Td(LABELS[name]),
                html.Td(_number(source.observed[name])),
                html.Td(_number(float(np.nanmedian(null))) if len(null) else "–"),
                html.Td(_number(float(np.nanquantile(null, 0.95))) if len(null) else "–"),
                html.Td("–" if p is None else f"{p:.3f}"),
                html.Td("evidence" if name in EVIDENCE else "description only"),
            ]
            rows.append(html.Tr(cells, className="filters-first" if k == 0 else ""))
    return html.Table([head, html.Tbody(rows)], className="td-number")


def _number(value: float) -> str:
    return f"{value:.3f}" if np.isfinite(value) else "–"


def verdicts(sources: Sequence[Shown], total: int) -> list[str]:
    """A sentence or two for each source, and what holds for all."""
    said = [verdict(source) for source in sources]
    banks = min((len(source.null.get("klein_r2", ())) for source in sources), default=0)
    if banks:
        said.append(
            "PCA-angle correlation, first-to-second bar and a hollow PCA plane are shown as description: a Gaussian bank with the same covariance, which has no ring, "
            "reproduces them, so they are no evidence whatever their values."
        )
        enough = "" if banks >= 99 else " Fewer than 99 banks leave them coarse."
        said.append(
            f"With {banks} null banks the smallest p-value is {1 / (banks + 1):.3f}.{enough} The p-values are not corrected for there being two statistics and {len(sources)} source{'s' if len(sources) > 1 else ''}."
        )
    return said


def verdict(source: Shown) -> str:
    """What may be concluded of one source, and what may not."""
    ps = {
        name: p_value(source.observed[name], np.asarray(source.null.get(name, np.zeros(0)), dtype=np.float64))
        for name in EVIDENCE
    }
    bar, klein = ps["longest_bar"], ps["klein_r2"]
    start = f"{source.name[:1].upper()}{source.name[1:]}: "
    if bar is None or klein is None:
        return (
            start
            + "nothing can be concluded before its null banks are computed. Pictures alone do not tell a ring from a Gaussian with the same covariance."
        )
    numbers = f" (p = {klein:.3f} for the median Klein R², {bar:.3f} for the longest bar)."
    if "untrained" in source.name and min(bar, klein) <= LEVEL:
        numbers += " Filters before training are independent draws of the initialisation, so this is chance: of many such looks, a few come out small."
    if bar <= LEVEL and klein <= LEVEL:
        return (
            start
            + "the filters lie nearer to the Klein bottle of edges and lines, and hold a longer loop, than their mean and covariance explain"
            + numbers
        )
    if klein <= LEVEL:
        return (
            start
            + "the filters lie nearer to the Klein bottle of edges and lines than their mean and covariance explain. That they form a ring may not be concluded from the bars: null banks have bars as long"
            + numbers
        )
    if bar <= LEVEL:
        return (
            start
            + "the filters hold a longer loop than their mean and covariance explain. That it is one of edges and lines may not be concluded: null banks lie as near to the Klein bottle"
            + numbers
        )
    return (
        start
        + "neither a loop nor nearness to the Klein bottle may be concluded: Gaussian filters with the same mean and covariance do as well"
        + numbers
    )
