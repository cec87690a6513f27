import numpy as np
import pytest
import torch
from relu_nets import random_net

from topodash.geometry import activations, logits, predicted, probabilities


@pytest.mark.parametrize("widths", [(2, 3, 1), (2, 8, 8, 8, 3), (7, 4, 2)])
def test_forward_is_torchs(widths):
    *layers, output = random_net(widths, 0)
    points = np.random.default_rng(1).normal(size=(50, widths[0]))
    values = torch.from_numpy(points)
    for (weight, bias), mine in zip(layers, activations(layers, points), strict=True):
        values = torch.relu(
            torch.nn.functional.linear(values, torch.from_numpy(weight), torch.from_numpy(bias))
        )
        np.testing.assert_allclose(mine, values.numpy(), rtol=1e-12, atol=1e-12)
    values = torch.nn.functional.linear(values, *map(torch.from_numpy, output))
    np.testing.assert_allclose(logits(layers, output, points), values.numpy(), rtol=1e-12, atol=1e-12)
    if widths[-1] > 1:
        expected = torch.softmax(values, dim=1).numpy()
    else:
        positive = torch.sigmoid(values).numpy()
        expected = np.concatenate([1 - positive, positive], axis=1)
    np.testing.assert_allclose(probabilities(values.numpy()), expected, rtol=1e-12, atol=1e-15)


def test_float32_weights_are_used_in_float64():
    layers = [(weight.astype(np.float32), bias.astype(np.float32)) for weight, bias in random_net((2, 4), 3)]
    points = np.array([[0.1, 0.2]])
    (mine,) = activations(layers, points)
    weight, bias = layers[0]
    expected = np.maximum(points @ weight.astype(np.float64).T + bias.astype(np.float64), 0)
    assert mine.dtype == np.float64
    np.testing.assert_array_equal(mine, expected)


def test_probabilities_of_extreme_logits_are_finite_and_sum_to_one():
    for values in ([[1e308], [-1e308], [0.0]], [[1e308, -1e308, 0.0], [700.0, 710.0, -800.0]]):
        result = probabilities(values)
        assert np.isfinite(result).all()
        np.testing.assert_allclose(result.sum(axis=1), 1.0)
    assert probabilities([[-40.0]])[0, 1] == pytest.approx(np.exp(-40.0))


def test_prediction_at_a_tie_follows_the_stated_convention():
    assert predicted([[0.0], [-1e-300], [2.0]]).tolist() == [1, 0, 1]
    assert predicted([[1.0, 1.0], [0.0, 2.0]]).tolist() == [0, 1]


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([], "layers must hold at least one"),
        ([(np.ones((2, 2)), np.zeros(3))], r"layers\[0\] must hold W"),
        (
            [(np.ones((2, 2)), np.zeros(2)), (np.ones((1, 3)), np.zeros(1))],
            r"layers\[1\]: W must take 2 inputs, not 3",
        ),
        ([(np.ones((2, 2)), np.zeros(2)), (np.full((1, 2), np.nan), np.zeros(1))], r"layers\[1\]: .* finite"),
        ([(np.ones((1, 2)), np.array([np.inf]))], r"layers\[0\]: .* finite"),
        ([[[1, 1], [1, 1], [1, 1]]], r"layers\[0\] must be a pair"),
    ],
)
def test_wrong_layers_are_named(layers, message):
    with pytest.raises(ValueError, match=message):
        activations(layers, np.zeros((1, 2)))


def test_wrong_points_are_named():
    with pytest.raises(ValueError, match=r"points must have shape \(n, 2\), not \(3,\)"):
        activations([(np.ones((1, 2)), np.zeros(1))], np.zeros(3))
