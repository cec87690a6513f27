"""Gaussian null banks: moments, seeds, and p-values that are uniform when the null is true."""

import numpy as np
import pytest

from topodash.topology.null_bank import GaussianBank, null_p_value, null_statistics


def first_moments(filters):
    return {"mean": float(filters.mean()), "spread": float(filters.std())}


def correlated(n, rng, d=9):
    return rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + np.arange(d)


def test_mean_and_covariance_are_the_banks():
    filters = correlated(50, np.random.default_rng(0))
    bank = GaussianBank.like(filters)
    np.testing.assert_allclose(bank.means[0], filters.mean(axis=0))
    np.testing.assert_allclose(bank.factors[0] @ bank.factors[0].T, np.cov(filters.T, ddof=0))
    drawn = np.concatenate([bank.draw(i, seed=0) for i in range(400)])
    scale = np.abs(np.cov(filters.T)).max()
    np.testing.assert_allclose(np.cov(drawn.T), np.cov(filters.T, ddof=0), atol=0.05 * scale)


def test_networks_keep_their_own_moments():
    rng = np.random.default_rng(1)
    filters = np.concatenate([rng.normal(5, 1, (40, 4)), rng.normal(-5, 0.1, (20, 4))])
    drawn = GaussianBank.like(filters, np.repeat([3, 7], [40, 20])).draw(0, seed=0)
    assert drawn.shape == (60, 4)
    assert drawn[:40].mean() == pytest.approx(5, abs=0.5)
    assert drawn[40:].std() == pytest.approx(0.1, abs=0.03)


def test_fewer_filters_than_weights_stay_in_their_span():
    filters = np.zeros((4, 6))
    filters[:, :2] = np.random.default_rng(2).normal(size=(4, 2))
    np.testing.assert_allclose(GaussianBank.like(filters).draw(0, seed=0)[:, 2:], 0, atol=1e-12)


def test_the_numbers_do_not_depend_on_workers_or_stops():
    bank = GaussianBank.like(correlated(30, np.random.default_rng(3)))
    alone = dict(null_statistics(bank, first_moments, count=5, seed=4))
    assert list(alone) == [0, 1, 2, 3, 4]
    rest = dict(null_statistics(bank, first_moments, count=5, seed=4, done={0: alone[0], 3: alone[3]}))
    assert rest == {i: alone[i] for i in (1, 2, 4)}
    assert dict(null_statistics(bank, first_moments, count=5, seed=4, workers=2)) == alone
    assert dict(null_statistics(bank, first_moments, count=5, seed=5)) != alone


def test_p_values_count_ties_and_nan_against_the_claim():
    assert null_p_value(3.0, [1.0, 2.0, 3.0]) == 0.5
    assert null_p_value(4.0, [1.0, 2.0, 3.0]) == 0.25
    assert null_p_value(4.0, [1.0, np.nan, 3.0]) == 0.5
    assert null_p_value(np.nan, [1.0]) == 1.0


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="at least two"):
        GaussianBank.like(np.zeros((1, 4)))
    with pytest.raises(ValueError, match="networks must have shape"):
        GaussianBank.like(np.zeros((5, 4)), np.zeros(4))
    with pytest.raises(ValueError, match="count and workers"):
        list(null_statistics(GaussianBank.like(np.eye(4)), first_moments, count=0, seed=0))
