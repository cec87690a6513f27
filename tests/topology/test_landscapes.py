"""Landscapes against closed forms, brute force, gudhi and numerical integration."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.integrate import quad

from topodash.topology import (
    average_landscape,
    landscape,
    landscape_distance,
    landscape_gram,
    landscape_inner,
    landscape_norm,
    lost_norm_share,
    retained_norm_share,
)

GRID = np.linspace(0, 2, 401)
QUARTERS = st.integers(0, 8).map(lambda x: x / 4)
TIED = [(0, 1), (0, 1), (1, 2)]


def random_bars(seed, n=60):
    rng = np.random.default_rng(seed)
    births = rng.random(n)
    return np.column_stack([births, births + rng.exponential(0.3, n)])


def brute(bars, t):
    return sorted((max(0.0, min(t - b, d - t)) for b, d in bars), reverse=True)


def test_one_bar_is_a_tent_of_half_its_length_at_its_middle():
    values = landscape([(0.5, 1.5)], GRID)
    assert values.shape == (1, len(GRID))
    assert values.max() == pytest.approx(0.5)
    assert GRID[values[0].argmax()] == pytest.approx(1.0)
    np.testing.assert_allclose(values[0], np.maximum(0, 0.5 - np.abs(GRID - 1)), atol=1e-15)


def test_tied_bars_have_l2_norm_one_half():
    assert landscape_norm(TIED) == pytest.approx(0.5)
    values = landscape(TIED, GRID)
    assert values.shape[0] == 2
    assert landscape_inner(values, values, GRID) == pytest.approx(0.25)


@settings(max_examples=40, deadline=None)
@given(
    arrays(
        np.float64, st.tuples(st.integers(0, 12), st.just(2)), elements=st.integers(0, 8).map(lambda x: x / 4)
    ),
    st.integers(1, 15),
)
def test_every_function_is_the_kth_largest_tent(ends, depth):
    bars = np.sort(ends, axis=1)
    grid = np.linspace(-0.5, 2.5, 25)
    values = landscape(bars, grid, depth)
    expected = [(brute(bars, t) + [0.0] * depth)[:depth] for t in grid]
    np.testing.assert_allclose(values.T, expected, atol=1e-15)
    full = landscape(bars, grid)
    np.testing.assert_array_equal(full[:depth], values[: len(full)])
    assert not values[len(full) :].any()
    assert not len(full) or full[-1].any()


def test_agrees_with_gudhi_up_to_its_factor_of_root_two():
    from gudhi.representations import Landscape

    bars = random_bars(0, 80)
    theirs = Landscape(num_landscapes=6, resolution=401, sample_range=[0, 2], keep_endpoints=True)
    expected = theirs.fit_transform([bars])[0].reshape(6, 401) / np.sqrt(2)
    np.testing.assert_allclose(landscape(bars, GRID, 6), expected, atol=1e-14)


@pytest.mark.parametrize("p", [1, 2, 3.5])
def test_the_norm_from_the_bars_is_the_norm_of_the_functions(p):
    bars = random_bars(1, 8)
    corners = np.unique(np.concatenate([bars.ravel(), [(b + d) / 2 for b, _ in bars for _, d in bars]]))
    integral = sum(quad(lambda t: sum(v**p for v in brute(bars, t)), a, b)[0] for a, b in pairwise(corners))
    assert landscape_norm(bars, p) == pytest.approx(integral ** (1 / p), rel=1e-8)


def test_norms_at_the_edges():
    assert landscape_norm(random_bars(2), np.inf) == np.ptp(random_bars(2), axis=1).max() / 2
    assert landscape_norm(1e-200 * random_bars(2), 9) == pytest.approx(0, abs=1e-190)
    assert landscape_norm([]) == landscape_norm([(0, np.inf)]) == landscape_norm([(1, 1)]) == 0
    with pytest.raises(ValueError, match="p must be 1 or more"):
        landscape_norm(TIED, 0.5)


def test_empty_and_infinite_diagrams_have_zero_landscapes():
    assert landscape([], GRID).shape == (0, len(GRID))
    assert landscape([], GRID, 3).shape == (3, len(GRID))
    assert not landscape([(0.2, np.inf)], GRID, 2).any()
    np.testing.assert_array_equal(landscape([(0, 1), (0, np.inf)], GRID, 2), landscape([(0, 1)], GRID, 2))


def test_a_million_bars_in_bounded_memory():
    bars = random_bars(3, 1_000_000)
    grid = np.linspace(0, 2, 9)
    values = landscape(bars, grid, 3)
    at = 4
    tents = np.minimum(grid[at] - bars[:, 0], bars[:, 1] - grid[at])
    np.testing.assert_array_equal(values[:, at], np.sort(tents)[::-1][:3])
    with pytest.raises(ValueError, match="depth must be given"):
        landscape(bars, np.linspace(0, 2, 20_001))


@pytest.mark.parametrize("bars", [[(1, 0)], [(np.nan, 1)], [1, 2, 3], np.zeros((2, 3))])
def test_bad_diagrams_are_refused(bars):
    with pytest.raises(ValueError, match="diagram must"):
        landscape(bars, GRID)


def test_bad_grids_and_depths_are_refused():
    with pytest.raises(ValueError, match="grid must"):
        landscape(TIED, [0, 1, 1])
    with pytest.raises(ValueError, match="depth must"):
        landscape(TIED, GRID, 0)
    with pytest.raises(ValueError, match=r"landscapes_b must be \(depth, 401\)"):
        landscape_inner(landscape(TIED, GRID), np.zeros((2, 7)), GRID)


def test_inner_product_is_exact_on_an_uneven_grid():
    rng = np.random.default_rng(4)
    grid = np.sort(rng.random(9))
    a, b = rng.random((3, 9)), rng.random((2, 9))
    expected = sum(
        quad(lambda t, k=k: np.interp(t, grid, a[k]) * np.interp(t, grid, b[k]), lo, hi)[0]
        for k in range(2)
        for lo, hi in pairwise(grid)
    )
    assert landscape_inner(a, b, grid) == pytest.approx(expected)
    stack = np.stack([a, np.pad(b, ((0, 1), (0, 0)))])
    np.testing.assert_allclose(
        landscape_gram(stack, grid),
        [[landscape_inner(x, y, grid) for y in (a, b)] for x in (a, b)],
        rtol=1e-12,
    )
    gram = landscape_gram(stack, grid)
    assert landscape_distance(a, b, grid) ** 2 == pytest.approx(gram[0, 0] + gram[1, 1] - 2 * gram[0, 1])


def test_the_average_fills_missing_depth_with_zero():
    one, two = landscape([(0, 1)], GRID), landscape(TIED, GRID)
    np.testing.assert_allclose(average_landscape([one, two]), np.stack([(one[0] + two[0]) / 2, two[1] / 2]))
    with pytest.raises(ValueError, match="at least one"):
        average_landscape([])


def test_the_lost_share_is_the_integral_outside_the_grid():
    bars = random_bars(6, 10)
    fine = np.linspace(0, bars.max(), 40_001)
    values = landscape(bars, fine)
    inside = landscape_inner(values[:, fine <= 0.8], values[:, fine <= 0.8], fine[fine <= 0.8])
    expected = 1 - inside / landscape_norm(bars) ** 2
    assert lost_norm_share(bars, [0.0, 0.4, 0.8]) == pytest.approx(expected, abs=1e-3)
    assert lost_norm_share(bars, [0.0, bars.max()]) == pytest.approx(0, abs=1e-12)
    assert lost_norm_share(bars, [8.0, 9.0]) == pytest.approx(1)
    assert lost_norm_share([], GRID) == 0


def test_the_retained_share_of_a_depth_cut():
    values = landscape(TIED, GRID)
    assert retained_norm_share(values, GRID, 1) == pytest.approx(2 / 3)
    assert retained_norm_share(values, GRID, 2) == pytest.approx(1)
    assert retained_norm_share(np.zeros((1, 401)), GRID, 1) == 1
