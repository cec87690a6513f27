"""The nerve of a family of sets: edges and triangles, from an inverted index.

Nodes that share a point stand together in that point's row of the index. Points with equal rows count once,
with their number as weight, so that the cost depends on how many *different* rows there are, not on the
points.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import scipy.sparse as sp

MAX_TRIPLES = 20_000_000


@dataclass(frozen=True)
class Patterns:
    """The different sets of nodes that points lie in.

    Attributes
    ----------
    rows : scipy.sparse.csr_array, shape (p, nodes)
        One row a pattern, its nodes ascending; empty patterns are left out.
    weights : (p,) int64
        How many points have the pattern.
    """

    rows: sp.csr_array
    weights: np.ndarray


def patterns(starts: np.ndarray, members: np.ndarray, n_points: int) -> Patterns:
    """The different sets of nodes that points lie in.

    Parameters
    ----------
    starts : (k + 1,) int
        Node j holds members[starts[j]:starts[j + 1]].
    members : (m,) int
        Point indices, ascending in every node.
    n_points : int
    """
    n_nodes = len(starts) - 1
    ones = np.ones(len(members), dtype=np.int8)
    by_point = sp.csc_array((ones, members, starts), shape=(n_points, n_nodes)).tocsr()
    lengths = np.diff(by_point.indptr)
    by_point = by_point[np.flatnonzero(lengths)]
    starts, nodes = by_point.indptr[:-1], by_point.indices
    lengths = np.diff(by_point.indptr)
    if not len(lengths):
        return Patterns(sp.csr_array((0, n_nodes), dtype=np.int64), np.zeros(0, dtype=np.int64))
    words = np.random.default_rng(0).integers(0, 2**64, size=n_nodes, dtype=np.uint64)
    hashes = np.add.reduceat(words[nodes], starts)
    _, first, which, weights = np.unique(hashes, return_index=True, return_inverse=True, return_counts=True)
    twin = first[which]  # the first row with the same hash
    same = lengths == lengths[twin]
    if same.all():
        offset = np.repeat(by_point.indptr[twin] - starts, lengths)
        same = nodes == nodes[np.arange(len(nodes)) + offset]
    if not same.all():
        # Two different rows with one hash (one chance in 2**64 a pair): every row stands for itself.
        first, weights = np.arange(len(lengths)), np.ones(len(lengths), dtype=np.int64)
    rows = by_point[first].astype(np.int64)
    return Patterns(rows, weights.astype(np.int64))


def nerve_edges(found: Patterns) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of nodes that share points.

    Returns
    -------
    edges : (m, 2) int64, each ascending, in lexicographic order
    weights : (m,) int64, how many points the two nodes share
    """
    rows = found.rows
    weighted = sp.csr_array(
        (np.repeat(found.weights, np.diff(rows.indptr)), rows.indices, rows.indptr), shape=rows.shape
    )
    shared = sp.triu(rows.T.tocsr() @ weighted, k=1, format="csr")
    shared.sort_indices()
    start = np.repeat(np.arange(shared.shape[0]), np.diff(shared.indptr))
    return np.column_stack([start, shared.indices]).astype(np.int64), shared.data.astype(np.int64)


def nerve_triangles(found: Patterns) -> np.ndarray:
    """Triples of nodes that share a point, (t, 3) int64, each ascending, in lexicographic order.

    Raises
    ------
    ValueError
        When there would be too many to list: the overlap of the cover is extreme. Betti numbers do not need
        the list.
    """
    rows = found.rows
    lengths = np.diff(rows.indptr)
    candidates = (lengths.astype(float) * (lengths - 1) * (lengths - 2) / 6).sum()
    if candidates > MAX_TRIPLES:
        raise ValueError(f"overlap must leave at most {MAX_TRIPLES:,} triples to list, was {candidates:,.0f}")
    parts = []
    for length in np.unique(lengths[lengths >= 3]):
        begin = rows.indptr[:-1][lengths == length]
        table = rows.indices[begin[:, None] + np.arange(length)]
        parts.append(table[:, np.array(list(combinations(range(length), 3)))].reshape(-1, 3))
    if not parts:
        return np.zeros((0, 3), dtype=np.int64)
    triples = np.concatenate(parts).astype(np.int64)
    n = rows.shape[1]
    if n >= 2**21:
        return np.unique(triples, axis=0)
    keys = np.unique((triples[:, 0] * n + triples[:, 1]) * n + triples[:, 2])
    return np.column_stack([keys // (n * n), keys // n % n, keys % n])


def collapse(found: Patterns) -> tuple[sp.csr_array, np.ndarray]:
    """Make the nerve small without changing its homotopy type.

    A pattern inside another adds no simplex; a node all of whose patterns also hold another node is dominated
    by that one and may go. Both are done by turns until nothing moves.

    Returns
    -------
    rows : csr_array (p, k), the patterns that are left over the nodes that are left
    nodes : (k,) int64, which nodes are left, ascending: the small nerve is a part of the whole one

    Notes
    -----
    Source: J. Boissonnat, S. Pritam, "Computing persistent homology of flag complexes via strong collapses"
    (2019), section 3: strong collapse by maximal simplices.
    """
    rows = found.rows.copy()
    rows.data[:] = 1
    nodes = np.arange(rows.shape[1])
    filled = np.flatnonzero(np.bincount(rows.indices, minlength=rows.shape[1]))
    rows, nodes = rows[:, filled], nodes[filled]
    while True:
        rows = rows[_maximal(rows)]
        free = _maximal(rows.T.tocsr())
        if len(free) == rows.shape[1]:
            return rows, nodes
        rows, nodes = rows[:, free].tocsr(), nodes[free]


def _maximal(rows: sp.csr_array) -> np.ndarray:
    """Rows that lie in no other row; of equal ones the first."""
    if not rows.shape[0]:
        return np.zeros(0, dtype=np.int64)
    sizes = np.diff(rows.indptr)
    common = (rows @ rows.T.tocsr()).tocoo()
    a, b = common.row, common.col
    inside = (common.data == sizes[a]) & ((sizes[b] > sizes[a]) | (b < a)) & (a != b)
    kept = np.ones(len(sizes), dtype=bool)
    kept[a[inside]] = False
    return np.flatnonzero(kept)
