"""What the page shows: the arrays of a study, stored or recomputed, or of the epochs of a live run, in one shape."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import flask
import numpy as np

from topodash.figures.moments import moment_name
from topodash.jobs.answers.landscape_study import RESULT, changed, without_workers
from topodash.pages.asking import asked as question
from topodash.pages.context import services
from topodash.runs import RunNotFound, RunReader
from topodash.studies.activation_landscapes import LandscapeConfig, LandscapeStudy, curves

_MEMORY = "topodash.landscapes.memory"
#: Studies, their views and the networks looked at: a few megabytes each.
_KEPT = 12


@dataclass(frozen=True, eq=False)
class View:
    """Landscapes of l layers at s moments, in one degree.

    Attributes
    ----------
    run, stamp : str
        The run, and the checksum of what was read of it.
    changes : dict
        In what it differs from the stored study.
    layers, moments : tuples of str
    moment_title : str
        'threshold' or 'epoch'.
    degree : int
        Of homology; `degree_at` is its position in the study.
    homology, class_name : str
    grid : (g,)
    means : (s, l, depth, g)
    norm_of_mean, mean_norm, sd_norm, lost, retained : (s, l)
    used : (s, l) int
        Networks behind each average.
    points, explained : (s, l, 2) and (2,)
        The landscape curves.
    study : LandscapeStudy or None
        None for a live run.
    parts : mapping or None
        Diagrams that were measured anew.
    epochs, answers : tuples
        Of a live run: epochs of the moments, and of each the answer `landscape_epoch`.
    """

    run: str
    stamp: str
    changes: dict[str, Any]
    layers: tuple[str, ...]
    moments: tuple[str, ...]
    moment_title: str
    degree: int
    degree_at: int
    homology: str
    class_name: str
    grid: np.ndarray
    means: np.ndarray
    norm_of_mean: np.ndarray
    mean_norm: np.ndarray
    sd_norm: np.ndarray
    used: np.ndarray
    lost: np.ndarray
    retained: np.ndarray
    points: np.ndarray
    explained: np.ndarray
    study: LandscapeStudy | None = None
    parts: Mapping[str, Any] | None = None
    epochs: tuple[int, ...] = ()
    answers: tuple[Mapping[str, Any], ...] = ()

    @property
    def networks(self) -> int:
        """How many networks there are; 1 for a live run."""
        return self.study.config.networks if self.study else 1

    def moment_name(self, moment: int) -> str:
        """'iteration 0', 'threshold 0.9', 'epoch 40'."""
        return moment_name(self.moment_title, self.moments[moment])

    @property
    def named(self) -> dict[str, Any]:
        """How a question names this study."""
        return {"study": self.run, "stamp": self.stamp, "changes": self.changes}


@dataclass(frozen=True)
class Loaded:
    """How it stands with what was asked for: 'ready', 'working' (a question), 'running' (a run) or 'failed'."""

    state: str
    view: View | None = None
    progress: float | None = None
    message: str = ""
    key: str = ""
    more: dict[str, Any] = field(default_factory=dict)


def of_study(
    named: Mapping[str, Any], study: LandscapeStudy, *, parts: Any = None, degree: int | None = None
) -> View:
    """A study as a view in one of its degrees (the first when None)."""
    config = study.config
    at = 0 if degree is None or degree not in config.degrees else config.degrees.index(degree)
    paths = curves(study, degree=at)
    return View(
        run=named["study"], stamp=named["stamp"], changes=dict(named["changes"]), layers=config.layers, moments=config.snapshots, moment_title="threshold",
        degree=config.degrees[at], degree_at=at, homology=config.homology, class_name=config.class_name, grid=config.grid,
        means=study.mean_landscapes[:, :, at], norm_of_mean=study.norm_of_mean[:, :, at], mean_norm=study.mean_norm[:, :, at],
        sd_norm=study.sd_norm[:, :, at], used=study.networks_used, lost=study.lost_share[:, :, at], retained=study.retained_share[:, :, at],
        points=paths.points, explained=paths.explained, study=study, parts=parts,
    )  # fmt: skip


def load(asked: Mapping[str, Any], *, wait: float = 0.25, again: bool = False) -> Loaded:
    """What the store `VIEW` names.

    Raises
    ------
    RunError
        When the run is not there or damaged.
    ValueError
        When it is of a kind without landscapes, or the changes are not possible.
    """
    with services().store.open(asked["run"]) as reader:
        kind = reader.meta.kind
        if kind == "landscapes":
            return _load_study(reader, asked, wait=wait, again=again)
    if kind != "mlp":
        raise ValueError(
            f"This run is of kind {kind}; landscapes are made of studies and of runs of small networks."
        )
    from topodash.pages.landscapes.live_run import load_run

    return load_run(asked, wait=wait, again=again)


def _load_study(reader: RunReader, asked: Mapping[str, Any], *, wait: float, again: bool) -> Loaded:
    config = LandscapeConfig.from_json(without_workers(reader.meta.config))
    changes, degree = dict(asked.get("changes") or {}), asked.get("degree")
    try:
        stamp = reader.artifact_checksum(RESULT)
    except RunNotFound:
        done = sum(each.name.startswith("network/") for each in reader.artifacts())
        wanted = int(changes.get("networks") or 0)
        if not 0 < wanted <= done:
            more = {"done": done, "networks": config.networks, "kind": "landscapes"}
            return Loaded("running", message="", more=more)
        stamp = f"unfinished-{wanted}"
    named = {"study": asked["run"], "stamp": stamp, "changes": changes}
    if not changes:
        stored = f"{asked['run']} {stamp}"

        def study() -> View:
            read = remembered(
                stored, lambda: LandscapeStudy.from_arrays(config, reader.artifact(RESULT).arrays)
            )
            return of_study(named, read, degree=degree)

        return Loaded("ready", remembered(f"{stored} {degree}", study))
    changed(config, changes)  # refuses what is not possible before any process is asked
    answer = question("landscape_study", named, wait=wait, again=again)
    if answer.state != "ready":
        return Loaded(answer.state, None, answer.progress, answer.message, answer.key)

    def made() -> View:
        read, parts = remembered(answer.key, lambda: _read(answer.value))
        return of_study(named, read, parts=parts, degree=degree)

    return Loaded("ready", remembered(f"{answer.key} {degree}", made))


def _read(value: Mapping[str, Any]) -> tuple[LandscapeStudy, Any]:
    return LandscapeStudy.from_arrays(LandscapeConfig.from_json(value["config"]), value["arrays"]), value[
        "parts"
    ]


def remembered(key: str, make: Any) -> Any:
    """What `make` gives, kept for the next few requests of this process: reading a study takes longer than drawing it."""
    held = flask.current_app.extensions.setdefault(_MEMORY, (threading.Lock(), OrderedDict()))
    mutex, memory = held
    with mutex:
        if key in memory:
            memory.move_to_end(key)
            return memory[key]
    made = make()
    with mutex:
        memory[key] = made
        while len(memory) > _KEPT:
            memory.popitem(last=False)
    return made


def _stored(run: str, name: str) -> Mapping[str, np.ndarray]:
    with services().store.open(run) as reader:
        return reader.artifact(name).arrays


def diagram(view: View, network: int, moment: int, layer: int) -> tuple[np.ndarray, str]:
    """The kept finite bars (k, 2) of one diagram, longest first, and why there is none ('' where there is).

    `network` counts from 0. Of several input batches the first one's.
    """
    from topodash.studies.activation_landscapes import Reason, diagram_of, input_diagram_of

    why = {
        Reason.NOT_REACHED: f"network {network + 1} never reached {view.moments[moment]}",
        Reason.NOT_FINITE: "its weights or activations are not finite",
        Reason.NO_RADIUS: "at least half of the points lie in the origin: the layer is dead on them",
    }
    if view.study is None:
        answer = view.answers[moment]
        low, high = answer["offsets"][layer : layer + 2]
        return answer["bars"][low:high], why.get(Reason(int(answer["reason"][layer])), "")
    reason = Reason(int(view.study.reason[network, moment, layer, 0]))
    if reason != Reason.FINE:
        return np.empty((0, 2)), why[reason]
    part = _part(view, network, layer)
    if layer == 0:
        return input_diagram_of(part, degree=view.degree_at), ""
    return diagram_of(part, moment, layer, degree=view.degree_at), ""


def bar_count(view: View, network: int, moment: int, layer: int) -> int:
    """How many finite bars that diagram had when it was measured, of which the longest are kept."""
    if view.study is None:
        return int(view.answers[moment]["counts"][layer])
    part = _part(view, network, layer)
    at = (0, 0) if layer == 0 else (int(part["same_as"][moment]), layer - 1)
    return int(part["counts"][(*at, view.degree_at, 0)])


def _part(view: View, network: int, layer: int) -> Any:
    """The measured diagrams of a network, or of the input."""
    name = "input" if layer == 0 else f"network/{network}"
    if view.parts is not None:
        return view.parts[name]
    return remembered(f"{view.run} {view.stamp} {name}", lambda: _stored(view.run, name))
