"""The numbers of the filter study: which are evidence, which only describe the picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from topodash.geometry.klein import KleinFit, gradient_direction
from topodash.topology.angles import circular_correlation
from topodash.topology.long_bars import longest_bar

__all__ = ["DESCRIPTION", "EVIDENCE", "no_nan", "plane_angle", "principal_plane", "statistics_of"]

EVIDENCE = ("longest_bar", "klein_r2")
"""The two statistics that covariance-matched Gaussian filters do not reproduce by themselves."""

DESCRIPTION = ("bar_ratio", "pca_correlation", "hollowness")
"""Shown, never used as evidence: the principal plane alone gives a Gaussian nearly the same values."""


def statistics_of(
    values: NDArray[np.float64], bars: NDArray[np.float64], klein: KleinFit
) -> dict[str, float]:
    """The study's five statistics; NaN for one that does not exist.

    longest_bar
        Length of the longest degree-1 bar, in the units of the metric; 0 without a bar.
    klein_r2
        Median share of a filter that its nearest patch on the Klein bottle explains.
    bar_ratio
        Longest over second longest bar.
    pca_correlation
        Rank-based correlation of PCA angle and gradient direction.
    hollowness
        A tenth of the filters are nearer to the centre of the principal plane than this share of the median.
    """
    lengths = bars[:, 1] - bars[:, 0]
    scores, _ = principal_plane(values)
    radius = np.linalg.norm(scores, axis=1)
    angle, direction = plane_angle(scores), no_nan(gradient_direction(values))
    enough = len(values) >= 3
    middle = float(np.median(radius))
    return {
        "longest_bar": longest_bar(bars),
        "klein_r2": float(np.nanmedian(klein.r2)),
        "bar_ratio": float(lengths[0] / lengths[1]) if len(lengths) > 1 else float("nan"),
        "pca_correlation": circular_correlation(angle, direction, permutations=0).value
        if enough
        else float("nan"),
        "hollowness": float(np.quantile(radius, 0.1)) / middle if middle > 0 else float("nan"),
    }


def principal_plane(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Scores (m, 2) on the first two principal components, and the shares of variance (2,) they explain.

    The sign of each component makes its greatest weight positive, so that the picture does not flip by
    chance.
    """
    centred = values - values.mean(axis=0)
    _, spread, axes = np.linalg.svd(centred, full_matrices=False)
    axes, squares = axes[:2], spread**2
    sign = np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])
    scores = centred @ (axes * sign[:, None]).T
    share = squares[:2] / squares.sum() if squares.sum() > 0 else np.zeros(len(axes))
    missing = 2 - len(axes)  # fewer than two filters
    return np.pad(scores, ((0, 0), (0, missing))), np.pad(share, (0, missing))


def plane_angle(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.mod(np.arctan2(scores[:, 1], scores[:, 0]), 2 * np.pi))


def no_nan(angles: NDArray[np.float64]) -> NDArray[np.float64]:
    """A filter without a linear or quadratic part has no angle; 0 stands for it, in no more than a rare tie."""
    return np.asarray(np.mod(np.nan_to_num(angles, nan=0.0), 2 * np.pi))
