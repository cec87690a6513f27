"""How a Mapper graph is laid out: distances on paper follow the graph, and components never overlap."""

import itertools

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.spatial.distance import cdist

from topodash.topology import DBSCAN, CubicalCover, mapper_graph
from topodash.topology.mapper.packing import pack
from topodash.topology.mapper.stress import stress_layout


def graph_of(edges, n):
    a, b = np.array(edges).T
    return sp.csr_array((np.ones(2 * len(a)), (np.r_[a, b], np.r_[b, a])), shape=(n, n))


def test_a_path_becomes_a_straight_line_with_edges_of_length_one():
    path = graph_of([(k, k + 1) for k in range(9)], 10)
    places = stress_layout(path, np.random.default_rng(0).normal(size=(10, 2)), steps=500)
    assert np.linalg.norm(places[0] - places[-1]) == pytest.approx(9, abs=0.2)
    assert np.linalg.norm(np.diff(places, axis=0), axis=1) == pytest.approx(np.ones(9), abs=0.05)


def test_a_ring_becomes_a_round_ring():
    n = 40
    ring = graph_of([(k, (k + 1) % n) for k in range(n)], n)
    angle = 2 * np.pi * np.arange(n) / n
    begin = np.column_stack([2 * np.cos(angle), np.sin(angle)])
    radius = np.linalg.norm(stress_layout(ring, begin), axis=1)
    assert radius.std() < 0.02 * radius.mean()


def test_stress_never_grows():
    random = np.random.default_rng(1)
    edges = [(k, int(random.integers(k))) for k in range(1, 30)]
    tree, begin = graph_of(edges, 30), random.normal(size=(30, 2))
    distances = sp.csgraph.shortest_path(tree, unweighted=True)
    np.fill_diagonal(distances, 1)

    def stress(places):
        gap = (cdist(places, places) - distances) / distances
        np.fill_diagonal(gap, 0)
        return (gap**2).sum()

    found = [stress(stress_layout(tree, begin, steps=steps)) for steps in (1, 2, 5, 10, 30)]
    assert all(after <= before + 1e-9 for before, after in itertools.pairwise(found))


def test_a_graph_in_two_pieces_is_refused_by_name():
    with pytest.raises(ValueError, match="connected"):
        stress_layout(graph_of([(0, 1), (2, 3)], 4), np.eye(4, 2))


@pytest.mark.parametrize("with_targets", [False, True])
def test_packed_components_keep_apart_and_their_shape(with_targets):
    random = np.random.default_rng(2)
    sizes = [1, 2, 40, 7, 3, 90, 1, 12, 5, 2, 2, 30]
    parts = [np.sqrt(n) * random.uniform(size=(n, 2)) for n in sizes]
    targets = random.normal(size=(len(sizes), 2)) * 20 if with_targets else None
    placed = pack(parts, targets)
    for part, places in zip(parts, placed, strict=True):
        moved = places - places[0]
        assert np.allclose(moved, part - part[0]) or len(part) <= 4
    for k, one in enumerate(placed):
        for other in placed[:k]:
            assert cdist(one, other).min() > 0.3


def test_a_disk_whose_lens_lies_in_a_ring_stands_in_it():
    angle = 2 * np.pi * np.arange(60) / 60
    ring = 12 * np.column_stack([np.cos(angle), np.sin(angle)])
    disk = np.argwhere(np.ones((5, 5))).astype(float)
    placed = pack([disk, ring], np.zeros((2, 2)))
    assert np.linalg.norm(placed[0] - placed[1].mean(axis=0), axis=1).max() < 9
    # Elsewhere when the lens has it elsewhere.
    aside = pack([disk, ring], np.array([[40.0, 0.0], [0.0, 0.0]]))
    assert aside[0].mean(axis=0)[0] - aside[1].mean(axis=0)[0] > 12


def test_specks_take_little_room_below_the_main_piece():
    main = np.argwhere(np.ones((12, 12))).astype(float)
    placed = pack([main, *[np.zeros((1, 2))] * 100])
    whole = np.ptp(np.concatenate(placed), axis=0).prod()
    assert np.ptp(placed[0], axis=0).prod() > 0.5 * whole
    assert max(places[:, 1].max() for places in placed[1:]) < placed[0][:, 1].min()


def test_the_layout_has_every_node_in_a_place_of_its_own():
    points = np.random.default_rng(3).normal(size=(400, 2))
    for eps in (0.01, 0.1, 1.0):
        graph = mapper_graph(points, points, cover=CubicalCover(12, 0.4), clusterer=DBSCAN(eps, 1))
        places = graph.layout(lens=points)
        assert len(np.unique(places.round(6), axis=0)) == len(graph)
        assert np.array_equal(places, graph.layout(lens=points))
