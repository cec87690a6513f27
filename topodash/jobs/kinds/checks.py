"""Values of a run's config, checked: it may have been written by hand."""

import math
from collections.abc import Mapping
from typing import Any

from topodash.datasets import names


def integer(config: Mapping[str, Any], name: str, low: int, high: int, default: int) -> int:
    """The whole number `name`; ValueError when it is another type or outside low .. high."""
    value = config.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ValueError(f"{name} must be a whole number from {low} to {high}, was {value!r}")
    return value


def number(config: Mapping[str, Any], name: str, low: float, high: float, default: float) -> float:
    """The number `name`; ValueError when it is another type or outside low .. high."""
    value = config.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{name} must be a number from {low} to {high}, was {value!r}")
    if not low <= value <= high:
        raise ValueError(f"{name} must be a number from {low} to {high}, was {value!r}")
    return float(value)


def integers(
    config: Mapping[str, Any], name: str, length: tuple[int, int], bounds: tuple[int, int], default: list[int]
) -> tuple[int, ...]:
    """A list of whole numbers; ValueError when its length or one of them is out of bounds."""
    value = config.get(name, default)
    if not isinstance(value, list | tuple) or not length[0] <= len(value) <= length[1]:
        raise ValueError(f"{name} must be a list of {length[0]} to {length[1]} whole numbers, was {value!r}")
    for each in value:
        if isinstance(each, bool) or not isinstance(each, int) or not bounds[0] <= each <= bounds[1]:
            raise ValueError(f"{name} must hold whole numbers from {bounds[0]} to {bounds[1]}, not {each!r}")
    return tuple(value)


def refuse_unknown(config: Mapping[str, Any], known: set[str]) -> None:
    """ValueError when the config has a key that this kind does not know: a misspelt setting is no default."""
    unknown = sorted(set(config) - known)
    if unknown:
        raise ValueError(
            f"config must hold only {', '.join(sorted(known))}, also has {', '.join(map(str, unknown))}"
        )


def dataset(config: Mapping[str, Any], kind: str) -> tuple[str, int, dict[str, Any]]:
    """Name, seed and parameters of the data set; `kind` is 'points' or 'images'.

    Raises
    ------
    ValueError
        When it is no object, the name is unknown, or the seed is no whole number of 0 or more.
    """
    value = config.get("dataset")
    if not isinstance(value, Mapping) or not isinstance(value.get("parameters", {}), Mapping):
        raise ValueError(f"dataset must be an object with name, seed and parameters, was {value!r}")
    if value.get("name") not in names(kind):
        raise ValueError(f"dataset must be one of {', '.join(names(kind))}, was {value.get('name')!r}")
    return value["name"], integer(value, "seed", 0, 2**63 - 1, 0), dict(value.get("parameters", {}))
