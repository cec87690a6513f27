"""GET /api/runs/<id>/frame and the other answers that the live page's script asks for.

A frame is computed and encoded once a step and set of options, however many look at it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from flask import Flask, Response, jsonify, request

from topodash.components import states
from topodash.geometry import Surface, activation_surface
from topodash.pages.context import EXTENSION, Services
from topodash.pages.live.samples import Memory, RunSample
from topodash.pages.live.views import Views, install
from topodash.runs import RunError, RunNotFound, RunReader
from topodash.settings import Settings
from topodash.studies.live_view import LiveView, hidden_widths
from topodash.web import curves, run_exports, thumbnails
from topodash.web.errors import ApiError, told
from topodash.web.frame_arrays import field_arrays, panel_arrays, view_arrays, weight_tables
from topodash.web.frame_codec import encode
from topodash.web.query import body, whole

MEDIA_TYPE = "application/vnd.topodash.frame"
#: Edits of more changes than this are no longer hand-made.
MOST_CHANGES = 500


@dataclass(frozen=True)
class Options:
    """What a frame is asked to hold: the axes of the activation space, the field, the layer of the neuron panels."""

    axes: str = "auto"
    field: bool = False
    layer: int | None = None


class Frames:
    """Frames of the runs of one application."""

    def __init__(self, services: Services, views: Views) -> None:
        self.services = services
        self.views = views
        self._frames = Memory(48)

    def frame(self, reader: RunReader, step: int, weights: dict[str, np.ndarray], options: Options) -> bytes:
        """The encoded frame of a step, from an open run and the step's weights."""
        run_id = reader.meta.id

        def make() -> bytes:
            view = self.views.view(run_id, step, options.axes, weights=weights)
            return self._encode(run_id, step, weights, view, options=options, scalars=reader.scalars_at(step))

        return self._frames.get((run_id, step, options), make)

    def preview(self, run_id: str, step: int, changes: list[Any], options: Options) -> bytes:
        """The frame of a step after changes made by hand; nothing of it is kept."""
        weights = self.views.weights(run_id, step, changes)
        view = self.views.view(run_id, step, options.axes, changes)
        return self._encode(run_id, step, weights, view, options=options, scalars={})

    def _encode(
        self,
        run_id: str,
        step: int,
        weights: Mapping[str, np.ndarray],
        view: LiveView,
        *,
        options: Options,
        scalars: Mapping[str, float],
    ) -> bytes:
        sample = self.views.sample(run_id)
        head, arrays = view_arrays(view, sample)
        if options.field:
            arrays |= field_arrays(weights, sample)
        if options.layer is not None:
            more, panels = panel_arrays(weights, sample, options.layer)
            head |= more
            arrays |= panels
        head |= {
            "run": run_id,
            "step": step,
            "numbers": number_texts(view, scalars),
            "weights": weight_tables(weights),
        }
        return encode(head, arrays)


def number_texts(view: LiveView, scalars: Mapping[str, float]) -> dict[str, str]:
    """The numbers beside the pictures, as text of a fixed form."""
    texts = {name: f"{value:.4f}" if np.isfinite(value) else "not finite" for name, value in scalars.items()}
    shares = {name: np.trace(m) / m.sum() for name, m in view.confusion.items() if m.sum()}
    texts |= {
        "accuracy" if name == "train" else "test_accuracy": f"{share:.4f}" for name, share in shares.items()
    }
    region = view.regions[1] if len(view.regions) == 2 else None
    texts["cells"] = str(len(view.complex))
    texts["b0"] = str(region.b0) if region else " ".join(str(r.b0) for r in view.regions)
    texts["b1"] = str(region.b1) if region else " ".join(str(r.b1) for r in view.regions)
    return texts


def run_words(services: Services, run_id: str, reader: RunReader) -> dict[str, Any]:
    """How a run stands, as the script and the page's callbacks read it."""
    summary = reader.status
    state = services.store.state_of(reader)
    ahead = None
    if state == "queued":
        queue = services.catalogue.queued()
        ahead = queue.index(run_id) if run_id in queue else None
    step, total = summary.step or 0, summary.total
    first = (reader.meta.parent or {}).get("step", 0) if reader.meta.config.get("branch") else 0
    left = None
    if state == "running":
        left = states.time_left(step - first, None if total is None else total - first, summary.seconds)
        rate = (
            services.catalogue.control(run_id).epochs_per_second
            if not services.store.is_shipped(run_id)
            else None
        )
        if rate and total is not None:
            left = max(0.0, (total - step) / rate)
    words = states.sentence(
        state,
        step,
        total,
        word=states.unit(reader.meta.kind),
        ahead=ahead,
        seconds_left=left,
        message=summary.message,
    )
    return {"run": run_id, "state": state, "words": words, "step": step, "last": step, "total": total}


