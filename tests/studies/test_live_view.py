"""The view of one step: against torch, against brute force, against the definitions."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from topodash.studies.live_view import (
    MARGIN,
    LabelledSample,
    confusion_matrix,
    grid_points,
    hidden_widths,
    layer_field,
    live_view,
    probability_field,
    split_weights,
)

WIDTHS = [(3, 1), (5, 1), (1, 1), (2, 1), (4, 3, 1), (3, 3, 2, 1), (3, 3), (4, 4, 5)]


def network(widths, seed=0):
    """Random weights: `widths` of the hidden layers, then of the output."""
    rng = np.random.default_rng(seed)
    inputs, weights = 2, {}
    for number, out in enumerate(widths, 1):
        weights[f"W{number}"] = rng.normal(size=(out, inputs)).astype(np.float32)
        weights[f"b{number}"] = (0.5 * rng.normal(size=out)).astype(np.float32)
        inputs = out
    return weights


def cloud(classes=2, n=150, seed=1):
    rng = np.random.default_rng(seed)
    points = rng.uniform(-2, 3, size=(n, 2)).astype(np.float32).astype(np.float64)
    labels = rng.integers(0, classes, n)
    return LabelledSample(points, labels, rng.random(n) < 0.7, tuple(f"c{k}" for k in range(classes)))


def classes_of(widths):
    return 2 if widths[-1] == 1 else widths[-1]


def torch_forward(weights, points):
    """Hidden activations layer by layer and the logits, by torch in double precision."""
    values, every = torch.from_numpy(np.asarray(points, dtype=np.float64)), []
    count = len(weights) // 2
    for number in range(1, count + 1):
        weight, bias = (torch.from_numpy(weights[f"{kind}{number}"]).double() for kind in "Wb")
        values = torch.nn.functional.linear(values, weight, bias)
        if number < count:
            values = torch.relu(values)
            every.append(values.numpy())
    return every, values


@pytest.mark.parametrize("widths", WIDTHS, ids=str)
def test_activations_probabilities_and_predictions_are_torchs(widths):
    weights, sample = network(widths), cloud(classes_of(widths))
    view = live_view(weights, sample)
    every, logits = torch_forward(weights, sample.points)
    np.testing.assert_allclose(view.activations, every[-1], atol=1e-12)
    wanted = (
        torch.cat([1 - torch.sigmoid(logits), torch.sigmoid(logits)], dim=1)
        if logits.shape[1] == 1
        else torch.softmax(logits, dim=1)
    )
    np.testing.assert_allclose(view.probabilities, wanted.numpy(), atol=1e-12)
    np.testing.assert_array_equal(view.predicted, wanted.argmax(dim=1).numpy())


@pytest.mark.parametrize("widths", WIDTHS, ids=str)
def test_points_of_each_class_in_each_cell_are_those_with_its_pattern(widths):
    weights, sample = network(widths), cloud(classes_of(widths))
    view = live_view(weights, sample)
    every, _ = torch_forward(weights, sample.points)
    firing = np.concatenate([values > 0 for values in every], axis=1)
    for index, cell in enumerate(view.complex.cells):
        mine = (firing == np.array(cell.pattern, dtype=bool)).all(axis=1)
        assert view.counts[index].tolist() == [
            int((mine & (sample.labels == label)).sum()) for label in range(len(sample.class_names))
        ]
        np.testing.assert_array_equal(np.flatnonzero(mine), np.flatnonzero(view.cell_of_point == index))
    assert view.counts.sum() == len(sample.points)


def test_the_confusion_matrices_count_every_point_once():
    sample = cloud(3)
    view = live_view(network((4, 3)), sample)
    for part, rows in (("train", sample.train), ("test", ~sample.train)):
        wanted = np.zeros((3, 3), dtype=int)
        for true, said in zip(sample.labels[rows], view.predicted[rows], strict=True):
            wanted[true, said] += 1
        np.testing.assert_array_equal(view.confusion[part], wanted)
    assert confusion_matrix(np.zeros(0, int), np.zeros(0, int), 2).tolist() == [[0, 0], [0, 0]]


def test_dead_units_fire_on_no_training_point_whatever_held_out_points_do():
    weights = {
        "W1": np.array([[1, 0], [0, 0], [-1, 0]], np.float32),
        "b1": np.array([0, 0, 0.5], np.float32),
        "W2": np.ones((1, 3), np.float32),
        "b2": np.zeros(1, np.float32),
    }
    sample = LabelledSample(
        np.array([[1.0, 0], [2, 1], [-1, 0]]), np.array([0, 1, 0]), np.array([True, True, False]), ("a", "b")
    )
    assert live_view(weights, sample).dead == ((1, 2), (1, 3))


@pytest.mark.parametrize("seed", range(5))
def test_the_output_plane_holds_its_corners_and_separates_the_predicted_classes(seed):
    weights, sample = network((3, 1), seed), cloud()
    view = live_view(weights, sample)
    if view.plane is not None:
        np.testing.assert_allclose(view.plane @ weights["W2"][0] + weights["b2"][0], 0, atol=1e-9)
    side = view.activations @ np.float64(weights["W2"][0]) + np.float64(weights["b2"][0]) >= 0
    np.testing.assert_array_equal(side, view.predicted == 1)
    if len(view.boundary.images):
        np.testing.assert_allclose(
            view.boundary.images @ np.float64(weights["W2"][0]) + weights["b2"][0], 0, atol=1e-9
        )


@pytest.mark.parametrize(
    ("widths", "axes"),
    [((4, 1), "auto"), ((2, 1), "auto"), ((3, 1), "3,2,1"), ((3, 1), "pca"), ((3, 3), "auto")],
)
def test_there_is_no_plane_where_the_axes_are_not_the_three_units(widths, axes):
    assert live_view(network(widths), cloud(classes_of(widths)), axes=axes).plane is None


def test_the_fields_are_torchs_at_the_centres_of_the_grid():
    weights, sample = network((3, 4, 1)), cloud()
    (left, right), (bottom, top) = sample.box
    field, layer = probability_field(weights, sample.box, 7), layer_field(weights, sample.box, 7, 1)
    every, logits = torch_forward(weights, grid_points(sample.box, 7))
    np.testing.assert_allclose(field.ravel(), torch.sigmoid(logits)[:, 0].numpy(), atol=1e-12)
    np.testing.assert_allclose(layer.reshape(3, -1), every[0].T, atol=1e-12)
    x, y = grid_points(sample.box, 7).reshape(7, 7, 2)[2, 5]
    assert x == pytest.approx(left + (right - left) * 5.5 / 7)
    assert y == pytest.approx(bottom + (top - bottom) * 2.5 / 7)
    many = probability_field(network((3, 4)), sample.box, 5)
    _, logits = torch_forward(network((3, 4)), grid_points(sample.box, 5))
    np.testing.assert_allclose(many.ravel(), torch.softmax(logits, 1).max(1).values.numpy(), atol=1e-12)


def test_the_box_is_the_data_and_fifteen_per_cent():
    sample = LabelledSample(np.array([[0.0, 5], [10, 5]]), np.array([0, 1]), np.ones(2, bool), ("a", "b"))
    assert sample.box == ((-1.5, 11.5), (5 - MARGIN, 5 + MARGIN))
    assert (live_view(network((3, 1)), cloud()).cell_of_point >= 0).all()


def test_weights_that_do_not_fit_are_refused_by_name():
    sample = cloud()
    for weights, words in (
        ({}, "weights"),
        ({"W1": np.ones((3, 2))}, "weights must hold"),
        ({"W1": np.ones((3, 2)), "W2": np.ones((1, 3)), "b1": np.ones(3)}, "b2"),
        ({**network((3, 1)), "b1": np.array([np.nan, 0, 0])}, "finite"),
        ({**network((3, 1)), "W1": np.ones((3, 5))}, "2"),
    ):
        with pytest.raises(ValueError, match=words):
            live_view(weights, sample)
    with pytest.raises(ValueError, match="cell"):
        live_view(network((8, 8, 1)), sample, cell_limit=3)
    with pytest.raises(ValueError, match="axes"):
        live_view(network((3, 1)), sample, axes="4")


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([(3, 1), (2, 2, 1), (5, 3)]))
def test_regions_agree_with_a_grid_on_their_area(seed, widths):
    weights, sample = network(widths, seed), cloud(classes_of(widths))
    view = live_view(weights, sample)
    _, logits = torch_forward(weights, grid_points(sample.box, 60))
    said = (logits[:, 0] >= 0).long() if logits.shape[1] == 1 else logits.argmax(1)
    box_area = float(np.prod([high - low for low, high in sample.box]))
    for label, region in enumerate(view.regions):
        assert region.area / box_area == pytest.approx(float((said == label).double().mean()), abs=0.06)
    assert hidden_widths(weights) == list(widths[:-1])
    assert len(split_weights(weights)[0]) == len(widths) - 1
