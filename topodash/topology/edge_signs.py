"""Sets of edges as bits, 64 points a word, and what triangles say about signs on them.

A 1-cocycle over Z/2 is a set of edges, those with the sign -1; a triangle is in order when it has an even
number of them. Over all third points of an edge that is a handful of word operations, an eighth of what a
product of matrices of signs takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from numpy.typing import NDArray

__all__ = ["EdgeBits", "common_neighbours", "disagreeing", "forced_signs"]

_WORD = 64
_CHUNK = 1024  # edges at once: their words stay in the cache

Edges = tuple[NDArray, NDArray]
Words = NDArray[np.uint64]


class EdgeBits:
    """A symmetric set of edges among n points.

    Attributes
    ----------
    bits : (n, m) bool
        Whether u v is in the set; m is n rounded up to whole words, and the columns from n on are False.
    """

    def __init__(self, n: int) -> None:
        self.bits = np.zeros((n, -(-n // _WORD) * _WORD), dtype=bool)
        self._words: Words | None = None

    @property
    def words(self) -> Words:
        """The same as (n, m / 64) words, packed anew after a change."""
        if self._words is None:
            self._words = np.packbits(self.bits, axis=1, bitorder="little").view(np.uint64)
        return self._words

    def put(self, edges: Edges | tuple[int, int], value: npt.ArrayLike) -> None:
        """Put the edges into the set (True) or take them out (False)."""
        u, v = edges
        self.bits[u, v] = value
        self.bits[v, u] = value
        self._words = None

    def multiply(self, other: EdgeBits) -> None:
        """The product of signs: edges that are in one of the two sets."""
        self.bits ^= other.bits
        self._words = None


def common_neighbours(adjacent: EdgeBits, edges: Edges) -> Iterator[tuple[slice, Words]]:
    """A piece of the edges and the words of the points adjacent to both ends, piece by piece."""
    words, (u, v) = adjacent.words, edges
    for start in range(0, len(u), _CHUNK):
        part = slice(start, start + _CHUNK)
        yield part, words[u[part]] & words[v[part]]


def forced_signs(
    adjacent: EdgeBits, cocycles: Sequence[EdgeBits], edges: Edges
) -> tuple[NDArray[np.bool_], list[NDArray[np.bool_]]]:
    """Which edges have no common neighbour, and for each cocycle where the sign is -1 by one of them.

    Parameters
    ----------
    edges : two (e,) int arrays

    Returns
    -------
    lonely : (e,) bool
    negative : list of (e,) bool, False for lonely edges
        One neighbour serves for all cocycles: a neighbour each would mix two triangles.
    """
    u, v = edges
    lonely = np.ones(len(u), dtype=bool)
    negative = [np.zeros(len(u), dtype=bool) for _ in cocycles]
    for part, both in common_neighbours(adjacent, edges):
        place = (both != 0).argmax(axis=1)
        word = both[np.arange(len(both)), place]
        lonely[part] = word == 0
        lowest = word & (~word + np.uint64(1))
        for cocycle, found in zip(cocycles, negative, strict=True):
            words = cocycle.words
            found[part] = ((words[u[part], place] ^ words[v[part], place]) & lowest) != 0
    return lonely, negative


def disagreeing(adjacent: EdgeBits, cocycles: Sequence[EdgeBits], edges: Edges) -> NDArray[np.bool_]:
    """Which edges are in a triangle that is not in order for some cocycle, (e,) bool."""
    u, v = edges
    wrong = np.zeros(len(u), dtype=bool)
    for part, both in common_neighbours(adjacent, edges):
        a, b = u[part], v[part]
        for cocycle in cocycles:
            words = cocycle.words
            odd = words[a]
            odd ^= words[b]
            # all ones where the edge's own sign is -1
            odd ^= (np.uint64(0) - cocycle.bits[a, b].astype(np.uint64))[:, None]
            odd &= both
            wrong[part] |= np.bitwise_or.reduce(odd, axis=1) != 0
    return wrong
