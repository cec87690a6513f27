"""The filter study on planted and on Gaussian banks."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.distance import pdist, squareform

from topodash.geometry.klein import patch
from topodash.studies.filter_topology import (
    DESCRIPTION,
    EVIDENCE,
    dense_filters,
    filter_statistics,
    filter_topology,
    principal_plane,
)
from topodash.studies.filter_topology_config import IMPROVED, OURS, PAPER, REPLICATION, FilterTopologyConfig
from topodash.studies.filter_topology_evidence import conclude, gather_evidence
from topodash.studies.filter_topology_sensitivity import sensitivity
from topodash.studies.filter_topology_wheel import wheel
from topodash.topology import persistence_diagrams, variance_normalised_distances
from topodash.topology.angles import circular_correlation

SMALL = FilterTopologyConfig(k=8, fraction=0.3, linkage=1.5, intervals=10, landmarks=80, permutations=99)


def planted(n=400, noise=0.1, seed=0):
    """Edges of all directions of various strength, with noise: a ring by construction. Also their directions."""
    rng = np.random.default_rng(seed)
    turn = rng.uniform(0, 2 * np.pi, n)
    strength = rng.uniform(0.3, 1, (n, 1))
    return strength * patch(turn, np.pi / 2, 5) + rng.normal(size=(n, 25)) * noise, turn


@pytest.fixture(scope="module")
def ring():
    return filter_topology(planted()[0], SMALL)


def test_the_planted_ring_is_found(ring):
    assert len(ring.picture.dense) == 120
    assert ring.statistics["longest_bar"] > 3 * (ring.bars[1, 1] - ring.bars[1, 0])
    assert ring.statistics["klein_r2"] > 0.8
    around = wheel(ring.picture.pca_angle, ring.picture.dense.values)
    assert abs(around.turns) == 1
    assert ring.correlation("pca", "direction").value > 0.95
    assert ring.correlation("circular", "direction").value > 0.95
    assert ring.correlation("circular", "direction").p_value == 0.01
    assert ring.correlation("pca", "orientation").value < 0.4
    np.testing.assert_allclose(
        np.mod(ring.picture.direction, 2 * np.pi), ring.picture.direction, err_msg="in [0, 2 pi)"
    )


def test_the_mapper_graph_of_the_planted_ring_has_a_loop(ring):
    assert ring.picture.graph.betti[1] >= 1
    assert not len(ring.picture.graph.uncovered)


def test_statistics_are_the_null_pipelines_own(ring):
    assert filter_statistics(planted()[0], SMALL) == ring.statistics
    assert set(ring.statistics) == {*EVIDENCE, *DESCRIPTION}


def test_bars_agree_with_the_general_engine(ring):
    points = ring.picture.dense.points
    np.testing.assert_allclose(ring.bars, persistence_diagrams(points)[1], atol=1e-5)


def test_the_metric_normalises_variance_over_all_filters_before_the_density_filter():
    filters = planted(200)[0]
    dense = dense_filters(filters, replace(SMALL, fraction=1.0))
    centred = filters - filters.mean(axis=1, keepdims=True)
    normal = centred / centred.std(axis=1, keepdims=True)
    expected = variance_normalised_distances(normal)[np.ix_(dense.indices, dense.indices)]
    np.testing.assert_allclose(squareform(pdist(dense.points)), expected, atol=1e-9)
    assert (np.diff(dense.reach) >= 0).all()


def test_scale_and_brightness_of_a_filter_do_not_matter():
    filters = planted(100)[0]
    rng = np.random.default_rng(5)
    moved = filters * rng.uniform(0.1, 9, (100, 1)) + rng.normal(size=(100, 1))
    a, b = dense_filters(filters, SMALL), dense_filters(moved, SMALL)
    np.testing.assert_array_equal(a.indices, b.indices)
    np.testing.assert_allclose(a.values, b.values, atol=1e-8)


def test_the_principal_plane_agrees_with_scikit_learn():
    from sklearn.decomposition import PCA

    values = planted(60)[0]
    scores, share = principal_plane(values)
    reference = PCA(2).fit(values)
    np.testing.assert_allclose(np.abs(scores), np.abs(reference.transform(values)), atol=1e-9)
    np.testing.assert_allclose(share, reference.explained_variance_ratio_)


def test_constant_filters_are_said_and_left_out():
    filters = planted(100)[0].reshape(-1, 5, 5)
    filters[7] = 0.25
    result = filter_topology(filters, SMALL)
    assert result.picture.dense.constant.tolist() == [7]
    assert 7 not in result.picture.dense.indices
    assert result.picture.dense.total == 100


def test_ten_filters_only():
    result = filter_topology(planted(10)[0], replace(SMALL, k=3))
    assert len(result.picture.dense) == 3
    assert result.statistics["longest_bar"] == 0.0
    assert np.isnan(result.statistics["bar_ratio"])
    assert result.circular is None and result.circular_reason == "(there is no degree-1 bar)"
    with pytest.raises(ValueError, match="kind must be"):
        result.position("circular")


@pytest.mark.parametrize("size", [3, 7, 11])
def test_other_sizes_of_kernels(size):
    turn = np.random.default_rng(0).uniform(0, 2 * np.pi, 60)
    result = filter_topology(patch(turn, np.pi / 2, size), replace(SMALL, fraction=1.0, metric="euclidean"))
    assert result.statistics["klein_r2"] == pytest.approx(1)


def test_k_larger_than_the_number_of_filters_is_refused_by_name():
    with pytest.raises(ValueError, match=r"k must be .* it was 200"):
        filter_topology(planted(100)[0], REPLICATION)


def test_nan_is_refused():
    filters = planted(20)[0]
    filters[3, 4] = np.nan
    with pytest.raises(ValueError, match="row 3, column 4"):
        filter_topology(filters, SMALL)


def test_presets_are_the_papers():
    assert (PAPER.k, PAPER.fraction, PAPER.lens, int(PAPER.fraction * 512)) == (5, 0.2, "neighbourhood", 102)
    assert int(IMPROVED.fraction * 6400) == 1280
    assert (REPLICATION.k, REPLICATION.fraction, REPLICATION.intervals) == (200, 0.3, 30)
    assert REPLICATION.overlap == pytest.approx(2 / 3)
    for names in OURS.values():
        assert set(names) <= set(FilterTopologyConfig.__dataclass_fields__)


@pytest.mark.parametrize(
    "field, value", [("k", 0), ("fraction", 0.0), ("gain", 1.0), ("linkage", 0), ("lens", "x")]
)
def test_settings_are_checked_by_name(field, value):
    with pytest.raises(ValueError, match=f"^{field} must"):
        FilterTopologyConfig(**{field: value})


def hidden_ring(n=400, share=0.35, seed=0):
    """A third of the filters are edges, the others noise of equal strength: the covariance hides the ring."""
    rng = np.random.default_rng(seed)
    edges = planted(int(share * n), noise=0.05, seed=seed)[0]
    return np.concatenate([edges, rng.normal(size=(n - len(edges), 25)) * 0.15])


def test_evidence_tells_a_hidden_ring_from_its_gaussian_twins():
    steps = list(gather_evidence(hidden_ring(), SMALL, nulls=9))
    assert [step.number for step in steps] == [-1, *range(9)]
    assert [step.done for step in steps] == list(range(1, 11))
    evidence = conclude({step.number: step.statistics for step in steps})
    assert evidence.p_values == {"longest_bar": 0.1, "klein_r2": 0.1}
    assert evidence.smallest_p == 0.1


def test_edges_alone_are_no_evidence_because_their_twins_make_the_same_picture():
    """All variance in the plane of linear gradients: a normalised Gaussian is a ring there too."""
    steps = {s.number: s.statistics for s in gather_evidence(planted(250)[0], SMALL, nulls=9)}
    evidence = conclude(steps)
    assert evidence.observed["pca_correlation"] > 0.95
    assert evidence.null["pca_correlation"].min() > 0.95
    assert min(evidence.p_values.values()) > 0.1


def test_evidence_goes_on_where_it_stopped():
    filters = planted(100)[0]
    whole = {s.number: s.statistics for s in gather_evidence(filters, SMALL, nulls=4)}
    first = {number: whole[number] for number in (-1, 0, 1)}
    rest = list(gather_evidence(filters, SMALL, nulls=4, done=first))
    assert [step.number for step in rest] == [2, 3]
    assert [step.done for step in rest] == [4, 5]
    assert {**first, **{s.number: s.statistics for s in rest}} == whole


def test_p_values_are_uniform_on_gaussian_banks():
    """A Gaussian bank is its own null: no statistic may reject it more often than its level."""
    config = replace(SMALL, k=4, fraction=0.4)
    mix = np.random.default_rng(9).normal(size=(25, 25)) * np.geomspace(1, 0.05, 25)[:, None]
    p_values = []
    for trial in range(30):
        bank = np.random.default_rng(100 + trial).normal(size=(60, 25)) @ mix
        steps = {s.number: s.statistics for s in gather_evidence(bank, config, nulls=9, seed=trial)}
        p_values.append(list(conclude(steps).p_values.values()))
    p = np.array(p_values)
    # 30 trials, p in {0.1, ..., 1}, mean 0.55: three standard errors
    assert (np.abs(p.mean(axis=0) - 0.55) < 3 * 0.287 / np.sqrt(30)).all()
    assert ((p <= 0.1).mean(axis=0) < 0.1 + 3 * np.sqrt(0.09 / 30)).all()


def test_sensitivity_marks_where_the_ring_is_and_what_cannot_be_computed():
    filters = planted(200)[0]
    cells = list(sensitivity(filters, SMALL, ks=(5, 500), fractions=(0.3, 0.6)))
    assert [(c.k, c.fraction) for c in cells] == [(5, 0.3), (5, 0.6), (500, 0.3), (500, 0.6)]
    assert cells[0].ring and cells[0].kept == 60
    assert cells[0].statistics == filter_statistics(filters, replace(SMALL, k=5))
    assert not cells[2].ring and "k must be" in cells[2].reason
    rest = list(sensitivity(filters, SMALL, ks=(5, 500), fractions=(0.3, 0.6), skip=1))
    assert rest == cells[1:]


def test_noise_is_no_ring():
    noise = np.random.default_rng(0).normal(size=(200, 25))
    assert not any(c.ring for c in sensitivity(noise, SMALL, ks=(5, 20), fractions=(0.3,)))


def test_the_wheel_averages_sectors():
    turn = 2 * np.pi * (np.arange(64) + 0.5) / 64
    around = wheel(turn, patch(turn, np.pi / 2, 5), sectors=16)
    assert around.turns == 1
    assert [len(rows) for rows in around.members] == [4] * 16
    np.testing.assert_allclose(around.directions, around.centres, atol=1e-9)
    np.testing.assert_allclose(around.klein_r2, 1)
    np.testing.assert_allclose(around.means[0], patch(turn, np.pi / 2, 5)[:4].mean(axis=0))
    assert (around.agreement > 0.98).all()
    assert wheel(-turn, patch(turn, np.pi / 2, 5)).turns == -1


def test_the_wheel_leaves_empty_sectors_out():
    around = wheel([0.1, 0.2, 3.0], np.eye(25)[:3], sectors=8)
    assert len(around.centres) == 2
    assert around.turns == 0
    with pytest.raises(ValueError, match="sectors"):
        wheel([0.1], np.eye(25)[:1], sectors=2)


def test_neighbourhood_lenses_unroll_the_ring():
    result = filter_topology(planted(300)[0], replace(SMALL, lens="neighbourhood", lens_neighbours=8))
    lens = result.picture.lens
    assert lens.shape == (90, 2)
    angle = np.arctan2(*(lens - lens.mean(axis=0)).T)
    assert circular_correlation(angle, result.picture.direction, permutations=0).value > 0.9
