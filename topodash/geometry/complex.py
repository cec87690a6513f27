"""The polyhedral complex of a ReLU network over a box: what it is, and what can be read off it.

A ReLU network is affine on each set of points that switch the same units on. Over a box in the plane these
sets are convex polygons, the *cells*; a full activation pattern cuts out a convex set, so no two cells
share one. Arrays hold all cells at once; `PolyhedralComplex.cells` is a view for reading one at a time.

Source: paper A, figures 3 to 6; Chaukair, Schütte and Sunkara, doi 10.1016/j.procs.2023.08.200.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

import numpy as np
import numpy.typing as npt

from .layers import Array, activations
from .mesh import Ints, _following, mesh_edges

Box = tuple[tuple[float, float], tuple[float, float]]

# A singular value below this share of the greatest one is rounding, not a dimension.
_RANK_TOLERANCE = 1e-11


@dataclass(frozen=True)
class Cell:
    """One linear region.

    Attributes
    ----------
    index : its place in the complex.
    pattern : 0 or 1 for every hidden unit, layer by layer; 1 where the pre-activation is > 0 in the interior.
    polygon (k, 2) : corners, counter-clockwise, in input coordinates; neighbours' corners included.
    image (k, out) : where the last hidden layer sends the corners.
    rank : dimension of the image, 0, 1 or 2.
    A (out, 2), c (out,) : the network's last hidden layer is A x + c on this cell.
    area : in squared input units.
    magnification : sqrt(det(A'A)), area of the image over area of the cell.
    """

    index: int
    pattern: tuple[int, ...]
    polygon: Array
    image: Array
    rank: int
    A: Array
    c: Array
    area: float
    magnification: float


@dataclass(frozen=True, eq=False)
class PolyhedralComplex:
    """All cells of a network over a box, as arrays; F cells, V vertices, E edges.

    Attributes
    ----------
    layers : the hidden layers, float64.
    box : ((xmin, xmax), (ymin, ymax)).
    unit_vertices (V, 2) : the vertices in the coordinates in which the box is [-1, 1]^2.
    corners (K, F) : vertex numbers of each cell in a column, counter-clockwise, filled up with the first one.
    sizes (F,) : corners of each cell.
    patterns (F, units) uint8 : activation patterns, layer by layer.
    vertex_images (V, out) : last hidden layer at each vertex.
    """

    layers: tuple[tuple[Array, Array], ...]
    box: Box
    unit_vertices: Array
    corners: Ints
    sizes: Ints
    patterns: npt.NDArray[np.uint8]
    vertex_images: Array

    def __len__(self) -> int:
        return self.corners.shape[1]

    @property
    def cells(self) -> "Cells":
        """The cells one at a time."""
        return Cells(self)

    @cached_property
    def half_widths(self) -> Array:
        """Half the box's sides, (2,)."""
        return np.array([(high - low) / 2 for low, high in self.box])

    @cached_property
    def vertices(self) -> Array:
        """Vertices in input coordinates, (V, 2)."""
        return to_box(self.unit_vertices, self.box)

    @cached_property
    def offsets(self) -> Ints:
        """Cell i owns the rows offsets[i]:offsets[i + 1] of the packed arrays; (F + 1,)."""
        offsets = np.zeros(len(self) + 1, dtype=np.intp)
        np.cumsum(self.sizes, out=offsets[1:])
        return offsets

    @cached_property
    def packed_corners(self) -> Ints:
        """Vertex numbers of all polygons, one cell after the other, (offsets[-1],)."""
        return self.corners.T[np.arange(len(self.corners)) < self.sizes[:, None]]

    @cached_property
    def polygons(self) -> Array:
        """Corners of all cells, one cell after the other, (offsets[-1], 2)."""
        return self.vertices[self.packed_corners]

    @cached_property
    def images(self) -> Array:
        """Images of the corners of all cells, (offsets[-1], out)."""
        return self.vertex_images[self.packed_corners]

    @cached_property
    def area(self) -> Array:
        """Area of each cell in squared input units, (F,)."""
        return polygon_areas(self.unit_vertices, self.corners) * self.half_widths.prod()

    @cached_property
    def edges(self) -> tuple[Ints, Ints]:
        """Ends (E, 2) as vertex numbers and sides (E, 2) as cells, -1 where the edge is on the box's rim."""
        return mesh_edges(self.corners, len(self.unit_vertices))

    @cached_property
    def _affine(self) -> Array:
        """(out, F, 3): slopes in x and y, and the constant."""
        maps = np.zeros((2, len(self), 3))
        maps[0, :, 0] = maps[1, :, 1] = 1.0
        first = 0
        for weight, bias in self.layers:
            maps = (weight @ maps.reshape(len(maps), -1)).reshape(len(bias), len(self), 3)
            maps[:, :, 2] += bias[:, None]
            maps *= self.patterns[:, first : first + len(bias)].T[:, :, None]
            first += len(bias)
        return maps

    @cached_property
    def A(self) -> Array:
        """Linear part of the last hidden layer on each cell, (F, out, 2)."""
        return self._affine[:, :, :2].transpose(1, 0, 2)

    @cached_property
    def c(self) -> Array:
        """Constant part, (F, out)."""
        return self._affine[:, :, 2].T

    @cached_property
    def _stretch(self) -> tuple[Array, Array, float]:
        """The longer column of A over the square, the other's part across it, (F,) each; their unit."""
        # Gram-Schmidt, not det(A'A): squaring would lose half of the digits that tell rank 1 from rank 2.
        x, y = self._affine[:, :, 0] * self.half_widths[0], self._affine[:, :, 1] * self.half_widths[1]
        unit = max(float(np.abs(x).max()), float(np.abs(y).max())) or 1.0  # no square under- or overflows
        x, y = x / unit, y / unit
        longer = (x * x).sum(axis=0) >= (y * y).sum(axis=0)
        major, minor = np.where(longer, x, y), np.where(longer, y, x)
        length = np.sqrt((major * major).sum(axis=0))
        major = major / np.where(length > 0, length, 1.0)
        across = minor - major * (major * minor).sum(axis=0)
        return length, np.sqrt((across * across).sum(axis=0)), unit

    @cached_property
    def rank(self) -> npt.NDArray[np.int64]:
        """Dimension of the image of each cell, (F,): 0, 1 or 2."""
        length, across, _ = self._stretch
        rank = (length > _RANK_TOLERANCE * length.max()).astype(np.int64)
        rank += (rank == 1) & (across > _RANK_TOLERANCE * length)
        widths = np.cumsum([0] + [len(bias) for _, bias in self.layers[:-1]])
        # A layer with one firing unit leaves a line, whatever rounding says later.
        return np.minimum(rank, np.add.reduceat(self.patterns, widths, axis=1, dtype=np.int64).min(axis=1))

    @cached_property
    def magnification(self) -> Array:
        """sqrt(det(A'A)) of each cell, (F,); exactly 0 where the rank is below 2."""
        length, across, unit = self._stretch
        return np.where(self.rank == 2, length * across * unit / self.half_widths.prod() * unit, 0.0)

    @cached_property
    def _pattern_order(self) -> tuple[npt.NDArray[np.bytes_], Ints]:
        codes = _codes(self.patterns)
        order = codes.argsort()
        return codes[order], order

    def locate(self, points: npt.ArrayLike) -> Ints:
        """The cell of each point.

        Parameters
        ----------
        points : (n, 2) in input coordinates.

        Returns
        -------
        (n,) int
            Index into `cells`; -1 outside the closed box and for NaN. A point on a side belongs to the cell
            of its own activation pattern; one whose pattern no cell has (within rounding of a side) to the
            nearest.
        """
        array = np.asarray(points, dtype=np.float64)
        if array.ndim != 2 or array.shape[1] != 2:
            raise ValueError(f"points must have shape (n, 2), not {array.shape}")
        (left, right), (bottom, top) = self.box
        x, y = array.T
        inside = np.flatnonzero((x >= left) & (x <= right) & (y >= bottom) & (y <= top))
        found = np.full(len(array), -1, dtype=np.intp)
        if not len(inside):
            return found
        firing = np.concatenate([values > 0 for values in activations(self.layers, array[inside])], axis=1)
        codes = _codes(firing)
        known, order = self._pattern_order
        places = np.minimum(np.searchsorted(known, codes), len(known) - 1)
        hit = known[places] == codes
        found[inside[hit]] = order[places[hit]]
        for lost in np.array_split(inside[~hit], max(1, (~hit).sum() * self.corners.size // 4_000_000 + 1)):
            found[lost] = self._nearest(array[lost])
        return found

    def _nearest(self, points: Array) -> Ints:
        """The cell that contains each point, or whose worst side is least violated."""
        if not len(points):
            return np.empty(0, dtype=np.intp)
        scaled = from_box(points, self.box)
        start = self.unit_vertices[self.corners]
        along = self.unit_vertices[_following(self.corners)] - start
        length = np.hypot(along[..., 0], along[..., 1])
        normal = np.stack([-along[..., 1], along[..., 0]], axis=-1)
        normal /= np.where(length > 0, length, 1.0)[..., None]
        depth = np.einsum("nkfd,kfd->nkf", scaled[:, None, None, :] - start, normal)
        return np.where(length > 0, depth, np.inf).min(axis=1).argmax(axis=1)


class Cells(Sequence[Cell]):
    """The cells of a complex, made when they are read."""

    def __init__(self, source: PolyhedralComplex) -> None:
        self._source = source

    def __len__(self) -> int:
        return len(self._source)

    @overload
    def __getitem__(self, index: int) -> Cell: ...
    @overload
    def __getitem__(self, index: slice) -> list[Cell]: ...
    def __getitem__(self, index: int | slice) -> Cell | list[Cell]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        source = self._source
        place = range(len(self))[index]
        rim = source.corners[: source.sizes[place], place]
        return Cell(
            index=place,
            pattern=tuple(source.patterns[place].tolist()),
            polygon=source.vertices[rim],
            image=source.vertex_images[rim],
            rank=int(source.rank[place]),
            A=source.A[place],
            c=source.c[place],
            area=float(source.area[place]),
            magnification=float(source.magnification[place]),
        )

    def __iter__(self) -> Iterator[Cell]:
        return (self[i] for i in range(len(self)))


def cells_over(complex: PolyhedralComplex, fraction: float = 1e-9) -> frozenset[tuple[int, ...]]:
    """Patterns of the cells with more than a share of the box's area: what the 'cells' events compare."""
    wide = complex.area > fraction * 4 * complex.half_widths.prod()
    return frozenset(map(tuple, complex.patterns[wide].tolist()))


def polygon_areas(vertices: Array, corners: Ints) -> Array:
    """Areas of polygons given as in `Mesh`, (F,)."""
    x, y = vertices[:, 0][corners], vertices[:, 1][corners]
    x, y = x - x[0], y - y[0]  # slivers far from the origin keep their digits
    return 0.5 * (x[:-1] * y[1:] - x[1:] * y[:-1]).sum(axis=0)


def to_box(points: Array, box: Box) -> Array:
    """From [-1, 1]^2 to the box; sides and corners arrive exactly."""
    low, high = np.array(box).T
    return low * (0.5 - 0.5 * points) + high * (0.5 + 0.5 * points)


def from_box(points: Array, box: Box) -> Array:
    """From the box to [-1, 1]^2."""
    low, high = np.array(box).T
    return ((points - low) - (high - points)) / (high - low)


def _codes(patterns: npt.NDArray) -> npt.NDArray[np.bytes_]:
    """Each row of zeros and ones as one comparable value, (n,)."""
    packed = np.packbits(patterns.astype(bool, copy=False), axis=1)
    return np.ascontiguousarray(packed).view(f"S{packed.shape[1]}")[:, 0]
