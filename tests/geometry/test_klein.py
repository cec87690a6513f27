"""The Klein bottle of patches: planted patches, brute force, and its homology by ripser."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ripser import ripser

from topodash.geometry import (
    canonical,
    gradient_direction,
    klein_fit,
    line_orientation,
    patch,
    three_circles,
)

angles = st.floats(-10, 10)


def random_places(n, seed=0):
    rng = np.random.default_rng(seed)
    return rng.uniform(0, np.pi, n), rng.uniform(0, 2 * np.pi, n)


@settings(deadline=None)
@given(angles, angles, st.sampled_from([3, 4, 5, 7, 11]))
def test_patches_repeat_with_a_flip(theta, phi, k):
    here = patch(theta, phi, k)
    np.testing.assert_allclose(here, patch(theta + np.pi, -phi, k), atol=1e-12)
    np.testing.assert_allclose(here, patch(*canonical(theta, phi), k), atol=1e-12)
    assert np.linalg.norm(here) == pytest.approx(1)
    assert here.sum() == pytest.approx(0, abs=1e-12)


@given(angles, angles)
def test_canonical_places_are_in_the_chart(theta, phi):
    a, b = canonical(theta, phi)
    assert 0 <= a < np.pi
    assert 0 <= b < 2 * np.pi


@pytest.mark.parametrize("value", [-1e-17, np.pi, np.nextafter(np.pi, 0), -np.pi, 0.0, 2 * np.pi])
def test_canonical_at_the_seam(value):
    theta, phi = canonical(value, 1.0)
    assert 0 <= theta < np.pi
    np.testing.assert_allclose(patch(theta, phi), patch(value, 1.0), atol=1e-12)
    assert 0 <= canonical(1.0, value)[1] < 2 * np.pi


def test_a_patch_is_what_it_says():
    """An edge rises along x, that is from the left column to the right; y is up."""
    np.testing.assert_allclose(
        patch(0, np.pi / 2, 3).reshape(3, 3), np.array([[-1, 0, 1]] * 3) / np.sqrt(6), atol=1e-12
    )
    upwards = patch(np.pi / 2, np.pi / 2, 3).reshape(3, 3)
    assert (upwards[0] > 0).all()
    assert (upwards[2] < 0).all()
    line = patch(0, np.pi, 5).reshape(5, 5)
    assert line[:, 2].min() > line[:, [0, 4]].max()


@pytest.mark.parametrize("k", [3, 5, 8])
def test_planted_patches_are_recovered(k):
    theta, phi = random_places(500)
    filters = 7.5 * patch(theta, phi, k) + np.arange(500)[:, None]
    fit = klein_fit(filters)
    np.testing.assert_allclose(fit.r2, 1, atol=1e-9)
    np.testing.assert_allclose(patch(fit.theta, fit.phi, k), patch(theta, phi, k), atol=1e-6)
    # Of a pure edge or line both angles are determined too, except theta's for none.
    generic = (np.abs(np.sin(phi)) > 0.05) | (np.abs(np.cos(phi)) > 0.05)
    np.testing.assert_allclose(np.cos(2 * fit.theta[generic]), np.cos(2 * theta[generic]), atol=1e-4)


@pytest.mark.parametrize("k", [3, 5, 6])
def test_fit_agrees_with_brute_force(k):
    filters = np.random.default_rng(k).normal(size=(300, k * k))
    # Some with two nearly equal maxima: a cross of two lines, an edge against a line.
    crosses = patch([0.3] * 50, 0.0, k) + patch([0.3 + np.pi / 2] * 50, 0.0, k)
    filters[:50] = crosses + 1e-3 * filters[:50]
    fit = klein_fit(filters)
    centred = filters - filters.mean(axis=1, keepdims=True)
    centred /= np.linalg.norm(centred, axis=1, keepdims=True)
    thetas = np.arange(6000) * (np.pi / 6000)
    brute = (centred @ patch(thetas, np.pi / 2, k).T) ** 2 + (centred @ patch(thetas, 0, k).T) ** 2
    assert (fit.r2 >= brute.max(axis=1) - 1e-12).all()
    np.testing.assert_allclose(fit.r2, brute.max(axis=1), atol=1e-5)
    # The places belong to the values.
    products = (patch(fit.theta, fit.phi, k) * centred).sum(axis=1)
    np.testing.assert_allclose(products, np.sqrt(fit.r2), atol=1e-9)


def test_constant_filters_have_no_place():
    filters = np.concatenate(
        [np.full((1, 25), 3.7), np.zeros((1, 25)), patch([1.0], 2.0), np.full((1, 25), 1e300)]
    )
    fit = klein_fit(filters)
    assert fit.constant.tolist() == [True, True, False, True]
    assert np.isnan(fit.r2).tolist() == fit.constant.tolist()
    assert np.isnan(fit.theta).tolist() == np.isnan(fit.phi).tolist() == fit.constant.tolist()
    assert np.isnan(gradient_direction(filters)).tolist() == fit.constant.tolist()
    assert np.isnan(line_orientation(filters)).tolist() == fit.constant.tolist()


def test_a_filter_across_the_whole_bottle_has_r2_zero():
    """x^3 - c x with c such that x does not see it: no line or edge explains any of it."""
    x = np.tile(np.linspace(-1, 1, 5), 5)
    filter_ = x**3 - x * (x**4).sum() / (x**2).sum()
    fit = klein_fit(filter_[None])
    assert fit.r2[0] == pytest.approx(0, abs=1e-12)
    assert np.isnan(line_orientation(filter_[None]))[0]


def test_scale_and_offset_of_a_filter_do_not_matter():
    filters = np.random.default_rng(1).normal(size=(40, 25))
    plain, moved = klein_fit(filters), klein_fit(1e-200 * filters)
    np.testing.assert_allclose(plain.r2, moved.r2)
    np.testing.assert_allclose(klein_fit(filters + 100).r2, plain.r2, atol=1e-9)
    assert klein_fit(np.empty((0, 25))).r2.shape == (0,)


def test_directions_follow_the_angle():
    theta = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    edges = patch(theta, np.pi / 2)
    np.testing.assert_allclose(gradient_direction(edges), theta, atol=1e-12)
    lines = patch(theta, 0.0)
    expected = theta % np.pi
    for sign in (1, -1):
        difference = line_orientation(sign * lines + 0.3 * edges) - expected
        np.testing.assert_allclose(np.cos(2 * difference), 1, atol=1e-9)
    assert np.isnan(gradient_direction(lines)).all()
    assert np.isnan(line_orientation(edges)).all()


def test_three_circles_are_closed_curves_on_the_bottle():
    primary, vertical, horizontal = three_circles(80)
    for circle in (primary, vertical, horizontal):
        np.testing.assert_allclose(patch(circle.chart[:, 0], circle.chart[:, 1]), circle.patches, atol=1e-12)
        steps = np.linalg.norm(circle.patches - np.roll(circle.patches, 1, axis=0), axis=1)
        assert steps.max() < 0.1
    np.testing.assert_allclose(np.abs(np.sin(primary.chart[:, 1])), 1)
    assert (vertical.chart[:, 0] == 0).all()
    np.testing.assert_allclose(horizontal.chart[:, 0], np.pi / 2)


def long_bars(diagram, factor):
    """Bars that live at least ``factor`` times as long as the longest of the rest would have to."""
    lengths = np.sort(diagram[:, 1] - diagram[:, 0])[::-1]
    return int((lengths > factor).sum())


def test_homology_of_the_klein_bottle_by_ripser():
    """b1 is 2 over Z/2 and 1 over Z/3: one of its loops is only seen by a field in which 2 is 0."""
    theta, phi = np.meshgrid(np.arange(14) * np.pi / 14, np.arange(24) * 2 * np.pi / 24)
    sample = patch(theta.ravel(), phi.ravel())
    over_two, over_three = (ripser(sample, maxdim=1, coeff=p, thresh=1.5)["dgms"][1] for p in (2, 3))
    assert long_bars(over_two, 0.4) == 2
    assert long_bars(over_three, 0.4) == 1


def test_homology_of_the_three_circles_by_ripser():
    sample = np.concatenate([circle.patches for circle in three_circles(48)])
    assert long_bars(ripser(sample, maxdim=1)["dgms"][1], 0.4) == 5


@pytest.mark.parametrize("shape", [(3, 4), (3, 24), (25,), (2, 5, 5), (3, 1)])
def test_wrong_shapes(shape):
    with pytest.raises(ValueError, match="filters must have shape"):
        klein_fit(np.ones(shape))


def test_wrong_numbers():
    filters = np.ones((4, 25))
    filters[2, 3] = np.nan
    with pytest.raises(ValueError, match="1 are not, the first is number 2"):
        klein_fit(filters)
    with pytest.raises(ValueError, match="k must be at least 3"):
        patch(0, 0, 2)
    with pytest.raises(ValueError, match="n must be at least 3, not 2"):
        three_circles(2)
