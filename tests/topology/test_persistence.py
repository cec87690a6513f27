"""Rips persistence against closed forms and one engine against the other."""

import numpy as np
import pytest
from scipy.spatial.distance import pdist, squareform

from topodash.datasets import load, sublattice
from topodash.topology import (
    bottleneck_distance,
    estimate_memory,
    farthest_point_landmarks,
    local_dissimilarity,
    normalise_activations,
    persistence_diagrams,
    rips_engines,
    rips_persistence,
)

ENGINES = ("gudhi", "ripser")


def polygon(n, radius=1.0):
    angles = 2 * np.pi * np.arange(n) / n
    return radius * np.column_stack([np.cos(angles), np.sin(angles)])


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("n", [5, 7, 9, 20, 31])
def test_a_regular_polygon_has_the_bar_of_the_closed_form(n, engine):
    bars = persistence_diagrams(polygon(n), engine=engine)[1]
    expected = [2 * np.sin(np.pi / n), 2 * np.sin(np.ceil(n / 3) * np.pi / n)]
    np.testing.assert_allclose(bars[0], expected, rtol=1e-6)
    assert len(bars) == 1 or np.ptp(bars[1:], axis=1).max() < 1e-6


@pytest.mark.parametrize("prime", [2, 3])
@pytest.mark.parametrize("max_degree", [0, 1, 2])
def test_both_engines_agree_to_a_relative_1e_5(max_degree, prime):
    points = np.random.default_rng(3).normal(size=(70, 3))
    a, b = (persistence_diagrams(points, max_degree=max_degree, engine=e, prime=prime) for e in ENGINES)
    scale = pdist(points).max()
    assert len(a) == len(b) == max_degree + 1
    for left, right in zip(a, b, strict=True):
        assert left.dtype == right.dtype == np.float64
        assert bottleneck_distance(left, right) <= 1e-5 * scale
    if max_degree:
        np.testing.assert_allclose(a[1][:5], b[1][:5], rtol=1e-5)


@pytest.mark.parametrize("scale", [1e-30, 1e30, 1e150])
def test_ripser_keeps_its_precision_at_any_scale(scale):
    bars = persistence_diagrams(polygon(10, scale), engine="ripser")[1]
    np.testing.assert_allclose(bars[0] / scale, [2 * np.sin(np.pi / 10), 2 * np.sin(0.4 * np.pi)], rtol=1e-6)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_matrix_asymmetric_by_one_unit_in_the_last_place_changes_nothing(engine):
    distances = squareform(pdist(np.random.default_rng(0).normal(size=(60, 2))))
    crooked = distances.copy()
    upper = np.triu_indices(60, 1)
    crooked[upper] = np.nextafter(crooked[upper], np.inf)
    straight = persistence_diagrams(distances, metric="precomputed", engine=engine)
    bent = persistence_diagrams(crooked, metric="precomputed", engine=engine)
    for a, b in zip(straight, bent, strict=True):
        assert len(a) == len(b)
        np.testing.assert_allclose(a, b, rtol=1e-6)


def test_real_asymmetry_is_refused_with_its_place():
    distances = squareform(pdist(polygon(6)))
    distances[1, 4] *= 1.1
    with pytest.raises(ValueError, match=r"symmetric; \(1, 4\) was .* but \(4, 1\)"):
        persistence_diagrams(distances, metric="precomputed")


@pytest.mark.parametrize("engine", ENGINES)
def test_fewer_than_three_points_duplicates_and_constant_clouds(engine):
    def both(points):
        return [d.tolist() for d in persistence_diagrams(points, max_degree=2, engine=engine)]

    infinite = [0.0, np.inf]
    assert both(np.empty((0, 2))) == [[], [], []]
    assert both([[3.0, 4.0]]) == [[infinite], [], []]
    assert both([[0.0, 0.0], [3.0, 4.0]]) == [[infinite, [0.0, 5.0]], [], []]
    assert both(np.ones((7, 3))) == [[infinite], [], []]
    doubled = np.repeat(polygon(8), 2, axis=0)
    single = persistence_diagrams(polygon(8), engine=engine)
    for a, b in zip(persistence_diagrams(doubled, engine=engine), single, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_refused_with_row_and_column(bad):
    points = np.zeros((5, 3))
    points[2, 1] = bad
    with pytest.raises(ValueError, match=r"points must be finite; row 2, column 1"):
        persistence_diagrams(points)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"max_degree": -1}, "max_degree must be 0 or more"),
        ({"metric": "cosine"}, "metric must be"),
        ({"engine": "dionysus"}, "engine must be"),
        ({"prime": 4}, "prime must be a prime number"),
        ({"prime": 257}, "prime must be a prime number"),
    ],
)
def test_bad_options_are_refused_by_name(arguments, message):
    with pytest.raises(ValueError, match=message):
        persistence_diagrams(polygon(5), **arguments)


def test_more_points_than_fit_are_refused_with_an_estimate_and_landmarks_that_do_fit():
    limit = estimate_memory(50, 1, "gudhi")
    with pytest.raises(ValueError, match=r"51 points in degree 1 need about .* at most 50 farthest-point"):
        persistence_diagrams(polygon(51), max_memory=limit)
    assert rips_persistence(polygon(51), landmarks=50, max_memory=limit).diagrams[1].size
    with pytest.raises(ValueError, match="fit in memory"):
        persistence_diagrams(np.zeros((10**6, 2)))


