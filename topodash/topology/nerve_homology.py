"""Betti numbers of a nerve over Z/2, and short loops that span its degree-1 homology.

After a strong collapse the edges of the small nerve get *annotations*: bit vectors of length b1 such that the
sum along any cycle is its homology class. Triangles are the relations; Gaussian elimination over Z/2 solves
them.

Source: O. Busaryev, S. Cabello, C. Chen, T. Dey, Y. Wang, "Annotating simplices with a homology basis and its
applications" (2012), sections 3 and 4 (annotations; shortest homology basis from shortest path trees).
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

from topodash.topology.nerve import Patterns, collapse, nerve_edges, nerve_triangles

MAX_ROOTS = 200  # shortest path trees from which loops are picked


@dataclass(frozen=True)
class NerveHomology:
    """Homology of a nerve in degrees 0 and 1 over Z/2.

    Attributes
    ----------
    b0, b1 : int
    nodes : (k,) int64
        Nodes of the collapsed nerve.
    edges : (m, 2) int64
        Its edges, as positions in `nodes`.
    annotations : tuple of m int
        Bit i of an edge's number is its i-th annotation coordinate.
    """

    b0: int
    b1: int
    nodes: np.ndarray
    edges: np.ndarray
    annotations: tuple[int, ...]

    def loops(self) -> tuple[np.ndarray, ...]:
        """b1 loops that are independent in homology and generate it, short ones preferred, shortest first.

        Returns
        -------
        tuple of (length,) int64
            Node indices in cyclic order; the last is joined to the first.
        """
        if not self.b1:
            return ()
        candidates = _candidates(self)
        chosen: list[np.ndarray] = []
        pivots: dict[int, int] = {}
        for _, _, loop, homology in candidates:
            rest = homology
            while rest and rest.bit_length() in pivots:
                rest ^= pivots[rest.bit_length()]
            if rest:
                pivots[rest.bit_length()] = rest
                chosen.append(self.nodes[np.array(loop)])
                if len(chosen) == self.b1:
                    break
        return tuple(chosen)


def nerve_homology(found: Patterns) -> NerveHomology:
    """Homology of the nerve whose simplices are the patterns and their faces.

    Raises
    ------
    ValueError
        When even the collapsed nerve has too many triangles to list.
    """
    rows, nodes = collapse(found)
    small = Patterns(rows, np.ones(rows.shape[0], dtype=np.int64))
    edges, _ = nerve_edges(small)
    n, m = len(nodes), len(edges)
    table = sp.coo_array((np.arange(1, m + 1), (edges[:, 0], edges[:, 1])), shape=(n, n)).tocsr()
    b0 = int(connected_components(table, directed=False)[0]) if n else 0
    if not m:
        return NerveHomology(b0, 0, nodes, edges, ())
    tree = minimum_spanning_tree(table).tocoo()  # weights are edge numbers: the same tree every time
    in_tree = np.zeros(m, dtype=bool)
    in_tree[tree.data.astype(np.int64) - 1] = True
    annotations, b1 = _annotate(edges, in_tree, nerve_triangles(small), n)
    return NerveHomology(b0, b1, nodes, edges, annotations)


def _annotate(
    edges: np.ndarray, in_tree: np.ndarray, triangles: np.ndarray, n: int
) -> tuple[tuple[int, ...], int]:
    """Annotations of the edges, and b1.

    A cycle is known by its edges outside the spanning tree. Each triangle says that its such edges sum to
    zero.
    """
    keys = edges[:, 0] * n + edges[:, 1]
    coordinate = np.cumsum(~in_tree) - 1
    bits = [0 if tree else 1 << int(c) for tree, c in zip(in_tree, coordinate, strict=True)]
    pivots: dict[int, int] = {}
    if len(triangles):
        sides = [triangles[:, 0] * n + triangles[:, 1], triangles[:, 0] * n + triangles[:, 2]]
        sides.append(triangles[:, 1] * n + triangles[:, 2])
        positions = np.column_stack([np.searchsorted(keys, side) for side in sides]).tolist()
        for x, y, z in positions:
            relation = bits[x] ^ bits[y] ^ bits[z]
            while relation and relation.bit_length() in pivots:
                relation ^= pivots[relation.bit_length()]
            if relation:
                pivots[relation.bit_length()] = relation
    values: list[int] = []  # annotation of every non-tree edge, in ascending order of its coordinate
    b1 = 0
    for c in range(int((~in_tree).sum())):
        relation = pivots.get(c + 1)
        if relation is None:
            values.append(1 << b1)
            b1 += 1
            continue
        rest, value = relation ^ (1 << c), 0
        while rest:
            lowest = rest & -rest
            value ^= values[lowest.bit_length() - 1]
            rest ^= lowest
        values.append(value)
    return tuple(0 if tree else values[int(c)] for tree, c in zip(in_tree, coordinate, strict=True)), b1


def _candidates(homology: NerveHomology) -> list[tuple[int, int, list[int], int]]:
    """Non-trivial loops, each the shortest through a root and an edge: (length, number, nodes, class),
    shortest first.
    """
    neighbours: list[list[tuple[int, int]]] = [[] for _ in homology.nodes]
    for (a, b), annotation in zip(homology.edges.tolist(), homology.annotations, strict=True):
        neighbours[a].append((b, annotation))
        neighbours[b].append((a, annotation))
    marked = [k for k, annotation in enumerate(homology.annotations) if annotation]
    # Every non-trivial loop runs along an annotated edge, so these roots miss none.
    roots = sorted({int(homology.edges[k, 0]) for k in marked})
    if len(roots) > MAX_ROOTS:
        roots = [roots[i * len(roots) // MAX_ROOTS] for i in range(MAX_ROOTS)]
    raw: list[tuple[int, int, int, int, int]] = []
    trees: dict[int, dict[int, tuple[int, int, int]]] = {}
    for root in roots:
        tree = {root: (-1, 0, 0)}  # node -> (parent, depth, class of the path)
        queue = [root]
        for node in queue:
            _, depth, path = tree[node]
            for other, annotation in neighbours[node]:
                if other not in tree:
                    tree[other] = (node, depth + 1, path ^ annotation)
                    queue.append(other)
        trees[root] = tree
        for (a, b), annotation in zip(homology.edges.tolist(), homology.annotations, strict=True):
            if a in tree and b in tree:
                value = tree[a][2] ^ tree[b][2] ^ annotation
                if value:
                    raw.append((tree[a][1] + tree[b][1] + 1, root, a, b, value))
    raw.sort()
    seen: set[int] = set()
    loops = []
    for number, (length, root, a, b, value) in enumerate(raw):
        if value not in seen:  # a longer loop of the same class adds nothing
            seen.add(value)
            loops.append((length, number, _close(trees[root], a, b), value))
    return loops


def _close(tree: dict[int, tuple[int, int, int]], a: int, b: int) -> list[int]:
    """The loop from the tree paths of a and b and the edge between them, without their common stem."""
    left, right = [a], [b]
    while left[-1] != right[-1]:
        if tree[left[-1]][1] >= tree[right[-1]][1]:
            left.append(tree[left[-1]][0])
        else:
            right.append(tree[right[-1]][0])
    return left + right[-2::-1]
