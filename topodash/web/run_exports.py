"""Data of a run at a step, as files: activations CSV, weights and complex JSON, and the Python that recomputes the view."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import numpy as np
from flask import Flask, Response

from topodash.geometry import layers as forward
from topodash.pages.context import Services
from topodash.pages.live.samples import RunSample
from topodash.pages.live.views import Views
from topodash.studies.live_view import LiveView, split_weights
from topodash.studies.region_history import pattern_text
from topodash.web.errors import ApiError, told
from topodash.web.query import whole


def _file(text: str, name: str, media_type: str) -> Response:
    response = Response(text, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def activations_csv(weights: dict[str, np.ndarray], sample: RunSample) -> str:
    """All points: number, coordinates as drawn, label, held out, one column a hidden unit, logits' probabilities.

    Numbers are written so that reading them gives the same float32.
    """
    hidden, output = split_weights(weights)
    data = sample.sample
    every = forward.activations(hidden, data.points)
    probabilities = forward.probabilities(every[-1] @ output[0].T + output[1])
    names = [
        f"n{layer}_{unit}" for layer, values in enumerate(every, 1) for unit in range(1, values.shape[1] + 1)
    ]
    if probabilities.shape[1] == 2:
        shown, heads = probabilities[:, 1:], [f"probability_{data.class_names[1]}"]
    else:
        shown, heads = probabilities, [f"probability_{name}" for name in data.class_names]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["point", *sample.columns, "label", "held_out", *names, *heads])
    columns = np.concatenate([*every, shown], axis=1).astype(np.float32)
    drawn = sample.to_drawn(data.points)
    for row, values in enumerate(columns):
        place = [f"{v:.9g}" for v in drawn[row]]
        label = data.class_names[data.labels[row]]
        writer.writerow([row, *place, label, int(not data.train[row]), *(f"{v:.9g}" for v in values)])
    return text.getvalue()


def complex_dict(view: LiveView, sample: RunSample) -> dict[str, Any]:
    """The complex, the boundary and the regions as JSON; coordinates are the network's, `drawn = x * scale + centre`."""
    complex_ = view.complex
    widths = [len(bias) for _, bias in complex_.layers]
    cells = [
        {
            "pattern": pattern_text(cell.pattern, widths),
            "polygon": cell.polygon.tolist(),
            "image": cell.image.tolist(),
            "rank": cell.rank,
            "area": cell.area,
            "magnification": cell.magnification,
            "A": cell.A.tolist(),
            "c": cell.c.tolist(),
            "points": dict(zip(sample.sample.class_names, view.counts[cell.index].tolist(), strict=True)),
        }
        for cell in complex_.cells
    ]
    return {
        "box": complex_.box,
        "centre": sample.centre.tolist(),
        "scale": sample.scale.tolist(),
        "cells": cells,
        "boundary": view.boundary.segments.tolist(),
        "regions": [
            {"class": name, "b0": region.b0, "b1": region.b1, "area": region.area}
            for name, region in zip(sample.sample.class_names, view.regions, strict=True)
        ],
    }


def snippet(run_id: str, step: int, weights: dict[str, np.ndarray]) -> str:
    """Python that recomputes the view with the library, from the numbers themselves."""
    hidden, output = split_weights(
        {name: np.asarray(values, dtype=np.float32) for name, values in weights.items()}
    )
    lines = [
        f"# The network of run {run_id} at epoch {step}, looked at with topodash as a library.",
        "from topodash.datasets import load  # noqa: F401  (or any points of your own)",
        "from topodash.geometry import decision_boundary, polyhedral_complex, positive_region",
        "",
        "layers = [",
        *(f"    ({weight.tolist()}, {bias.tolist()})," for weight, bias in hidden),
        "]",
        f"output = ({output[0].tolist()}, {output[1].tolist()})",
        "",
        "complex_ = polyhedral_complex(layers, box=BOX)",
        "for cell in complex_.cells:",
        '    print("".join(map(str, cell.pattern)), f"rank {cell.rank}, area {cell.area:.3f}, magnification {cell.magnification:.3f}")',
        'print("boundary segments:", len(decision_boundary(complex_, output)))',
    ]
    if len(output[1]) == 1:
        lines += [
            "region = positive_region(complex_, output)",
            'print("positive region: b0 =", region.b0, " b1 =", region.b1)',
        ]
    return "\n".join(lines) + "\n"


def register(server: Flask, services: Services, views: Views) -> None:
    """Put the routes on the server."""

    def asked(run_id: str) -> tuple[int, dict[str, np.ndarray], RunSample]:
        step = whole("step")
        if step is None:
            with services.store.open(run_id) as reader:
                step = reader.newest_before(2**62)
        if step is None:
            raise ApiError(404, "Nothing is recorded yet.")
        weights = views.weights(run_id, step)
        if not all(np.isfinite(values).all() for values in weights.values()):
            raise ApiError(422, f"The weights of epoch {step} are not all finite; choose an earlier epoch.")
        return step, weights, views.sample(run_id)

    @server.get("/api/runs/<run_id>/activations.csv", endpoint="api.activations")
    @told
    def activations(run_id: str) -> Response:
        step, weights, sample = asked(run_id)
        return _file(activations_csv(weights, sample), f"activations-{run_id}-epoch-{step}.csv", "text/csv")

    @server.get("/api/runs/<run_id>/weights.json", endpoint="api.weights")
    @told
    def weights_json(run_id: str) -> Response:
        step, weights, _ = asked(run_id)
        content = {
            "run": run_id,
            "step": step,
            "weights": {name: values.tolist() for name, values in weights.items()},
        }
        return _file(json.dumps(content, indent=1), f"weights-{run_id}-epoch-{step}.json", "application/json")

    @server.get("/api/runs/<run_id>/complex.json", endpoint="api.complex")
    @told
    def complex_json(run_id: str) -> Response:
        step, _, sample = asked(run_id)
        content = {"run": run_id, "step": step, **complex_dict(views.view(run_id, step), sample)}
        return _file(json.dumps(content), f"complex-{run_id}-epoch-{step}.json", "application/json")

    @server.get("/api/runs/<run_id>/snippet.py", endpoint="api.snippet")
    @told
    def snippet_py(run_id: str) -> Response:
        step, weights, sample = asked(run_id)
        text = snippet(run_id, step, weights).replace("BOX", repr(sample.sample.box))
        return _file(text, f"view-{run_id}-epoch-{step}.py", "text/x-python")
