"""The Mapper engine against kmapper, scikit-learn and scipy, and against inputs that break others."""

import kmapper
import numpy as np
import pytest
import sklearn.cluster
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import cdist

from topodash.topology import DBSCAN, BallCover, CubicalCover, SingleLinkage, mapper_graph
from topodash.topology.mapper import engine as shared
from topodash.topology.mapper.blocks import BlockEngine, MatrixEngine
from topodash.topology.mapper.engine import Rows, squared_threshold
from topodash.topology.mapper.grid import GridEngine


def cloud(seed, n, d, kind):
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(n, d))
    if kind == "relu":
        return np.maximum(0, points)
    if kind == "clumps":
        return 2 * rng.normal(size=(4, d))[rng.integers(4, size=n)] + 0.2 * points
    return points


def kmapper_graph(points, lens, n, overlap, clusterer, **options):
    mapper = kmapper.KeplerMapper(verbose=0)
    graph = mapper.map(lens, points, cover=kmapper.Cover(n, overlap), clusterer=clusterer, **options)
    names = {name: k for k, name in enumerate(graph["nodes"])}
    nodes = [tuple(sorted(members)) for members in graph["nodes"].values()]
    return nodes, sorted((names[a], names[b]) for a in graph["links"] for b in graph["links"][a])


def plain(graph):
    return [tuple(node.tolist()) for node in graph.nodes], [tuple(edge) for edge in graph.edges.tolist()]


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    n=st.integers(2, 150),
    d=st.integers(1, 6),
    columns=st.integers(1, 2),
    kind=st.sampled_from(["normal", "relu", "clumps"]),
    intervals=st.integers(1, 9),
    overlap=st.floats(0.05, 0.8),
    eps=st.floats(0.03, 1.5),
    min_samples=st.integers(1, 6),
)
def test_nodes_and_edges_are_those_of_kmapper(  # noqa: PLR0917 - drawn by hypothesis
    seed, n, d, columns, kind, intervals, overlap, eps, min_samples
):
    points = cloud(seed, n, d, kind)
    lens = np.random.default_rng(seed + 1).normal(size=(n, columns))
    ours = mapper_graph(
        points, lens, cover=CubicalCover(intervals, overlap), clusterer=DBSCAN(eps, min_samples)
    )
    oracle = sklearn.cluster.DBSCAN(eps=eps, min_samples=min_samples)
    assert plain(ours) == kmapper_graph(points, lens, intervals, overlap, oracle)


@pytest.mark.parametrize("columns", [1, 2])
def test_the_papers_settings_give_kmappers_graph(columns):
    rng = np.random.default_rng(3)
    plane = rng.uniform(-1.2, 1.2, size=(1500, 2))
    points = np.maximum(0, plane @ rng.normal(size=(2, 3)) * 2 - 0.3)
    lens = points[:, :columns]
    ours = mapper_graph(points, lens, cover=CubicalCover(30, 0.5), clusterer=DBSCAN(0.1, 2))
    oracle = sklearn.cluster.DBSCAN(eps=0.1, min_samples=2)
    assert plain(ours) == kmapper_graph(points, lens, 30, 0.5, oracle)


@pytest.mark.parametrize("min_samples", [1, 2, 3, 8])
@pytest.mark.parametrize(("d", "kind", "eps"), [(3, "normal", 0.3), (9, "normal", 2.2), (9, "clumps", 0.7)])
def test_all_engines_label_many_points_as_scikit_learn_does(d, kind, eps, min_samples):
    points = cloud(11, 900, d, kind)
    expected = sklearn.cluster.DBSCAN(eps=eps, min_samples=min_samples).fit_predict(points)
    engines = [BlockEngine(points, eps, min_samples), MatrixEngine(cdist(points, points), eps, min_samples)]
    if d == 3:
        engines.append(GridEngine(points, eps, min_samples, 1))
    for engine in engines:
        labels = np.empty(len(points), dtype=int)
        labels[engine.order] = engine.cluster(Rows(engine.order, np.array([0, len(points)])))
        assert np.array_equal(labels, expected), type(engine).__name__


def test_crowded_cells_that_do_not_touch_stay_apart():
    # Two parallel sheets, more than eps apart, whose cells are neighbours: every cheap test fails there.
    rng = np.random.default_rng(0)
    sheet = rng.uniform(size=(3000, 3)) * (0.3, 0.3, 0.001)
    points = np.vstack([sheet, sheet + np.array([0, 0, 0.105])])
    graph = mapper_graph(points, points[:, 0], cover=CubicalCover(1, 0.0), clusterer=DBSCAN(0.1, 3))
    assert [len(node) for node in graph.nodes] == [3000, 3000]


def test_two_heavy_clumps_are_joined_by_their_only_near_pair():
    rng = np.random.default_rng(0)
    points = np.vstack([rng.uniform(size=(800, 2)) * 1e-3, rng.uniform(size=(800, 2)) * 1e-3 + (0.1, 0)])
    gap = cdist(points[:800], points[800:]).min()
    for eps, clusters in ((gap * 1.0001, 1), (gap * 0.9999, 2)):
        graph = mapper_graph(points, points[:, 0], cover=CubicalCover(1), clusterer=SingleLinkage(eps))
        assert len(graph) == clusters


