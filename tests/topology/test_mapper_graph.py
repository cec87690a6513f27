"""What a graph offers: exports, layouts, statistics, selections, paths, sweeps."""

import io
import json

import kmapper
import networkx as nx
import numpy as np
import pytest
from sklearn.cluster import KMeans

from topodash.topology import DBSCAN, BallCover, CubicalCover, mapper_graph
from topodash.topology.mapper import MapperGraph
from topodash.topology.mapper.selection import describe_selection
from topodash.topology.mapper.statistics import class_counts, graph_statistics, hint
from topodash.topology.stability import stability_sweep


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(0)
    angle = rng.uniform(0, 2 * np.pi, 300)
    points = np.column_stack([np.cos(angle), np.sin(angle)]) + rng.normal(scale=0.03, size=(300, 2))
    points[290:] += 10 * np.arange(1, 11)[:, None]
    lens = np.clip(points, -2, 2)
    graph = mapper_graph(points, lens, cover=CubicalCover(8, 0.4), clusterer=DBSCAN(0.3, 2))
    return points, lens, graph, (points[:, 0] > 0).astype(int)


def test_kmappers_html_export_works_on_our_graph(data, tmp_path):
    path = tmp_path / "graph.html"
    html = kmapper.KeplerMapper(verbose=0).visualize(data[2].to_kmapper(), path_html=str(path))
    assert "cube" in path.read_text(encoding="utf-8")
    assert len(html) > 10_000
    empty = mapper_graph(data[0], data[1], cover=CubicalCover(3), clusterer=DBSCAN(0.0, 5))
    assert empty.to_kmapper()["nodes"] == {}


def test_kmappers_dictionary_holds_the_nodes_and_links(data):
    graph = data[2]
    exported = graph.to_kmapper()
    assert [tuple(v) for v in exported["nodes"].values()] == [tuple(node.tolist()) for node in graph.nodes]
    assert sum(map(len, exported["links"].values())) == len(graph.edges)
    assert len(exported["simplices"]) == len(graph) + len(graph.edges)


def test_networkx_and_graphml_carry_sizes_and_weights(data):
    graph = data[2]
    exported = graph.to_networkx()
    read = nx.read_graphml(io.BytesIO(graph.to_graphml().encode()), node_type=int)
    for other in (exported, read):
        assert sorted(tuple(sorted(e)) for e in other.edges) == [tuple(e) for e in graph.edges.tolist()]
        assert [other.nodes[k]["size"] for k in range(len(graph))] == graph.sizes.tolist()
        assert [other.edges[a, b]["weight"] for a, b in graph.edges.tolist()] == graph.edge_weights.tolist()
    assert nx.number_connected_components(exported) == graph.betti[0]
    assert read.nodes[0]["points"].split() == [str(p) for p in graph.nodes[0]]


def test_json_comes_back_equal(data):
    graph = data[2]
    again = MapperGraph.from_json(graph.to_json())
    assert again.to_json() == graph.to_json()
    assert again.betti == graph.betti


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(format="other"),
        lambda d: d.update(version=99),
        lambda d: d.pop("nodes"),
        lambda d: d["nodes"][0].append(0),
        lambda d: d["nodes"][0].append(10**6),
        lambda d: d["nodes"][0].clear(),
        lambda d: d.update(elements=[0]),
        lambda d: d.update(nodes=[["x"]]),
    ],
)
def test_json_that_is_no_graph_is_refused(data, change):
    plain = json.loads(data[2].to_json())
    change(plain)
    with pytest.raises(ValueError, match="must"):
        MapperGraph.from_json(json.dumps(plain))
    with pytest.raises(ValueError, match="must be JSON"):
        MapperGraph.from_json("{")


def test_layout_is_seeded_and_bounded(data):
    _, lens, graph, _ = data
    for options in ({}, {"lens": lens}):
        first, second = graph.layout(seed=3, **options), graph.layout(seed=3, **options)
        assert np.array_equal(first, second)
        assert first.shape == (len(graph), 2)
        assert np.abs(first).max() == pytest.approx(1)
        assert len(np.unique(first.round(6), axis=0)) == len(graph)
    assert not np.array_equal(graph.layout(seed=3), graph.layout(seed=4))


def test_large_graphs_are_placed_by_lens_or_spectrum():
    points = np.random.default_rng(1).uniform(size=(6000, 2))
    graph = mapper_graph(points, points, cover=CubicalCover(45, 0.3), clusterer=DBSCAN(0.02, 1))
    assert len(graph) > 1500
    by_lens, by_spectrum = graph.layout(lens=points), graph.layout()
    means = graph.node_means(points)
    assert np.corrcoef(by_lens[:, 0], means[:, 0])[0, 1] > 0.9999
    assert np.isfinite(by_spectrum).all()
    assert np.abs(by_spectrum).max() == pytest.approx(1)
    assert np.array_equal(by_spectrum, graph.layout())


def test_node_means_and_searches(data):
    points, _, graph, _ = data
    assert np.allclose(graph.node_means(points), [points[node].mean(axis=0) for node in graph.nodes])
    nodes, counts = graph.nodes_with([3, 4])
    assert nodes.tolist() == [k for k, node in enumerate(graph.nodes) if {3, 4} & set(node.tolist())]
    assert counts.tolist() == [len({3, 4} & set(graph.nodes[k].tolist())) for k in nodes]
    assert graph.points_of([0, 1]).tolist() == sorted({*graph.nodes[0].tolist(), *graph.nodes[1].tolist()})
    assert set(graph.uncovered.tolist()) == set(range(300)) - set(graph.points_of(range(len(graph))).tolist())
    with pytest.raises(ValueError, match="values must have 300 rows"):
        graph.node_means(points[:5])


