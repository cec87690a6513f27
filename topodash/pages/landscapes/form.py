"""From the form of a new study to the study: what is typed is read, and what cannot be is said at its control."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from topodash.components.controls import ControlErrors, Table
from topodash.components.notices import sentence
from topodash.pages.landscapes.controls import NEW, START, written
from topodash.studies.activation_landscapes import MNIST, LandscapeConfig, refuse_what_cannot_be_done

#: Controls that another data set sets anew.
SUITED = (
    "hidden",
    "thresholds",
    "class_name",
    "homology",
    "grid_end",
    "grid_step",
    "batch_size",
    "depth",
    "learning_rate",
)


def study_of(raw: Mapping[str, Any]) -> tuple[LandscapeConfig, int]:
    """The study that the raw values of the form ask for, one that can be done, and the processes that work on it.

    Raises
    ------
    ControlErrors
        With every control that is wrong.
    """
    values = NEW.parse(raw)
    config, workers = config_of(values), int(values["workers"])
    try:
        refuse_what_cannot_be_done(config, workers)
    except ValueError as problem:
        # What does not fit in memory names no field: it is the number of points.
        points = "every" if config.batch == "sublattice" else "batch_points"
        raise refused(problem, NEW, otherwise=points) from problem
    return config, workers


def refused(
    problem: ValueError, table: Table, *, names: Mapping[str, str] | None = None, otherwise: str = "dataset"
) -> ControlErrors:
    """What a study refuses, as the error of the control that holds it, in the words of the page.

    Parameters
    ----------
    problem : ValueError
        Its message begins with the name of the field.
    names : mapping, optional
        Controls of fields that have other names than their control.
    otherwise : str
        The control for what is no field of the table.
    """
    field, _, rest = str(problem).partition(" ")
    control = (names or {}).get(field, field)
    labels = {each.id: each.label for each in table.controls()}
    if control not in labels:
        return ControlErrors([(otherwise, sentence(problem))])
    return ControlErrors([(control, sentence(f"{labels[control]} {rest}"))])


def hidden_of(text: str) -> tuple[int, ...]:
    """'15 x 10' or '128, 64, 64' as widths; ValueError in words."""
    repeated = re.fullmatch(r"\s*(\d{1,4})\s*[x×]\s*(\d{1,3})\s*", text)
    if repeated:
        return (int(repeated[1]),) * int(repeated[2])
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts or not all(part.isdecimal() and len(part) <= 4 for part in parts):
        raise ValueError(f'Hidden layers must be written as 15 x 10 or 64, 32; it was "{text[:60]}".')
    return tuple(int(part) for part in parts)


def thresholds_of(text: str) -> tuple[float, ...]:
    """'0.5, 0.9' as increasing numbers; ValueError in words."""
    try:
        found = tuple(float(part) for part in text.split(",") if part.strip())
    except ValueError:
        raise ValueError(
            f'Accuracy thresholds must be numbers with commas between; it was "{text[:60]}".'
        ) from None
    if (
        not found
        or len(found) > 12
        or list(found) != sorted(set(found))
        or not 0 <= found[0] <= found[-1] <= 1
    ):
        raise ValueError(
            f'Accuracy thresholds must be 1 to 12 increasing numbers from 0 to 1; it was "{text[:60]}".'
        )
    return found


def config_of(values: Mapping[str, Any]) -> LandscapeConfig:
    """The study that the form of a new one asks for.

    Raises
    ------
    ControlErrors
        Naming the control.
    """
    problems, parsed = [], {}
    for name, read in (("hidden", hidden_of), ("thresholds", thresholds_of)):
        try:
            parsed[name] = read(str(values[name]))
        except ValueError as problem:
            problems.append((name, str(problem)))
    if problems:
        raise ControlErrors(problems)
    lattice = values["dataset"] == "nine_disks"
    check = {"check_points": 5000, "check_every": 100} if values["dataset"] == "mnist" else {}
    plain = ("dataset", "networks", "max_steps", "batches", "class_name", "homology", "grid_end", "grid_step", "depth",
             "learning_rate", "batch_size", "decay_steps", "seed")  # fmt: skip
    try:
        return LandscapeConfig(
            **{name: values[name] for name in plain},
            **parsed,
            **check,
            degrees=tuple(int(part) for part in str(values["degrees"]).split(",")),
            batch="sublattice" if lattice else "random",
            every=int(values["every"]),
            batch_points=0 if lattice else int(values["batch_points"]),
            group_size=min(20, int(values["networks"])),
            kept_weights=min(20, int(values["networks"])),
        )
    except ValueError as problem:
        raise refused(problem, NEW) from problem


def preset(dataset: str) -> dict[str, Any]:
    """Values of the form that suit a data set."""
    if dataset in (START.dataset, MNIST.dataset):
        config = START if dataset == START.dataset else MNIST
        return {name: getattr(config, name) for name in SUITED} | {
            "hidden": written(config.hidden),
            "thresholds": written(config.thresholds),
        }
    return {"hidden": "8 x 4", "thresholds": "0.6, 0.8, 0.9, 0.99", "class_name": "", "homology": "ordinary", "grid_end": 1.0, "grid_step": 0.002,
            "batch_size": 128, "depth": 20, "learning_rate": START.learning_rate}  # fmt: skip