@pytest.mark.parametrize("distance", [0.2, 0.6])
def test_single_linkage_is_scipys(distance):
    points = cloud(5, 120, 2, "normal")
    graph = mapper_graph(points, points[:, 0], cover=CubicalCover(1), clusterer=SingleLinkage(distance))
    labels = fcluster(linkage(points, "single"), distance, criterion="distance")
    expected = sorted(tuple(np.flatnonzero(labels == k).tolist()) for k in np.unique(labels))
    assert sorted(plain(graph)[0]) == expected


@pytest.mark.parametrize(
    ("metric", "sklearn_metric", "eps"),
    [("cosine", "cosine", 0.05), ("precomputed", "precomputed", 0.5), ("variance_normalised", "scaled", 0.4)],
)
def test_metrics_agree_with_scikit_learn(metric, sklearn_metric, eps):
    points = cloud(7, 150, 3, "relu") * (1, 5, 20)
    lens = points[:, :1]
    given_points, oracle_points, options = points, points, {}
    if metric == "precomputed":
        given_points = oracle_points = cdist(points, points)
        given_points = (given_points + given_points.T) / 2
        eps, options = 2.0, {"precomputed": True}
    if metric == "variance_normalised":
        oracle_points, sklearn_metric = points / points.std(axis=0), "euclidean"
    if metric == "cosine":
        # scikit-learn puts two zero vectors at distance 1, ours at 0: compare without them.
        kept = np.linalg.norm(points, axis=1) > 0
        given_points, oracle_points, lens = points[kept], points[kept], lens[kept]
    oracle = sklearn.cluster.DBSCAN(eps=eps, min_samples=3, metric=sklearn_metric)
    ours = mapper_graph(
        given_points, lens, cover=CubicalCover(6, 0.4), clusterer=DBSCAN(eps, 3), metric=metric
    )
    assert plain(ours) == kmapper_graph(oracle_points, lens, 6, 0.4, oracle, **options)


@pytest.mark.parametrize("metric", ["euclidean", "precomputed"])
def test_any_scikit_learn_clusterer_goes_the_general_way(metric):
    points = cloud(9, 200, 3, "clumps")
    estimator = sklearn.cluster.AgglomerativeClustering(
        n_clusters=3, linkage="average", metric="precomputed" if metric == "precomputed" else "euclidean"
    )
    data = cdist(points, points) if metric == "precomputed" else points
    ours = mapper_graph(data, points[:, :1], cover=CubicalCover(5, 0.3), clusterer=estimator, metric=metric)
    options = {"precomputed": True} if metric == "precomputed" else {}
    assert plain(ours) == kmapper_graph(data, points[:, :1], 5, 0.3, estimator, **options)


def test_zero_vectors_have_a_direction_of_their_own_for_the_cosine():
    points = np.array([[0.0, 0], [0, 0], [1, 0], [2, 0], [1e-200, 0]])
    graph = mapper_graph(
        points, np.zeros(5), cover=CubicalCover(1), clusterer=DBSCAN(0.5, 2), metric="cosine"
    )
    assert plain(graph)[0] == [(0, 1), (2, 3, 4)]


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_values_that_are_not_finite_are_refused_with_their_place(bad):
    points = np.zeros((5, 3))
    points[3, 1] = bad
    with pytest.raises(ValueError, match=r"points must be finite: row 3, column 1"):
        mapper_graph(points, np.zeros(5), cover=CubicalCover(), clusterer=DBSCAN())
    with pytest.raises(ValueError, match=r"lens must be finite: row 3, column 1"):
        mapper_graph(np.zeros((5, 1)), points, cover=CubicalCover(), clusterer=DBSCAN())


@pytest.mark.parametrize("clusterer", [DBSCAN(0.1, 1), SingleLinkage(0.1), DBSCAN(0.1, 3)])
def test_one_point_and_equal_points(clusterer):
    one = mapper_graph(np.zeros((1, 3)), np.zeros(1), cover=CubicalCover(30, 0.5), clusterer=clusterer)
    assert len(one) == (clusterer.min_samples == 1)
    equal = mapper_graph(np.ones((50, 3)), np.ones((50, 2)), cover=CubicalCover(30, 0.5), clusterer=clusterer)
    assert plain(equal)[0] == [tuple(range(50))]
    assert equal.betti == (1, 0)


@pytest.mark.parametrize("d", [2, 7])
@pytest.mark.parametrize("min_samples", [2, 3])
def test_eps_zero_joins_equal_points_and_a_huge_one_all(d, min_samples):
    points = cloud(1, 40, d, "normal")
    points[30:] = points[0]
    points[5] = -0.0
    points[6] = 0.0
    zero = mapper_graph(points, points[:, :1], cover=CubicalCover(1), clusterer=DBSCAN(0.0, min_samples))
    expected = {(0, *range(30, 40))} | ({(5, 6)} if min_samples == 2 else set())
    assert set(plain(zero)[0]) == expected
    for eps in (1e6, 1e200):
        huge = mapper_graph(points, points[:, :1], cover=CubicalCover(4, 0.3), clusterer=DBSCAN(eps, 1))
        assert len(huge) == len(np.unique(huge.elements))


