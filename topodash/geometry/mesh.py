"""Cutting a planar subdivision by the zero set of a function that is linear on each of its faces.

One structure carries everything exact in this room. A `Mesh` is a disc cut into convex faces that share
vertices by number. A function that is continuous, and affine on each face, is known by its values at the
vertices; `Mesh.cut` splits every face on which it changes sign:

1. Each vertex gets a sign, -1, 0 or +1, once; values within rounding of zero become zero.
2. An edge with ends of strictly opposite sign gets one new vertex, shared by both of its faces.
3. A face that has both signs is split along the chord between its two zeros.

Signs belong to vertices and new vertices to edges, so neighbours always agree: no T-junctions, and
V - E + F = 1 by construction, whatever the rounding. Every step is a few numpy operations over all faces
at once.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

_ABSENT = 2


class Cut(NamedTuple):
    """What one cut did, for callers that keep more about faces and vertices.

    ``signs`` (V,) int8 of the vertices before the cut; ``above`` (F,) bool, faces before the cut that have
    a positive vertex; ``parents`` (m,) the faces that were split: the positive part keeps the number, the
    others are appended in this order; ``low``, ``high`` (q,) the ends of the edges that were cut, the new
    vertices being appended in this order.
    """

    signs: npt.NDArray[np.int8]
    above: npt.NDArray[np.bool_]
    parents: Ints
    low: Ints
    high: Ints


class Mesh:
    """Convex faces with shared vertices.

    Attributes
    ----------
    faces, vertices : how many there are; arrays have spare room behind.
    corners : (K, >= faces) vertex numbers of each face in a column, counter-clockwise; a face with fewer
        than K corners repeats its first one, so that 'the next corner' needs no counts.
    sizes : (>= faces,) corners of each face.
    fields : (r, >= vertices) quantities that are affine on each face; rows 0 and 1 are the coordinates. All
        are interpolated at new vertices.
    """

    def __init__(self, corners: Ints, sizes: Ints, fields: Array) -> None:
        self.faces = corners.shape[1]
        self.vertices = fields.shape[1]
        self.corners = corners
        self.sizes = sizes
        self.fields = fields

    @classmethod
    def square(cls) -> "Mesh":
        """The square [-1, 1]^2 as one face."""
        corners = np.array([[0], [1], [2], [3]], dtype=np.intp)
        fields = np.array([[-1.0, 1.0, 1.0, -1.0], [-1.0, -1.0, 1.0, 1.0]])
        return cls(corners, np.array([4], dtype=np.intp), fields)

    def cut(self, row: int, tolerance: float, face_limit: int | None = None) -> Cut:
        """Split every face on which ``fields[row]`` changes sign.

        Values of at most ``tolerance`` become exactly zero. Past ``face_limit`` faces nothing is split and
        OverflowError is raised with the number that would be needed.
        """
        heights = self.fields[row, : self.vertices]
        heights[np.abs(heights) <= tolerance] = 0.0
        signs = np.sign(heights).astype(np.int8)
        corner_signs = signs[self.corners[:, : self.faces]]
        above = corner_signs.max(axis=0) > 0
        parents = np.flatnonzero(above & (corner_signs.min(axis=0) < 0))
        if not len(parents):
            nothing = np.empty(0, dtype=np.intp)
            return Cut(signs, above, parents, nothing, nothing)
        if face_limit is not None and self.faces + len(parents) > face_limit:
            raise OverflowError(self.faces + len(parents))

        # Corners and, behind each, the zero on the side to the next corner, if that side is cut.
        here = self.corners[:, parents]
        signs_here = corner_signs[:, parents]
        slots, columns = np.nonzero(signs_here * _following(signs_here) < 0)
        labels = np.full((2 * len(here), len(parents)), _ABSENT, dtype=np.int8)
        labels[0::2] = np.where(np.arange(len(here))[:, None] < self.sizes[parents], signs_here, _ABSENT)
        labels[2 * slots + 1, columns] = 0
        unclear = np.flatnonzero((labels == 0).sum(axis=0) != 2)
        if len(unclear) and self._settle(heights, labels, here, unclear):
            return self.cut(row, tolerance, face_limit)

        low, high, which = self._new_vertices(row, here[slots, columns], _following(here)[slots, columns])
        ids = np.empty(labels.shape, dtype=np.intp)
        ids[0::2] = here
        ids[2 * slots + 1, columns] = which
        self._replace(parents, ids, labels)
        return Cut(signs, above, parents, low, high)

    def _settle(self, heights: Array, labels: npt.NDArray[np.int8], here: Ints, unclear: Ints) -> bool:
        """Give the unclear faces one chord each; whether vertices had to be moved to zero for it.

        A vertex that ends up on the other side of a chord than its sign was rounding, and becomes zero for all
        of its faces.
        """
        moved = False
        for column in unclear:
            corners = here[:, column]
            values = np.zeros(len(labels))
            values[0::2] = heights[corners]
            settled = _one_chord(labels[:, column], values)
            wrong = corners[labels[0::2, column] * settled[0::2] == -1]
            heights[wrong] = 0.0
            moved |= len(wrong) > 0
            labels[:, column] = settled
        return moved

    def _new_vertices(self, row: int, start: Ints, end: Ints) -> tuple[Ints, Ints, Ints]:
        """Add one vertex on each distinct edge; their numbers for the edges as given."""
        count = self.vertices
        keys = np.minimum(start, end) * count + np.maximum(start, end)
        order = keys.argsort(kind="stable")
        ordered = keys[order]
        first = np.empty(len(keys), dtype=bool)
        first[:1] = True
        np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
        which = np.empty_like(order)
        which[order] = first.cumsum() + (count - 1)
        low, high = np.divmod(ordered[first], count)

        total = count + len(low)
        if total > self.fields.shape[1]:
            wider = np.empty((len(self.fields), max(2 * self.fields.shape[1], total)))
            wider[:, :count] = self.fields[:, :count]
            self.fields = wider
        left, right = self.fields[:, low], self.fields[:, high]
        share = left[row] / (left[row] - right[row])
        fresh = self.fields[:, count:total]
        np.subtract(right, left, out=fresh)
        fresh *= share
        fresh += left
        fresh[row] = 0.0
        self.vertices = total
        return low, high, which

    def _replace(self, parents: Ints, ids: Ints, labels: npt.NDArray[np.int8]) -> None:
        """Put the positive parts in their parents' places and append the negative ones."""
        split = len(parents)
        keep = np.concatenate([(labels == 0) | (labels == 1), labels <= 0], axis=1)
        places = keep.cumsum(axis=0)
        sizes = places[-1]
        deepest = max(int(sizes.max()), len(self.corners))
        rows, columns = np.nonzero(keep)
        values = ids[rows, columns % split]
        children = np.empty((deepest, 2 * split), dtype=np.intp)
        places = places[rows, columns] - 1
        firsts = places == 0
        children[:, columns[firsts]] = values[firsts]
        children[places, columns] = values

        total = self.faces + split
        have, room = self.corners.shape
        if total > room or deepest > have:
            room = max(room, 2 * total) if total > room else room
            wider = np.empty((deepest, room), dtype=np.intp)
            wider[:have, : self.faces] = self.corners[:, : self.faces]
            wider[have:, : self.faces] = self.corners[0, : self.faces]
            self.corners = wider
        if total > len(self.sizes):
            self.sizes = np.concatenate([self.sizes, np.empty(2 * total - len(self.sizes), dtype=np.intp)])
        self.corners[:, parents] = children[:, :split]
        self.corners[:, self.faces : total] = children[:, split:]
        self.sizes[parents] = sizes[:split]
        self.sizes[self.faces : total] = sizes[split:]
        self.faces = total


