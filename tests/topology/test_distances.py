"""Distances between diagrams against all matchings, by brute force."""

import itertools
import math

import numpy as np
import pytest

from topodash.topology import bottleneck_distance, wasserstein_distance


def every_matching(a, b):
    """Moves of all matchings: rows of a go to rows of b or to the diagonal, and the rest of b to it too."""
    slots = [*range(len(b)), *[None] * len(a)]
    for choice in set(itertools.permutations(slots, len(a))):
        used = [j for j in choice if j is not None]
        yield (
            [(a[i], b[j]) for i, j in enumerate(choice) if j is not None],
            [a[i] for i, j in enumerate(choice) if j is None]
            + [b[j] for j in range(len(b)) if j not in used],
        )


@pytest.mark.parametrize("seed", range(6))
def test_both_distances_are_the_best_of_all_matchings(seed):
    rng = np.random.default_rng(seed)
    a, b = (np.sort(rng.random((k, 2)), axis=1) for k in rng.integers(0, 5, 2))
    greatest = min(
        max(
            [max(abs(p - q)) for p, q in matched] + [(d - c) / 2 for c, d in left],
            default=0.0,
        )
        for matched, left in every_matching(a, b)
    )
    total = min(
        sum(math.dist(p, q) for p, q in matched) + sum((d - c) / math.sqrt(2) for c, d in left)
        for matched, left in every_matching(a, b)
    )
    assert bottleneck_distance(a, b) == pytest.approx(greatest)
    assert wasserstein_distance(a, b) == pytest.approx(total)


@pytest.mark.parametrize("distance", [bottleneck_distance, wasserstein_distance])
def test_infinite_bars_match_only_each_other(distance):
    assert distance([(0, np.inf)], [(0, np.inf)]) == 0
    assert distance([(0, np.inf)], [(0.5, np.inf)]) == 0.5
    assert distance([(0, np.inf)], [(0, 1)]) == np.inf
    assert distance([], []) == 0
