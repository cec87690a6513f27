"""Moons, spirals, exclusive or and blobs against their equations."""

import numpy as np
import pytest

from topodash.datasets import load


def test_moons_without_noise_lie_on_two_half_circles():
    data = load("moons", noise=0.0, points=2000)
    upper = data.points[data.labels == 0] + [0.5, 0.25]
    lower = data.points[data.labels == 1] + [0.5, 0.25]
    assert np.hypot(*upper.T) == pytest.approx(np.ones(1000), abs=1e-6)
    assert upper[:, 1].min() >= -1e-6
    assert np.hypot(lower[:, 0] - 1, lower[:, 1] - 0.5) == pytest.approx(np.ones(1000), abs=1e-6)
    assert lower[:, 1].max() <= 0.5 + 1e-6


@pytest.mark.parametrize("arms", [2, 3, 5])
def test_spirals_without_noise_have_the_angle_that_their_radius_says(arms):
    data = load("spirals", noise=0.0, classes=arms, turns=1.5)
    assert len(data.class_names) == arms == len(data.betti)
    radius = np.hypot(*data.points.T)
    assert radius.min() >= 0.1 - 1e-6
    assert radius.max() <= 1 + 1e-6
    angle = np.arctan2(data.points[:, 1], data.points[:, 0])
    expected = 2 * np.pi * (1.5 * (radius - 0.1) / 0.9 + data.labels / arms)
    assert np.abs(np.exp(1j * angle) - np.exp(1j * expected)).max() < 1e-4


def test_xor_classes_are_the_signs_of_the_product_outside_the_margin():
    data = load("xor", margin=0.25, points=3000)
    product = data.points[:, 0] * data.points[:, 1]
    assert np.array_equal(data.labels == 0, product > 0)
    assert np.abs(data.points).min() >= 0.25 - 1e-6
    assert np.abs(data.points).max() <= 1
    quadrant = (data.points > 0) @ [1, 2]
    assert np.bincount(quadrant).min() > 650  # 750 each


@pytest.mark.parametrize("classes", [2, 7, 10])
@pytest.mark.parametrize("layout", ["circle", "random"])
def test_blobs_have_their_centres_and_spread(classes, layout):
    data = load("blobs", classes=classes, layout=layout, points=20_000, spread=0.3, seed=6)
    for label in range(classes):
        cloud = data.points[data.labels == label]
        assert cloud.std(axis=0) == pytest.approx([0.3, 0.3], rel=0.08)
        if layout == "circle":
            angle = 2 * np.pi * label / classes
            centre = [np.cos(angle), np.sin(angle)]
            assert cloud.mean(axis=0) == pytest.approx(centre, abs=4 * 0.3 / np.sqrt(len(cloud)))
    with pytest.raises(ValueError, match="layout must be one of circle, random"):
        load("blobs", layout="square")
