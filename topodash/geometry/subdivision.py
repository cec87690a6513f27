"""From weights to cells: the exact subdivision of a box by a ReLU network of any depth.

1. Begin with the box as one cell.
2. For each layer, the pre-activations are affine on every cell that the layers before have cut; take their
   values at the vertices.
3. For each unit of the layer, cut all cells by its zero set (`Mesh.cut`); the unit is on in the parts above
   zero.
4. Apply ReLU to the values at the vertices and go on to the next layer.

No cell is visited by itself: a unit costs a few array operations over all cells.
"""

import math

import numpy as np

from .complex import Box, PolyhedralComplex
from .layers import Array, Layers, check_layers
from .mesh import Mesh

# Pre-activations below this share of the sum of their terms' sizes are zero. Vertices carry errors of a few
# 1e-16 of it, which a deep network amplifies; four digits keep parallel, coincident and concurrent lines
# together.
_TOLERANCE = 1e-12


class CellLimitExceeded(ValueError):
    """The network has more cells over the box than the caller allows."""


def polyhedral_complex(layers: Layers, box: Box, *, cell_limit: int = 20_000) -> PolyhedralComplex:
    """The linear regions of a ReLU network over a box, exact and with all that is known of them.

    Parameters
    ----------
    layers : [(W (out, in), b (out,)), ...]
        Hidden layers, ReLU after each; the first takes 2 inputs. Any float type, any depth.
    box : ((xmin, xmax), (ymin, ymax))
        In input units.
    cell_limit : int
        The most cells that may arise.

    Returns
    -------
    PolyhedralComplex
        A unit counts as 1 in a cell exactly if its pre-activation is > 0 in the interior, so one that is
        identically zero counts as 0. Pre-activations within 1e-12 of their terms' size count as zero.

    Raises
    ------
    CellLimitExceeded
        A ValueError, as soon as there are more cells than `cell_limit`.
    ValueError
        When shapes do not fit, a number is not finite, or the box is empty.

    Notes
    -----
    Regions and their images: paper A, section on polyhedra; Montúfar et al., arXiv:1402.1869, for their
        number.
    """
    checked = check_layers(layers, inputs=2)
    checked_box = check_box(box)
    if cell_limit < 1:
        raise ValueError(f"cell_limit must be at least 1, not {cell_limit!r}")
    low, high = np.array(checked_box).T
    centre, half = low / 2 + high / 2, high / 2 - low / 2

    units = sum(len(bias) for _, bias in checked)
    mesh = Mesh.square()
    bits = np.zeros((units, 1), dtype=np.uint8)
    values = mesh.fields
    unit = 0
    for depth, (weight, bias) in enumerate(checked):
        with np.errstate(over="ignore", invalid="ignore"):  # said below, by name
            if depth == 0:
                heights, tolerances = _first_heights(weight, bias, values, centre, half)
            else:
                heights = weight @ values + bias[:, None]
                tolerances = _TOLERANCE * (np.abs(weight) @ values.max(axis=1) + np.abs(bias))
        if not (np.isfinite(tolerances).all() and np.isfinite(heights).all()):
            raise ValueError(f"layers[{depth}]: pre-activations overflow float64 inside the box")
        bits = _cut_by_layer(mesh, heights, tolerances, bits, first=unit, cell_limit=cell_limit)
        values = np.maximum(mesh.fields[2:, : mesh.vertices], 0.0)
        unit += len(bias)

    return PolyhedralComplex(
        layers=checked,
        box=checked_box,
        unit_vertices=mesh.fields[:2, : mesh.vertices].T.copy(),
        corners=mesh.corners[:, : mesh.faces].copy(),
        sizes=mesh.sizes[: mesh.faces].copy(),
        patterns=np.ascontiguousarray(bits[:, : mesh.faces].T),
        vertex_images=values.T.copy(),
    )


def _first_heights(
    weight: Array, bias: Array, corners: Array, centre: Array, half: Array
) -> tuple[Array, Array]:
    """First pre-activations at the corners of [-1, 1]^2, (out, 4), and what counts as zero, (out,)."""
    size = np.abs(weight)
    # Moving the origin to the box's centre rounds the biases.
    rounding = 1e-15 * (size @ np.abs(centre) + np.abs(bias))
    moved = bias + weight @ centre
    tolerances = np.maximum(_TOLERANCE * (size @ half + np.abs(moved)), rounding)
    return (weight * half) @ corners + moved[:, None], tolerances


def _cut_by_layer(
    mesh: Mesh, heights: Array, tolerances: Array, bits: np.ndarray, *, first: int, cell_limit: int
) -> np.ndarray:
    """Cut by every unit of one layer; the activation bits (units, >= faces) with this layer's rows filled."""
    mesh.fields = np.concatenate([mesh.fields[:2, : mesh.vertices], heights])
    highest, lowest = heights.max(axis=1), heights.min(axis=1)
    for index, tolerance in enumerate(tolerances.tolist()):
        row = bits[first + index]
        # No vertex that is added later leaves the range of those at the layer's start.
        if highest[index] <= tolerance:
            here = mesh.fields[2 + index, : mesh.vertices]
            np.minimum(here, 0.0, out=here)
            continue
        if lowest[index] > tolerance:
            row[: mesh.faces] = 1
            continue
        before = mesh.faces
        try:
            cut = mesh.cut(2 + index, tolerance, cell_limit)
        except OverflowError as error:
            raise CellLimitExceeded(
                f"the network has more than cell_limit = {cell_limit} linear regions over the box; "
                "choose a smaller box, a smaller network or a higher limit"
            ) from error
        row[:before] = cut.above
        if mesh.faces > bits.shape[1]:
            wider = np.zeros((len(bits), 2 * mesh.faces), dtype=np.uint8)
            wider[:, :before] = bits[:, :before]
            bits = wider
        bits[: first + index, before : mesh.faces] = bits[: first + index, cut.parents]
    return bits


def check_box(box: Box) -> Box:
    """The box as plain floats; ValueError where it is no box, empty, or too thin for float64."""
    try:
        (left, right), (bottom, top) = box
        checked = (float(left), float(right)), (float(bottom), float(top))
    except (TypeError, ValueError) as error:
        raise ValueError(f"box must be ((xmin, xmax), (ymin, ymax)), not {box!r}") from error
    for name, (low, high) in zip("xy", checked, strict=True):
        if not (math.isfinite(high - low) and low < high):
            raise ValueError(f"box: {name}min must be finite and below {name}max, not {low} and {high}")
        if (high - low) <= 1e-9 * max(abs(low), abs(high)):
            raise ValueError(f"box: {name} from {low} to {high} is too thin for float64 to subdivide")
    return checked
