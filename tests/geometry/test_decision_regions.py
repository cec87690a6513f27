"""The decision boundary and the Betti numbers of predicted regions against closed forms and rasters."""

import numpy as np
import pytest
from hypothesis import given, settings
from relu_nets import BOX, degenerate_nets, generic_nets, layers_from, random_net
from scipy import ndimage

from topodash.geometry import (
    class_regions,
    decision_boundary,
    logits,
    polyhedral_complex,
    positive_region,
    predicted,
)

ABSOLUTE = layers_from(([[1, 0], [-1, 0], [0, 1], [0, -1]], [0, 0, 0, 0]))  # |x|, |y| as four units


def betti(region):
    return region.b0, region.b1


def regions_of(layers, weight, bias, closed=True, box=BOX):
    complex = polyhedral_complex(layers, box)
    output = np.atleast_2d(np.array(weight, dtype=float)), np.atleast_1d(np.array(bias, dtype=float))
    return positive_region(complex, output, closed=closed)


def raster_betti(mask):
    """Components with diagonals, and holes: components of the rest without them that keep off the rim."""
    components = ndimage.label(mask, np.ones((3, 3)))[1]
    labels, number = ndimage.label(~mask)
    rim = set(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]).tolist()) - {0}
    return components, number - len(rim)


@pytest.mark.parametrize(
    ("weight", "bias", "closed", "open_", "area"),
    [
        pytest.param([1, 1, 1, 1], -1, (1, 1), (1, 1), 14, id="outside a diamond: one piece, one hole"),
        pytest.param([-1, -1, -1, -1], 1, (1, 0), (1, 0), 2, id="a diamond"),
        pytest.param([-1, -1, -1, -1], 2, (1, 0), (1, 0), 8, id="a diamond that touches the rim"),
        pytest.param([1, 1, 1, 1], -2, (1, 1), (4, 0), 8, id="four corners that meet on the rim"),
        pytest.param([1, 1, 1, 1], -4, (4, 0), (0, 0), 0, id="the box's four corners, points only"),
        pytest.param([1, 1, 1, 1], -5, (0, 0), (0, 0), 0, id="nowhere"),
        pytest.param([1, 1, 1, 1], 1, (1, 0), (1, 0), 16, id="the whole box"),
        pytest.param([1, 1, 1, 1], 0, (1, 0), (1, 1), 16, id="the whole box, with a zero in the middle"),
        pytest.param([-1, -1, -1, -1], 0, (1, 0), (0, 0), 0, id="a single point"),
        pytest.param([-1, -1, 0, 0], 0, (1, 0), (0, 0), 0, id="a segment"),
        pytest.param([1, 1, 0, 0], -1, (2, 0), (2, 0), 8, id="two strips"),
        pytest.param([1, 1, -1, -1], 0, (1, 0), (2, 0), 8, id="two wedges that meet in a point"),
        pytest.param([0, 0, 0, 0], 0, (1, 0), (0, 0), 16, id="identically zero"),
        pytest.param([0, 0, 0, 0], -1, (0, 0), (0, 0), 0, id="constant, negative"),
        pytest.param(
            [1, 0, 0, 0], 0, (1, 0), (1, 0), 16, id="zero on half of the box, positive on the other"
        ),
        pytest.param(
            [-1, 0, 0, 0], 0, (1, 0), (0, 0), 8, id="zero on half of the box, negative on the other"
        ),
    ],
)
def test_closed_forms(weight, bias, closed, open_, area):
    region = regions_of(ABSOLUTE, weight, bias)
    assert betti(region) == closed
    assert region.closed
    assert region.area == pytest.approx(area, abs=1e-12)
    assert betti(regions_of(ABSOLUTE, weight, bias, closed=False)) == open_


