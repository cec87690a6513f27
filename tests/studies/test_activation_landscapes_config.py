"""The study's configuration: bounds by name, whose default each is, and the two that ship."""

from dataclasses import replace
from typing import get_args

import pytest

from topodash.networks.initialisation import Initialisation
from topodash.studies.activation_landscapes import (
    DISKS,
    MNIST,
    LandscapeConfig,
    estimate_seconds,
    forecast,
    refuse_what_cannot_be_done,
)
from topodash.studies.activation_landscapes.config import INITIALISATIONS


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"networks": 0}, "networks must be from 1 to 2000"),
        ({"networks": 10**400}, "networks must be from 1 to 2000"),
        ({"networks": 2.5}, "networks must be of type int"),
        ({"thresholds": [0.9, 0.5]}, "thresholds must be increasing"),
        ({"thresholds": 0.9}, "thresholds must be a list"),
        ({"learning_rate": float("nan")}, "learning_rate must be from"),
        ({"dataset": "ten_disks"}, "dataset must be one of"),
        ({"homology": "global"}, "homology must be one of"),
        ({"batch": "random"}, "batch_points must be 3 or more"),
        ({"grid_step": 0.9}, "grid_step must be from"),
        ({"batches": 12}, "batches must be at most"),
        ({"wdiths": [3]}, "config must have only known fields; it had wdiths"),
    ],
)
def test_a_config_edited_past_its_bounds_is_refused_by_name(changes, message):
    with pytest.raises(ValueError, match=message):
        LandscapeConfig.from_json({**DISKS.to_json(), **changes})


def test_the_initialisations_are_those_of_the_networks():
    assert get_args(Initialisation) == INITIALISATIONS


def test_the_shipped_configs_are_those_of_the_paper_where_it_says_so():
    assert (DISKS.networks, DISKS.hidden, len(DISKS.layers)) == (100, (15,) * 10, 12)
    assert len(DISKS.thresholds) >= 6 and len(MNIST.thresholds) >= 4 and MNIST.batches > 1
    assert MNIST.homology == "local" and MNIST.grid[-1] == 2.0 and MNIST.degrees == (1,)
    assert LandscapeConfig.from_json(MNIST.to_json()) == MNIST
    for field in LandscapeConfig.__dataclass_fields__.values():
        assert field.metadata["whose"] in ("paper", "ours") and field.metadata["help"]
    assert estimate_seconds(DISKS) > estimate_seconds(replace(DISKS, networks=10))


def test_a_study_of_more_points_than_fit_is_refused_before_it_begins(monkeypatch):
    monkeypatch.setattr(forecast, "available_memory", lambda: 2**30)
    refuse_what_cannot_be_done(DISKS)
    with pytest.raises(
        ValueError, match=r"points must fit in memory: 10676 points .* GiB .* landmarks or a subsample"
    ):
        refuse_what_cannot_be_done(replace(DISKS, every=1))
    with pytest.raises(ValueError, match="degree 2"):
        refuse_what_cannot_be_done(replace(DISKS, degrees=(1, 2), every=2), workers=2)


@pytest.mark.parametrize(
    ("changes", "workers", "message"),
    [
        ({}, 0, "workers must be a whole number from 1 to 256; it was 0"),
        ({}, -3, "workers must be"),
        ({"class_name": "ring"}, 1, "class_name must be one of disks, complement, or empty for all; it was 'ring'"),
        ({"dataset": "mnist", "class_name": "ten", "batch": "random", "batch_points": 100}, 1, "class_name must be one of 0, 1"),
        ({"dataset": "mnist", "class_name": "3"}, 1, "batch must be 'random'"),
        ({"dataset": "moons", "class_name": "", "batch": "random", "batch_points": 50_000}, 1, "batch_points must be at most"),
        ({"points": 700, "every": 100}, 1, "every must leave 3 points or more"),
    ],
)  # fmt: skip
def test_what_would_end_a_study_in_the_middle_is_refused_before_it_begins(
    monkeypatch, changes, workers, message
):
    monkeypatch.setattr(forecast, "available_memory", lambda: 2**50)
    with pytest.raises(ValueError, match=message):
        refuse_what_cannot_be_done(replace(DISKS, **changes), workers)
