"""Placing the components of a graph beside each other: large ones where there is room, specks in rows below.

Source of the idea: K. Freivalds, U. Dogrusoz, P. Kikusts, "Disconnected graph layout and the polyomino packing
approach" (2002): components are sets of grid cells, so a small one may stand in the hole of a ring.
"""

from collections.abc import Sequence

import numpy as np
from scipy.fft import irfft2, rfft2

#: Components of at most so many nodes are specks.
SPECK = 4
#: Cells of the grid along each side; cells are as large as that asks for, at least one edge.
GRID = 128
#: Room around a component, in cells.
MARGIN = 1
#: Room of a speck, in edges, and of the rows from what is above them.
SPECK_ROOM, ROW_GAP = 2.2, 1.5
#: Rows of specks together get at most this share of the height of the others, as far as SMALLEST allows.
SPECK_SHARE, SMALLEST = 0.3, 0.35


def pack(components: Sequence[np.ndarray], targets: np.ndarray | None = None) -> list[np.ndarray]:
    """Shift components so that no two overlap.

    Parameters
    ----------
    components : sequence of (k, 2) places, edges of about length 1
    targets : (c, 2), optional
        Where the middle of every component would like to be, in edges; all in one place by default.

    Returns
    -------
    list of (k, 2), in the order given; components are only shifted, specks also shrunk
    """
    sizes = np.array([len(places) for places in components])
    order = np.lexsort((np.arange(len(sizes)), -sizes))
    large = [int(k) for k in order if sizes[k] > SPECK]
    specks = [int(k) for k in order if sizes[k] <= SPECK]
    found: list[np.ndarray] = [
        places - (places.min(axis=0) + places.max(axis=0)) / 2 for places in components
    ]
    if large:
        wanted = np.zeros((len(sizes), 2)) if targets is None else _drawn_together(targets, found, large)
        _fill(found, large, wanted)
    if specks:
        _rows(found, specks, np.concatenate([found[k] for k in large]) if large else None)
    return found


def _drawn_together(targets: np.ndarray, found: Sequence[np.ndarray], large: Sequence[int]) -> np.ndarray:
    """Targets around that of the largest component, drawn together when they ask for more than twice the room."""
    moved = targets - targets[large[0]]
    spread = float(np.abs(moved[large]).max())
    room = float(np.sqrt(sum(np.prod(np.ptp(found[k], axis=0) + 2) for k in large)))
    return moved * min(1.0, room / spread) if spread > 0 else np.zeros_like(moved)


def _fill(found: list[np.ndarray], large: Sequence[int], wanted: np.ndarray) -> None:
    """Place components, in place, the largest first, each at the free place nearest to where it should be."""
    extents = [np.ptp(found[k], axis=0).max() for k in large]
    side = float(extents[0] + 2 * np.sqrt(sum((extent + 3) ** 2 for extent in extents)))
    cell = max(1.0, side / GRID)
    taken = np.zeros((GRID, GRID))
    axis = (np.arange(GRID) - GRID // 2) * cell
    for k in large:
        mask = _cells(found[k], cell)
        # taken (*) mask at a shift: how many cells of the component would fall on taken ones.
        overlap = irfft2(rfft2(taken) * np.conj(rfft2(_centred(mask))), s=taken.shape)
        cost = np.hypot(axis[:, None] - wanted[k, 0], axis - wanted[k, 1])
        edge = np.array(mask.shape) // 2 + 1
        cost[overlap > 0.5] = np.inf
        cost[: edge[0]], cost[GRID - edge[0] :] = np.inf, np.inf
        cost[:, : edge[1]], cost[:, GRID - edge[1] :] = np.inf, np.inf
        if not np.isfinite(cost).any():  # the grid is full: to the right of all that is there
            found[k] += (found[large[0]].max() + side, 0)
            continue
        at = np.unravel_index(int(cost.argmin()), cost.shape)
        found[k] += (axis[at[0]], axis[at[1]])
        low = np.array(at) - np.array(mask.shape) // 2
        taken[low[0] : low[0] + mask.shape[0], low[1] : low[1] + mask.shape[1]] += mask


def _cells(places: np.ndarray, cell: float) -> np.ndarray:
    """The grid cells that nodes around the origin stand in, with a margin; an odd number each way."""
    half = np.ceil(np.abs(places).max(axis=0) / cell).astype(int) + MARGIN
    mask = np.zeros(2 * half + 1)
    at = np.rint(places / cell).astype(int) + half
    for x in range(-MARGIN, MARGIN + 1):
        for y in range(-MARGIN, MARGIN + 1):
            mask[at[:, 0] + x, at[:, 1] + y] = 1
    return mask


def _centred(mask: np.ndarray) -> np.ndarray:
    """A mask on the whole grid, its middle cell at (0, 0), wrapped around."""
    whole = np.zeros((GRID, GRID))
    rows, columns = (np.arange(size) - size // 2 for size in mask.shape)
    whole[np.ix_(rows % GRID, columns % GRID)] = mask[:GRID, :GRID]
    return whole


def _rows(found: list[np.ndarray], specks: Sequence[int], above: np.ndarray | None) -> None:
    """Stand specks in rows, in place, below the others; alone they fill a square."""
    room, middle, top = SPECK_ROOM, 0.0, 0.0
    width = SPECK_ROOM * np.ceil(np.sqrt(len(specks)))
    if above is not None:
        low, high = above.min(axis=0), above.max(axis=0)
        width, middle, top = float(high[0] - low[0]), float(high[0] + low[0]) / 2, float(low[1]) - ROW_GAP
        height = max(float(high[1] - low[1]), 1.0)
        width = max(width, height)
        least = np.sqrt(SPECK_SHARE * height * width / len(specks))
        room = float(np.clip(least, SMALLEST * SPECK_ROOM, SPECK_ROOM))
    columns = max(1, min(len(specks), int(width / room + 1e-9)))
    for place, k in enumerate(specks):
        row, column = divmod(place, columns)
        found[k] = found[k] * (room / SPECK_ROOM) + (
            middle + (column - (columns - 1) / 2) * room,
            top - row * room,
        )