def test_several_holes():
    """A zigzag in x plus one in y: hills and hollows, cut at several heights."""
    knots = np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5])
    weight, bias, outer = [], [], []
    for axis in range(2):
        direction = np.eye(2)[axis]
        slopes = np.diff([-1.0, 1, -1, 1, -1, 1, -1])
        for knot, slope in zip(knots, slopes[:6], strict=True):
            weight.append(direction)
            bias.append(-knot)
            outer.append(slope)
    layers = layers_from((weight, bias))
    points = np.array([[x, y] for x in (-2, -1, 0, 1, 2) for y in (-2, -1, 0, 1, 2)], dtype=float)
    box = ((-2.4, 2.4), (-2.4, 2.4))
    complex = polyhedral_complex(layers, box)
    raster = grid(400, box)
    heights = logits(layers, (np.array([outer]), np.zeros(1)), np.concatenate([points, raster]))
    for level in np.quantile(heights, [0.1, 0.3, 0.5, 0.7, 0.9]):
        output = (np.array([outer]), np.array([-level + 1e-3]))
        mask = (logits(layers, output, raster) >= 0).reshape(400, 400)
        assert betti(positive_region(complex, output)) == raster_betti(mask)


def grid(n, box=BOX):
    axes = [low + (np.arange(n) + 0.5) / n * (high - low) for low, high in box]
    return np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)


# Seeds without a strait or a spit that is thinner than the raster.
@pytest.mark.parametrize(
    ("classes", "seed"), [(1, s) for s in range(0, 30, 2)] + [(3, 2), (4, 3), (3, 6), (5, 4)]
)
def test_regions_agree_with_a_fine_raster(classes, seed):
    *layers, output = random_net((2, 6, 6, classes), seed)
    complex = polyhedral_complex(layers, BOX)
    n = 500
    labels = predicted(logits(layers, output, grid(n))).reshape(n, n)
    both = zip(class_regions(complex, output), class_regions(complex, output, closed=False), strict=True)
    for label, (closed, open_) in enumerate(both):
        assert betti(closed) == betti(open_) == raster_betti(labels == label)
        assert closed.area == pytest.approx(16 * (labels == label).mean(), abs=16 * 40 / n**1.5)
    if classes == 1:
        assert positive_region(complex, output) == class_regions(complex, output)[1]


@settings(max_examples=60, deadline=None)
@given(degenerate_nets(width=4))
def test_duality_on_degenerate_networks(layers):
    """Alexander duality in the box: what the closed region and the open rest must have to do with each other.

    Each hole of one is a component of the other that keeps off the rim.
    """
    *hidden, (weight, bias) = [*layers, (np.ones((1, len(layers[-1][1]))), np.array([-1.0]))]
    complex = polyhedral_complex(hidden, BOX)
    closed, open_ = (
        positive_region(complex, (weight, bias)),
        positive_region(complex, (-weight, -bias), closed=False),
    )
    assert closed.area + open_.area == pytest.approx(16)
    assert 0 <= closed.b1 <= open_.b0
    assert 0 <= open_.b1 <= closed.b0


@settings(max_examples=40, deadline=None)
@given(generic_nets())
def test_boundary_is_where_the_logit_vanishes(layers):
    *hidden, (weight, bias) = [*layers, random_net((len(layers[-1][1]), 1), 0)[0]]
    complex = polyhedral_complex(hidden, BOX)
    boundary = decision_boundary(complex, (weight, bias))
    shares = np.linspace(0, 1, 5)[:, None, None]
    points = (boundary.segments[:, 0] * (1 - shares) + boundary.segments[:, 1] * shares).reshape(-1, 2)
    scale = np.abs(weight) @ complex.vertex_images.max(axis=0) + np.abs(bias)
    assert (np.abs(logits(hidden, (weight, bias), points)) <= 1e-10 * scale).all()
    for segment, cell, image in zip(boundary.segments, boundary.cells, boundary.images, strict=True):
        place = complex.cells[cell]
        np.testing.assert_allclose(image, segment @ place.A.T + place.c, atol=1e-10)
    if min(region.area for region in class_regions(complex, (weight, bias))) > 1e-9:
        assert len(boundary) > 0


def test_boundary_crosses_every_cell_once():
    *layers, output = random_net((2, 8, 8, 1), 11)
    complex = polyhedral_complex(layers, BOX)
    boundary = decision_boundary(complex, output)
    heights = complex.vertex_images @ output[0][0] + output[1][0]
    crossed = [
        index
        for index, cell in enumerate(complex.cells)
        if heights[complex.corners[: len(cell.polygon), index]].min() < 0
        and heights[complex.corners[: len(cell.polygon), index]].max() > 0
    ]
    assert sorted(boundary.cells.tolist()) == crossed
    assert (boundary.classes == [0, 1]).all()
    assert boundary.flat_cells.size == 0


