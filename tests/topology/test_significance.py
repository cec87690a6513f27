"""Permutation tests against brute force over all relabellings, and Holm's correction by hand."""

import itertools

import numpy as np
import pytest

from topodash.topology import holm, permutation_test


def samples(seed, m, n, shift=0.0, f=3):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(m, f)), rng.normal(size=(n, f)) + shift


@pytest.mark.parametrize(("m", "n"), [(3, 4), (4, 4), (1, 6)])
def test_few_items_are_looked_at_exhaustively_and_agree_with_brute_force(m, n):
    a, b = samples(0, m, n, 0.7)
    items = np.concatenate([a, b])
    observed = np.linalg.norm(a.mean(axis=0) - b.mean(axis=0))
    every = []
    for chosen in itertools.combinations(range(m + n), m):
        rest = [i for i in range(m + n) if i not in chosen]
        every.append(np.linalg.norm(items[list(chosen)].mean(axis=0) - items[rest].mean(axis=0)))
    result = permutation_test(a, b, permutations=1000, seed=1)
    assert result.exhaustive
    assert result.statistic == pytest.approx(observed)
    assert result.p_value == pytest.approx(np.mean(np.array(every) >= observed - 1e-9))
    assert result.smallest_p == 1 / (len(result.null) + 1) <= result.p_value


@pytest.mark.parametrize("m", [1, 2, 6])
def test_few_pairs_are_swapped_exhaustively_and_agree_with_brute_force(m):
    a, b = samples(1, m, m, 0.5)
    every = [
        np.linalg.norm((np.array(signs)[:, None] * (a - b)).mean(axis=0))
        for signs in itertools.product((1, -1), repeat=m)
    ]
    result = permutation_test(a, b, permutations=1000, seed=1, paired=True)
    assert result.exhaustive
    assert result.p_value == pytest.approx(np.mean(np.array(every) >= result.statistic - 1e-9))
    assert len(result.null) == 2 ** (m - 1) - 1


@pytest.mark.parametrize("paired", [False, True])
def test_a_gram_matrix_gives_the_same_as_the_samples(paired):
    a, b = samples(2, 12, 12, 0.4)
    items = np.concatenate([a, b]) + 100
    from_samples = permutation_test(a, b, permutations=500, seed=3, paired=paired)
    from_gram = permutation_test(
        gram=items @ items.T, groups=[0] * 12 + [1] * 12, permutations=500, seed=3, paired=paired
    )
    assert from_gram.statistic == pytest.approx(from_samples.statistic)
    np.testing.assert_allclose(from_gram.null, from_samples.null, rtol=1e-6)
    assert from_gram.p_value == from_samples.p_value


def test_pairs_may_stand_in_any_order():
    a, b = samples(3, 9, 9, 0.4)
    items = np.concatenate([a, b])
    names = np.array(list("abcdefghi") * 2)
    groups = np.repeat(["before", "after"], 9)
    straight = permutation_test(a, b, permutations=1000, seed=0, paired=True)
    mixed = np.random.default_rng(0).permutation(18)
    found = permutation_test(
        gram=(items @ items.T)[np.ix_(mixed, mixed)],
        groups=groups[mixed],
        pairs=names[mixed],
        permutations=1000,
        seed=0,
    )
    assert found.paired
    assert found.p_value == pytest.approx(straight.p_value)
    assert found.statistic == pytest.approx(straight.statistic)


def test_ties_count_and_p_is_never_zero():
    same = np.ones((6, 2))
    tied = permutation_test(same, same, permutations=99, seed=0)
    assert tied.p_value == 1 and tied.statistic == 0
    apart = permutation_test(*samples(4, 30, 30, 9.0), permutations=99, seed=0)
    assert apart.p_value == apart.smallest_p == 0.01


def test_the_seed_decides_and_nothing_else():
    a, b = samples(5, 20, 20, 0.2)
    first, again = (permutation_test(a, b, permutations=200, seed=7) for _ in range(2))
    np.testing.assert_array_equal(first.null, again.null)
    assert not np.array_equal(first.null, permutation_test(a, b, permutations=200, seed=8).null)


def test_p_values_are_uniform_under_the_null():
    p = [permutation_test(*samples(s, 10, 10), permutations=99, seed=s).p_value for s in range(200)]
    for level in (0.1, 0.5, 0.9):
        assert abs(np.mean(np.array(p) <= level) - level) < 0.12


def test_pairing_finds_a_small_change_of_very_different_networks():
    rng = np.random.default_rng(0)
    networks = 10 * rng.normal(size=(20, 4))
    later = networks + [0.5, 0, 0, 0] + 0.1 * rng.normal(size=(20, 4))
    assert permutation_test(networks, later, permutations=999, seed=0).p_value > 0.5
    assert permutation_test(networks, later, permutations=999, seed=0, paired=True).p_value <= 0.005


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"gram": np.eye(3), "groups": [0, 1]}, "gram must be"),
        ({"gram": np.eye(3), "groups": [0, 1, 2]}, "exactly two"),
        ({"gram": np.eye(3), "groups": [0, 1, 1], "paired": True}, "equal size"),
        ({"gram": np.eye(4), "groups": [0, 0, 1, 1], "pairs": [1, 2, 1, 3]}, "exactly twice"),
        ({"gram": np.full((2, 2), np.nan), "groups": [0, 1]}, "gram must be finite"),
        ({"sample_a": np.eye(3)}, "must both be given"),
        ({"sample_a": np.eye(3), "sample_b": np.eye(2)}, r"\(m, f\) and \(n, f\)"),
        ({"sample_a": np.eye(2), "sample_b": np.full((2, 2), np.inf)}, "finite; row 2"),
        ({"sample_a": np.eye(2), "sample_b": np.eye(2), "permutations": 0}, "permutations must be"),
    ],
)
def test_bad_input_is_refused_by_name(arguments, message):
    with pytest.raises(ValueError, match=message):
        permutation_test(**{"permutations": 9, "seed": 0, **arguments})


def test_holm_by_hand_with_a_test_that_was_not_made():
    np.testing.assert_allclose(holm([0.01, 0.04, np.nan, 0.03]), [0.03, 0.06, np.nan, 0.06])
    np.testing.assert_allclose(holm([[0.5, 0.6]]), [[1.0, 1.0]])
    assert np.isnan(holm([np.nan])).all()
