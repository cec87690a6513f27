"""Which three axes: units as they are, or principal components, and what must be said beside them."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from topodash.studies.space_axes import choose_axes


def layer(width, n=60, seed=0):
    rng = np.random.default_rng(seed)
    return np.maximum(rng.normal(size=(n, width)) @ rng.normal(size=(width, width)), 0)


def test_three_units_are_drawn_as_they_are_without_a_word():
    values = layer(3)
    axes = choose_axes(values, "auto")
    np.testing.assert_array_equal(axes.project(values), values)
    assert axes.is_whole_space
    assert (axes.labels, axes.kind, axes.note) == (("neuron 1", "neuron 2", "neuron 3"), "units", "")


@pytest.mark.parametrize("width", [1, 2])
def test_narrow_layers_fill_with_zero_and_say_so(width):
    axes = choose_axes(layer(width), "auto")
    drawn = axes.project(layer(width))
    np.testing.assert_array_equal(drawn[:, :width], layer(width))
    assert not drawn[:, width:].any()
    assert f"{width} of 3 axes" in axes.note
    assert axes.labels[width:] == ("",) * (3 - width)
    assert not axes.is_whole_space


def test_units_left_out_are_said():
    axes = choose_axes(layer(5), "5,1")
    np.testing.assert_array_equal(axes.project(layer(5))[:, :2], layer(5)[:, [4, 0]])
    assert axes.note == "2 of the 5 units are drawn."
    assert choose_axes(layer(2), "2").note == "1 of the 2 units is drawn."
    assert not choose_axes(layer(3), "3,2,1").is_whole_space


@pytest.mark.parametrize("width", [4, 5, 8])
def test_principal_components_are_scikit_learns(width):
    values = layer(width)
    axes = choose_axes(values, "pca")
    reference = PCA(n_components=3).fit(values)
    signs = np.sign((axes.matrix * reference.components_).sum(axis=1))
    np.testing.assert_allclose(axes.matrix * signs[:, None], reference.components_, atol=1e-9)
    np.testing.assert_allclose(axes.project(values) * signs, reference.transform(values), atol=1e-9)
    share = 100 * reference.explained_variance_ratio_.sum()
    assert f"{share:.0f} % of the variance" in axes.note
    # The sign is fixed by the data alone.
    assert (axes.matrix[np.arange(3), np.abs(axes.matrix).argmax(axis=1)] > 0).all()


def test_more_than_three_units_give_principal_components():
    assert choose_axes(layer(4), "auto").kind == "pca"


@pytest.mark.parametrize(
    "values",
    [np.zeros((7, 5)), np.ones((1, 4)), layer(2), layer(1)],
    ids=["dead", "one point", "two units", "one unit"],
)
def test_degenerate_layers_have_finite_axes(values):
    axes = choose_axes(values, "pca")
    drawn = axes.project(values)
    assert drawn.shape == (len(values), 3)
    assert np.isfinite(drawn).all()


def test_centred_axes_are_never_taken_for_the_space_itself():
    # Uncorrelated units with falling variance: the components are the units, but the origin has moved.
    values = np.array([[9.0, 2, 1], [1, 2, 1], [5, 4, 1], [5, 0, 1], [5, 2, 2], [5, 2, 0]])
    axes = choose_axes(values, "pca")
    np.testing.assert_allclose(axes.matrix, np.eye(3), atol=1e-12)
    assert not axes.is_whole_space


@pytest.mark.parametrize(
    "choice", ["", "4", "0", "-1", "1,1", "1,2,3,1", "x", "1;2", "1.0", "pca ", "9" * 5000, "nan"]
)
def test_other_choices_are_refused_by_name(choice):
    with pytest.raises(ValueError, match="axes must be"):
        choose_axes(layer(3), choice)
