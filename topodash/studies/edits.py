"""Changes that a person makes to a network by hand: a hyperplane dragged to a new place, a weight typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

_ENTRY = re.compile(r"(W|b)(\d{1,4})\[(\d{1,4})(?:,(\d{1,4}))?\]")
#: Weights beyond this size mean nothing in float32 geometry; the page says so instead of drawing noise.
LARGEST = 1e6
#: A coordinate beyond this is no place in a picture: float32 cannot hold it.
_FARTHEST = float(np.finfo(np.float32).max)


def move_line(weight: np.ndarray, segment: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights and bias of a first-layer unit whose line is to pass through two points.

    The length of the weight vector stays, so the unit is as steep as before, and of the two directions across the
    line the one nearer to the old is taken: a line turned by less than a quarter turn keeps its positive side.

    Parameters
    ----------
    weight : (2,), the unit's weights.
    segment : (2, 2), two different points.

    Returns
    -------
    weight (2,), bias

    Raises
    ------
    ValueError
        When the points are equal or not finite, or the weights are zero.
    """
    points = np.asarray(segment, dtype=np.float64)
    if points.shape != (2, 2) or not np.isfinite(points).all() or np.abs(points).max() > _FARTHEST:
        raise ValueError(f"segment must be two finite points, was {np.asarray(segment).tolist()}")
    along = points[1] - points[0]
    length, steepness = float(np.hypot(*along)), float(np.hypot(*weight))
    if length == 0:
        raise ValueError("segment must have two different ends, both were the same point")
    if steepness == 0:
        raise ValueError("weight must not be zero: a unit without a direction has no line to move")
    normal = np.array([-along[1], along[0]]) / length
    normal = normal if normal @ weight >= 0 else -normal
    moved = steepness * normal
    return moved, float(-moved @ points.mean(axis=0))


def apply_edits(
    weights: Mapping[str, np.ndarray],
    changes: Iterable[Mapping[str, Any]],
    to_network: Any = lambda points: points,
) -> dict[str, np.ndarray]:
    """Weights after a list of changes, in their order.

    Parameters
    ----------
    weights : {'W1': ..., 'b1': ..., ...}
    changes : each `{"unit": j, "segment": [[x, y], [x, y]]}` (the line of first-layer unit j, from 0) or
        `{"entry": "W1[0,1]", "value": v}` (indices from 0).
    to_network : maps points of a segment to the network's units.

    Raises
    ------
    ValueError
        For a change that is neither, or names what is not there.
    """
    edited = {name: np.array(values, dtype=np.float64) for name, values in weights.items()}
    for change in changes:
        if not isinstance(change, Mapping):
            raise ValueError(f"a change must be an object, was {change!r}")
        if "segment" in change:
            unit = change.get("unit")
            if isinstance(unit, bool) or not isinstance(unit, int) or not 0 <= unit < len(edited["b1"]):
                raise ValueError(f"unit must be from 0 to {len(edited['b1']) - 1}, was {unit!r}")
            segment = _segment(change["segment"])
            edited["W1"][unit], edited["b1"][unit] = move_line(edited["W1"][unit], to_network(segment))
        else:
            _set_entry(edited, change.get("entry"), change.get("value"))
    return {name: values.astype(np.float32) for name, values in edited.items()}


def _segment(value: Any) -> np.ndarray:
    try:
        points = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        points = np.zeros(0)
    if points.shape != (2, 2):
        raise ValueError(f"segment must be two points [[x, y], [x, y]], was {str(value)[:60]}")
    return points


def _set_entry(weights: dict[str, np.ndarray], entry: Any, value: Any) -> None:
    found = _ENTRY.fullmatch(entry) if isinstance(entry, str) else None
    name = f"{found[1]}{found[2]}" if found else ""
    index = tuple(int(part) for part in (found[3], found[4]) if part is not None) if found else ()
    if (
        name not in weights
        or len(index) != weights[name].ndim
        or any(part >= size for part, size in zip(index, weights[name].shape, strict=True))
    ):
        raise ValueError(f"entry must name a weight such as 'W1[0,1]' or 'b2[0]', was {entry!r}")
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not abs(value) <= LARGEST:
        raise ValueError(
            f"the value of {entry} must be a number from -{LARGEST:.0f} to {LARGEST:.0f}, was {value!r}"
        )
    weights[name][index] = value
