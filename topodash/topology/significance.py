"""Permutation tests for the distance between two group means in a Hilbert space.

The statistic is ||mean of A - mean of B||. Under the null hypothesis the labels mean nothing:

- *independent* groups: any relabelling of all items is as likely as the one observed;
- *paired* groups (the same network at two thresholds): only the swaps within pairs are.

Only inner products enter, so a Gram matrix will do. p = (count + 1) / (N + 1), where N relabellings other
than the observed one were looked at and count of them reach the observed statistic, ties included; it is
never 0 (B. Phipson, G. Smyth, *Permutation p-values should never be zero*, 2010). When the relabellings are
few, all are looked at.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
_ROWS = 1024
# Squared statistics closer than this, relative to the largest squared length, are ties.
_TIE = 1e-10


@dataclass(frozen=True)
class PermutationTest:
    """Result of a permutation test.

    Attributes
    ----------
    p_value : float
        (count + 1) / (N + 1).
    statistic : float
        ||mean of A - mean of B||, in the units of the sample.
    null : (N,) float64
        The statistic of every relabelling looked at, the observed one not among them.
    count : int
        How many of them reach the statistic, ties included.
    smallest_p : float
        1 / (N + 1): no p-value of this test could be smaller.
    exhaustive : bool
        True when all relabellings (up to exchanging the two names) were looked at.
    paired : bool
    seed : int
    """

    p_value: float
    statistic: float
    null: Floats
    count: int
    smallest_p: float
    exhaustive: bool
    paired: bool
    seed: int


def permutation_test(
    sample_a: ArrayLike | None = None,
    sample_b: ArrayLike | None = None,
    *,
    gram: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    paired: bool = False,
    pairs: ArrayLike | None = None,
    permutations: int = 10_000,
    seed: int = 0,
) -> PermutationTest:
    """Test whether two groups have the same mean.

    Give either two samples, or a Gram matrix with the group of each of its rows.

    Parameters
    ----------
    sample_a, sample_b : (m, f) and (n, f) arrays
        One row an independent item (a network, not its input batches).
    gram : (k, k) array
        Inner products of all items.
    groups : (k,) array
        The label of each row of ``gram``; exactly two different ones, the first to appear is A.
    paired : bool
        Swap labels within pairs only: row i of A goes with row i of B (in the order of ``gram``'s rows).
    pairs : (k,) array, optional
        Name of the pair of each row of ``gram``; implies ``paired``.
    permutations : int
        Random relabellings; when there are no more than that, all are looked at instead.
    seed : int

    Raises
    ------
    ValueError
        For empty or unequal samples, other than two groups, or pairs that are no pairs.
    """
    if permutations < 1:
        raise ValueError(f"permutations must be 1 or more; it was {permutations}")
    rng = np.random.default_rng(seed)
    inner, in_a = _inputs(sample_a, sample_b, gram, groups)
    if paired or pairs is not None:
        inner = _difference_gram(inner, in_a, pairs)
        observed, rows, exhaustive = _swaps(len(inner), permutations, rng)
    else:
        observed, rows, exhaustive = _relabellings(in_a, permutations, rng)
    squared = _squared_lengths(inner, observed[None, :])[0]
    blocks = [_squared_lengths(inner, block) for block in _in_blocks(rows)]
    null = np.concatenate(blocks) if blocks else np.empty(0)
    tolerance = _TIE * float(np.abs(np.diagonal(inner)).max(initial=0.0))
    count = int((null >= squared - tolerance).sum())
    return PermutationTest(
        p_value=(count + 1) / (len(null) + 1),
        statistic=math.sqrt(squared),
        null=np.sqrt(null),
        count=count,
        smallest_p=1 / (len(null) + 1),
        exhaustive=exhaustive,
        paired=paired or pairs is not None,
        seed=seed,
    )


def holm(p_values: ArrayLike) -> Floats:
    """Holm's step-down correction: adjusted p-values in the order given.

    Parameters
    ----------
    p_values : array of any shape
        NaN marks a test that was not made; it stays NaN and does not count.

    Source: S. Holm, *A simple sequentially rejective multiple test procedure*, Scand. J. Statist. 6 (1979).
    """
    given = np.asarray(p_values, dtype=np.float64)
    adjusted = np.full(given.size, np.nan)
    flat = given.ravel()
    made = np.flatnonzero(~np.isnan(flat))
    order = made[np.argsort(flat[made], kind="stable")]
    stepped = flat[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(stepped), 1.0)
    return adjusted.reshape(given.shape)


def _inputs(
    sample_a: ArrayLike | None, sample_b: ArrayLike | None, gram: ArrayLike | None, groups: ArrayLike | None
) -> tuple[Floats, NDArray[np.bool_]]:
    """The centred Gram matrix of all items, and which of them are in A."""
    if gram is not None:
        if sample_a is not None or sample_b is not None or groups is None:
            raise ValueError("gram must come with groups and without samples")
        inner, labels = np.asarray(gram, dtype=np.float64), np.asarray(groups)
        if inner.shape != (labels.size, labels.size) or labels.ndim != 1:
            raise ValueError(f"gram must be (k, k) for {labels.size} groups; its shape was {inner.shape}")
        names = list(dict.fromkeys(labels.tolist()))
        if len(names) != 2:
            raise ValueError(f"groups must hold exactly two different labels; it held {names}")
        if not np.isfinite(inner).all():
            raise ValueError("gram must be finite")
        centred = inner - inner.mean(axis=0) - inner.mean(axis=1)[:, None] + inner.mean()
        return centred, labels == names[0]
    if sample_a is None or sample_b is None:
        raise ValueError("sample_a and sample_b must both be given, or gram and groups")
    a, b = (np.asarray(s, dtype=np.float64) for s in (sample_a, sample_b))
    a, b = (s.reshape(len(s), -1) for s in (np.atleast_1d(a), np.atleast_1d(b)))
    if len(a) == 0 or len(b) == 0 or a.shape[1] != b.shape[1]:
        raise ValueError(
            f"sample_a and sample_b must be (m, f) and (n, f); they were {a.shape} and {b.shape}"
        )
    items = np.concatenate([a, b])
    if not np.isfinite(items).all():
        row = int((~np.isfinite(items)).any(axis=1).argmax())
        raise ValueError(f"samples must be finite; row {row} of both together is not")
    items = items - items.mean(axis=0)
    return items @ items.T, np.arange(len(items)) < len(a)


def _difference_gram(inner: Floats, in_a: NDArray[np.bool_], pairs: ArrayLike | None) -> Floats:
    """Inner products of the differences A - B, one a pair."""
    rows_a, rows_b = np.flatnonzero(in_a), np.flatnonzero(~in_a)
    if len(rows_a) != len(rows_b):
        raise ValueError(f"paired groups must be of equal size; they were {len(rows_a)} and {len(rows_b)}")
    if pairs is not None:
        names = np.asarray(pairs)
        if names.shape != in_a.shape:
            raise ValueError(
                f"pairs must name the pair of each of {in_a.size} rows; its shape was {names.shape}"
            )
        rows_a = rows_a[np.argsort(names[rows_a], kind="stable")]
        rows_b = rows_b[np.argsort(names[rows_b], kind="stable")]
        if not np.array_equal(names[rows_a], names[rows_b]) or len(np.unique(names[rows_a])) != len(rows_a):
            raise ValueError("pairs must hold every name exactly twice, once in each group")
    left = inner[rows_a] - inner[rows_b]
    return np.asarray(left[:, rows_a] - left[:, rows_b])


def _swaps(n: int, permutations: int, rng: np.random.Generator) -> tuple[Floats, Iterator[Floats], bool]:
    """Signs of n differences; exchanging all of them changes nothing, so the first stays."""
    observed = np.ones(n) / n
    if 2 ** (n - 1) - 1 <= permutations:
        signs = itertools.product((1.0, -1.0), repeat=n - 1)
        return observed, (np.array((1.0, *s)) / n for s in itertools.islice(signs, 1, None)), True
    return observed, (np.where(rng.random(n) < 0.5, -1.0, 1.0) / n for _ in range(permutations)), False


def _relabellings(
    in_a: NDArray[np.bool_], permutations: int, rng: np.random.Generator
) -> tuple[Floats, Iterator[Floats], bool]:
    total, m = in_a.size, int(in_a.sum())

    def weights(chosen: NDArray[np.bool_]) -> Floats:
        return np.where(chosen, 1 / m, -1 / (total - m))

    observed = weights(in_a)
    halved = 2 * m == total  # exchanging the names of equal groups changes nothing
    count = math.comb(total - 1, m - 1) if halved else math.comb(total, m)
    if count - 1 <= permutations:
        first = int(np.flatnonzero(in_a)[0])
        others = [i for i in range(total) if i != first]
        choices = (
            ((first, *c) for c in itertools.combinations(others, m - 1))
            if halved
            else itertools.combinations(range(total), m)
        )
        masks = (np.isin(np.arange(total), c) for c in choices)
        return observed, (weights(mask) for mask in masks if not np.array_equal(mask, in_a)), True
    return observed, (weights(rng.permutation(in_a)) for _ in range(permutations)), False


def _in_blocks(rows: Iterator[Floats]) -> Iterator[Floats]:
    while block := list(itertools.islice(rows, _ROWS)):
        yield np.array(block)


def _squared_lengths(inner: Floats, rows: Floats) -> Floats:
    """||sum of w_i x_i||^2 for each row w; rounding below 0 is 0."""
    return np.maximum(np.einsum("ij,ij->i", rows @ inner, rows), 0.0)
