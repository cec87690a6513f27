"""Lines and planes for drawing: where single units switch, and the output plane of three last units.

The first layer's units switch along straight lines, deeper units along lines that bend where they cross the
layers before (paper A, figures 1, 3 and 5).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .complex import Box, PolyhedralComplex
from .layers import Array, Layers, check_layer, check_layers
from .mesh import Ints
from .subdivision import check_box

_TOLERANCE = 1e-12


@dataclass(frozen=True, eq=False)
class NeuronLine:
    """The line on which a first-layer unit's pre-activation vanishes.

    Attributes
    ----------
    unit : index in the first layer.
    segment (2, 2) : its part in the box, the positive side on its left; None where the line misses the box
        or there is none.
    normal (2,) : unit vector towards the positive side; None when the unit's weights are zero.
    """

    unit: int
    segment: Array | None
    normal: Array | None


@dataclass(frozen=True, eq=False)
class BentLine:
    """The segments of the box across which one hidden unit switches.

    Attributes
    ----------
    layer, unit : 0-based.
    segments (m, 2, 2) : sides of cells, the positive side on the left of each.
    cells (m, 2) : the cell on the positive side, then the one on the other.
    """

    layer: int
    unit: int
    segments: Array
    cells: Ints


def neuron_lines(layers: Layers, box: Box) -> tuple[NeuronLine, ...]:
    """The lines of the first layer, clipped to the box.

    Parameters
    ----------
    layers : hidden layers; the first takes 2 inputs.
    box : ((xmin, xmax), (ymin, ymax)).

    Raises
    ------
    ValueError
        For layers or a box that `polyhedral_complex` would refuse.
    """
    weight, bias = check_layers(layers, inputs=2)[0]
    (left, right), (bottom, top) = check_box(box)
    corners = np.array([[left, bottom], [right, bottom], [right, top], [left, top]])
    lines = []
    for unit, (direction, offset) in enumerate(zip(weight, bias, strict=True)):
        # Scaled by the greatest weight first, so that no square under- or overflows.
        greatest = np.abs(direction).max()
        if greatest == 0:
            lines.append(NeuronLine(unit, None, None))
            continue
        scaled = direction / greatest
        normal = scaled / np.hypot(*scaled)
        heights = corners @ scaled + offset / greatest
        heights[
            np.abs(heights) <= _TOLERANCE * (np.abs(corners) @ np.abs(scaled) + abs(offset / greatest))
        ] = 0.0
        lines.append(NeuronLine(unit, _chord(corners, heights, normal), normal))
    return tuple(lines)


def _chord(corners: Array, heights: Array, normal: Array) -> Array | None:
    """An affine function's zeros in a convex polygon, from its values at the corners; positive side left."""
    ends = []
    for here, there, at_here, at_there in zip(
        corners, np.roll(corners, -1, axis=0), heights, np.roll(heights, -1), strict=True
    ):
        if at_here == 0:
            ends.append(here)
        elif at_here * at_there < 0:
            ends.append(here + (there - here) * (at_here / (at_here - at_there)))
    if len(ends) != 2:
        return None
    segment = np.array(ends)
    along = segment[1] - segment[0]
    return segment if along[0] * normal[1] - along[1] * normal[0] > 0 else segment[::-1].copy()


def bent_hyperplanes(complex: PolyhedralComplex) -> tuple[BentLine, ...]:
    """Where each hidden unit switches, exactly, one `BentLine` a unit in the order of the patterns.

    Sides of cells that differ in the unit's bit. A unit that touches zero without becoming positive
    beyond is not listed there; one that is zero on whole cells switches at their rim.
    """
    ends, sides = complex.edges
    inner = sides[:, 1] >= 0
    ends, sides = ends[inner], sides[inner]
    patterns = complex.patterns
    # In counter-clockwise order of the first side's cell, so that this cell is on the left.
    forward = _runs_forward(complex, ends, sides[:, 0])
    ends = np.where(forward[:, None], ends, ends[:, ::-1])
    differs = patterns[sides[:, 0]] != patterns[sides[:, 1]]
    lines = []
    place = 0
    for layer, (_, bias) in enumerate(complex.layers):
        for unit in range(len(bias)):
            chosen = np.flatnonzero(differs[:, place])
            left_fires = patterns[sides[chosen, 0], place][:, None] == 1
            rim = np.where(left_fires, ends[chosen], ends[chosen][:, ::-1])
            cells = np.where(left_fires, sides[chosen], sides[chosen][:, ::-1])
            lines.append(BentLine(layer, unit, complex.vertices[rim], cells))
            place += 1
    return tuple(lines)


def _runs_forward(complex: PolyhedralComplex, ends: Ints, faces: Ints) -> npt.NDArray[np.bool_]:
    """Whether each edge, as given, runs counter-clockwise around its face."""
    corners = complex.corners[:, faces]
    following = np.roll(corners, -1, axis=0)
    return ((corners == ends[:, 0]) & (following == ends[:, 1])).any(axis=0)


def output_plane(weight: npt.ArrayLike, bias: npt.ArrayLike, bounds: npt.ArrayLike) -> Array | None:
    """The plane W n + b = 0 in the activation space of three last units, clipped to a 3-D box.

    Parameters
    ----------
    weight : (1, 3) or (3,), the output weights of a single logit.
    bias : (1,) or a number.
    bounds : ((min, max),) * 3 of the drawing.

    Returns
    -------
    (k, 3) float64, the corners in order, 3 <= k <= 6; None when the plane misses the box (or touches it in
    a corner or an edge only) or the weights are zero.

    Raises
    ------
    ValueError
        When there are not exactly three weights, or bounds are empty or not finite.
    """
    normal, offset = check_layer((np.reshape(weight, (1, -1)), np.reshape(bias, -1)), "output")
    if normal.shape != (1, 3):
        raise ValueError(f"weight must hold exactly three numbers, not {normal.size}")
    limits = np.asarray(bounds, dtype=np.float64)
    if limits.shape != (3, 2) or not np.isfinite(limits).all() or not (limits[:, 0] < limits[:, 1]).all():
        raise ValueError(f"bounds must be three finite (min, max) with min < max, not {limits.tolist()}")
    # In the unit cube's coordinates, where corners are rows of 0 and 1 and edges differ in one place.
    widths = limits[:, 1] - limits[:, 0]
    slopes = normal[0] * widths
    start = float(normal[0] @ limits[:, 0] + offset[0])
    size = np.abs(slopes).sum()
    if size == 0:
        return None
    cube = np.array([[i, j, k] for i in (0, 1) for j in (0, 1) for k in (0, 1)], dtype=np.float64)
    heights = cube @ slopes + start
    heights[np.abs(heights) <= _TOLERANCE * (size + abs(offset[0]))] = 0.0
    found = [cube[heights == 0]]
    for axis in range(3):
        low = np.flatnonzero(cube[:, axis] == 0)
        high = low + (4, 2, 1)[axis]
        crossed = heights[low] * heights[high] < 0
        low, high = low[crossed], high[crossed]
        share = heights[low] / (heights[low] - heights[high])
        found.append(cube[low] + share[:, None] * (cube[high] - cube[low]))
    points = np.concatenate(found)
    if len(points) < 3:
        return None
    return _around(points, slopes / size) * widths + limits[:, 0]


def _around(points: Array, normal: Array) -> Array:
    """Corners of a convex polygon in the plane across ``normal``, sorted into one turn."""
    axis = int(np.abs(normal).argmax())
    flat = np.delete(points - points.mean(axis=0), axis, axis=1)
    return points[np.arctan2(flat[:, 1], flat[:, 0]).argsort(kind="stable")]
