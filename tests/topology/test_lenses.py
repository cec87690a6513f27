"""Lenses against closed forms, brute force and scikit-learn; metrics; neighbours; eps suggestion."""

import numpy as np
import pytest
from scipy.cluster.hierarchy import linkage
from scipy.spatial.distance import cdist, pdist, squareform
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

from topodash.topology import variance_normalised_distances
from topodash.topology.lenses import LENSES, compute_lens, given_column
from topodash.topology.mapper.suggest import data_scale, joining_eps, suggest_eps
from topodash.topology.neighbours import nearest

POINTS = np.random.default_rng(0).normal(size=(120, 4)) * (3, 2, 1, 0.5)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("l1_norm", np.abs(POINTS).sum(axis=1)),
        ("l2_norm", np.sqrt((POINTS**2).sum(axis=1))),
        ("sum", POINTS.sum(axis=1)),
        ("mean", POINTS.mean(axis=1)),
        ("max", POINTS.max(axis=1)),
        ("min", POINTS.min(axis=1)),
        ("coordinate", POINTS[:, 0]),
        ("distance", np.linalg.norm(POINTS - POINTS[0], axis=1)),
    ],
)
def test_simple_lenses(name, expected):
    assert np.allclose(compute_lens(name, POINTS), expected[:, None], rtol=1e-12)


@pytest.mark.parametrize("shape", [(120, 4), (5, 40)])
def test_pca_is_scikit_learns_up_to_signs_and_its_signs_are_fixed(shape):
    points = np.random.default_rng(1).normal(size=shape)
    ours = compute_lens("pca", points, components=2)
    assert np.allclose(np.abs(ours), np.abs(PCA(2).fit_transform(points)))
    assert np.allclose(compute_lens("pca", -points, components=2), -ours)


@pytest.mark.parametrize("exponent", [1.0, 2.0, 3.5, np.inf])
@pytest.mark.parametrize("metric", ["euclidean", "cosine", "precomputed"])
def test_eccentricity_is_the_power_mean_of_distances(exponent, metric):
    distances = squareform(pdist(POINTS, "cosine" if metric == "cosine" else "euclidean"))
    mean = (
        distances.max(axis=1) if np.isinf(exponent) else (distances**exponent).mean(axis=1) ** (1 / exponent)
    )
    ours = compute_lens(
        "eccentricity", distances if metric == "precomputed" else POINTS, metric=metric, exponent=exponent
    )
    assert np.allclose(ours[:, 0], mean)


@pytest.mark.parametrize("d", [3, 20])
@pytest.mark.parametrize("metric", ["euclidean", "cosine", "precomputed"])
def test_neighbours_are_scikit_learns(d, metric):
    points = np.random.default_rng(2).normal(size=(80, d))
    distances, _ = (
        NearestNeighbors(n_neighbors=6, metric=metric if metric == "cosine" else "euclidean")
        .fit(points)
        .kneighbors()
    )
    data = cdist(points, points) if metric == "precomputed" else points
    ours, _ = nearest(data, 6, metric=metric)
    assert np.allclose(ours, distances)
    assert np.allclose(compute_lens("density", data, metric=metric, k=6)[:, 0], -distances[:, -1])


def test_equal_points_are_neighbours_of_each_other_but_not_of_themselves():
    distances, which = nearest(np.zeros((5, 2)), 3)
    assert not distances.any()
    assert not (which == np.arange(5)[:, None]).any()
    with pytest.raises(ValueError, match="k must be from 1 to 4"):
        nearest(np.zeros((5, 2)), 5)


def test_neighbourhood_lenses_open_a_circle_into_a_circle():
    angle = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    circle = np.column_stack([np.cos(angle), np.sin(angle), 0 * angle])
    lens = compute_lens("neighbourhood", circle, k=6)
    radius = np.linalg.norm(lens, axis=1)
    assert lens.shape == (200, 2)
    assert radius.std() < 0.02 * radius.mean()


