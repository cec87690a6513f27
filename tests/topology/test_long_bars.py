"""Exact degree-1 bars against the general engine."""

import numpy as np
import pytest
from scipy.spatial.distance import pdist, squareform

from topodash.topology import long_bars, persistence_diagrams
from topodash.topology.long_bars import degree_one_bars, longest_bar


def cloud(kind, rng):
    n = int(rng.integers(4, 90))
    turn = rng.uniform(0, 2 * np.pi, (n, 2))
    if kind == "gaussian":
        return squareform(pdist(rng.normal(size=(n, int(rng.integers(1, 7))))))
    if kind == "ring":
        return squareform(pdist(np.c_[np.cos(turn[:, 0]), np.sin(turn[:, 0]), rng.normal(size=n) * 0.1]))
    if kind == "torus":
        return squareform(pdist(np.c_[np.cos(turn), np.sin(turn)]))
    if kind == "late":  # a small ring that is over long before a large one of few points begins
        large = np.c_[np.cos(turn[:9, 0]), np.sin(turn[:9, 0])] * 40
        return squareform(
            pdist(np.r_[large, rng.normal(size=(n, 2)) * 0.1, np.c_[np.cos(turn), np.sin(turn)][:, :2]])
        )
    if kind == "ties":
        return squareform(pdist(rng.integers(0, 6, (n, 2)).astype(float)))
    random = rng.random((n, n))  # no metric at all
    return (random + random.T) / 2 * (1 - np.eye(n))


@pytest.mark.parametrize("classes", [0, 1, 8])  # how early the signs take over from ripser
@pytest.mark.parametrize("kind", ["gaussian", "ring", "torus", "late", "ties", "no metric"])
def test_same_bars_as_the_general_engine(kind, classes, monkeypatch):
    monkeypatch.setattr(long_bars, "_MOST_CLASSES", classes)
    for seed in range(6):
        distances = cloud(kind, np.random.default_rng(seed))
        # float32 first, as the fast way sees them: ties stay ties in both
        distances = distances.astype(np.float32).astype(np.float64)
        expected = persistence_diagrams(distances, metric="precomputed")[1]
        found = degree_one_bars(distances, direct_below=0)
        assert found.shape == expected.shape
        np.testing.assert_allclose(sorted(map(tuple, found)), sorted(map(tuple, expected)), atol=1e-6)


def test_as_many_points_as_null_banks_have():
    """Gaussian points in 25 dimensions: thousands of short bars, and edges between far points without a detour."""
    rng = np.random.default_rng(1)
    points = rng.normal(size=(420, 25)) * np.geomspace(1, 0.1, 25)
    distances = squareform(pdist(points)).astype(np.float32).astype(np.float64)
    expected = persistence_diagrams(distances, metric="precomputed", engine="ripser")[1]
    found = degree_one_bars(distances)
    assert len(found) > 400
    np.testing.assert_allclose(sorted(map(tuple, found)), sorted(map(tuple, expected)), atol=1e-6)


def test_regular_polygon_has_the_closed_form():
    turn = 2 * np.pi * np.arange(31) / 31
    bars = degree_one_bars(squareform(pdist(np.c_[np.cos(turn), np.sin(turn)])), direct_below=0)
    np.testing.assert_allclose(bars, [[2 * np.sin(np.pi / 31), 2 * np.sin(11 * np.pi / 31)]], atol=1e-6)
    assert longest_bar(bars) == bars[0, 1] - bars[0, 0]


def test_few_points_have_no_bar():
    assert degree_one_bars(np.zeros((1, 1))).shape == (0, 2)
    assert longest_bar(degree_one_bars(squareform(pdist(np.eye(3))))) == 0.0
    assert degree_one_bars(np.zeros((300, 300))).shape == (0, 2)


def test_no_square_symmetric_matrix_is_refused():
    with pytest.raises(ValueError, match="symmetric square matrix"):
        degree_one_bars(np.zeros((3, 2)))
    with pytest.raises(ValueError, match="symmetric square matrix"):
        degree_one_bars(np.triu(np.ones((5, 5)), 1))
