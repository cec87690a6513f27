"""The exact folded surface of one neuron's activation over the box (paper A, figure 1)."""

from dataclasses import dataclass

import numpy as np

from .complex import PolyhedralComplex
from .layers import Array, activations
from .mesh import Ints


@dataclass(frozen=True, eq=False)
class Surface:
    """A triangulated graph over the box; every fold of the function is an edge of it.

    Attributes
    ----------
    vertices (V, 2) : input coordinates.
    heights (V,) : the activation there.
    triangles (T, 3) : vertex numbers, counter-clockwise seen from above.
    cells (T,) : the cell of the complex that each triangle lies in.
    """

    vertices: Array
    heights: Array
    triangles: Ints
    cells: Ints


def activation_surface(complex: PolyhedralComplex, layer: int, unit: int) -> Surface:
    """The activation max(0, z) of one hidden unit over the whole box.

    Parameters
    ----------
    layer, unit : 0-based.

    Raises
    ------
    ValueError
        When the network has no such layer or unit.
    """
    if not 0 <= layer < len(complex.layers):
        raise ValueError(f"layer must be from 0 to {len(complex.layers) - 1}, not {layer!r}")
    width = len(complex.layers[layer][1])
    if not 0 <= unit < width:
        raise ValueError(f"unit must be from 0 to {width - 1} in layer {layer}, not {unit!r}")
    heights = activations(complex.layers[: layer + 1], complex.vertices)[-1][:, unit]
    triangles, cells = fan_triangles(complex)
    return Surface(complex.vertices, heights, triangles, cells)


def fan_triangles(complex: PolyhedralComplex) -> tuple[Ints, Ints]:
    """All cells as triangles around their first corners: vertex numbers (T, 3) and cells (T,)."""
    slots, cells = np.nonzero(np.arange(1, len(complex.corners))[:, None] < complex.sizes - 1)
    order = np.lexsort((slots, cells))
    slots, cells = slots[order] + 1, cells[order]
    corners = complex.corners
    triangles = np.stack([corners[0, cells], corners[slots, cells], corners[slots + 1, cells]], axis=1)
    return triangles, cells
