"""What the inspector says of a selected cell or of selected points: exact, from the weights of the epoch on screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from dash import html
from dash.development.base_component import Component

from topodash.components.inspector import selection
from topodash.geometry import layers as forward
from topodash.pages.live.samples import RunSample
from topodash.pages.live.views import Views
from topodash.studies.live_view import LiveView, split_weights
from topodash.studies.region_history import pattern_text

_IMAGES = ("a point", "a segment", "a polygon")


def _number(value: float) -> str:
    return f"{value:.4g}"


def _mean(values: np.ndarray) -> str:
    return _number(values.mean()) if len(values) else "–"


def firing_words(pattern: Sequence[int], widths: Sequence[int]) -> str:
    """'Neurons 1 and 2 fire', with the layer where there is more than one."""
    names, start = [], 0
    for layer, width in enumerate(widths, 1):
        for unit in range(width):
            if pattern[start + unit]:
                names.append(f"{layer}.{unit + 1}" if len(widths) > 1 else str(unit + 1))
        start += width
    if not names:
        return "No neuron fires"
    if len(names) == 1:
        return f"Neuron {names[0]} fires"
    return f"Neurons {', '.join(names[:-1])} and {names[-1]} fire"


def affine_text(slopes: np.ndarray, constant: np.ndarray) -> list[str]:
    """Each unit of the last hidden layer as a function of the input: 'n1 = 0.42 x − 1.3 y + 0.2'."""
    lines = []
    for unit, ((a, b), c) in enumerate(zip(slopes, constant, strict=True), 1):
        sign_b, sign_c = ("−" if b < 0 else "+"), ("−" if c < 0 else "+")
        zero = a == 0 and b == 0 and c == 0
        lines.append(
            f"n{unit} = 0" if zero else f"n{unit} = {a:.3g} x {sign_b} {abs(b):.3g} y {sign_c} {abs(c):.3g}"
        )
    return lines


def cell_selection(view: LiveView, sample: RunSample, pattern: str) -> Component:
    """The selected cell, or that it is not there at this epoch."""
    complex_ = view.complex
    widths = [len(bias) for _, bias in complex_.layers]
    wanted = np.array([int(bit) for bit in pattern if bit in "01"], dtype=np.uint8)
    found = (
        np.flatnonzero((complex_.patterns == wanted).all(axis=1))
        if len(wanted) == complex_.patterns.shape[1]
        else []
    )
    if not len(found):
        return selection(
            f"Cell {pattern}", [], sentence="At this epoch no part of the picture has this pattern."
        )
    index = int(found[0])
    cell = complex_.cells[index]
    names, counts = sample.sample.class_names, view.counts[index]
    total = int(counts.sum())
    unit_area = float(np.abs(np.prod(sample.scale)))
    share = complex_.area[index] / (4 * complex_.half_widths.prod())
    sentence = f"{firing_words(cell.pattern, widths)}. "
    if total:
        sentence += f"{total} point{'s' if total != 1 else ''}, {100 * counts.max() / total:.0f} % class {names[int(counts.argmax())]}. "
    else:
        sentence += "No point lies here. "
    sentence += f"Maps to {_IMAGES[cell.rank]} (rank {cell.rank})."
    maps = [html.H4("Affine map"), html.Pre("\n".join(affine_text(cell.A, cell.c)), className="live-affine")]
    if not (np.allclose(sample.scale, 1) and np.allclose(sample.centre, 0)):
        maps.append(
            html.P("x and y are the standardised columns, as the network sees them.", className="live-hint")
        )
    pairs = [
        ("area", f"{_number(cell.area * unit_area)} ({100 * share:.1f} % of the box)"),
        *((f"points {name}", str(int(count))) for name, count in zip(names, counts, strict=True)),
        ("rank", str(cell.rank)),
        ("magnification", _number(cell.magnification)),
    ]
    return selection(
        f"Cell {pattern_text(cell.pattern, widths)}", pairs, sentence=sentence, more=html.Div(maps)
    )


def points_selection(
    views: Views, run_id: str, step: int, rows: Sequence[int], changes: list[Any] | None
) -> Component:
    """The selected points: classes, correctness, mean activations against the rest."""
    sample = views.sample(run_id)
    data = sample.sample
    chosen = sample.drawn[[row for row in rows if isinstance(row, int) and 0 <= row < len(sample.drawn)]]
    hidden, output = split_weights(views.weights(run_id, step, changes))
    every = forward.activations(hidden, data.points)
    logits = every[-1] @ output[0].T + output[1]
    right = forward.predicted(logits) == data.labels
    rest = np.ones(len(data.points), dtype=bool)
    rest[chosen] = False
    counts = np.bincount(data.labels[chosen], minlength=len(data.class_names))
    pairs = [
        *((name, f"{int(count)}") for name, count in zip(data.class_names, counts, strict=True) if count),
        ("predicted right", f"{int(right[chosen].sum())} of {len(chosen)}"),
        ("held out", f"{int((~data.train[chosen]).sum())}"),
    ]
    head = html.Thead(html.Tr([html.Th("unit"), html.Th("selected"), html.Th("rest")]))
    body = []
    for layer, values in enumerate(every, 1):
        for unit in range(values.shape[1]):
            name = f"{layer}.{unit + 1}" if len(every) > 1 else f"n{unit + 1}"
            body.append(
                html.Tr(
                    [
                        html.Th(name, scope="row"),
                        html.Td(_mean(values[chosen, unit])),
                        html.Td(_mean(values[rest, unit])),
                    ]
                )
            )
    table = html.Table(
        [html.Caption("Mean activation"), head, html.Tbody(body)], className="live-means td-number"
    )
    return selection(
        f"{len(chosen)} points",
        pairs,
        sentence=f"{len(chosen)} of {len(data.points):,} points are selected.",
        more=table,
    )
