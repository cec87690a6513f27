"""How the topology of a network's decision changes while it learns: Betti numbers and cells, epoch by epoch.

For each recorded epoch: the exact complex, the exact Betti numbers of the region that the network calls positive, and
what changed since the epoch before (paper A, figures 3 and 5, told as events).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from topodash.geometry import RegionTopology, cells_over, class_regions, polyhedral_complex
from topodash.studies.live_view import Box, split_weights

Pattern = tuple[int, ...]

#: Recorded epochs within which a vanished triangle and its complement count as one flip.
FLIP_EPOCHS = 10


@dataclass(frozen=True)
class GeometryEvent:
    """What changed at an epoch: `kind` is 'cells', 'flip' or 'region', `label` says it in words."""

    step: int
    kind: str
    label: str


@dataclass(frozen=True, eq=False)
class RegionHistory:
    """Columns by recorded epoch.

    Attributes
    ----------
    steps, b0, b1, cells : (k,) int; Betti numbers of the positive region (two classes), or summed over the classes' regions.
    events : in the order of the epochs.
    """

    steps: np.ndarray
    b0: np.ndarray
    b1: np.ndarray
    cells: np.ndarray
    events: tuple[GeometryEvent, ...]


def region_history(
    snapshots: Iterable[tuple[int, Mapping[str, np.ndarray]]], box: Box, *, known: int = 0
) -> RegionHistory:
    """Follow the topology over snapshots in the order of their epochs.

    Parameters
    ----------
    snapshots : (step, weights) pairs.
    box : the box over which the network is looked at.
    known : so many first snapshots only tell what to compare the next with; they get no row and no event.

    Raises
    ------
    ValueError
        When weights are not finite or do not fit the plane.
    """
    rows: list[tuple[int, int, int, int]] = []
    events: list[GeometryEvent] = []
    before: tuple[frozenset[Pattern], tuple[int, int], tuple[int, ...]] | None = None
    lost: tuple[int, Pattern] | None = None
    for number, (step, weights) in enumerate(snapshots):
        hidden, output = split_weights(weights)
        complex_ = polyhedral_complex(hidden, box)
        shape = _shape(class_regions(complex_, output))
        widths = tuple(len(bias) for _, bias in hidden)
        now = (cells_over(complex_), shape, widths)
        if before is not None:
            gone, new = sorted(before[0] - now[0]), sorted(now[0] - before[0])
            # A triangle may be too small to count for some epochs while the three lines pass through one point.
            if not gone and lost and is_flip([lost[1]], new) and number - lost[0] <= FLIP_EPOCHS:
                gone = [lost[1]]
            lost = (number, gone[0]) if len(gone) == 1 and not new else lost
            if number >= known:
                events += _changes(step, gone, new, widths)
            if number >= known and before[1] != shape:
                who = "the positive region" if len(output[1]) == 1 else "the regions of all classes together"
                events.append(GeometryEvent(step, "region", f"{who} became {region_words(*shape)}"))
        if number >= known:
            rows.append((step, *shape, len(complex_)))
        before = now
    columns = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return RegionHistory(columns[0], columns[1], columns[2], columns[3], tuple(events))


def _shape(regions: tuple[RegionTopology, ...]) -> tuple[int, int]:
    counted = regions[1:] if len(regions) == 2 else regions
    return sum(r.b0 for r in counted), sum(r.b1 for r in counted)


def _changes(
    step: int, gone: list[Pattern], new: list[Pattern], widths: tuple[int, ...]
) -> list[GeometryEvent]:
    if is_flip(gone, new):
        label = f"triangle flipped: {pattern_text(gone[0], widths)} became {pattern_text(new[0], widths)}"
        return [GeometryEvent(step, "flip", label)]
    words = [word for word in (_named(new, "appeared", widths), _named(gone, "vanished", widths)) if word]
    return [GeometryEvent(step, "cells", ", ".join(words))] if words else []


def is_flip(gone: list[Pattern], new: list[Pattern]) -> bool:
    """Whether the one cell that vanished came back on the other side of exactly three lines.

    That is what happens when three lines pass through one point; of a three-neuron network it is the central
    triangle and its complement.
    """
    return len(gone) == len(new) == 1 and sum(a != b for a, b in zip(gone[0], new[0], strict=True)) == 3


def _named(patterns: list[Pattern], verb: str, widths: tuple[int, ...]) -> str:
    if not patterns:
        return ""
    if len(patterns) <= 2:
        return f"cell{'s' if len(patterns) > 1 else ''} {' and '.join(pattern_text(p, widths) for p in patterns)} {verb}"
    return f"{len(patterns)} cells {verb}"


def pattern_text(pattern: Pattern, widths: Iterable[int]) -> str:
    """A pattern with its layers apart: '110', or '110 01'."""
    words, start = [], 0
    for width in widths:
        words.append("".join(str(bit) for bit in pattern[start : start + width]))
        start += width
    return " ".join(words)


def region_words(b0: int, b1: int) -> str:
    """A region's shape in words, from its Betti numbers."""
    if b0 == 0:
        return "empty"
    if (b0, b1) == (1, 1):
        return "an annulus"
    pieces = "one piece" if b0 == 1 else f"{b0} pieces"
    holes = "without a hole" if b1 == 0 else "with one hole" if b1 == 1 else f"with {b1} holes"
    return f"{pieces} {holes}"
