"""Landscapes of a run of the live page: one question an epoch, put together as they come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from topodash.pages.asking import asked as question
from topodash.pages.asking import known
from topodash.pages.context import services
from topodash.pages.landscapes.view import Loaded, View
from topodash.studies.activation_landscapes import principal_coordinates
from topodash.topology.landscapes import landscape_gram

#: Epochs that are looked at: as many as fit a picture, denser at the beginning.
EPOCHS = 14
POINTS = 300
_DEPTH, _GRID = 8, 241
_AT_ONCE = 2


def epochs_of(steps: np.ndarray, count: int = EPOCHS, *, growing: bool = False) -> list[int]:
    """At most `count` of the recorded steps: the first, then growing by factors, and the newest.

    While a run grows, its newest step is rounded down to an eighth of its power of two: what was measured once stays in the
    picture, and no question is put that the next look would drop.
    """
    if len(steps) <= count and not growing:
        return steps.tolist()
    first, newest = int(steps[0]), int(steps[-1])
    if growing:
        newest -= (newest - first) % grain_of(steps)
    wanted, ahead = [], 0
    while first + ahead < newest:
        wanted.append(first + ahead)
        ahead = max(ahead + 1, round(ahead * 1.7))
    nearest = {int(steps[np.searchsorted(steps, step, side="right") - 1]) for step in [*wanted, newest]}
    chosen = sorted(nearest)
    while len(chosen) > count:
        del chosen[1]
    return chosen


def grain_of(steps: np.ndarray) -> int:
    """In steps of how many epochs the newest epoch of a growing run moves on."""
    return 2 ** max(0, int(np.log2(max(1, int(steps[-1] - steps[0])) / 8)))


def newest_before(steps: np.ndarray, newest: int, after: int) -> list[int]:
    """What may have been the newest epoch a moment ago, later first, down to `after`: for the time in which `newest` is measured."""
    half = max(1, grain_of(steps) // 2)
    wanted = range(newest - half, max(after, newest - 6 * half - 1), -half)
    return [int(steps[np.searchsorted(steps, step, side="right") - 1]) for step in wanted]


def settings_of(asked: Mapping[str, Any], class_names: tuple[str, ...]) -> dict[str, Any]:
    """The homology of the question: defaults for a live run where nothing is changed."""
    changes = asked.get("changes") or {}
    homology = str(changes.get("homology", "ordinary"))
    default = class_names[1] if len(class_names) == 2 else ""
    return {
        "homology": homology,
        "class": str(changes.get("class_name", default)),
        "limit": int(changes.get("points", POINTS)),
        "degree": int(asked.get("degree") if asked.get("degree") is not None else 1),
        "grid_end": float(changes.get("grid_end", 2.0 if homology == "local" else 1.0)),
        "depth": int(changes.get("depth", _DEPTH)),
    }


def place_of(run: str, epoch: int, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """How a question names the network of a run at an epoch."""
    source = {"run": run, "step": int(epoch), "layer": "input", "part": "all"}
    return {"source": source, **{name: chosen[name] for name in ("homology", "class", "limit")}}


def load_run(asked: Mapping[str, Any], *, wait: float, again: bool) -> Loaded:
    """The epochs of a run that are measured by now; 'working' until there are two."""
    store, run = services().store, asked["run"]
    state = store.state(run)
    with store.open(run) as reader:
        steps = reader.snapshot_steps()
        if not len(steps):
            return Loaded("running", message="nothing is recorded yet", more={"kind": "mlp"})
        hidden = list(reader.meta.config.get("hidden", [3]))
        class_names = tuple(reader.artifact("dataset").meta.get("class_names", ()))
    chosen = settings_of(asked, class_names)
    growing = state in ("running", "queued")
    epochs = epochs_of(steps, growing=growing)
    answers, failed, key = {}, "", ""
    waiting = 0

    def parameters(epoch: int) -> dict[str, Any]:
        return {"place": place_of(run, epoch, chosen), "degree": chosen["degree"], "grid_end": chosen["grid_end"],
                "grid_points": _GRID, "depth": chosen["depth"]}  # fmt: skip

    for epoch in epochs:
        answer = question(
            "landscape_epoch", parameters(epoch), wait=0.0 if answers or waiting else wait, again=again
        )
        if answer.state == "ready":
            answers[epoch] = answer.value
        elif answer.state == "failed":
            failed = answer.message
        else:
            key, waiting = answer.key, waiting + 1
            if waiting >= _AT_ONCE:  # the figures of this page wait in the same queue
                break
    more = {"kind": "mlp", "growing": growing, "pending": len(epochs) - len(answers), "steps": int(steps[-1])}
    share = len(answers) / len(epochs)
    message = f"{len(answers)} of {len(epochs)} epochs measured" if share < 1 else ""
    if growing and answers and epochs[-1] not in answers:
        # Without it the picture would go back in time whenever a new epoch is asked for.
        for epoch in newest_before(steps, epochs[-1], max(answers)):
            found = known("landscape_epoch", parameters(epoch))
            if found is not None:
                answers[epoch] = found
                break
    if not answers:
        return Loaded("failed" if failed else "working", None, 0.0, failed or "the first epoch", key, more)
    view = _together(asked, chosen, hidden, answers)
    if failed:
        return Loaded("ready", view, None, f"Some epochs could not be measured: {failed}", key, more)
    return Loaded("ready", view, share if share < 1 else None, message, key, more)


def _together(
    asked: Mapping[str, Any],
    chosen: Mapping[str, Any],
    hidden: list[int],
    answers: Mapping[int, Mapping[str, Any]],
) -> View:
    epochs = tuple(sorted(answers))
    found = [answers[epoch] for epoch in epochs]
    grid = np.linspace(0.0, chosen["grid_end"], _GRID)
    means = np.stack([each["landscapes"] for each in found])
    norms = np.stack([each["norms"] for each in found])
    count_s, count_l = norms.shape
    gram = landscape_gram(means.reshape(count_s * count_l, -1, _GRID), grid)
    present = ~np.isnan(norms)
    points, explained = principal_coordinates(gram, present.ravel())
    drawn = np.where(present, np.sqrt(np.maximum(np.diagonal(gram), 0)).reshape(count_s, count_l), np.nan)
    # One network is its own average: all that the two norms differ by are the cuts.
    retained = np.where(norms > 0, np.minimum(1.0, (drawn / np.where(norms > 0, norms, 1.0)) ** 2), 1.0)
    return View(
        run=asked["run"], stamp=f"epochs-{'-'.join(map(str, epochs))}", changes=dict(asked.get("changes") or {}),
        layers=("input", *(f"ReLU {k + 1}" for k in range(len(hidden))), "logits"), moments=tuple(str(epoch) for epoch in epochs),
        moment_title="epoch", degree=chosen["degree"], degree_at=0, homology=chosen["homology"], class_name=chosen["class"], grid=grid,
        means=means, norm_of_mean=drawn,
        mean_norm=norms, sd_norm=np.zeros_like(norms), used=present.astype(np.int64), lost=np.stack([each["lost"] for each in found]),
        retained=retained, points=points.reshape(count_s, count_l, 2), explained=explained, epochs=epochs, answers=tuple(found),
    )  # fmt: skip
