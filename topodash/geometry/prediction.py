"""The complex cut further, so that the predicted class is constant on each piece.

The greatest logit so far and the next logit differ by a function that is affine on each piece, so k classes
need k - 1 cuts: cut where the difference vanishes, keep the greater. Which classes share the maximum is
kept at the vertices as exact combinatorics: on an edge or a face it is what all of its corners have in
common.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from .complex import PolyhedralComplex, polygon_areas
from .layers import Array, Layer, check_layer
from .mesh import Ints, Mesh, mesh_edges

_TOLERANCE = 1e-12


@dataclass(frozen=True, eq=False)
class PredictedPieces:
    """The pieces of a complex on which one class wins.

    Attributes
    ----------
    unit_vertices (V, 2) : in the coordinates in which the box is [-1, 1]^2; the complex's own vertices come
        first.
    images (V, out) : last hidden layer at each vertex.
    corners (K, P) : as in `PolyhedralComplex`.
    cells (P,) : the cell of the complex that the piece lies in.
    winners (V, k) bool : whether the class has the greatest logit at the vertex (several at a tie).
    area (P,) : in squared input units.
    """

    unit_vertices: Array
    images: Array
    corners: Ints
    cells: Ints
    winners: npt.NDArray[np.bool_]
    area: Array

    @cached_property
    def edges(self) -> tuple[Ints, Ints]:
        """The ends of all edges (E, 2) and the pieces on their two sides (E, 2); see `mesh_edges`."""
        return mesh_edges(self.corners, len(self.unit_vertices))

    def pieces_of(self, label: int) -> npt.NDArray[np.bool_]:
        """Pieces on which a class wins or ties throughout, (P,)."""
        result: npt.NDArray[np.bool_] = np.logical_and.reduce(self.winners[self.corners, label], axis=0)
        return result


def check_output(complex: PolyhedralComplex, output: Layer) -> tuple[Array, Array]:
    """The output layer as float64; ValueError when it does not take what the complex gives."""
    return check_layer(output, "output", complex.vertex_images.shape[1])


def predicted_pieces(complex: PolyhedralComplex, output: Layer) -> PredictedPieces:
    """Cut a complex where the two greatest logits tie.

    Parameters
    ----------
    complex : of the hidden layers.
    output : (W (k, out), b (k,)). One row is the logit of class 1 against 0 for class 0.

    Raises
    ------
    ValueError
        When the output does not fit, or overflows.
    """
    weight, bias = check_output(complex, output)
    images = complex.vertex_images.T
    with np.errstate(over="ignore", invalid="ignore"):
        values = weight @ images + bias[:, None]
        sizes = np.abs(weight) @ images.max(axis=1) + np.abs(bias)
    if not (np.isfinite(values).all() and np.isfinite(sizes).all()):
        raise ValueError("output: logits overflow float64 inside the box")
    if len(values) == 1:
        values = np.concatenate([np.zeros_like(values), values])
        sizes = np.array([0.0, sizes[0]])

    first = 2 + len(images)
    # Copies: cutting writes into the structure.
    fields = np.concatenate([complex.unit_vertices.T, images, values[:1], values])
    mesh = Mesh(complex.corners.copy(), complex.sizes.copy(), fields)
    best = first  # row of the greatest logit so far, rows first + 1 + d hold the logits themselves
    cells = np.arange(len(complex))
    winners = np.zeros((mesh.vertices, len(values)), dtype=bool)
    winners[:, 0] = True
    largest = sizes[0]
    for label in range(1, len(values)):
        row = first + 1 + label
        mesh.fields[row, : mesh.vertices] -= mesh.fields[best, : mesh.vertices]
        largest = max(largest, sizes[label])
        cut = mesh.cut(row, _TOLERANCE * largest)
        mesh.fields[best, : mesh.vertices] += np.maximum(mesh.fields[row, : mesh.vertices], 0.0)
        cells = np.concatenate([cells, cells[cut.parents]])
        winners = np.concatenate([winners, winners[cut.low] & winners[cut.high]])
        signs = np.concatenate([cut.signs, np.zeros(len(cut.low), dtype=np.int8)])
        winners[signs > 0] = False
        winners[:, label] = signs >= 0
    corners = mesh.corners[:, : mesh.faces]
    unit_vertices = mesh.fields[:2, : mesh.vertices].T
    return PredictedPieces(
        unit_vertices=unit_vertices,
        images=mesh.fields[2:first, : mesh.vertices].T,
        corners=corners,
        cells=cells,
        winners=winners,
        area=polygon_areas(unit_vertices, corners) * complex.half_widths.prod(),
    )
