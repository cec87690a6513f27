"""Nine disks: counts, shares, the lattice, and the nine bars of paper B."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ripser import ripser

from topodash.datasets import load, sublattice
from topodash.datasets.nine_disks import lattice_disk


def test_counts_and_majority_share():
    data = load("nine_disks")
    assert len(data.points) == 14_235
    assert data.class_names == ("disks", "complement")
    assert data.betti == ((9, 0), (1, 9))
    share = np.mean(data.labels == 1)
    assert 0.64 <= share <= 0.74
    assert share == pytest.approx(1 - 9 * 0.18**2, abs=0.01)  # areas
    assert np.hypot(*data.points.T).max() <= 1


def test_points_lie_on_one_square_lattice_and_fill_the_disk():
    data = load("nine_disks", radius=2.0)
    x = np.unique(data.points[:, 0].astype(float))
    steps = np.diff(x)
    assert steps == pytest.approx(np.full(len(steps), steps.mean()), rel=1e-3)
    assert steps.mean() == pytest.approx(2.0 * math.sqrt(math.pi / 14_235), rel=2e-3)
    assert len(np.unique(data.points, axis=0)) == 14_235


@pytest.mark.parametrize(("every", "about"), [(1, 14_235), (2, 3560), (3, 1580), (4, 890)])
def test_sublattices_have_the_sizes_of_the_field_notes(every, about):
    data = load("nine_disks")
    phases = [(i, j) for i in range(every) for j in range(every)]
    parts = [sublattice(data, every, phase=phase) for phase in phases]
    assert np.array_equal(np.sort(np.concatenate(parts)), np.arange(14_235)), (
        "the phases share out the lattice"
    )
    assert all(abs(len(part) - about) <= 0.01 * about for part in parts)
    if every > 1:
        x = np.unique(data.points[parts[0], 0].astype(float))
        assert np.diff(x).min() == pytest.approx(every * math.sqrt(math.pi / 14_235), rel=5e-3)


def test_nine_bars_stand_out_in_the_class_with_the_holes():
    data = load("nine_disks")
    chosen = sublattice(data, 4)
    chosen = chosen[data.labels[chosen] == 1]
    diagram = ripser(data.points[chosen])["dgms"][1]
    bars = np.sort(diagram[:, 1] - diagram[:, 0])[::-1]
    assert bars[8] > 3 * bars[9]


@given(count=st.integers(500, 5000))
@settings(max_examples=30, deadline=None)
def test_a_lattice_for_every_count(count):
    points = lattice_disk(count)
    assert points.shape == (count, 2)
    assert np.hypot(*points.T).max() < 1


@given(step=st.floats(0.01, 100), every=st.integers(1, 5), seed=st.integers(0, 100))
@settings(max_examples=40, deadline=None)
def test_a_sublattice_of_a_lattice_with_gaps_is_what_its_indices_say(step, every, seed):
    rng = np.random.default_rng(seed)
    index = np.stack(np.meshgrid(np.arange(20), np.arange(12)), axis=-1).reshape(-1, 2)
    index = rng.permutation(index)[:200]
    found = sublattice((index * step + rng.normal(size=2)).astype(np.float32), every)
    own = index - index.min(axis=0)
    assert np.array_equal(found, np.flatnonzero((own % every == 0).all(axis=1)))


def test_what_is_no_lattice_is_refused():
    with pytest.raises(ValueError, match="square lattice"):
        sublattice(np.random.default_rng(0).random((50, 2)), 2)
    with pytest.raises(ValueError, match="all equal"):
        sublattice(np.zeros((5, 2)), 2)
    with pytest.raises(ValueError, match="shape"):
        sublattice(np.zeros((5, 3)), 2)
    data = load("nine_disks", points=600)
    for every in (0, -1, 1.5, True):
        with pytest.raises(ValueError, match="every"):
            sublattice(data, every)
    with pytest.raises(ValueError, match="phase"):
        sublattice(data, 2, phase=(0, 2))


def test_disks_that_touch_or_leave_the_large_one_are_refused():
    with pytest.raises(ValueError, match="disk_spacing must be more than"):
        load("nine_disks", disk_radius=0.25)
    with pytest.raises(ValueError, match="disk_spacing must be less than"):
        load("nine_disks", disk_spacing=0.6)
    with pytest.raises(ValueError, match="disk_radius must be large enough for the lattice"):
        load("nine_disks", points=500, disk_radius=0.01, disk_spacing=0.5)
