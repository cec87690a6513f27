"""Persistence, landscapes, Mapper, density, circular coordinates, significance.

Names are imported when they are first asked for, so that a process that only needs the
nerve does not pay for ripser or scikit-learn.
"""

from importlib import import_module
from typing import Any

_HOME = {
    "persistence_diagrams": "persistence",
    "rips_persistence": "persistence",
    "Persistence": "persistence",
    "farthest_point_landmarks": "landmarks",
    "Landmarks": "landmarks",
    "estimate_memory": "rips_engines",
    "local_persistence_diagrams": "local",
    "local_dissimilarity": "local",
    "normalise_activations": "local",
    "landscape": "landscapes",
    "landscape_norm": "landscapes",
    "landscape_inner": "landscapes",
    "landscape_gram": "landscapes",
    "landscape_distance": "landscapes",
    "average_landscape": "landscapes",
    "lost_norm_share": "landscapes",
    "retained_norm_share": "landscapes",
    "bottleneck_distance": "distances",
    "wasserstein_distance": "distances",
    "distance_matrix": "distances",
    "permutation_test": "significance",
    "PermutationTest": "significance",
    "holm": "significance",
    "mapper_graph": "mapper",
    "MapperGraph": "mapper",
    "CubicalCover": "covers",
    "BallCover": "covers",
    "DBSCAN": "clusterers",
    "SingleLinkage": "clusterers",
    "density_filter": "density",
    "variance_normalised_distances": "metrics",
    "normalise_filters": "density",
    "circular_coordinates": "circular",
    "CircularCoordinates": "circular",
    "NoBarError": "circular",
    "circular_correlation": "angles",
    "winding_number": "angles",
    "degree_one_bars": "long_bars",
    "GaussianBank": "null_bank",
    "null_statistics": "null_bank",
    "null_p_value": "null_bank",
}

__all__ = sorted(_HOME)  # noqa: PLE0605 - the names are the keys of the table above


def __getattr__(name: str) -> Any:
    """Import `name` from the submodule that holds it.

    Raises
    ------
    AttributeError
        When the room has no such name.
    """
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
