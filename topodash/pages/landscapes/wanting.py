"""What the controls ask of a run: what is changed of a study, from its bars or its weights, and what cannot be had is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topodash.datasets import counted
from topodash.jobs.answers.landscape_study import changed, without_workers
from topodash.pages.context import services
from topodash.pages.landscapes.controls import VIEW
from topodash.pages.landscapes.form import refused
from topodash.pages.landscapes.state import RECOMPUTE, changes_of
from topodash.runs import RunNotFound, RunReader
from topodash.studies.activation_landscapes import LandscapeConfig, class_names

#: Changes that a stored study meets from its bars, for all networks.
_GRID = {"grid_end", "grid_step", "depth"}
#: Points of a live run's network that are looked at, at most.
MOST_POINTS = 2000


def most_networks(run: str) -> int:
    """The greatest number that the control Networks can have for a run: the networks whose weights it kept; of a live run the
    hundreds of points.

    Raises
    ------
    RunError, ValueError
    """
    with services().store.open(run) as reader:
        if reader.meta.kind == "mlp":
            return MOST_POINTS // 100
        return max(1, _kept(LandscapeConfig.from_json(without_workers(reader.meta.config))))


def usual_networks(most: int) -> int:
    """What the control Networks says when nobody has chosen: its default, or as many as there can be."""
    return min(int(VIEW.defaults()["networks"]), most)


def _kept(study: LandscapeConfig) -> int:
    return min(study.kept_weights, study.networks)


def wanted(run: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The store for a run seen with these controls; `said` is a sentence on a control that could not be obeyed.

    Raises
    ------
    RunError, ValueError
        ControlErrors where the study refuses a change.
    """
    applied = {name: values[name] for name in RECOMPUTE}
    if applied["networks"] == usual_networks(most_networks(run)):
        applied["networks"] = VIEW.defaults()["networks"]  # nobody has chosen: no part of the address
    with services().store.open(run) as reader:
        if reader.meta.kind == "mlp":
            changes, degree, said = _of_live_run(reader, values)
        else:
            study = LandscapeConfig.from_json(without_workers(reader.meta.config))
            changes, degree, said = _of_study(study, values)
    return {"run": run, "changes": changes, "degree": degree, "applied": applied, "said": said}


def _of_live_run(reader: RunReader, values: Mapping[str, Any]) -> tuple[dict[str, Any], int | None, str]:
    try:
        names = tuple(reader.artifact("dataset").meta.get("class_names", ()))
    except RunNotFound:  # queued: its data are not made yet
        names = ()
    changes, degree = changes_of(values, "mlp", names)
    changes.pop("grid_step", None)
    # The same control: points of a live run's networks, in hundreds.
    points = 100 * int(values["networks"])
    changes["points"] = min(points, MOST_POINTS)
    said = f"{MOST_POINTS} points of the live run are looked at, not {points}: it is the most there can be."
    return changes, degree, said if points > MOST_POINTS else ""


def _of_study(study: LandscapeConfig, values: Mapping[str, Any]) -> tuple[dict[str, Any], int | None, str]:
    changes, degree = changes_of(values, "landscapes", class_names(study.dataset))
    if degree is not None and degree not in study.degrees:
        changes["degrees"] = [degree]
    try:
        changed(study, changes)
    except ValueError as problem:
        names = {"class_name": "class", "degrees": "degree"}
        raise refused(problem, VIEW, names=names, otherwise="homology") from problem
    asked, said = int(values["networks"]), ""
    if set(changes) - _GRID:
        kept = _kept(study)
        if not kept:
            raise ValueError("This study kept no weights: nothing but its grid and depth can be changed.")
        changes["networks"] = min(asked, kept)
        if asked > kept:
            verb = "is" if kept == 1 else "are"
            said = f"{counted(kept, 'network')} {verb} measured anew, not {asked}: the study kept the weights of no more."
    elif asked not in (VIEW.defaults()["networks"], usual_networks(max(1, _kept(study)))):
        said = (
            "Networks says how many are measured anew, for another degree, kind or class; nothing had to be, "
            f"so all that are stored are shown: {counted(study.networks, 'network')}."
        )
    return changes, degree, said
