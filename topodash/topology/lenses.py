"""Lenses: functions on points through which Mapper looks, and the table that pages and the command line read.

Source of the families: G. Singh, F. Mémoli, G. Carlsson (2007), section 3.1 (density, eccentricity, graph
Laplacians).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import cdist

from topodash.topology.metrics import as_euclidean, distance_matrix, finite_matrix
from topodash.topology.neighbours import kth_distances, nearest
from topodash.topology.spectrum import fix_signs, laplacian_embedding


@dataclass(frozen=True)
class LensParameter:
    """A number that a lens takes: its type, default, least value and what it does."""

    name: str
    kind: type[int] | type[float]
    default: float
    minimum: float
    help: str


@dataclass(frozen=True)
class Lens:
    """A lens that can be chosen by name.

    Attributes
    ----------
    label, help : str
        For people.
    columns : int
        How many lens columns it gives (0: as its parameter `components` says).
    parameters : tuple of LensParameter
    compute : callable
        (points, metric, **parameters) -> (n,) or (n, l)
    of_distances : bool
        Whether it can be computed from distances alone (metric 'precomputed').
    """

    label: str
    help: str
    columns: int
    parameters: tuple[LensParameter, ...]
    compute: Callable[..., np.ndarray]
    of_distances: bool = False


def compute_lens(
    name: str, points: np.ndarray, *, metric: str = "euclidean", **parameters: float
) -> np.ndarray:
    """Compute a lens by name.

    Parameters
    ----------
    name : str
        A key of `LENSES`.
    points : (n, d), or (n, n) distances for metric 'precomputed'
    metric : str
        For lenses that use distances.
    **parameters
        Those of the lens; missing ones take their defaults.

    Returns
    -------
    (n, l) float64

    Raises
    ------
    ValueError
        When the name, a parameter or the points will not do.
    """
    if name not in LENSES:
        raise ValueError(f"lens must be one of {', '.join(LENSES)}, was {name!r}")
    lens = LENSES[name]
    if metric == "precomputed" and not lens.of_distances:
        raise ValueError(f"lens must work from distances alone for metric 'precomputed', was {name!r}")
    points = distance_matrix("points", points) if metric == "precomputed" else finite_matrix("points", points)
    values: dict[str, float] = {}
    for parameter in lens.parameters:
        value = parameters.pop(parameter.name, parameter.default)
        if not value >= parameter.minimum or parameter.kind(value) != value:
            kind = "a whole number" if parameter.kind is int else "a number"
            raise ValueError(
                f"{parameter.name} must be {kind} of at least {parameter.minimum}, was {value!r}"
            )
        values[parameter.name] = parameter.kind(value)
    if parameters:
        raise ValueError(
            f"{next(iter(parameters))} must be a parameter of the lens {name!r}, which has none such"
        )
    result = lens.compute(points, metric, **values)
    return result[:, None] if result.ndim == 1 else result


def given_column(values: np.ndarray, n_points: int) -> np.ndarray:
    """A column of the user's, or predicted probabilities, as a lens (n, 1).

    Raises
    ------
    ValueError
        When it has not one finite number for every point.
    """
    column = finite_matrix("lens", values)
    if len(column) != n_points:
        raise ValueError(f"lens must have one row for each of the {n_points} points, had {len(column)}")
    return column


def pca(points: np.ndarray, components: int) -> np.ndarray:
    """Coordinates along the first principal components, (n, components); in each axis the largest loading is
    positive.

    Raises
    ------
    ValueError
        When there are fewer columns than components.
    """
    if components > points.shape[1]:
        raise ValueError(
            f"components must be at most the {points.shape[1]} columns of the points, was {components}"
        )
    centred = points - points.mean(axis=0)
    if len(points) >= points.shape[1]:
        axes = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :components]
    else:
        # Fewer points than columns: a d x d matrix would be the larger one.
        axes = np.linalg.svd(centred, full_matrices=False)[2][:components].T
    scores: np.ndarray = centred @ fix_signs(axes)
    if scores.shape[1] < components:
        scores = np.column_stack([scores, np.zeros((len(points), components - scores.shape[1]))])
    return scores


def eccentricity(points: np.ndarray, metric: str, exponent: float) -> np.ndarray:
    """(mean over all points of distance^p)^(1/p), (n,); the greatest distance for p = infinity."""
    if metric == "precomputed":
        return _power_mean(points, exponent)
    moved = as_euclidean(points, metric)
    if exponent == 2 and metric != "cosine":
        squares = ((moved - moved.mean(axis=0)) ** 2).sum(axis=1)
        return np.sqrt(squares + squares.mean())
    result = np.empty(len(moved))
    for start in range(0, len(moved), 256):
        block = cdist(moved[start : start + 256], moved)
        result[start : start + 256] = _power_mean(block**2 / 2 if metric == "cosine" else block, exponent)
    return result


def _power_mean(distances: np.ndarray, exponent: float) -> np.ndarray:
    if np.isinf(exponent):
        return distances.max(axis=1)
    largest = distances.max(axis=1, keepdims=True)
    safe = np.where(largest > 0, largest, 1)
    return (safe * np.mean((distances / safe) ** exponent, axis=1, keepdims=True) ** (1 / exponent))[:, 0]


def distance_to_point(points: np.ndarray, metric: str, index: int) -> np.ndarray:
    """Distance to the point with this index, (n,)."""
    if index >= len(points):
        raise ValueError(f"index must be below the {len(points)} points, was {index}")
    if metric == "precomputed":
        return points[index].copy()
    moved = as_euclidean(points, metric)
    distance = np.linalg.norm(moved - moved[index], axis=1)
    return distance**2 / 2 if metric == "cosine" else distance


def neighbourhood(points: np.ndarray, metric: str, k: int, seed: int) -> np.ndarray:
    """The two neighbourhood lenses: Laplacian eigenmaps of the k-nearest-neighbour graph, (n, 2).

    Points are joined when either is among the other's k nearest. Where that graph falls apart, the pieces are
    joined by the shortest links between them (each piece to its nearest other one, repeated until one is
    left), so that the embedding is defined and two pieces lie at its two ends.
    """
    n = len(points)
    if n < 2:
        return np.zeros((n, 2))
    _, which = nearest(points, min(k, n - 1), metric=metric)
    rows = np.repeat(np.arange(n), which.shape[1])
    graph = sp.coo_array((np.ones(len(rows)), (rows, which.ravel())), shape=(n, n)).tocsr()
    graph = (graph + graph.T).tocsr()
    count, labels = connected_components(graph, directed=False)
    while count > 1:
        links = [_shortest_link(points, metric, labels == piece) for piece in range(count)]
        a, b = np.array(links).T
        extra = sp.coo_array((np.ones(len(a)), (a, b)), shape=(n, n)).tocsr()
        graph = (graph + extra + extra.T).tocsr()
        count, labels = connected_components(graph, directed=False)
    graph.data[:] = 1
    return laplacian_embedding(graph, 2, seed=seed)


def _shortest_link(points: np.ndarray, metric: str, inside: np.ndarray) -> tuple[int, int]:
    """The closest pair of a point inside and a point outside; ties by index."""
    members, others = np.flatnonzero(inside), np.flatnonzero(~inside)
    moved = points if metric == "precomputed" else as_euclidean(points, metric)
    best, link = np.inf, (int(members[0]), int(others[0]))
    for start in range(0, len(members), 256):
        rows = members[start : start + 256]
        block = points[np.ix_(rows, others)] if metric == "precomputed" else cdist(moved[rows], moved[others])
        place = int(block.argmin())
        if block.flat[place] < best:
            best = block.flat[place]
            link = (int(rows[place // len(others)]), int(others[place % len(others)]))
    return link


def _coordinate(points: np.ndarray, metric: str, column: int) -> np.ndarray:
    if column >= points.shape[1]:
        raise ValueError(f"column must be below the {points.shape[1]} columns of the points, was {column}")
    return points[:, column].copy()


_K = LensParameter("k", int, 5, 1, "Which nearest neighbour the density looks at.")

LENSES: Mapping[str, Lens] = MappingProxyType(
    {
        "pca": Lens(
            "Principal components",
            "Coordinates along the directions of greatest variance.",
            0,
            (LensParameter("components", int, 2, 1, "How many components: one or two lens columns."),),
            lambda points, metric, components: pca(points, components),
        ),
        "coordinate": Lens(
            "Coordinate",
            "One column of the points.",
            1,
            (LensParameter("column", int, 0, 0, "Which column, from 0."),),
            _coordinate,
        ),
        "l1_norm": Lens(
            "L1 norm",
            "Sum of sizes of the coordinates.",
            1,
            (),
            lambda points, metric: np.abs(points).sum(axis=1),
        ),
        "l2_norm": Lens(
            "L2 norm",
            "Distance from the origin.",
            1,
            (),
            lambda points, metric: np.linalg.norm(points, axis=1),
        ),
        "sum": Lens("Sum", "Sum of the coordinates.", 1, (), lambda points, metric: points.sum(axis=1)),
        "mean": Lens("Mean", "Mean of the coordinates.", 1, (), lambda points, metric: points.mean(axis=1)),
        "max": Lens("Maximum", "Largest coordinate.", 1, (), lambda points, metric: points.max(axis=1)),
        "min": Lens("Minimum", "Smallest coordinate.", 1, (), lambda points, metric: points.min(axis=1)),
        "eccentricity": Lens(
            "Eccentricity",
            "Power mean of the distances to all points: small in the middle, large at the ends.",
            1,
            (
                LensParameter(
                    "exponent", float, 2.0, 1.0, "Power p of the mean; infinity takes the greatest distance."
                ),
            ),
            eccentricity,
            of_distances=True,
        ),
        "density": Lens(
            "Density",
            "Minus the distance to the k-th nearest neighbour: larger where points are denser.",
            1,
            (_K,),
            lambda points, metric, k: -kth_distances(points, k, metric=metric),
            of_distances=True,
        ),
        "distance": Lens(
            "Distance to a point",
            "Distance to one chosen point.",
            1,
            (LensParameter("index", int, 0, 0, "Index of the point."),),
            distance_to_point,
            of_distances=True,
        ),
        "neighbourhood": Lens(
            "Neighbourhood lenses",
            "Laplacian eigenmaps of the k-nearest-neighbour graph, pieces joined by their shortest links.",
            2,
            (
                LensParameter("k", int, 15, 1, "Neighbours of every point in the graph."),
                LensParameter("seed", int, 0, 0, "Start of the eigenvalue solver."),
            ),
            neighbourhood,
            of_distances=True,
        ),
    }
)
