"""A cycle of a bar goes around its own hole, and around no other."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from topodash.topology import persistence_diagrams
from topodash.topology.bar_cycle import bar_cycle


def circle(count, centre=(0.0, 0.0), radius=1.0):
    angles = 2 * np.pi * np.arange(count) / count
    return np.column_stack([np.cos(angles), np.sin(angles)]) * radius + centre


def test_the_cycle_of_a_polygon_is_the_polygon():
    points = circle(13)
    birth, death = persistence_diagrams(points)[1][0]
    assert sorted(bar_cycle(cdist(points, points), birth, death)) == list(range(13))


def test_each_of_two_circles_has_its_own_cycle():
    points = np.concatenate([circle(16), circle(16, (5, 0), 2.0)])
    bars = persistence_diagrams(points)[1]
    wide, narrow = (set(bar_cycle(cdist(points, points), *bar)) for bar in bars[:2])
    assert wide == set(range(16, 32))
    assert narrow == set(range(16))


def test_equal_bars_are_told_apart_by_their_number():
    points = np.concatenate([circle(12), circle(12, (6, 0))])
    bar = persistence_diagrams(points)[1][0]
    found = {frozenset(bar_cycle(cdist(points, points), *bar, tie=tie).tolist()) for tie in (0, 1)}
    assert found == {frozenset(range(12)), frozenset(range(12, 24))}


def test_consecutive_points_of_the_cycle_are_no_farther_than_the_birth():
    rng = np.random.default_rng(3)
    points = circle(60) + rng.normal(0, 0.05, (60, 2))
    distances = cdist(points, points)
    birth, death = persistence_diagrams(points)[1][0]
    cycle = bar_cycle(distances, birth, death)
    steps = distances[cycle, np.roll(cycle, -1)]
    assert steps.max() <= birth * (1 + 1e-4)
    turned = np.unwrap(np.arctan2(*points[np.append(cycle, cycle[0])].T[::-1]))
    assert abs(turned[-1] - turned[0]) == pytest.approx(2 * np.pi)


def test_without_a_bar_there_is_no_cycle():
    points = np.arange(5.0)[:, None]
    assert len(bar_cycle(cdist(points, points), 0.0, 1.0)) == 0
