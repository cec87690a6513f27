"""The general path: any scikit-learn clusterer, one call for each cover element."""

from typing import Any

import numpy as np

from topodash.topology.covers import Incidence
from topodash.topology.metrics import variance_normalised


def cluster_with_estimator(
    points: np.ndarray, incidence: Incidence, estimator: Any, metric: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fit a clone of the estimator on every element.

    Returns
    -------
    (point, node) pairs, and the position of every node's element

    Raises
    ------
    ValueError
        When the clusterer has no `fit_predict`, or `metric` is the estimator's own business.
    """
    from sklearn.base import clone

    if not (hasattr(estimator, "fit_predict") and hasattr(estimator, "get_params")):
        raise ValueError(
            "clusterer must be DBSCAN, SingleLinkage or a scikit-learn clusterer with fit_predict, "
            f"was {type(estimator).__name__}"
        )
    if metric == "cosine":
        raise ValueError(
            f"metric must be set on the clusterer itself for a {type(estimator).__name__}, was 'cosine'"
        )
    if metric == "variance_normalised":
        points = variance_normalised(points)
    least = _least_points(estimator)
    found_points, found_nodes = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
    elements: list[int] = []
    for position, members in enumerate(incidence.members()):
        if len(members) < least:
            continue
        data = points[np.ix_(members, members)] if metric == "precomputed" else points[members]
        labels = np.asarray(clone(estimator).fit_predict(data))
        for label in np.unique(labels[labels >= 0]):
            inside = members[labels == label].astype(np.int32)
            found_points.append(inside)
            found_nodes.append(np.full(len(inside), len(elements), dtype=np.int32))
            elements.append(position)
    return np.concatenate(found_points), np.concatenate(found_nodes), np.array(elements, dtype=np.int64)


def _least_points(estimator: Any) -> int:
    """Fewest points on which the estimator is asked, by kmapper's rule."""
    parameters = estimator.get_params()
    for name in ("n_clusters", "min_cluster_size", "min_samples"):
        value = parameters.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and value:
            return value
    return 2
