"""Covers: kmapper's convention, no point lost, and what is refused."""

import kmapper
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topodash.topology import BallCover, CubicalCover


def kmapper_cubes(lens, n, overlap):
    cover = kmapper.Cover(n, overlap)
    data = np.column_stack([np.arange(len(lens)), lens])
    cubes = [cover.transform_single(data, centre)[:, 0].astype(int) for centre in cover.fit(data)]
    return {k: tuple(cube.tolist()) for k, cube in enumerate(cubes) if len(cube)}


def cubes_of(lens, cover):
    found = cover.incidence(lens)
    return {int(e): tuple(m.tolist()) for e, m in zip(found.elements, found.members(), strict=True)}


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    n=st.integers(2, 80),
    counts=st.lists(st.integers(1, 12), min_size=1, max_size=3),
    overlap=st.floats(0.01, 0.9),
)
def test_boxes_are_kmappers(seed, n, counts, overlap):
    lens = np.random.default_rng(seed).normal(size=(n, len(counts)))
    assert cubes_of(lens, CubicalCover(tuple(counts), overlap)) == kmapper_cubes(lens, counts, overlap)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), intervals=st.integers(1, 40), columns=st.integers(1, 2))
def test_no_point_is_lost_at_overlap_zero(seed, intervals, columns):
    rng = np.random.default_rng(seed)
    # Points on the very ends of intervals: where rounding loses them in kmapper.
    lens = (
        rng.integers(0, intervals + 1, size=(60, columns)) * rng.uniform(0.01, 3) / intervals + rng.normal()
    )
    ours = cubes_of(lens, CubicalCover(intervals, 0.0))
    assert set().union(*ours.values()) == set(range(60))
    for element, members in kmapper_cubes(lens, intervals, 0.0).items():
        if not any(np.ptp(lens, axis=0) == 0):
            assert set(members) <= set(ours[element])


def test_kmapper_does_lose_points_there():
    lens = np.linspace(0.1, 0.7, 31)[:, None]
    lost = [n for n in range(2, 31) if set().union(*kmapper_cubes(lens, n, 0.0).values()) != set(range(31))]
    assert lost
    for n in lost:
        assert set().union(*cubes_of(lens, CubicalCover(n, 0.0)).values()) == set(range(31))


def test_a_constant_column_gets_one_interval():
    lens = np.column_stack([np.linspace(0, 1, 20), np.full(20, 3.0)])
    assert cubes_of(lens, CubicalCover(5, 0.2)) == cubes_of(lens[:, :1], CubicalCover(5, 0.2))


def test_empty_boxes_are_left_out():
    found = CubicalCover(10, 0.1).incidence(np.array([[0.0], [0.01], [1.0]]))
    assert found.elements.tolist() == [0, 9]
    assert found.size == 3


def test_half_overlap_puts_each_point_into_about_two_intervals():
    lens = np.random.default_rng(0).uniform(size=(1000, 1))
    assert 1.9 < CubicalCover(30, 0.5).incidence(lens).size / 1000 < 2.0


@pytest.mark.parametrize("overlap", [-0.1, 1.0, np.nan, (0.5, 1.2)])
def test_overlaps_outside_zero_to_one_are_refused(overlap):
    with pytest.raises(ValueError, match=r"overlap must lie in \[0, 1\)"):
        CubicalCover(3, overlap)


@pytest.mark.parametrize("count", [0, -1, 2.5, (3, 0)])
def test_interval_counts_below_one_are_refused(count):
    with pytest.raises(ValueError, match="n_intervals must be whole"):
        CubicalCover(count)


def test_a_cover_that_would_not_fit_in_memory_is_refused():
    with pytest.raises(ValueError, match="n_intervals and overlap must give at most"):
        CubicalCover(10_000, 0.999).incidence(np.random.default_rng(0).uniform(size=(1000, 2)))
    with pytest.raises(ValueError, match="one for each of 2 lens columns"):
        CubicalCover((2, 3, 4)).incidence(np.zeros((4, 2)))


def test_balls_cover_and_are_closed():
    lens = np.random.default_rng(1).uniform(size=(200, 2))
    members = BallCover(0.2).incidence(lens).members()
    assert set(np.concatenate(members).tolist()) == set(range(200))
    first = np.linalg.norm(lens - lens[0], axis=1) <= 0.2
    assert members[0].tolist() == np.flatnonzero(first).tolist()
    line = BallCover(1.0).incidence(np.arange(5.0)[:, None]).members()
    assert [m.tolist() for m in line] == [[0, 1], [1, 2, 3], [3, 4]]
    with pytest.raises(ValueError, match="radius must be positive"):
        BallCover(0)
