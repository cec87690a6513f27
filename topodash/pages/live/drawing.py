"""The figures that a run begins with, and what the page's script must know of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from dash import html
from dash.development.base_component import Component

from topodash.components.panel import empty, graph, panel
from topodash.datasets import LabelledPoints
from topodash.figures.activation_space import activation_space
from topodash.figures.curves import curves
from topodash.figures.input_plane import input_plane
from topodash.figures.neuron_panel import neuron_panel
from topodash.pages.context import owner, services
from topodash.pages.live import ids
from topodash.pages.live.samples import RunSample, drawn_rows, read_sample
from topodash.pages.live.views import views
from topodash.pages.titles import run_title
from topodash.runs import RunError, RunReader
from topodash.studies.live_view import LabelledSample

#: Panels of a layer; more units than this do not fit a layer of the page.
MOST_PANELS = 8


def sample_of(data: LabelledPoints) -> RunSample:
    """A data set that has not been trained on yet, as the figures want it."""
    train = np.zeros(len(data.points), dtype=bool)
    train[data.train] = True
    points = np.asarray(data.points, dtype=np.float64)
    return RunSample(
        LabelledSample(points, data.labels, train, data.class_names), drawn_rows(len(points)), (data.columns[0], data.columns[1]),
        np.asarray(data.centre), np.asarray(data.scale), {"notices": list(data.notices)},
    )  # fmt: skip


def plane_figure(sample: RunSample, dark: bool) -> go.Figure:
    """The input plane of a sample."""
    data, rows = sample.sample, sample.drawn
    return input_plane(
        sample.to_drawn(data.points[rows]), data.labels[rows], ~data.train[rows], class_names=data.class_names, columns=sample.columns,
        box=sample.drawn_box, dark=dark,
    )  # fmt: skip


def _counts(sample: RunSample) -> list[int]:
    return np.bincount(sample.sample.labels[sample.drawn], minlength=len(sample.sample.class_names)).tolist()


def space_figure(sample: RunSample, dark: bool) -> go.Figure:
    """The empty activation space of a sample."""
    axes = ("neuron 1", "neuron 2", "neuron 3")
    return activation_space(_counts(sample), class_names=sample.sample.class_names, axes=axes, dark=dark)


def keys(sample: RunSample) -> dict[str, str]:
    """What the two figures of the stage stand for: samples with the same key have the same figure (but for light and dark)."""
    data, rows = sample.sample, sample.drawn
    names = json.dumps([data.class_names, sample.columns, sample.drawn_box])
    held = (sample.to_drawn(data.points[rows]), data.labels[rows], data.train[rows], rows)
    plane = hashlib.blake2b(names.encode(), digest_size=12)
    for array in held:
        plane.update(np.ascontiguousarray(array).data)
    return {"plane": plane.hexdigest(), "space": json.dumps([_counts(sample), data.class_names])}


def known_shape(sample: RunSample) -> list[tuple[str, int, int]]:
    """Betti numbers of the class that the network is to call positive, where the data set knows them."""
    betti = sample.meta.get("betti")
    if not betti or len(betti) != 2 or betti[1] is None:
        return []
    return [(sample.sample.class_names[1], int(betti[1][0]), int(betti[1][1]))]


def curves_figure(run_id: str, sample: RunSample, total: int, dark: bool) -> go.Figure:
    """The empty curves of a run; its `meta` says of which, and the script fills no others."""
    names = sample.sample.class_names
    title = f"b0, b1 of {names[1]}" if len(names) == 2 else "b0, b1, all classes"
    return curves(total=total, known=known_shape(sample), region_name=title, dark=dark, meta=run_id)


def layer_choices(layers: int) -> list[dict[str, str]]:
    """The hidden layers that can be chosen; the last is called so, whatever network comes next."""
    named = [{"value": str(layer), "label": f"hidden layer {layer}"} for layer in range(1, layers)]
    return [*named, {"value": "last", "label": f"hidden layer {layers}, the last"}]


def panels_of_layer(sample: RunSample, hidden: Sequence[int], layer: str, dark: bool) -> list[Component]:
    """The panels of the chosen layer: its number as text, or 'last'."""
    number = len(hidden) if layer == "last" else int(layer)
    return neuron_panels(sample, hidden[number - 1], number, len(hidden), dark)


def neuron_panels(sample: RunSample, units: int, layer: int, layers: int, dark: bool) -> list[Component]:
    """A panel for each unit of the layer."""
    parts: list[Component] = []
    for unit in range(min(units, MOST_PANELS)):
        name = f"Neuron {unit + 1}" if layers == 1 else f"Neuron {layer}.{unit + 1}"
        open_button = html.Button(
            "3-D",
            id={"live-landscape": "open", "unit": unit},
            type="button",
            className="td-tool live-word-tool",
            **{"aria-label": f"3-D: activation landscape of {name}"},
        )
        parts.append(
            panel(name, graph(ids.neuron(unit), neuron_panel(unit, box=sample.drawn_box, dark=dark), label=f"Where {name} fires", config={"displayModeBar": False}),
                  help=f"Where {name} fires in the input plane, shaded by its activation. 3-D opens the exact folded surface.",
                  graph_id=ids.neuron(unit), tools=open_button, span=4)
        )  # fmt: skip
    return parts or [empty("This layer has no units.")]


def run_info(run_id: str, reader: RunReader, sample: RunSample) -> dict[str, Any]:
    """What the script must know of a run (JSON)."""
    status, steps = reader.status, reader.snapshot_steps()
    thinned = len(sample.drawn) < len(sample.sample.points)
    first = int(steps[0]) if len(steps) else int((reader.meta.config.get("branch") or {}).get("step", 0))
    return {
        "id": run_id,
        "first": first,
        "last": int(steps[-1]) if len(steps) else first,
        "total": status.total or int(reader.meta.config.get("epochs", 0)),
        "class_names": list(sample.sample.class_names),
        "columns": list(sample.columns),
        "one_box": True,
        "drawn": sample.drawn.tolist() if thinned else None,
        "own": is_own(run_id),
    }


def is_own(run_id: str) -> bool:
    """Whether the browser that asks made this run."""
    try:
        return services().catalogue.entry(run_id).owner == owner()
    except RunError:
        return False


def check_config(config: dict[str, Any]) -> None:
    """ValueError when the settings of a run, which may come from a file that was written by hand, are no settings."""
    hidden, dataset, rate = config.get("hidden", [3]), config.get("dataset"), config.get("epochs_per_second")
    sound = (
        isinstance(hidden, list)
        and all(isinstance(width, int) for width in hidden)
        and isinstance(dataset, dict)
        and isinstance(dataset.get("parameters") or {}, dict)
        and (rate is None or isinstance(rate, int | float))
    )
    if not sound:
        raise ValueError("Its settings are damaged or were written by hand; its file can still be exported.")


def as_it_trains(run_id: str, config: dict[str, Any]) -> dict[str, Any]:
    """The settings of a run with the learning rate and the pace that it was given since: what Setup shows is what holds."""
    try:
        now = services().catalogue.control(run_id)
    except RunError:  # shipped, or made by hand: nobody steers it
        return config
    rate = {} if now.learning_rate is None else {"learning_rate": now.learning_rate}
    at_work = services().store.state(run_id) in ("running", "paused", "queued")
    return config | rate | ({"epochs_per_second": now.epochs_per_second} if at_work else {})


def load_run(run_id: str) -> dict[str, Any]:
    """What the page must know of a run at first: its sample, config, title, info.

    Raises
    ------
    RunError
        When there is no such run, or its file cannot be read.
    ValueError
        When it is of another kind.
    """
    with services().store.open(run_id) as reader:
        if reader.meta.kind != "mlp":
            raise ValueError(
                f"This run is of kind {reader.meta.kind}; the live page shows runs of small networks."
            )
        check_config(reader.meta.config)
        sample = read_sample(reader)
        config, info = as_it_trains(run_id, reader.meta.config), run_info(run_id, reader, sample)
    views().sample(run_id)
    return {
        "sample": sample,
        "config": config,
        "info": info,
        "title": run_title(run_id),
    }
