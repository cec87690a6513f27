"""Step 7 of the study, Table I: permutation tests between moments; and the landscape curves of figure 3.

The unit is the network: its input batches were averaged before. Two moments of the same networks are paired,
so labels are swapped within networks; the paper's unpaired version is an option. A network whose two moments
share one snapshot says nothing about their difference and is left out; when fewer than half remain there is
no p-value.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from topodash.datasets import counted
from topodash.studies.activation_landscapes.result import LandscapeStudy
from topodash.topology import PermutationTest, holm, permutation_test

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class MomentTest:
    """The test of one pair of moments.

    Attributes
    ----------
    a, b : int
        Positions in ``config.snapshots``.
    test : PermutationTest or None
        None when there is nothing to test; ``why`` says why.
    networks : int
        Networks that took part.
    shared : int
        Networks left out because the two moments share a snapshot.
    why : str
        Empty when there is a test.
    """

    a: int
    b: int
    test: PermutationTest | None
    networks: int
    shared: int
    why: str


@dataclass(frozen=True)
class Curves:
    """Figure 3: the average landscapes of the layers as points in the plane.

    Attributes
    ----------
    points : (s, l, 2) float64
        Coordinates along the first two principal directions; NaN where no network had the layer.
    explained : (2,) float64
        Shares of the variance.
    """

    points: Floats
    explained: Floats


def compare(
    study: LandscapeStudy,
    a: int,
    b: int,
    *,
    degree: int = 0,
    paired: bool = True,
    permutations: int | None = None,
    seed: int | None = None,
) -> MomentTest:
    """Test whether the networks' landscapes differ between two moments.

    Parameters
    ----------
    a, b : int
        Positions in ``study.config.snapshots``.
    degree : int
        Position in ``study.config.degrees``.
    paired : bool
        Swap labels within networks; False permutes freely, as the paper does.
    permutations, seed : int, optional
        Default those of the configuration.
    """
    config, moments = study.config, len(study.config.snapshots)
    both = study.usable[:, a] & study.usable[:, b]
    shared = both & (study.steps[:, a] == study.steps[:, b])
    chosen = np.flatnonzero(both & ~shared)
    left_out = int(shared.sum())
    if len(chosen) < 2 or 2 * len(chosen) < int(both.sum()):
        why = (
            f"{left_out} of {int(both.sum())} networks have one snapshot for both"
            if left_out
            else f"{counted(int(both.sum()), 'network')} reached both"
        )
        return MomentTest(a, b, None, len(chosen), left_out, why)
    rows = np.concatenate([chosen * moments + a, chosen * moments + b])
    test = permutation_test(
        gram=study.gram[degree][np.ix_(rows, rows)],
        groups=np.repeat([0, 1], len(chosen)),
        paired=paired,
        permutations=config.permutations if permutations is None else permutations,
        seed=config.seed if seed is None else seed,
    )
    return MomentTest(a, b, test, len(chosen), left_out, "")


def table(
    study: LandscapeStudy, *, degree: int = 0, paired: bool = True
) -> tuple[tuple[MomentTest, ...], Floats]:
    """Table I: all pairs of moments, and Holm's correction of their p-values (NaN where there is no test)."""
    pairs = combinations(range(len(study.config.snapshots)), 2)
    tests = tuple(compare(study, a, b, degree=degree, paired=paired) for a, b in pairs)
    return tests, holm([each.test.p_value if each.test else np.nan for each in tests])


def curves(study: LandscapeStudy, *, degree: int = 0) -> Curves:
    """Principal coordinates of the average landscapes, from their Gram matrix."""
    moments, layers = study.networks_used.shape
    points, explained = principal_coordinates(study.curve_gram[degree], study.networks_used.ravel() > 0)
    return Curves(points.reshape(moments, layers, 2), explained)


def principal_coordinates(gram: Floats, present: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """The first two principal coordinates of points that are known by their inner products.

    The largest coordinate of either direction is positive, so that the picture never flips.

    Parameters
    ----------
    gram : (n, n)
    present : (n,)
        Points that take part.

    Returns
    -------
    points : (n, 2)
        NaN where a point takes no part.
    explained : (2,)
        Shares of the variance.
    """
    points, explained = np.full((len(gram), 2), np.nan), np.zeros(2)
    rows = np.flatnonzero(present)
    if len(rows) == 0:
        return points, explained
    inner = gram[np.ix_(rows, rows)]
    centred = inner - inner.mean(axis=0) - inner.mean(axis=1)[:, None] + inner.mean()
    values, vectors = np.linalg.eigh(centred)
    values, vectors = np.maximum(values[::-1], 0.0), vectors[:, ::-1]
    count = min(2, len(values))
    found = vectors[:, :count] * np.sqrt(values[:count])
    sign = np.sign(found[np.abs(found).argmax(axis=0), np.arange(count)])
    points[rows] = 0.0
    points[rows, :count] = found * np.where(sign == 0, 1.0, sign)
    if values.sum() > 0:
        explained[:count] = values[:count] / values.sum()
    return points, explained
