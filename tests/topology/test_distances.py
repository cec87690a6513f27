"""Distances between diagrams against all matchings, by brute force."""

import itertools
import math

import numpy as np
import pytest

from topodash.topology import bottleneck_distance, distance_matrix, wasserstein_distance


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


def test_larger_diagrams_against_hera():
    from gudhi import hera

    rng = np.random.default_rng(1)
    diagrams = [np.sort(rng.random((k, 2)), axis=1) for k in (60, 80, 5)]
    asked = []
    bottleneck = distance_matrix(diagrams, progress=asked.append)
    wasserstein = distance_matrix(diagrams, wasserstein_distance)
    for i, a in enumerate(diagrams):
        for j, b in enumerate(diagrams):
            assert bottleneck[i, j] == pytest.approx(hera.bottleneck_distance(a, b, 0.0), abs=1e-9)
            assert wasserstein[i, j] == pytest.approx(
                hera.wasserstein_distance(a, b, 1.0, 2.0, 1e-9), rel=1e-6, abs=1e-9
            )
    assert asked == pytest.approx([0, 1 / 3, 2 / 3])


def test_the_same_diagrams_are_not_asked_about():
    def never(a, b):
        raise AssertionError("asked")

    assert np.array_equal(distance_matrix([[(0, 1)], [(0, 1)]], never), np.zeros((2, 2)))
    assert distance_matrix([]).shape == (0, 0)
