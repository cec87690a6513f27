"""The nerve against brute force, its homology against gudhi's simplex tree."""

from itertools import combinations, pairwise

import gudhi
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topodash.topology.mapper import MapperGraph


def graph_of(nodes, n_points):
    members = np.concatenate([np.array(node, dtype=np.int32) for node in nodes])
    starts = np.concatenate([[0], np.cumsum([len(node) for node in nodes])])
    return MapperGraph(n_points, starts, members, np.arange(len(nodes)), {})


def gudhi_betti(nodes, n_points):
    tree = gudhi.SimplexTree()
    for k in range(len(nodes)):
        tree.insert([k])
    for point in range(n_points):
        tree.insert([k for k, node in enumerate(nodes) if point in node] or [0])
    tree.set_dimension(tree.dimension())
    tree.compute_persistence(homology_coeff_field=2, persistence_dim_max=True)
    found = [*tree.betti_numbers(), 0, 0]
    return found[0], found[1]


families = st.integers(3, 14).flatmap(
    lambda n: st.tuples(
        st.just(n), st.lists(st.sets(st.integers(0, n - 1), min_size=1, max_size=5), min_size=1, max_size=14)
    )
)


@settings(max_examples=150, deadline=None)
@given(families)
def test_edges_triangles_and_betti_numbers_of_random_families(family):
    n, sets = family
    nodes = [sorted(members) for members in sets]
    graph = graph_of(nodes, n)
    pairs = [(a, b) for a, b in combinations(range(len(sets)), 2) if sets[a] & sets[b]]
    triples = [t for t in combinations(range(len(sets)), 3) if sets[t[0]] & sets[t[1]] & sets[t[2]]]
    assert [tuple(e) for e in graph.edges.tolist()] == pairs
    assert graph.edge_weights.tolist() == [len(sets[a] & sets[b]) for a, b in pairs]
    assert [tuple(t) for t in graph.triangles.tolist()] == triples
    assert graph.betti == gudhi_betti(nodes, n)
    assert len(set(graph.components.tolist())) == graph.betti[0]


@settings(max_examples=80, deadline=None)
@given(families)
def test_loops_are_cycles_that_generate_homology(family):
    """Filling the loops with cones must kill b1, one each."""
    n, sets = family
    graph = graph_of([sorted(members) for members in sets], n)
    edges = {tuple(edge) for edge in graph.edges.tolist()}
    assert len(graph.loops) == graph.betti[1]
    tree = gudhi.SimplexTree()
    for k in range(len(sets)):
        tree.insert([k])
    for edge in edges:
        tree.insert(list(edge))
    for triangle in graph.triangles.tolist():
        tree.insert(triangle)
    for number, loop in enumerate(graph.loops):
        around = [*loop.tolist(), int(loop[0])]
        assert len(set(loop.tolist())) == len(loop) >= 3
        for a, b in pairwise(around):
            assert (min(a, b), max(a, b)) in edges
            tree.insert([a, b, len(sets) + number])
    tree.compute_persistence(homology_coeff_field=2, persistence_dim_max=True)
    assert [*tree.betti_numbers(), 0][1] == 0


def test_three_nodes_that_share_a_point_are_filled():
    assert graph_of([[0, 1], [1, 2], [1, 3]], 4).betti == (1, 0)
    hollow = graph_of([[0, 1], [1, 2], [0, 2]], 3)
    assert hollow.betti == (1, 1)
    assert hollow.loops[0].tolist() in ([0, 1, 2], [1, 0, 2], [2, 0, 1], [0, 2, 1], [1, 2, 0], [2, 1, 0])
    assert len(hollow.triangles) == 0


def test_a_torus_has_two_loops_and_the_short_ones_are_found():
    # A 4 x 7 grid of points on the torus; a node holds the four corners of a square.
    rows, columns = 4, 7
    corner = lambda i, j: (i % rows) * columns + j % columns  # noqa: E731
    nodes = [
        sorted({corner(i + a, j + b) for a in (0, 1) for b in (0, 1)})
        for i in range(rows)
        for j in range(columns)
    ]
    graph = graph_of(nodes, rows * columns)
    assert graph.betti == (1, 2)
    assert sorted(len(loop) for loop in graph.loops) == [4, 7]


def test_a_graph_without_nodes():
    graph = MapperGraph(
        3, np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int64), {}
    )
    assert (graph.nodes, graph.betti, graph.loops, len(graph.edges)) == ((), (0, 0), (), 0)
    assert len(graph.triangles) == 0
    assert graph.uncovered.tolist() == [0, 1, 2]


def test_too_many_triangles_are_refused_but_betti_numbers_are_not():
    graph = graph_of([[0, 1]] * 600, 2)
    assert graph.betti == (1, 0)
    with pytest.raises(ValueError, match="overlap must leave at most"):
        _ = graph.triangles
