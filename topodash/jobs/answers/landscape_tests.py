"""Table I: permutation tests between the moments of one study."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np

from topodash.jobs.answers.landscape_study import load_study
from topodash.jobs.sources import Sources
from topodash.studies.activation_landscapes import LandscapeStudy, compare
from topodash.topology import PermutationTest, holm

_BINS = 48


def landscape_tests(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"study", "stamp", "changes", "degree", "paired", "permutations", "seed"} -> rows, one a pair of moments.

    A row: a, b (moments), networks, shared, why, and where there is a test statistic, p, smallest_p, holm, count,
    permutations, exhaustive and the null distribution as histogram: edges (49,), counts (48,).
    """
    study = load_study(parameters, sources)
    pairs = list(combinations(range(len(study.config.snapshots)), 2))
    rows = []
    for done, (a, b) in enumerate(pairs):
        sources.progress(done / len(pairs), f"test {done + 1} of {len(pairs)}")
        found = compare(
            study,
            a,
            b,
            degree=int(parameters["degree"]),
            paired=bool(parameters["paired"]),
            permutations=int(parameters["permutations"]),
            seed=int(parameters["seed"]),
        )
        row: dict[str, Any] = {
            "a": a,
            "b": b,
            "networks": found.networks,
            "shared": found.shared,
            "why": found.why,
        }
        rows.append({**row, **(numbers(found.test) if found.test else {"p": None})})
    adjusted = holm([np.nan if row["p"] is None else row["p"] for row in rows])
    for row, corrected in zip(rows, adjusted.tolist(), strict=True):
        row["holm"] = None if np.isnan(corrected) else corrected
    return {"rows": rows, "means": _means(study, int(parameters["degree"]))}


def numbers(test: PermutationTest) -> dict[str, Any]:
    """What the page shows of a test: the null distribution as a histogram, edges (49,) and counts (48,)."""
    counts, edges = (
        np.histogram(test.null, bins=_BINS) if len(test.null) else (np.zeros(_BINS), np.zeros(_BINS + 1))
    )
    return {
        "statistic": test.statistic,
        "p": test.p_value,
        "smallest_p": test.smallest_p,
        "count": test.count,
        "permutations": len(test.null),
        "exhaustive": test.exhaustive,
        "paired": test.paired,
        "edges": edges.astype(np.float64),
        "counts": counts.astype(np.int64),
    }


def _means(study: LandscapeStudy, degree: int) -> list[float | None]:
    """Mean over usable networks of the norm of a network's landscapes over all layers, one a moment."""
    norms = np.sqrt((study.norms[:, :, :, degree] ** 2).sum(axis=2))
    return [
        float(norms[chosen, moment].mean()) if (chosen := study.usable[:, moment]).any() else None
        for moment in range(norms.shape[1])
    ]
