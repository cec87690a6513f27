"""Lines, planes and surfaces for drawing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from relu_nets import BOX, degenerate_nets, generic_nets, layers_from, random_net

from topodash.geometry import (
    activation_surface,
    activations,
    bent_hyperplanes,
    fan_triangles,
    neuron_lines,
    output_plane,
    polyhedral_complex,
)


@settings(max_examples=50, deadline=None)
@given(degenerate_nets(depths=(1,)))
def test_lines_of_the_first_layer(layers):
    weight, bias = layers[0]
    for line, direction, offset in zip(neuron_lines(layers, BOX), weight, bias, strict=True):
        corners = np.array([[-2, -2], [2, -2], [2, 2], [-2, 2]]) @ direction + offset
        if not direction.any():
            assert line.normal is None
            assert line.segment is None
            continue
        np.testing.assert_allclose(line.normal, direction / np.linalg.norm(direction))
        crosses = corners.min() < 0 < corners.max() or (corners == 0).sum() == 2
        assert (line.segment is not None) == crosses
        if line.segment is not None:
            np.testing.assert_allclose(line.segment @ direction + offset, 0, atol=1e-12)
            assert np.isclose(np.abs(line.segment).max(axis=1), 2).all()
            along = line.segment[1] - line.segment[0]
            assert np.cross([*along, 0], [*line.normal, 0])[2] > 0


def test_lines_of_tiny_and_huge_weights():
    layers = layers_from(([[1e-200, 0], [0, 1e200]], [1e-200, -1e200]))
    first, second = neuron_lines(layers, BOX)
    np.testing.assert_allclose(first.segment[:, 0], -1)
    np.testing.assert_allclose(second.segment[:, 1], 1)


@settings(max_examples=25, deadline=None)
@given(generic_nets())
def test_bent_lines_are_where_units_switch(layers):
    complex = polyhedral_complex(layers, BOX)
    lines = bent_hyperplanes(complex)
    assert [(line.layer, line.unit) for line in lines] == [
        (layer, unit) for layer, (_, bias) in enumerate(layers) for unit in range(len(bias))
    ]
    for place, line in enumerate(lines):
        points = line.segments.mean(axis=1)
        inputs = points if line.layer == 0 else activations(layers[: line.layer], points)[-1]
        weight, bias = layers[line.layer]
        scale = np.abs(weight[line.unit]) @ np.abs(inputs).max(axis=0, initial=0) + np.abs(bias[line.unit])
        assert (np.abs(inputs @ weight[line.unit] + bias[line.unit]) <= 1e-10 * scale).all()
        assert (complex.patterns[line.cells[:, 0], place] == 1).all()
        assert (complex.patterns[line.cells[:, 1], place] == 0).all()
        # The positive cell is on the left.
        along = line.segments[:, 1] - line.segments[:, 0]
        for (start, _), direction, (left, _) in zip(line.segments, along, line.cells, strict=True):
            to = complex.cells[left].polygon.mean(axis=0) - start
            if complex.area[left] > 1e-9:
                assert direction[0] * to[1] - direction[1] * to[0] > 0


def test_first_layer_lines_have_their_full_length_as_bent_lines():
    layers = random_net((2, 6, 4), 5)
    bent = bent_hyperplanes(polyhedral_complex(layers, BOX))
    for line, pieces in zip(neuron_lines(layers, BOX), bent, strict=False):
        whole = 0.0 if line.segment is None else np.linalg.norm(line.segment[1] - line.segment[0])
        parts = np.linalg.norm(pieces.segments[:, 1] - pieces.segments[:, 0], axis=1).sum()
        assert parts == pytest.approx(whole)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-3, 3), min_size=4, max_size=4))
def test_output_plane_is_the_box_cut_by_the_plane(numbers):
    *weight, bias = map(float, numbers)
    bounds = np.array([[0, 2], [-1, 1], [0, 0.5]])
    polygon = output_plane(weight, bias, bounds)
    corners = np.array([[x, y, z] for x in bounds[0] for y in bounds[1] for z in bounds[2]]) @ weight + bias
    if not any(weight) or corners.min() > 0 or corners.max() < 0:
        assert polygon is None
        return
    if polygon is None:
        assert (corners == 0).sum() in {1, 2}
        assert corners.min() == 0 or corners.max() == 0
        return
    np.testing.assert_allclose(polygon @ weight + bias, 0, atol=1e-12)
    assert (polygon >= bounds[:, 0] - 1e-12).all()
    assert (polygon <= bounds[:, 1] + 1e-12).all()
    assert 3 <= len(polygon) <= 6
    # Convex and in order: all turns go the same way. Its area is what a fine fan of random points sees.
    sides = np.roll(polygon, -1, axis=0) - polygon
    turns = np.cross(sides, np.roll(sides, -1, axis=0)) @ np.array(weight)
    assert (turns >= -1e-12).all() or (turns <= 1e-12).all()


def test_output_plane_of_the_diagonal_is_a_hexagon():
    polygon = output_plane([1, 1, 1], -1.5, [[0, 1]] * 3)
    assert len(polygon) == 6
    np.testing.assert_allclose(np.linalg.norm(np.roll(polygon, -1, axis=0) - polygon, axis=1), np.sqrt(0.5))


def test_output_plane_refuses_other_widths_and_boxes():
    with pytest.raises(ValueError, match="exactly three numbers, not 2"):
        output_plane([1, 1], 0, [[0, 1]] * 3)
    with pytest.raises(ValueError, match="bounds must be three finite"):
        output_plane([1, 1, 1], 0, [[0, 0]] * 3)
    with pytest.raises(ValueError, match="finite"):
        output_plane([1, np.nan, 1], 0, [[0, 1]] * 3)


@settings(max_examples=20, deadline=None)
@given(generic_nets())
def test_surface_is_the_activation_everywhere(layers):
    complex = polyhedral_complex(layers, BOX)
    layer = len(layers) - 1
    surface = activation_surface(complex, layer, 0)
    corners = surface.vertices[surface.triangles]
    middles = corners.mean(axis=1)
    exact = activations(layers, middles)[layer][:, 0]
    scale = max(1e-12, np.abs(surface.heights).max())
    np.testing.assert_allclose(surface.heights[surface.triangles].mean(axis=1), exact, atol=1e-9 * scale)
    one, two = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    areas = (one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]) / 2
    assert areas.min() >= -1e-12
    np.testing.assert_allclose(np.bincount(surface.cells, areas, len(complex)), complex.area, atol=1e-12)


def test_surface_of_an_early_layer_and_wrong_indices():
    layers = random_net((2, 4, 3), 0)
    complex = polyhedral_complex(layers, BOX)
    surface = activation_surface(complex, 0, 3)
    np.testing.assert_array_equal(surface.heights, activations(layers, complex.vertices)[0][:, 3])
    assert len(fan_triangles(complex)[0]) == (complex.sizes - 2).sum()
    with pytest.raises(ValueError, match="layer must be from 0 to 1, not 2"):
        activation_surface(complex, 2, 0)
    with pytest.raises(ValueError, match="unit must be from 0 to 2 in layer 1, not -1"):
        activation_surface(complex, 1, -1)
