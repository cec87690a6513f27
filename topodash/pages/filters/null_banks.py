"""The null banks of a request in pieces, and those of them that are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from topodash.jobs.answers.filter_source import config_of
from topodash.pages.asking import known
from topodash.studies.filter_topology_config import DENSITY

#: The numbers at which the pieces of null banks end; 19, 99 and 199 banks share them.
ENDS = (9, *range(19, 200, 10))
SEED = 0


def pieces(total: int) -> list[tuple[int, int]]:
    """(first, count) of each piece of so many null banks.

    Raises
    ------
    ValueError
        When `total` is not one of the ends of a piece.
    """
    if total not in ENDS:
        raise ValueError(f"total must be one of {', '.join(map(str, ENDS))}; it was {total}")
    starts = (0, *ENDS[: ENDS.index(total)])
    return [(first, end - first) for first, end in zip(starts, ENDS, strict=False)]


def null_question(request: Mapping[str, Any], piece: tuple[int, int]) -> dict[str, Any]:
    """The parameters of 'filter_nulls' for one piece: of the settings only those that null banks depend on, so that another
    Mapper graph has the same."""
    settings = config_of(request)
    config = {name: getattr(settings, name) for name in DENSITY}
    return {
        "filters": request["filters"],
        "config": config,
        "seed": SEED,
        "first": piece[0],
        "count": piece[1],
    }


def gathered(
    request: Mapping[str, Any], total: int
) -> tuple[dict[str, np.ndarray], np.ndarray, list[tuple[int, int]]]:
    """Statistics and bars of the null banks that are known, and the pieces that are not."""
    found, missing = [], []
    for piece in pieces(total):
        value = known("filter_nulls", null_question(request, piece))
        if value is None:
            missing.append(piece)
        else:
            found.append(value)
    if not found:
        return {}, np.zeros((0, 2)), missing
    names = found[0]["statistics"]
    return (
        {n: np.concatenate([each["statistics"][n] for each in found]) for n in names},
        np.concatenate([each["bars"] for each in found]),
        missing,
    )
