"""Still pictures by address: GET /api/runs/<id>/plane.svg and space.svg at a step, and /api/preview.svg of a data set."""

from __future__ import annotations

import json

import numpy as np
from flask import Flask, Response, request

from topodash.datasets import load_points
from topodash.figures.scene_svg import Still, plane_svg, space_svg, thin
from topodash.geometry import neuron_lines
from topodash.pages.context import Services
from topodash.pages.live.samples import RunSample
from topodash.pages.live.views import Views
from topodash.studies.live_view import LabelledSample, LiveView
from topodash.web.errors import ApiError, told
from topodash.web.query import whole

_SIZE = 220
_KEPT = "private, max-age=31536000, immutable"
_PREVIEW_POINTS = 20_000


def still_of(view: LiveView, sample: RunSample) -> Still:
    """The input plane of a view as a still picture."""
    rows = thin(len(sample.sample.points))
    complex_ = view.complex
    return Still(
        box=sample.drawn_box,
        points=sample.to_drawn(sample.sample.points[rows]),
        labels=sample.sample.labels[rows],
        polygons=np.split(sample.to_drawn(complex_.polygons), complex_.offsets[1:-1]),
        firing=complex_.patterns.sum(axis=1).tolist(),
        units=complex_.patterns.shape[1],
        lines=[
            (line.unit, sample.to_drawn(line.segment))
            for line in neuron_lines(complex_.layers, complex_.box)
            if line.segment is not None
        ],
        boundary=sample.to_drawn(view.boundary.segments),
    )


def _svg(text: str, kept: str = _KEPT) -> Response:
    response = Response(text, mimetype="image/svg+xml")
    response.headers["Cache-Control"] = kept
    return response


def _step(services: Services, run_id: str) -> int | None:
    asked = whole("step")
    with services.store.open(run_id) as reader:
        if asked is None:
            return reader.newest_before(2**62)
        return asked if reader.newest_before(asked) == asked else None


def register(server: Flask, services: Services, views: Views) -> None:
    """Put the routes on the server."""

    @server.get("/api/runs/<run_id>/plane.svg", endpoint="api.plane_svg")
    @told
    def plane(run_id: str) -> Response:
        step = _step(services, run_id)
        if step is None:
            raise ApiError(404, "This epoch is not recorded.")
        still = still_of(views.view(run_id, step), views.sample(run_id))
        kept = _KEPT if "step" in request.args else "no-store"
        return _svg(plane_svg(still, size=_SIZE, dark=_dark(), title=f"Input plane at epoch {step}"), kept)

    @server.get("/api/runs/<run_id>/space.svg", endpoint="api.space_svg")
    @told
    def space(run_id: str) -> Response:
        step = _step(services, run_id)
        if step is None:
            raise ApiError(404, "This epoch is not recorded.")
        view, sample = views.view(run_id, step), views.sample(run_id)
        rows, complex_ = thin(len(sample.sample.points)), view.complex
        text = space_svg(
            view.axes.project(view.activations[rows]),
            sample.sample.labels[rows],
            np.split(view.axes.project(complex_.images), complex_.offsets[1:-1]),
            complex_.patterns.sum(axis=1).tolist(),
            complex_.patterns.shape[1],
            plane=view.plane,
            size=_SIZE,
            dark=_dark(),
            title=f"Activation space at epoch {step}",
        )
        return _svg(text, _KEPT if "step" in request.args else "no-store")

    @server.get("/api/preview.svg", endpoint="api.preview_svg")
    def preview() -> Response:
        try:
            asked = json.loads(request.args.get("dataset", ""))
            parameters = dict(asked.get("parameters") or {})
            if int(parameters.get("points", 0)) > _PREVIEW_POINTS:
                parameters["points"] = _PREVIEW_POINTS
            data = load_points(asked["name"], seed=asked.get("seed", 0), **parameters)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as problem:
            raise ApiError(422, f"This data set cannot be drawn: {problem}") from problem
        sample = LabelledSample(
            np.asarray(data.points, dtype=np.float64),
            data.labels,
            np.ones(len(data.points), dtype=bool),
            data.class_names,
        )
        rows = thin(len(data.points), 1200)
        still = Still(box=sample.box, points=sample.points[rows], labels=data.labels[rows])
        return _svg(
            plane_svg(still, size=_SIZE, dark=_dark(), title=f"Preview of {data.name}"),
            "private, max-age=3600",
        )


def _dark() -> bool:
    return request.args.get("dark") == "1"