@pytest.mark.parametrize("metric", ["euclidean", "precomputed"])
def test_landmarks_are_spread_out_and_their_error_stays_below_the_bound(metric):
    points = np.random.default_rng(5).normal(size=(150, 2))
    distances = squareform(pdist(points))
    given = points if metric == "euclidean" else distances
    result = rips_persistence(given, landmarks=40, metric=metric)
    chosen = result.landmarks
    assert len(set(chosen.indices.tolist())) == 40
    assert chosen.covering_radius == pytest.approx(distances[:, chosen.indices].min(axis=1).max())
    assert chosen.bottleneck_bound == 2 * chosen.covering_radius
    np.testing.assert_array_equal(distances[:, chosen.indices].argmin(axis=1), chosen.nearest)
    for few, all_points in zip(result.diagrams, persistence_diagrams(points), strict=True):
        assert bottleneck_distance(few, all_points) <= chosen.bottleneck_bound


def test_landmarks_stop_when_every_point_is_covered():
    chosen = farthest_point_landmarks(np.repeat(polygon(4), 5, axis=0), 20)
    assert len(chosen.indices) == 4
    assert chosen.bottleneck_bound == 0


def test_landmarks_are_refused_on_what_is_no_metric():
    points = np.random.default_rng(1).normal(size=(60, 4))
    with pytest.raises(ValueError, match="landmarks need a metric"):
        rips_persistence(local_dissimilarity(points), metric="precomputed", landmarks=20)
    broken = squareform(pdist(points[:12]))
    broken[0, 1] = broken[1, 0] = 100.0
    with pytest.raises(ValueError, match="landmarks need a metric"):
        rips_persistence(broken, metric="precomputed", landmarks=11)


@pytest.mark.parametrize("prime", [2, 47])
def test_a_cocycle_vanishes_on_triangles_and_not_on_its_cycle(prime):
    points = polygon(12)
    result = rips_persistence(points, cocycles=True, prime=prime)
    assert result.engine == "ripser"
    birth, death = result.diagrams[1][0]
    scale = (birth + death) / 2
    value = np.zeros((12, 12), dtype=int)
    cocycle = result.cocycles[1][0]
    value[cocycle[:, 0], cocycle[:, 1]] = cocycle[:, 2]
    value[cocycle[:, 1], cocycle[:, 0]] = -cocycle[:, 2]
    near = squareform(pdist(points)) <= scale
    value[~near] = 0
    for i in range(12):
        for j in range(12):
            for k in range(12):
                if near[i, j] and near[j, k] and near[i, k]:
                    assert (value[i, j] + value[j, k] + value[k, i]) % prime == 0
    assert sum(value[i, (i + 1) % 12] for i in range(12)) % prime != 0


def test_cocycles_of_landmarks_name_the_original_points():
    points = np.concatenate([np.zeros((5, 2)), polygon(30)])
    result = rips_persistence(points, cocycles=True, landmarks=25)
    used = {int(v) for cocycle in result.cocycles[1] for v in cocycle[:, :-1].ravel()}
    assert used <= set(result.landmarks.indices.tolist())
    assert len(result.cocycles[1]) == len(result.diagrams[1])
    with pytest.raises(ValueError, match="engine must be 'ripser'"):
        rips_persistence(points, cocycles=True, engine="gudhi")


def sphere(n, dimension):
    points = np.random.default_rng(n).normal(size=(n, dimension))
    return points / np.linalg.norm(points, axis=1)[:, None]


def bent(n):
    """Distances in the plane, each off by up to a third: no metric any more."""
    rng = np.random.default_rng(n)
    factor = 1 + np.triu(rng.random((n, n)), 1) / 3
    return (
        squareform(pdist(rng.normal(size=(n, 2))))
        * np.minimum(factor, factor.T)
        * np.maximum(factor, factor.T)
    )


@pytest.mark.parametrize(
    ("name", "distances"),
    [
        ("plane", squareform(pdist(np.random.default_rng(0).normal(size=(520, 2))))),
        ("lattice, all distances tied", squareform(pdist(np.indices((23, 23)).reshape(2, -1).T))),
        ("sphere", squareform(pdist(sphere(510, 3)))),
        ("two far pieces", squareform(pdist(np.r_[sphere(260, 3), sphere(260, 3) + 9]))),
        ("local homology", local_dissimilarity(np.abs(sphere(520, 4)) * np.linspace(0, 1, 520)[:, None])),
        ("no metric", bent(500)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_ending_early_in_degree_one_changes_no_bar(name, distances):
    early, _ = rips_engines.with_gudhi(distances, 1, 2, False)
    whole = rips_engines._gudhi(distances, 1, 2, np.inf)
    for a, b in zip(early, whole, strict=True):
        np.testing.assert_array_equal(a[np.lexsort(a.T)], b[np.lexsort(b.T)])


def test_nothing_begins_after_is_the_plain_condition():
    for seed in range(20):
        distances = squareform(pdist(np.random.default_rng(seed).normal(size=(14, 2))))
        end, scale = distances.max(axis=1).min(), 0.6
        plain = all(
            any(max(distances[u, w], distances[w, v]) < distances[u, v] for w in range(14))
            for u in range(14)
            for v in range(u)
            if scale < distances[u, v] <= end
        )
        assert rips_engines.nothing_begins_after(distances, scale) == plain


def test_nine_bars_stand_out_in_the_class_with_the_holes():
    data = load("nine_disks")
    batch = sublattice(data, 4)
    holes = batch[data.labels[batch] == data.class_names.index("complement")]
    bars = persistence_diagrams(normalise_activations(data.points[holes]))[1]
    length = bars[:, 1] - bars[:, 0]
    assert length[8] >= 3 * length[9]