@pytest.mark.parametrize("n", [60, 800])
def test_neighbourhood_lenses_part_pieces_and_repeat_exactly(n):
    rng = np.random.default_rng(3)
    points = np.vstack([rng.normal(size=(n, 3)), rng.normal(size=(n, 3)) + 30])
    lens = compute_lens("neighbourhood", points, k=5)
    assert np.array_equal(lens, compute_lens("neighbourhood", points, k=5))
    first, second = lens[:n, 0], lens[n:, 0]
    assert first.max() < second.min() or second.max() < first.min()
    distances = cdist(points, points)
    assert np.allclose(
        np.abs(compute_lens("neighbourhood", distances, metric="precomputed", k=5)), np.abs(lens), atol=1e-6
    )


@pytest.mark.parametrize("name", list(LENSES))
def test_every_lens_takes_one_row_for_each_point_of_any_data(name):
    for points in (POINTS, np.ones((7, 3)), POINTS[:3]):
        options = {"k": 2} if name in ("density", "neighbourhood") else {}
        lens = compute_lens(name, points, **options)
        assert lens.shape[0] == len(points)
        assert np.isfinite(lens).all()


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("taste", {}, "lens must be one of"),
        ("coordinate", {"column": 9}, "column must be below the 4 columns"),
        ("pca", {"components": 5}, "components must be at most the 4"),
        ("pca", {"components": 1.5}, "components must be a whole number"),
        ("density", {"k": 0}, "k must be a whole number of at least 1"),
        ("sum", {"k": 3}, "k must be a parameter of the lens 'sum'"),
        ("distance", {"index": 500}, "index must be below the 120 points"),
        ("sum", {"metric": "precomputed"}, "must work from distances alone"),
    ],
)
def test_bad_lenses_are_refused(name, options, message):
    with pytest.raises(ValueError, match=message):
        compute_lens(name, POINTS, **options)


def test_a_given_column_has_one_finite_number_for_each_point():
    assert given_column(np.arange(4), 4).shape == (4, 1)
    with pytest.raises(ValueError, match="one row for each of the 5"):
        given_column(np.arange(4), 5)


def test_variance_normalised_distances_use_ddof_zero():
    ours = variance_normalised_distances(POINTS)
    assert np.allclose(ours, squareform(pdist(POINTS, "seuclidean", V=POINTS.var(axis=0))))
    assert not np.allclose(ours, squareform(pdist(POINTS, "seuclidean")))
    with pytest.raises(ValueError, match=r"column 1 is 0\.1 everywhere"):
        variance_normalised_distances(np.column_stack([np.arange(5), np.full(5, 0.1)]))


def test_the_suggested_eps_lies_between_the_clumps_and_the_noise():
    rng = np.random.default_rng(4)
    points = np.vstack([rng.normal(scale=0.05, size=(300, 2)), rng.uniform(-5, 5, size=(15, 2))])
    found = suggest_eps(points, min_samples=3)
    assert 0.01 < found.eps < 0.5
    assert not found.sampled
    assert (np.diff(found.curve) >= 0).all()
    assert suggest_eps(np.zeros((6000, 2))).sampled
    with pytest.raises(ValueError, match="at least two"):
        suggest_eps(np.zeros((1, 2)))


def test_most_points_join_at_the_height_that_single_linkage_gives():
    points = np.random.default_rng(5).normal(size=(400, 3))
    heights = np.sort(linkage(points, "single")[:, 2])
    for share in (0.5, 0.9, 0.98):
        assert joining_eps(points, share=share) == pytest.approx(heights[int(np.ceil(share * 399)) - 1])
    # A greater min_samples asks for denser neighbourhoods.
    assert joining_eps(points, min_samples=5) > joining_eps(points)
    assert joining_eps(np.zeros((50, 2))) == 0
    assert joining_eps(np.zeros((1, 2))) is None
    assert joining_eps(np.zeros((6000, 2))) is None


def test_the_scale_is_the_root_mean_square_distance_from_the_mean():
    assert data_scale(np.array([[0.0, 0], [6, 8]])) == pytest.approx(5)
