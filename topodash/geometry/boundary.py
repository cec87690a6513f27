"""The decision boundary as exact segments."""

from dataclasses import dataclass

import numpy as np

from .complex import PolyhedralComplex, to_box
from .layers import Array, Layer
from .mesh import Ints
from .prediction import PredictedPieces, predicted_pieces


@dataclass(frozen=True, eq=False)
class Boundary:
    """Where the predicted class changes.

    Attributes
    ----------
    segments (m, 2, 2) : start and end of each straight piece, input coordinates.
    cells (m,) : the cell of the complex that the piece lies in; on a side of two cells, the lower one.
    images (m, 2, out) : the ends in the last hidden layer. A segment's image is straight too.
    classes (m, 2) : the (lowest) two classes that tie there.
    flat_cells (f,) : cells with a part on which two classes tie everywhere. Such a part is boundary too; of
        it `segments` holds the rim only.
    """

    segments: Array
    cells: Ints
    images: Array
    classes: Ints
    flat_cells: Ints

    def __len__(self) -> int:
        return len(self.segments)


def decision_boundary(
    complex: PolyhedralComplex, output: Layer, *, pieces: PredictedPieces | None = None
) -> Boundary:
    """The points of the box at which the two greatest logits tie; for a single logit, at which it is 0.

    Parameters
    ----------
    complex : of the hidden layers.
    output : (W (k, out), b (k,)); one row is the logit of class 1, with class 0 below 0.
    pieces : the complex's `predicted_pieces`, where they are known already.

    Raises
    ------
    ValueError
        When the output does not fit the complex.

    Notes
    -----
    Exact up to rounding: one segment a cell and pair of classes, cut at the cells' sides and where a third
        class takes over.
    """
    pieces = pieces or predicted_pieces(complex, output)
    vertices = to_box(pieces.unit_vertices, complex.box)
    flat = np.add.reduce(pieces.winners[pieces.corners].all(axis=0), axis=1) > 1

    ends, sides = pieces.edges
    tied = pieces.winners[ends[:, 0]] & pieces.winners[ends[:, 1]]
    between = (sides[:, 1] < 0) | ~flat[sides[:, 1]] | ~flat[sides[:, 0]]
    chosen = (tied.sum(axis=1) > 1) & between
    ends, sides, tied = ends[chosen], sides[chosen], tied[chosen]
    first = tied.argmax(axis=1)
    tied[np.arange(len(tied)), first] = False
    beside = pieces.cells[sides]
    return Boundary(
        segments=vertices[ends],
        cells=np.where(sides[:, 1] < 0, beside[:, 0], beside.min(axis=1)),
        images=pieces.images[ends],
        classes=np.stack([first, tied.argmax(axis=1)], axis=1),
        flat_cells=np.unique(pieces.cells[flat]),
    )
