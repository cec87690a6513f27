"""The invariants of the subdivision, on random networks and on every degenerate one that is known to hurt."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from relu_nets import BOX, degenerate_nets, generic_nets, layers_from, random_net

from topodash.geometry import activations, cells_over, polyhedral_complex
from topodash.geometry.mesh import _one_chord


def check_invariants(layers, box=BOX, tolerance=1e-9, cancelling=False):
    """Everything that must hold of any complex; the complex.

    Where layers may cancel to next to nothing, errors are measured against what they cancel from.
    """
    complex = polyhedral_complex(layers, box)
    (left, right), (bottom, top) = box
    whole = (right - left) * (top - bottom)
    assert complex.area.sum() == pytest.approx(whole, rel=1e-12)
    assert (complex.area >= -1e-15 * whole).all()
    ends, sides = complex.edges
    assert len(complex.vertices) - len(ends) + len(complex) == 1
    assert len(np.unique(complex.packed_corners)) == len(complex.vertices)
    assert len(np.unique(complex.patterns, axis=0)) == len(complex)
    # Neighbours differ in at least one unit; the rim is the box's.
    inner = sides[:, 1] >= 0
    assert (complex.patterns[sides[inner, 0]] != complex.patterns[sides[inner, 1]]).any(axis=1).all()
    rim = complex.vertices[ends[~inner]]
    for axis, limits in enumerate(box):
        assert rim[..., axis].min() == limits[0] and rim[..., axis].max() == limits[1]

    # Places of twenty bits: in a box of whole numbers small integer weights give exact sums, so that what cancels is zero there too.
    shares = np.random.default_rng(0).integers(1, 2**20, size=(200, 2)) / 2**20
    points = np.array([left, bottom]) + shares * [right - left, top - bottom]
    found = complex.locate(points)
    assert (found >= 0).all()
    forward = activations(layers, points)
    scale = max(1e-300, np.abs(forward[-1]).max(), np.abs(complex.vertex_images).max())
    if cancelling:
        terms = np.abs(np.array(box)).max(axis=1)
        for weight, bias in layers:
            terms = np.abs(weight) @ terms + np.abs(bias)
        scale = terms.max()
    affine = np.einsum("nod,nd->no", complex.A[found], points) + complex.c[found]
    np.testing.assert_allclose(affine, forward[-1], atol=tolerance * scale)
    np.testing.assert_allclose(
        complex.vertex_images, activations(layers, complex.vertices)[-1], atol=tolerance * scale
    )
    check_ranks(complex)
    return complex


def check_ranks(complex):
    """The stated rank is the dimension of the image, by numpy's SVD, for cells that are more than slivers."""
    maps = complex.A * complex.half_widths
    greatest = np.abs(maps).max()
    maps = maps / (greatest or 1.0)
    wide = complex.area > 1e-6 * complex.area.sum()
    values = np.linalg.svd(maps, compute_uv=False)
    # Between the two tolerances either answer is right.
    clear = wide & ~((values < 1e-7) & (values > 1e-13)).any(axis=1)
    np.testing.assert_array_equal(complex.rank[clear], (values > 1e-9).sum(axis=1)[clear])
    products = values[:, 0] * values[:, 1] if values.shape[1] == 2 else np.zeros(len(values))
    magnification = complex.magnification * complex.half_widths.prod() / (greatest or 1.0) ** 2
    np.testing.assert_allclose(magnification, products, rtol=1e-6, atol=1e-10)


@settings(max_examples=40, deadline=None)
@given(generic_nets())
def test_random_networks(layers):
    check_invariants(layers)


#: Its last unit is 0 wherever both units before it are on: the sums of the forward pass must cancel as exactly as the maps do.
CANCELS = [
    (np.array([[0.0, 0.0], [0.0, 0.0], [1.0, -1.0], [2.0, -2.0]]), np.array([0.0, 0.0, 2.0, 2.0])),
    (np.array([[0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 2.0, -1.0]]), np.array([0.0, -2.0])),
]


@settings(max_examples=120, deadline=None)
@given(degenerate_nets())
@example(CANCELS)
def test_networks_of_small_integers(layers):
    check_invariants(layers)


@settings(max_examples=30, deadline=None)
@given(degenerate_nets(), st.integers(-60, 60), st.integers(-8, 8))
def test_scales(layers, weights, box):
    """Layers times a power of ten, over a box of another size."""
    factor, side = 10.0 ** (weights / len(layers)), 10.0**box
    scaled = [(weight * factor, bias * factor ** (depth + 1)) for depth, (weight, bias) in enumerate(layers)]
    scaled[0] = (scaled[0][0] / side, scaled[0][1])
    wide = check_invariants(scaled, ((-2 * side, 2 * side), (-2 * side, 2 * side)), cancelling=True)
    plain = polyhedral_complex(layers, BOX)
    assert cells_over(wide) == cells_over(plain)
    np.testing.assert_array_equal(np.sort(wide.rank), np.sort(plain.rank))


