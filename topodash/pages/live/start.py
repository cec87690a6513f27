"""From the page's settings to a new run: its config, its data, its title."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from topodash.components.controls import ControlErrors
from topodash.datasets import LabelledPoints, load_points
from topodash.jobs import StepArtifact, create_run, steer
from topodash.pages.context import owner, services
from topodash.pages.live.controls import CSV, TABLE, TITLES, dataset_parameters, run_config
from topodash.pages.live.csv_source import FILE_OF_RUN, csv_points
from topodash.pages.live.raw import of_dataset
from topodash.pages.live.samples import read_sample
from topodash.pages.titles import run_title
from topodash.runs import RunError
from topodash.studies.edits import apply_edits


class NotStarted(Exception):
    """Why no run was made, as `errors` (control id, message) or as the exception's own sentence."""

    def __init__(self, message: str = "", errors: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.errors = errors


def dataset_artifact(data: LabelledPoints) -> StepArtifact:
    """The artifact `dataset` of a run of kind `mlp`."""
    return StepArtifact(
        "dataset",
        {"points": data.points, "labels": data.labels, "train": data.train, "test": data.test},
        meta={
            "class_names": list(data.class_names),
            "columns": list(data.columns),
            "centre": np.asarray(data.centre).tolist(),
            "scale": np.asarray(data.scale).tolist(),
            "notices": list(data.notices),
            "betti": None if data.betti is None else [b and list(b) for b in data.betti],
            "name": data.name,
        },
    )


def chosen_data(
    values: Mapping[str, Any], raw: Mapping[str, Any], table: Mapping[str, Any] | None, *, wait: float = 1.0
) -> tuple[dict[str, Any], LabelledPoints]:
    """The data set that Setup asks for, as config and as points; a file is waited for `wait` seconds.

    Raises
    ------
    ControlErrors
        For wrong values of its controls.
    ValueError
        When the points cannot be made from them, or the file cannot be read; `StillReading` while it is being read.
    """
    name = str(values["dataset"])
    if name == CSV:
        return csv_points(table, seed=int(values["data_seed"]), wait=wait)
    parameters = dataset_parameters(name, of_dataset(raw, name))
    seed = int(values["data_seed"])
    return {"name": name, "seed": seed, "parameters": parameters}, load_points(name, seed=seed, **parameters)


def data_title(name: str, table: Mapping[str, Any] | None) -> str:
    """What a run's title calls its data: an own file by the name under which it was sent."""
    sent = " ".join(str((table or {}).get("name") or "").split())
    return sent[:60] if name == CSV and sent and sent != FILE_OF_RUN else TITLES[name]


def start(raw: Mapping[str, Any], raw_data: Mapping[str, Any], table: Mapping[str, Any] | None) -> str:
    """Make and start a run; its id.

    Raises
    ------
    NotStarted
    """
    try:
        values = TABLE.parse(raw)
        source, data = chosen_data(values, raw_data, table, wait=10.0)
        config = run_config(values, source)
    except ControlErrors as problem:
        raise NotStarted(errors=problem.errors) from problem
    except (RunError, ValueError) as problem:
        raise NotStarted(str(problem)) from problem
    title = f"{data_title(str(values['dataset']), table)}, {'-'.join(map(str, config['hidden']))}, seed {config['seed']}"
    return _create(config=config, title=title, artifacts={"dataset": dataset_artifact(data)})


def _create(**options: Any) -> str:
    try:
        return create_run(services().settings, kind="mlp", owner=owner(), **options)
    except (RunError, ValueError) as problem:
        raise NotStarted(str(problem)) from problem


def rewind(run_id: str) -> str:
    """A new run with the same config and data, paused at its first epoch; its id.

    Raises
    ------
    NotStarted
    """
    config, title, artifacts, parent = _origin(run_id)
    made = _create(config=config, title=title, artifacts=artifacts, parent=parent, start=False)
    steer(services().settings, made, pause=True)
    services().starter.pump()
    return made


def branch(
    run_id: str, step: int, raw: Mapping[str, Any], changes: list[Any] | None, *, paused: bool = False
) -> str:
    """A new run that goes on from a recorded epoch, with changed settings or weights; its id.

    Data set and architecture are the parent's: only how to go on can change.

    Raises
    ------
    NotStarted
    """
    try:
        values = TABLE.parse(raw)
    except ControlErrors as problem:
        raise NotStarted(errors=problem.errors) from problem
    old, title, artifacts, _ = _origin(run_id)
    config = {
        **old,
        **{
            k: v
            for k, v in run_config(values, old["dataset"]).items()
            if k not in ("hidden", "dataset", "initialisation", "seed")
        },
    }
    if config["epochs"] <= step and config["epochs"] == old.get("epochs"):
        # Nobody has chosen another end: go on for as many epochs again.
        config["epochs"] = step + int(old["epochs"])
    if config["epochs"] <= step:
        raise NotStarted(
            errors=(
                (
                    "epochs",
                    f"Epochs must be more than {step}, where the branch begins; it was {config['epochs']}.",
                ),
            )
        )
    try:
        with services().store.open(run_id) as reader:
            weights = reader.snapshot(step)
            sample = read_sample(reader)
        if changes:
            weights = apply_edits(weights, changes, sample.from_drawn)
    except (RunError, ValueError) as problem:
        raise NotStarted(str(problem)) from problem
    config["branch"] = {"run": run_id, "step": step}
    made = _create(
        config=config,
        title=f"{title.split(' · from epoch ')[0]} · from epoch {step}" + (", edited" if changes else ""),
        artifacts={**artifacts, "start": weights},
        parent={"run": run_id, "step": step},
        start=not paused,
    )
    if paused:
        steer(services().settings, made, pause=True)
        services().starter.pump()
    return made


def _origin(run_id: str) -> tuple[dict[str, Any], str, dict[str, Any], dict[str, Any]]:
    try:
        with services().store.open(run_id) as reader:
            meta, data = reader.meta, reader.artifact("dataset")
            artifacts: dict[str, Any] = {"dataset": StepArtifact("dataset", data.arrays, meta=data.meta)}
            if meta.config.get("branch"):
                artifacts["start"] = reader.artifact("start").arrays
        title = run_title(run_id)
    except (RunError, ValueError) as problem:
        raise NotStarted(str(problem)) from problem
    config = dict(meta.config)
    parent = meta.parent if config.get("branch") else {"run": run_id, "step": 0}
    return config, title, artifacts, parent or {"run": run_id, "step": 0}