def _layer(weights: Mapping[str, np.ndarray], text: str | None) -> int | None:
    if text is None:
        return None
    count = len(hidden_widths(weights))
    if text == "last":
        return count
    if not (text.isdecimal() and len(text) < 4 and 1 <= int(text) <= count):
        raise ApiError(400, f"panels must be 'last' or a hidden layer from 1 to {count}, was {text[:40]!r}.")
    return int(text)


def _with_status(response: Response, status: Mapping[str, Any]) -> Response:
    response.headers["X-Run-Status"] = json.dumps(status, separators=(",", ":"))
    response.headers["Cache-Control"] = "no-store"
    return response


def register(server: Flask, settings: Settings) -> None:
    """Put the routes of the live page on a server made by `create_app`."""
    services: Services = server.extensions[EXTENSION]
    views = install(server, services)
    frames = Frames(services, views)

    @server.errorhandler(RunError)
    def failed(problem: RunError) -> tuple[Response, int]:
        return jsonify({"error": str(problem)}), 404 if isinstance(problem, RunNotFound) else 422

    @server.get("/api/runs/<run_id>/frame", endpoint="api.frame")
    @told
    def frame(run_id: str) -> Response:
        with services.store.open(run_id) as reader:
            status = run_words(services, run_id, reader)
            step = whole("step")
            if step is None:
                step = reader.newest_after(whole("after", -1))
            elif request.args.get("near") == "1":
                step = reader.newest_before(step)
            if step is None:
                return _with_status(Response(status=204), status)
            weights = reader.snapshot(step)
            data = frames.frame(reader, step, weights, _options(weights))
        return _with_status(Response(data, mimetype=MEDIA_TYPE), status)

    @server.post("/api/runs/<run_id>/preview", endpoint="api.preview")
    @told
    def preview(run_id: str) -> Response:
        asked = body()
        if (
            not isinstance(asked, dict)
            or type(asked.get("step")) is not int
            or not 0 <= asked["step"] < 2**53
            or not isinstance(asked.get("changes"), list)
        ):
            raise ApiError(400, 'A preview needs JSON: {"step": k, "changes": [...]}.')
        if len(asked["changes"]) > MOST_CHANGES:
            raise ApiError(400, f"changes must be at most {MOST_CHANGES}, were {len(asked['changes'])}.")
        with services.store.open(run_id) as reader:
            status = run_words(services, run_id, reader)
            options = _options(reader.snapshot(asked["step"]))
        data = frames.preview(run_id, asked["step"], asked["changes"], options)
        return _with_status(Response(data, mimetype=MEDIA_TYPE), status)

    @server.get("/api/runs/<run_id>/surface", endpoint="api.surface")
    @told
    def surface(run_id: str) -> Response:
        step, unit = whole("step"), whole("unit", 0)
        if step is None or unit is None:
            raise ApiError(400, "surface needs a step and a unit.")
        layer = _layer(views.weights(run_id, step), request.args.get("layer", "last")) or 1
        sample, view = views.sample(run_id), views.view(run_id, step)
        try:
            found = activation_surface(view.complex, layer - 1, unit)
        except ValueError as problem:
            raise ApiError(400, str(problem)) from problem
        return jsonify(_surface(found, view, sample))

    curves.register(server, services)
    run_exports.register(server, services, views)
    thumbnails.register(server, services, views)


def _options(weights: Mapping[str, np.ndarray]) -> Options:
    return Options(
        axes=request.args.get("axes", "auto"),
        field=request.args.get("field") == "1",
        layer=_layer(weights, request.args.get("panels")),
    )


def _surface(found: Surface, view: LiveView, sample: RunSample) -> dict[str, Any]:
    drawn, heights, triangles = sample.to_drawn(found.vertices), found.heights, found.triangles
    ends, _ = view.complex.edges
    edges = np.full((3 * len(ends), 3), np.nan)
    for place in (0, 1):
        edges[place::3, :2] = drawn[ends[:, place]]
        edges[place::3, 2] = heights[ends[:, place]]

    def column(values: np.ndarray) -> list[float | None]:
        return [None if np.isnan(v) else round(float(v), 6) for v in values]

    return {
        "x": column(drawn[:, 0]), "y": column(drawn[:, 1]), "z": column(heights),
        "i": triangles[:, 0].tolist(), "j": triangles[:, 1].tolist(), "k": triangles[:, 2].tolist(),
        "edge_x": column(edges[:, 0]), "edge_y": column(edges[:, 1]), "edge_z": column(edges[:, 2]),
    }  # fmt: skip