@settings(max_examples=20, deadline=None)
@given(degenerate_nets(width=4), st.floats(1e-15, 1e-9), st.integers(0, 1000))
def test_slivers_at_the_edge_of_rounding_break_nothing(layers, size, seed):
    rng = np.random.default_rng(seed)
    shaken = [(w + size * rng.normal(size=w.shape), b + size * rng.normal(size=b.shape)) for w, b in layers]
    check_invariants(shaken, cancelling=True)
    (weight, bias), *rest = shaken
    nearly = weight * (1 + size), bias * (1 - size)
    doubled = np.concatenate([weight, nearly[0]]), np.concatenate([bias, nearly[1]])
    check_invariants([doubled, *_twice(rest)], cancelling=True)


def _twice(layers):
    """Later layers for doubled inputs."""
    return [
        (np.tile(weight, (1, 2)) if depth == 0 else weight, bias)
        for depth, (weight, bias) in enumerate(layers)
    ]


def by_pattern(layers, box=BOX):
    complex = check_invariants(layers, box)
    return {cell.pattern: (round(cell.area, 9), cell.rank) for cell in complex.cells}


def test_three_lines_in_general_position_leave_out_one_pattern():
    # The triangle x > -1, y > -1, x + y < 1 is 111; nothing is off all three lines.
    cells = by_pattern(layers_from(([[1, 0], [0, 1], [-1, -1]], [1, 1, 1])), ((-9, 9), (-9, 9)))
    assert len(cells) == 7
    assert (0, 0, 0) not in cells
    assert cells[1, 1, 1] == (4.5, 2)
    # One unit on maps to an axis, two or three to a plane.
    assert {pattern: rank for pattern, (_, rank) in cells.items()} == {p: min(sum(p), 2) for p in cells}


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        pytest.param([([[0, 0]], [1])], {(1,): (16, 0)}, id="zero weights, positive bias"),
        pytest.param([([[0, 0]], [0])], {(0,): (16, 0)}, id="zero weights, zero bias: identically zero is 0"),
        pytest.param([([[0, 0]], [-1])], {(0,): (16, 0)}, id="zero weights, negative bias"),
        pytest.param([([[1, 0]], [-3])], {(0,): (16, 0)}, id="dead"),
        pytest.param([([[1, 0]], [3])], {(1,): (16, 1)}, id="always on"),
        pytest.param([([[1, 0]], [2])], {(1,): (16, 1)}, id="along the box's left side, on inside"),
        pytest.param([([[1, 0]], [-2])], {(0,): (16, 0)}, id="along the box's right side, off inside"),
        pytest.param([([[1, 1]], [4])], {(1,): (16, 1)}, id="touches a corner, on inside"),
        pytest.param([([[1, 1]], [-4])], {(0,): (16, 0)}, id="touches a corner, off inside"),
        pytest.param([([[1, -1]], [0])], {(0,): (8, 0), (1,): (8, 1)}, id="a diagonal through two corners"),
        pytest.param([([[2, 1]], [2])], {(0,): (4, 0), (1,): (12, 1)}, id="through one corner"),
        pytest.param(
            [([[1, 0], [1, 0]], [0, 0])], {(0, 0): (8, 0), (1, 1): (8, 1)}, id="coincident, same side"
        ),
        pytest.param(
            [([[1, 0], [-3, 0]], [0, 0])], {(0, 1): (8, 1), (1, 0): (8, 1)}, id="coincident, opposite"
        ),
        pytest.param(
            [([[1, 0], [1, 0]], [0, -1])], {(0, 0): (8, 0), (1, 0): (4, 1), (1, 1): (4, 1)}, id="parallel"
        ),
        pytest.param(
            [([[1, 0], [0, 1], [1, 1]], [0, 0, 0])],
            {
                (1, 1, 1): (4, 2),
                (0, 0, 0): (4, 0),
                (1, 0, 1): (2, 2),
                (1, 0, 0): (2, 1),
                (0, 1, 1): (2, 2),
                (0, 1, 0): (2, 1),
            },
            id="three lines through one point",
        ),
        pytest.param(
            [([[1, 0]], [0]), ([[1]], [0])],
            {(0, 0): (8, 0), (1, 1): (8, 1)},
            id="bent line on the fold itself",
        ),
        pytest.param(
            [([[1, 0]], [0]), ([[-1]], [1])],
            {(0, 1): (8, 0), (1, 1): (4, 1), (1, 0): (4, 0)},
            id="constant beside",
        ),
        pytest.param(
            [([[1, 0], [-1, 0]], [0, 0]), ([[1, 1]], [0])], {(0, 1, 1): (8, 1), (1, 0, 1): (8, 1)}, id="|x|"
        ),
        pytest.param(
            [([[0, 0]], [1]), ([[1]], [-1])], {(1, 0): (16, 0)}, id="a deeper unit that is identically zero"
        ),
    ],
)
def test_degenerate_networks(pairs, expected):
    assert by_pattern(layers_from(*pairs)) == expected