def _following(columns: npt.NDArray) -> npt.NDArray:
    """For each corner the next one of its face."""
    result = np.empty_like(columns)
    result[:-1] = columns[1:]
    result[-1] = columns[0]
    return result


def _one_chord(labels: npt.NDArray[np.int8], heights: Array) -> npt.NDArray[np.int8]:
    """Labels with exactly two zeros, for a face where rounding left more or fewer.

    An affine function on a convex face has two zeros on its rim. Where corners within rounding of each other
    say otherwise, one zero is kept on each way from the highest corner to the lowest.
    """
    present = np.flatnonzero(labels != _ABSENT)
    present = np.roll(present, -int(heights[present].argmax()))
    around = labels[present]
    zeros = np.flatnonzero(around == 0)
    down, up = int(zeros[0]), int(zeros[-1])
    around[:down] = 1
    around[down + 1 : up] = -1
    around[up + 1 :] = 1
    around[[down, up]] = 0
    result = labels.copy()
    result[present] = around
    return result


def mesh_edges(corners: Ints, vertices: int) -> tuple[Ints, Ints]:
    """The edges of a subdivision.

    Parameters
    ----------
    corners : (K, F) as in `Mesh`.
    vertices : how many vertices there are.

    Returns
    -------
    ends (E, 2) : vertex numbers, the lower first, in increasing order.
    sides (E, 2) : the faces beside it, the lower first; -1 in the second place where the edge is on the rim.
    """
    start, end = corners, _following(corners)
    slots, faces = np.nonzero(start != end)
    start, end = start[slots, faces], end[slots, faces]
    keys = np.minimum(start, end) * vertices + np.maximum(start, end)
    order = np.lexsort((faces, keys))
    ordered = keys[order]
    first = np.empty(len(keys), dtype=bool)
    first[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    positions = np.flatnonzero(first)
    sides = np.full((len(positions), 2), -1, dtype=np.intp)
    sides[:, 0] = faces[order[positions]]
    inner = np.flatnonzero(np.diff(positions, append=len(keys)) == 2)
    sides[inner, 1] = faces[order[positions[inner] + 1]]
    ends = np.stack(np.divmod(ordered[positions], vertices), axis=1)
    return ends, sides
