"""The annulus data sets against the geometry they are asked for."""

import numpy as np
import pytest

from topodash.datasets import betti, load


def polar(points, centre=(0.0, 0.0)):
    x, y = (points.astype(float) - centre).T
    return np.hypot(x, y), np.rad2deg(np.arctan2(y, x)) % 360


def test_the_defaults_are_those_of_the_field_notes():
    data = load("single_annulus")
    assert data.points.shape == (1000, 2)
    assert data.class_names == ("inner", "outer")
    radius, _ = polar(data.points)
    assert radius[data.labels == 0].max() < 0.5
    assert radius[data.labels == 1].min() >= 0.8 - 1e-6
    assert radius[data.labels == 1].max() <= 1.2 + 1e-6


@pytest.mark.parametrize("name", ["single_annulus", "double_annulus"])
def test_points_are_uniform_in_area(name):
    data = load(name, points=20_000, seed=1)
    for label, prefix in enumerate(data.class_names):
        low, high = data.parameters[f"{prefix}_radii"]
        radius, angle = polar(data.points[data.labels == label])
        # Kolmogorov distance of area shares to uniform: 1.95 / sqrt(n) at the level 0.1 %.
        for uniform in ((radius**2 - low**2) / (high**2 - low**2), angle / 360):
            ordered = np.sort(uniform)
            distance = np.abs(ordered - (np.arange(len(ordered)) + 0.5) / len(ordered)).max()
            assert distance < 1.95 / np.sqrt(len(ordered))


def test_angular_intervals_bound_the_angles_and_densities_weigh_them():
    data = load(
        "single_annulus",
        points=20_000,
        outer_share=0.75,
        outer_angles=[[-30, 30], [90, 100], [180, 240]],
        outer_densities=[1, 4, 2],
    )
    outer = data.labels == 1
    assert outer.sum() == 15_000
    _, angle = polar(data.points[outer])
    counts = [((angle >= 330) | (angle <= 30)).sum(), ((angle >= 90) & (angle <= 100)).sum()]
    counts.append(((angle >= 180) & (angle <= 240)).sum())
    assert sum(counts) >= 15_000 - 2  # rounding at a border
    weight = np.array([60 * 1, 10 * 4, 60 * 2])
    expected = 15_000 * weight / weight.sum()
    assert np.all(np.abs(counts - expected) < 4 * np.sqrt(expected))


def test_centre_moves_and_noise_widens():
    plain = load("double_annulus", seed=2, points=4000)
    moved = load("double_annulus", seed=2, points=4000, outer_centre=[3, -1])
    outer = plain.labels == 1
    assert np.allclose(moved.points[outer] - plain.points[outer], [3, -1], atol=1e-5)
    assert np.array_equal(moved.points[~outer], plain.points[~outer])
    noisy = load("double_annulus", seed=2, points=4000, inner_noise=0.1)
    step = noisy.points[~outer] - plain.points[~outer]
    assert step.std(axis=0) == pytest.approx([0.1, 0.1], rel=0.08)
    assert np.array_equal(noisy.points[outer], plain.points[outer])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, (1, 1)),
        ({"outer_angles": [[0, 180], [180, 360]]}, (1, 1)),  # two halves that touch close the ring
        ({"outer_angles": [[-90, 90], [90, 270]]}, (1, 1)),
        ({"outer_angles": [[0, 359]]}, (1, 0)),
        ({"outer_angles": [[0, 90], [180, 270]]}, (2, 0)),
        ({"outer_angles": [[300, 420], [60, 90], [100, 110]]}, (2, 0)),  # the first two touch at 60 degrees
        ({"outer_radii": [0, 1]}, (1, 0)),
        ({"outer_radii": [0, 1], "outer_angles": [[0, 90], [180, 270]]}, (1, 0)),  # sectors share the centre
    ],
)
def test_betti_numbers_follow_radii_and_angles(given, expected):
    assert betti("single_annulus", **given) == ((1, 0), expected)
    assert load("single_annulus", **given).betti == ((1, 0), expected)


def test_betti_numbers_agree_with_a_raster():
    """On a fine grid: b0 is the number of pieces, b1 that of bounded pieces of the complement."""
    from scipy.ndimage import label

    rng = np.random.default_rng(0)
    line = np.linspace(-1.3, 1.3, 401)
    radius, angle = polar(np.column_stack([each.ravel() for each in np.meshgrid(line, line)]))
    eight = np.ones((3, 3))
    for _ in range(25):
        marks = np.sort(rng.choice(np.arange(0, 360, 15), size=2 * rng.integers(1, 4), replace=False))
        closed = rng.random() < 0.4
        if closed:
            marks = np.array([0, 120, 120, 360])
        intervals = marks.reshape(-1, 2).tolist()
        radii = [[0.0, 1.0], [0.5, 1.0]][rng.integers(2)]
        inside = np.zeros(len(radius), dtype=bool)
        for low, high in intervals:
            inside |= (angle >= low) & (angle <= high)
        inside &= (radius <= radii[1]) & (radius >= radii[0])
        if radii[0] == 0:
            inside |= (
                radius < 0.15
            )  # the centre belongs to every sector; narrow gaps near it are below a pixel
        grid = inside.reshape(len(line), -1)
        pieces = label(grid, eight)[1]
        holes = label(~grid)[1] - 1
        assert betti("double_annulus", outer_radii=radii, outer_angles=intervals)[1] == (pieces, holes)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"outer_angles": [[0, 90], [45, 120]]}, "outer_angles"),
        ({"outer_angles": [[0, 400]]}, "outer_angles"),
        ({"outer_angles": [[350, 370], [5, 20]]}, "outer_angles"),
        ({"outer_angles": [[90, 0]]}, r"outer_angles\[0\]"),
        ({"inner_densities": [1, 2]}, "inner_densities"),
        ({"inner_radii": [0.5, 0.5]}, "inner_radii"),
        ({"inner_radii": [-0.1, 0.5]}, "inner_radii"),
        ({"inner_radii": 0.5}, "inner_radii"),
        ({"outer_share": 1.0}, "outer_share"),
        ({"points": 1000.0}, "points"),
    ],
)
def test_impossible_rings_are_refused(given, named):
    with pytest.raises(ValueError, match=named):
        load("single_annulus", **given)
    with pytest.raises(ValueError, match=named):
        betti("single_annulus", **given)