def test_a_third_line_ten_epsilons_from_the_crossing_of_two_stays_one_vertex():
    layers = layers_from(([[1, 0], [0, 1], [1, 1]], [0, 0, 2e-15]))
    assert len(check_invariants(layers)) == 6


def test_duplicated_deep_network_has_the_same_cells():
    layers = random_net((2, 6, 5), 4)
    (w1, b1), (w2, b2) = layers
    doubled = [(np.tile(w1, (2, 1)), np.tile(b1, 2)), (np.tile(w2 / 2, (2, 2)), np.tile(b2, 2))]
    plain, twice = check_invariants(layers), check_invariants(doubled)
    assert len(plain) == len(twice)
    np.testing.assert_allclose(np.sort(plain.area), np.sort(twice.area), atol=1e-12)


def test_float32_weights_and_a_box_far_from_the_origin():
    layers = [(w.astype(np.float32), b.astype(np.float32)) for w, b in random_net((2, 8, 8), 1)]
    check_invariants(layers)
    far = [(layers[0][0], (layers[0][1] - layers[0][0] @ np.array([1e5, -1e5], dtype=np.float32))), layers[1]]
    check_invariants(far, ((1e5 - 2, 1e5 + 2), (-1e5 - 1, -1e5 + 1)))
    check_invariants(layers, ((-1e-6, 1e-6), (-1e3, 1e3)))


@pytest.mark.parametrize(
    ("widths", "least"), [((2, 16, 16), 150), ((2, *(10,) * 15), 100), ((2, 64, 64), 2000)]
)
def test_deep_and_wide_networks(widths, least):
    assert len(check_invariants(random_net(widths, 0), tolerance=1e-8)) > least


def test_the_number_of_cells_of_an_arrangement_is_zaslavskys():
    """Generic lines that all cross inside the box: 1 + n + n (n - 1) / 2 regions."""
    angles = np.linspace(0.1, 3.0, 25)
    normals = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    layers = [(normals, 0.01 * np.random.default_rng(5).normal(size=25))]
    assert len(polyhedral_complex(layers, BOX)) == 1 + 25 + 25 * 24 // 2


def test_many_corners():
    """Tangents to a circle: one cell with as many corners as there are lines."""
    angles = np.arange(40) * (2 * np.pi / 40)
    complex = check_invariants([(np.stack([np.cos(angles), np.sin(angles)], axis=1), -np.ones(40))])
    (inner,) = [cell for cell in complex.cells if not any(cell.pattern)]
    assert len(inner.polygon) == 40
    assert inner.area == pytest.approx(40 * np.tan(np.pi / 40))


def test_cells_are_counter_clockwise_views():
    complex = polyhedral_complex(random_net((2, 6, 4), 2), BOX)
    assert len(complex.cells) == len(complex) == len(list(complex.cells))
    assert complex.cells[-1].pattern == complex.cells[len(complex) - 1].pattern
    assert [cell.index for cell in complex.cells[2:5]] == [2, 3, 4]
    with pytest.raises(IndexError):
        complex.cells[len(complex)]
    for cell in complex.cells:
        x, y = cell.polygon.T
        assert 0.5 * (x * np.roll(y, -1) - np.roll(x, -1) * y).sum() == pytest.approx(cell.area, abs=1e-12)
        np.testing.assert_allclose(cell.image, cell.polygon @ cell.A.T + cell.c, atol=1e-10)
        here = slice(*complex.offsets[cell.index : cell.index + 2])
        np.testing.assert_array_equal(complex.polygons[here], cell.polygon)
        np.testing.assert_array_equal(complex.images[here], cell.image)
    json_ready = complex.cells[0]
    assert isinstance(json_ready.pattern[0], int)
    assert isinstance(json_ready.rank, int)


def test_same_network_same_arrays():
    layers = random_net((2, 16, 16), 9)
    first, second = polyhedral_complex(layers, BOX), polyhedral_complex(layers, BOX)
    for name in ("corners", "patterns", "unit_vertices", "vertex_images", "A", "c"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))


def test_cells_over_forgets_slivers():
    layers = layers_from(([[1, 0], [1, 0]], [0, 1e-10]))
    complex = check_invariants(layers)
    assert len(complex) == 3
    assert cells_over(complex) == {(0, 0), (1, 1)}
    assert cells_over(complex, 0.0) == {(0, 0), (0, 1), (1, 1)}


def test_a_face_with_too_many_zeros_still_gets_one_chord():
    """Signs that rounding made inconsistent on corners a hair apart."""
    absent = 2
    labels = np.array([1, absent, 0, absent, 1, 0, -1, absent, 0, absent, -1, 0], dtype=np.int8)
    heights = np.array([5.0, 0, 0, 0, 1e-12, 0, -4.0, 0, 0, 0, -1e-12, 0])
    settled = _one_chord(labels, heights)
    assert (settled == 0).sum() == 2
    np.testing.assert_array_equal(settled == absent, labels == absent)
    assert settled[0] == 1
    assert settled[6] == -1
    around = settled[settled != absent]
    assert (np.abs(np.diff(np.append(around, around[0]))) <= 1).all()
