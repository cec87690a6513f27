"""From a computed view to the header and arrays of a frame, in the units in which the page draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from topodash.figures.input_plane import FIELD_SIZE
from topodash.figures.neuron_panel import PANEL_SIZE
from topodash.geometry import bent_hyperplanes, neuron_lines
from topodash.pages.live.samples import RunSample
from topodash.studies.live_view import LiveView, layer_field, probability_field, split_weights
from topodash.web.frame_codec import MAPS_UP_TO, in_bytes, quantise


def view_arrays(view: LiveView, sample: RunSample) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The parts of a frame that every request gets: header entries and arrays."""
    complex_, boundary, drawn = view.complex, view.boundary, sample.drawn
    space = view.axes.project
    act, act_scale = quantise(space(view.activations[drawn]))
    area_unit = float(np.abs(np.prod(sample.scale)))
    probabilities = view.probabilities
    shown = probabilities[:, 1] if probabilities.shape[1] == 2 else probabilities.max(axis=1)
    arrays = {
        "prob": np.round(65535 * shown[drawn]).astype("<u2"),
        "pred": view.predicted[drawn].astype(np.uint8),
        "act": act,
        "polygon": sample.to_drawn(complex_.polygons),
        "offsets": complex_.offsets.astype("<u4"),
        "image": space(complex_.images),
        "pattern": complex_.patterns,
        "rank": complex_.rank.astype(np.uint8),
        "area": complex_.area * area_unit,
        "magnification": complex_.magnification,
        "counts": view.counts.astype("<u4"),
        "boundary": sample.to_drawn(boundary.segments),
        "boundary_space": space(boundary.images),
        **_lines(view, sample),
    }
    if len(complex_) <= MAPS_UP_TO:
        arrays |= {"A": complex_.A, "c": complex_.c}
    if view.plane is not None:
        arrays["plane"] = view.plane
    head = {
        "box": sample.drawn_box,
        "widths": [len(bias) for _, bias in complex_.layers],
        "axes": view.axes.labels,
        "axes_kind": view.axes.kind,
        "act_scale": act_scale,
        "confusion": {name: matrix.tolist() for name, matrix in view.confusion.items()},
        "notices": notices(view, sample),
    }
    return head, arrays


#: Networks of at most this many numbers carry them along, for the table of weights.
MOST_WEIGHTS = 120


def weight_tables(weights: Mapping[str, np.ndarray]) -> list[dict[str, Any]] | None:
    """The weights layer by layer, the output last, to seven digits; None when there are too many to read."""
    if sum(values.size for values in weights.values()) > MOST_WEIGHTS:
        return None
    hidden, output = split_weights(weights)

    def short(values: np.ndarray) -> Any:
        return [float(f"{v:.7g}") for v in values] if values.ndim == 1 else [short(row) for row in values]

    return [{"W": short(weight), "b": short(bias)} for weight, bias in [*hidden, output]]


def _lines(view: LiveView, sample: RunSample) -> dict[str, np.ndarray]:
    lines = neuron_lines(view.complex.layers, view.complex.box)
    segments = np.full((len(lines), 2, 2), np.nan)
    normals = np.zeros((len(lines), 2))
    for line in lines:
        if line.segment is not None and line.normal is not None:
            segments[line.unit] = sample.to_drawn(line.segment)
            # A normal is a covector: under a change of units it is divided where points are multiplied.
            normal = line.normal / sample.scale
            normals[line.unit] = normal / np.hypot(*normal)
    found: dict[str, np.ndarray] = {"lines": segments, "normals": normals}
    if len(view.complex.layers) > 1:
        width = len(view.complex.layers[0][1])
        bent = bent_hyperplanes(view.complex)[width:]
        found["bent"] = (
            sample.to_drawn(np.concatenate([line.segments for line in bent])) if bent else np.zeros((0, 2, 2))
        )
        found["bent_unit"] = np.concatenate(
            [np.full(len(line.segments), line.unit, dtype=np.uint8) for line in bent]
            or [np.zeros(0, dtype=np.uint8)]
        )
    return found


def notices(view: LiveView, sample: RunSample) -> list[str]:
    """What must be said beside the pictures of this step."""
    said = []
    if len(sample.drawn) < len(sample.sample.points):
        said.append(
            f"{len(sample.drawn):,} of {len(sample.sample.points):,} points are drawn; all are counted."
        )
    if view.axes.note:
        said.append(view.axes.note)
    deep = len(view.complex.layers) > 1
    if deep and len(view.dead) > 1:
        by_layer: dict[int, list[str]] = {}
        for layer, unit in view.dead:
            by_layer.setdefault(layer, []).append(str(unit))
        words = "; ".join(f"layer {layer}: {', '.join(units)}" for layer, units in by_layer.items())
        return [*said, f"Dead neurons, which fire on no training point: {words}."]
    for layer, unit in view.dead:
        where = f" of layer {layer}" if deep else ""
        said.append(f"Neuron {unit}{where} is dead: it fires on no training point.")
    return said


def field_arrays(weights: Mapping[str, np.ndarray], sample: RunSample) -> dict[str, np.ndarray]:
    """The sampled field of predicted probability, one byte a sample."""
    field = probability_field(weights, sample.sample.box, FIELD_SIZE)
    return {"field": np.round(255 * field).astype(np.uint8).reshape(-1)}


def panel_arrays(
    weights: Mapping[str, np.ndarray], sample: RunSample, layer: int
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The shading of the neuron panels of one layer (from 1), one byte a sample of each unit's greatest."""
    values = layer_field(weights, sample.sample.box, PANEL_SIZE, layer)
    packed, tops = zip(*(in_bytes(unit) for unit in values), strict=True)
    return (
        {"panel_max": list(tops), "panel_layer": layer},
        {"panels": np.stack(packed).reshape(len(values), -1)},
    )