def test_boundary_length_of_a_diamond():
    complex = polyhedral_complex(ABSOLUTE, BOX)
    boundary = decision_boundary(complex, (np.ones((1, 4)), np.array([-1.0])))
    lengths = np.linalg.norm(np.diff(boundary.segments, axis=1)[:, 0], axis=1)
    np.testing.assert_allclose(lengths, np.full(4, np.sqrt(2)))


def test_boundary_on_the_sides_of_cells_is_given_once():
    complex = polyhedral_complex(layers_from(([[1, 0], [-1, 0]], [0, 0])), BOX)
    boundary = decision_boundary(complex, (np.array([[1.0, -1.0]]), np.zeros(1)))
    assert len(boundary) == 1
    assert set(map(tuple, boundary.segments[0].tolist())) == {(0.0, -2.0), (0.0, 2.0)}
    assert boundary.cells.tolist() == [0]


def test_flat_cells_are_said():
    complex = polyhedral_complex(layers_from(([[1, 0]], [0])), BOX)
    boundary = decision_boundary(complex, (np.ones((1, 1)), np.zeros(1)))
    (flat,) = [index for index, cell in enumerate(complex.cells) if cell.pattern == (0,)]
    assert boundary.flat_cells.tolist() == [flat]
    everywhere = decision_boundary(complex, (np.zeros((1, 1)), np.zeros(1)))
    assert everywhere.flat_cells.tolist() == [0, 1]
    assert len(decision_boundary(complex, (np.zeros((1, 1)), np.ones(1)))) == 0


def test_three_classes_meet_in_a_point():
    """Logits that are the same in three directions: three sectors of 120 degrees, of the plane as it is."""
    identity = layers_from(([[1, 0], [-1, 0], [0, 1], [0, -1]], [0, 0, 0, 0]))
    angles = np.array([90.0, 210.0, 330.0]) * np.pi / 180
    x, y = np.cos(angles), np.sin(angles)
    output = (np.stack([x, -x, y, -y], axis=1), np.zeros(3))
    complex = polyhedral_complex(identity, BOX)
    boundary = decision_boundary(complex, output)
    ends = boundary.segments.reshape(-1, 2)
    assert np.isclose(ends, 0).all(axis=1).sum() == 3
    assert sorted(map(tuple, boundary.classes.tolist())) == [(0, 1), (0, 2), (1, 2)]
    regions = class_regions(complex, output)
    assert [betti(region) for region in regions] == [(1, 0)] * 3
    assert sum(region.area for region in regions) == pytest.approx(16)


def test_boundary_of_several_classes_is_a_tie_of_the_two_greatest():
    *layers, output = random_net((2, 7, 7, 5), 4)
    complex = polyhedral_complex(layers, BOX)
    boundary = decision_boundary(complex, output)
    values = np.sort(logits(layers, output, boundary.segments.mean(axis=1)), axis=1)
    np.testing.assert_allclose(values[:, -1], values[:, -2], atol=1e-12)
    exact = logits(layers, output, boundary.segments.mean(axis=1))
    two = np.sort(np.argsort(exact, axis=1)[:, -2:], axis=1)
    np.testing.assert_array_equal(two, boundary.classes)


def test_the_complex_is_left_as_it_was():
    *layers, output = random_net((2, 6, 3), 1)
    complex = polyhedral_complex(layers, BOX)
    before = complex.corners.copy(), complex.sizes.copy(), complex.vertex_images.copy()
    class_regions(complex, output)
    decision_boundary(complex, output)
    for old, new in zip(before, (complex.corners, complex.sizes, complex.vertex_images), strict=True):
        np.testing.assert_array_equal(old, new)


def test_wrong_outputs():
    complex = polyhedral_complex(ABSOLUTE, BOX)
    with pytest.raises(ValueError, match="output: W must take 4 inputs, not 3"):
        decision_boundary(complex, (np.ones((1, 3)), np.zeros(1)))
    with pytest.raises(ValueError, match="single logit, not 2"):
        positive_region(complex, (np.ones((2, 4)), np.zeros(2)))
    with pytest.raises(ValueError, match=r"output: .*finite"):
        class_regions(complex, (np.full((1, 4), np.nan), np.zeros(1)))
    with pytest.raises(ValueError, match="overflow"):
        class_regions(complex, (np.full((1, 4), 1e308), np.zeros(1)))