def test_statistics_by_hand(data):
    _, _, graph, labels = data
    found = graph_statistics(graph, labels)
    counts = np.array([[np.sum(labels[node] == c) for c in (0, 1)] for node in graph.nodes])
    assert np.array_equal(class_counts(graph, labels), counts)
    assert (found.nodes, found.edges, found.triangles) == (len(graph), len(graph.edges), len(graph.triangles))
    assert (found.b0, found.b1) == graph.betti == (1, 1)
    assert found.covered == pytest.approx(1 - len(graph.uncovered) / 300)
    assert found.purity == pytest.approx(counts.max(axis=1).sum() / counts.sum())
    mixed = set().union(*(set(n.tolist()) for n, c in zip(graph.nodes, counts, strict=True) if c.min() > 0))
    assert found.mixed == pytest.approx(len(mixed) / 300)
    assert graph_statistics(graph).purity is None
    with pytest.raises(ValueError, match="labels must be 300 whole numbers"):
        graph_statistics(graph, labels - 1)


def test_three_hundred_classes(data):
    labels = np.arange(300)
    assert class_counts(data[2], labels).shape == (len(data[2]), 300)


def test_hints_name_what_to_change(data):
    points, lens, graph, _ = data
    assert hint(graph) is None
    for eps, words in ((0.0, "No node"), (0.004, "raise eps"), (50.0, "One blob")):
        other = mapper_graph(
            points[:290], lens[:290, 0], cover=CubicalCover(8, 0.4), clusterer=DBSCAN(eps, 2)
        )
        assert words in hint(other)
    scattered = mapper_graph(points, lens, cover=CubicalCover(30, 0.5), clusterer=DBSCAN(0.03, 1))
    assert scattered.betti[0] > 20
    assert f"{scattered.betti[0]} pieces" in hint(scattered)


def test_hints_name_only_settings_that_the_graph_was_made_with(data):
    points, lens, _, _ = data
    assert "balls" in hint(mapper_graph(points, lens, cover=BallCover(1e-9), clusterer=DBSCAN(0.1, 2)))
    apart = mapper_graph(points, lens, cover=CubicalCover(30, 0.0), clusterer=DBSCAN(0.3, 2))
    assert "Raise the overlap" in hint(apart)
    assert len(apart.edges) == 0
    dust = mapper_graph(
        points, lens, cover=CubicalCover(40, 0.0), clusterer=KMeans(2, n_init=1, random_state=0)
    )
    assert "eps" not in hint(dust)


def test_shortest_paths_are_networkxs_and_the_first_of_them(data):
    graph = data[2]
    whole = graph.to_networkx()
    for end in range(len(graph)):
        path = graph.shortest_path(0, end)
        assert path == min(tuple(p) for p in nx.all_shortest_paths(whole, 0, end))
    with pytest.raises(ValueError, match="end must be a node"):
        graph.shortest_path(0, len(graph))
    apart = mapper_graph(
        np.array([[0.0], [9.0]]), np.zeros(2), cover=CubicalCover(1), clusterer=DBSCAN(1.0, 1)
    )
    assert apart.shortest_path(0, 1) == ()


def test_a_selection_is_held_against_the_rest(data):
    points, _, _, labels = data
    chosen = np.arange(40)
    found = describe_selection(points, chosen, labels)
    assert found.size == 40
    assert found.classes.tolist() == np.bincount(labels[:40], minlength=2).tolist()
    first = {c.column: c for c in found.columns}[1]
    a, b = points[:40, 1], points[40:, 1]
    pooled = np.sqrt((39 * a.var(ddof=1) + 259 * b.var(ddof=1)) / 298)
    assert first.effect == pytest.approx((a.mean() - b.mean()) / pooled)
    sizes = [abs(c.effect) for c in found.columns]
    assert sizes == sorted(sizes, reverse=True)
    everything = describe_selection(points, np.arange(300))
    assert np.isnan(everything.columns[0].effect)
    split = describe_selection(np.array([0.0, 0, 1, 1]), np.array([2, 3]))
    assert np.isinf(split.columns[0].effect)
    with pytest.raises(ValueError, match="selected must be"):
        describe_selection(points, np.array([300]))


@pytest.mark.parametrize(("against", "values"), [("overlap", (0.2, 0.5)), ("eps", (0.1, 0.3))])
def test_a_sweep_yields_the_graphs_one_after_the_other(data, against, values):
    points, lens, _, _ = data
    cells = list(
        stability_sweep(
            points,
            lens[:, :1],
            n_intervals=(4, 8),
            against=against,
            values=values,
            cover=CubicalCover(3, 0.4),
            clusterer=DBSCAN(0.3, 2),
        )
    )
    assert [(c.row, c.column) for c in cells] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    last = cells[-1]
    overlap, eps = (0.5, 0.3) if against == "overlap" else (0.4, 0.3)
    graph = mapper_graph(points, lens[:, :1], cover=CubicalCover(8, overlap), clusterer=DBSCAN(eps, 2))
    assert (last.nodes, last.edges, last.b0, last.b1) == (len(graph), len(graph.edges), *graph.betti)
    assert last.coverage == pytest.approx(1 - len(graph.uncovered) / 300)


def test_a_refused_setting_does_not_end_the_sweep(data):
    points, lens, _, _ = data
    cells = list(
        stability_sweep(
            points, lens, n_intervals=(4,), values=(1.5, 0.5), cover=CubicalCover(), clusterer=DBSCAN(0.3)
        )
    )
    assert "overlap" in cells[0].refused
    assert cells[0].nodes == -1
    assert cells[1].nodes > 0
    with pytest.raises(ValueError, match="against must be"):
        stability_sweep(
            points, lens, n_intervals=(4,), against="k", values=(1,), cover=CubicalCover(), clusterer=DBSCAN()
        )
