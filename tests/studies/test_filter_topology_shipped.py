"""What the shipped banks show, with as many networks as they hold: edges that turn once, and none before training."""

from dataclasses import replace

import numpy as np
import pytest

from topodash.geometry import klein_fit
from topodash.studies.filter_topology import dense_filters, ring_picture
from topodash.studies.filter_topology_bank import bank_names, load_bank
from topodash.studies.filter_topology_config import REPLICATION
from topodash.studies.filter_topology_wheel import wheel
from topodash.topology.null_bank import GaussianBank, null_p_value

MOST = 20  # networks: 99 null banks of all hundred take minutes; `topodash filters mnist_64_8_512 --nulls 99` does that


def filters_at(iteration):
    bank = load_bank("mnist_64_8_512")
    found = bank.at(int(bank.iterations[iteration]))
    return found.flat[: MOST * bank.filters.shape[2]]


def settings(filters):
    """The replications' share of neighbours for as many filters as there are."""
    return replace(REPLICATION, k=max(5, round(len(filters) / 32)), intervals=20)


def klein_r2(filters, config):
    return float(np.median(klein_fit(dense_filters(filters, config).values).r2))


def p_value(filters):
    config, bank = settings(filters), GaussianBank.like(filters)
    null = np.array([klein_r2(bank.draw(number, seed=0), config) for number in range(99)])
    return null_p_value(klein_r2(filters, config), null)


def around(filters):
    picture = ring_picture(filters, settings(filters))
    return wheel(picture.pca_angle, picture.dense.values)


def test_trained_filters_lie_nearer_to_the_klein_bottle_than_all_of_99_null_banks():
    assert p_value(filters_at(-1)) == pytest.approx(0.01)


def test_untrained_filters_lie_no_nearer_than_their_null_banks():
    assert p_value(filters_at(0)) > 0.05


def test_averages_around_the_trained_ring_are_edges_that_turn_once():
    found = around(filters_at(-1))
    assert abs(found.turns) == 1
    # no doubt about the count: neighbours never differ by nearly half a turn
    assert found.largest_step < np.pi / 2
    assert np.median(found.klein_r2) > 0.6 and (found.klein_r2 > 0.3).all()


def test_averages_of_untrained_filters_are_noise():
    found = around(filters_at(0))
    assert np.median(found.klein_r2) < 0.3
    # whatever the count of turns is, it is uncertain
    assert found.largest_step > np.pi / 2


@pytest.mark.parametrize("name", bank_names())
def test_a_shipped_bank_is_recorded_before_training_and_learns(name):
    bank = load_bank(name)
    assert bank.iterations[0] == 0
    first, last = bank.accuracy[:, 0], bank.accuracy[:, -1]
    assert (last > first).all() and last.min() > 0.75
    assert (bank.filters[:, 0] != bank.filters[:, -1]).any(axis=(1, 2, 3)).all()


def test_circles_and_squares_are_recorded_at_the_paper_s_moments():
    if "shapes_512_128_1024" not in bank_names():
        pytest.skip("the bank of circles and squares is not shipped with this version")
    assert {0, 40, 2000} <= set(load_bank("shapes_512_128_1024").iterations.tolist())