def test_a_tiny_eps_beyond_the_grid_is_still_exact():
    points = np.array([[0.0, 0], [1e-12, 0], [1, 1], [1e9, 0], [1e9, 0]])
    graph = mapper_graph(points, points[:, 0], cover=CubicalCover(1), clusterer=DBSCAN(2e-12, 2))
    assert plain(graph)[0] == [(0, 1), (3, 4)]


@pytest.mark.parametrize("columns", [1, 2])
def test_ten_thousand_intervals(columns):
    points = cloud(2, 500, 3, "normal")
    lens = points[:, :columns]
    graph = mapper_graph(points, lens, cover=CubicalCover(10_000, 0.5), clusterer=SingleLinkage(0.1))
    assert len(graph.uncovered) == 0
    assert graph.betti[0] > 100


def test_an_extreme_overlap_leaves_the_graph_connected():
    points = cloud(2, 300, 2, "normal")
    graph = mapper_graph(points, points[:, :1], cover=CubicalCover(30, 0.99), clusterer=DBSCAN(3.0, 2))
    assert graph.betti == (1, 0)


def test_a_thousand_columns():
    points = np.random.default_rng(0).normal(size=(60, 1000))
    points[30:] = points[:30] + 1e-3
    graph = mapper_graph(points, points[:, 0], cover=CubicalCover(1), clusterer=DBSCAN(0.1, 2))
    assert plain(graph)[0] == [(k, k + 30) for k in range(30)]


def test_the_order_of_points_does_not_matter_but_for_numbering():
    points = cloud(4, 300, 3, "relu")
    order = np.random.default_rng(0).permutation(300)
    first = mapper_graph(points, points[:, :2], cover=CubicalCover(8, 0.4), clusterer=DBSCAN(0.3, 1))
    second = mapper_graph(
        points[order], points[order, :2], cover=CubicalCover(8, 0.4), clusterer=DBSCAN(0.3, 1)
    )
    assert sorted(plain(first)[0]) == sorted(tuple(sorted(order[node].tolist())) for node in second.nodes)
    assert first.betti == second.betti


def test_a_ball_cover_gives_the_same_clusters_as_its_elements_one_by_one():
    points = cloud(6, 200, 2, "clumps")
    cover = BallCover(0.8)
    graph = mapper_graph(points, points, cover=cover, clusterer=DBSCAN(0.2, 3))
    expected = []
    for members in cover.incidence(points).members():
        labels = sklearn.cluster.DBSCAN(eps=0.2, min_samples=3).fit_predict(points[members])
        expected += [tuple(members[labels == k].tolist()) for k in range(labels.max() + 1)]
    assert plain(graph)[0] == expected


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"metric": "taxi"}, "metric must be one of"),
        ({"lens": np.zeros(3)}, "lens must have one row for each of the 4 points, had 3"),
        ({"clusterer": object()}, "clusterer must be"),
        ({"metric": "precomputed"}, "square matrix"),
        ({"metric": "variance_normalised"}, "column 0 is 0.0 everywhere"),
        ({"points": np.zeros((0, 2))}, "at least one row"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    good = {"points": np.zeros((4, 2)), "lens": np.zeros(4), "cover": CubicalCover(), "clusterer": DBSCAN()}
    given_arguments = {**good, **arguments}
    with pytest.raises(ValueError, match=message):
        mapper_graph(given_arguments.pop("points"), given_arguments.pop("lens"), **given_arguments)


@pytest.mark.parametrize(
    "make",
    [lambda: DBSCAN(-1), lambda: DBSCAN(0.1, 0), lambda: SingleLinkage(np.nan), lambda: DBSCAN(0.1, 1.5)],
)
def test_bad_clusterer_settings_are_refused(make):
    with pytest.raises(ValueError, match="must be"):
        make()


@given(st.floats(1e-150, 1e150))
def test_the_squared_threshold_says_exactly_distance_at_most_eps(eps):
    threshold = squared_threshold(eps)
    assert np.sqrt(threshold) <= eps < np.sqrt(np.nextafter(threshold, np.inf))


def test_components_merge_alike_by_hooking_and_by_sparse_matrices(monkeypatch):
    random = np.random.default_rng(6)
    for items, pairs in ((2, 1), (30, 20), (400, 300), (400, 2000)):
        labels = np.unique(random.integers(0, items, size=items), return_inverse=True)[1].astype(np.int32)
        a, b = random.integers(0, items, size=(2, pairs))
        few = shared.merge(labels, a, b)
        monkeypatch.setattr(shared, "FEW", -1)
        many = shared.merge(labels, a, b)
        monkeypatch.undo()
        assert np.array_equal(few, many)
    chain = np.arange(1000)
    assert (shared.merge(chain, chain[1:], chain[:-1]) == 0).all()
