"""Loops of the graph against loops of the points, on the four figures that the method must tell apart."""

import numpy as np
import pytest

from topodash.topology import DBSCAN, CubicalCover, mapper_graph
from topodash.topology.homology_match import match_loops
from topodash.topology.mapper import MapperGraph


def ring(n, seed, radius=1.0, centre=(0.0, 0.0), noise=0.03):
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0, 2 * np.pi, n)
    circle = np.column_stack([np.cos(angle), np.sin(angle)]) * radius + centre
    return circle + rng.normal(scale=noise, size=(n, 2))


def matched(points, eps, lens=None, **options):
    lens = points[:, 0] if lens is None else lens
    graph = mapper_graph(points, lens, cover=CubicalCover(8, 0.4), clusterer=DBSCAN(eps, 2))
    return graph, match_loops(points, graph, eps=eps, **options)


def is_cycle(points, bar):
    """Whether the drawn cycle's edges are no longer than the birth, and one has its length."""
    around = points[[*bar.cycle.tolist(), int(bar.cycle[0])]]
    lengths = np.linalg.norm(np.diff(around, axis=0), axis=1)
    return lengths.max() == pytest.approx(bar.birth, rel=1e-5) and lengths[-1] == pytest.approx(
        bar.birth, rel=1e-5
    )


@pytest.mark.parametrize("n", [120, 300])
def test_one_circle_is_matched_with_its_bar(n):
    points = ring(n, 0)
    graph, found = matched(points, 0.25)
    assert graph.betti == (1, 1)
    assert [(bar.status, bar.loops) for bar in found.bars] == [("matched", (0,))]
    assert found.unmatched == ()
    bar = found.bars[0]
    assert is_cycle(points, bar)
    # Around the hole once: the angles along the cycle turn by a full circle.
    around = points[[*bar.cycle.tolist(), int(bar.cycle[0])]]
    angle = np.angle(around @ (1, 1j))
    turns = np.angle(np.exp(1j * np.diff(angle))).sum() / (2 * np.pi)
    assert abs(turns) == pytest.approx(1)


def test_each_of_two_joined_circles_is_matched_with_its_own_loop():
    points = np.vstack([ring(300, 1), ring(300, 2, centre=(2, 0))])
    graph, found = matched(points, 0.2)
    assert graph.betti == (1, 2)
    assert [bar.status for bar in found.bars] == ["matched", "matched"]
    assert sorted(loop for bar in found.bars for loop in bar.loops) == [0, 1]
    for bar in found.bars:
        left = points[bar.cycle, 0].mean() < 1
        loop = points[graph.points_of(found.loops[bar.loops[0]]), 0].mean() < 1
        assert left == loop


def test_a_hole_smaller_than_eps_is_not_visible():
    _, found = matched(ring(300, 3, radius=0.15, noise=0.01), 0.4)
    assert [bar.status for bar in found.bars] == ["not visible at this eps"]
    assert len(found.bars[0].cycle) > 3


def test_a_blob_has_no_match():
    points = np.random.default_rng(4).normal(size=(200, 2)) * 0.3
    _, found = matched(points, 0.2)
    assert found.bars
    assert not any(bar.loops for bar in found.bars)
    assert {bar.status for bar in found.bars} <= {"no loop", "not visible at this eps", "inside a node"}


def test_a_hole_inside_one_node_is_told():
    points = ring(200, 5)
    graph, found = matched(points, 0.3, lens=np.zeros(200))
    assert len(graph) == 1
    assert [bar.status for bar in found.bars] == ["inside a node"]


def test_a_loop_of_the_cover_alone_stays_unmatched():
    # A filled disk seen through its angle: the lens tears a loop out of contractible points.
    rng = np.random.default_rng(6)
    points = rng.uniform(-1, 1, size=(700, 2))
    points = points[np.linalg.norm(points, axis=1) < 1]
    angle = np.arctan2(points[:, 1], points[:, 0])
    lens = np.column_stack([np.cos(angle), np.sin(angle)])
    graph = mapper_graph(points, lens, cover=CubicalCover(4, 0.3), clusterer=DBSCAN(0.3, 2))
    found = match_loops(points, graph, eps=0.3, long=0.3)
    assert graph.betti[1] >= 1
    assert found.bars == ()
    assert found.unmatched == tuple(range(graph.betti[1]))


def test_choices_of_shared_points_that_disagree_are_undecided():
    # Nodes 0 and 1 are joined at both ends of the circle (one edge of the nerve, two places); node 2, a far
    # whisker from one to the other, closes a loop. Through one place it goes around the hole, through the
    # other it does not.
    angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    whisker = np.array([[np.cos(t) * r, np.sin(t) * r] for r, t in zip([1.1] * 9, angle[26:35], strict=True)])
    points = np.vstack([circle, whisker])
    nodes = [np.arange(0, 32), np.array([0, 1, *range(31, 60)]), np.array([28, 34, *range(60, 69)])]
    members = np.concatenate(nodes).astype(np.int32)
    graph = MapperGraph(69, np.array([0, 32, 63, 74]), members, np.arange(3), {})
    assert graph.betti == (1, 1)
    found = match_loops(points, graph, eps=0.14)
    assert (found.bars[0].status, found.bars[0].undecided) == ("undecided", (0,))


def test_a_regular_polygon_whose_edges_all_tie_has_its_cycle():
    angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    points = np.column_stack([np.cos(angle), np.sin(angle)])
    _, found = matched(points, 0.2)
    assert found.bars[0].status == "matched"
    assert sorted(found.bars[0].cycle.tolist()) == list(range(40))
    assert found.bars[0].birth == pytest.approx(2 * np.sin(np.pi / 40), rel=1e-5)
    assert found.bars[0].death == pytest.approx(2 * np.sin(14 * np.pi / 40), rel=1e-5)


def test_too_many_or_other_points_are_refused():
    points = ring(50, 7)
    graph = mapper_graph(points, points[:, 0], cover=CubicalCover(4, 0.4), clusterer=DBSCAN(0.3, 2))
    with pytest.raises(ValueError, match="max_points = 20"):
        match_loops(points, graph, eps=0.3, max_points=20)
    with pytest.raises(ValueError, match="points must be the 50 points of the graph"):
        match_loops(points[:40], graph, eps=0.3)


def test_one_point_has_no_bars():
    graph = mapper_graph(np.zeros((1, 2)), np.zeros(1), cover=CubicalCover(), clusterer=DBSCAN(0.1, 1))
    assert match_loops(np.zeros((1, 2)), graph, eps=0.1).bars == ()
