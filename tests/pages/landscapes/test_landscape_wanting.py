"""What the controls ask of a study: what cannot be had is said, at the control or in a sentence."""

import pytest

from topodash.components.controls import ControlErrors
from topodash.pages.landscapes.controls import VIEW
from topodash.pages.landscapes.fitting import fitted
from topodash.pages.landscapes.state import CURSOR
from topodash.pages.landscapes.wanting import most_networks, wanted
from topodash.pages.landscapes.working import carried

DISKS, MNIST = "782a30c8e52d2fac", "616bcb3bce66ab37"


def asked(run, **changes):
    return wanted(run, {**VIEW.defaults(), **changes})


@pytest.mark.parametrize(
    ("run", "changes", "networks", "said"),
    [
        (DISKS, {}, None, ""),
        (DISKS, {"degree": "0"}, 3, ""),
        (DISKS, {"degree": "0", "networks": 20}, 20, ""),
        (DISKS, {"degree": "0", "networks": 200}, 20, "20 networks are measured anew, not 200"),
        (MNIST, {"degree": "0", "networks": 1}, 1, ""),
        (MNIST, {"networks": 1}, None, ""),
        (MNIST, {"degree": "0"}, 1, "1 network is measured anew, not 3"),
        # Another grid is drawn from the bars of all.
        (DISKS, {"depth": 5}, None, ""),
        (DISKS, {"depth": 5, "networks": 7}, None, "shown: 100 networks."),
        (DISKS, {"networks": 7}, None, "shown: 100 networks."),
    ],
)
def test_a_number_of_networks_that_is_not_obeyed_is_said(request_context, run, changes, networks, said):
    found = asked(run, **changes)
    assert found["changes"].get("networks") == networks
    assert said in found["said"] and bool(said) == bool(found["said"])


def test_a_change_that_the_study_refuses_stands_at_its_control_under_its_label(request_context):
    with pytest.raises(ControlErrors) as caught:
        asked(DISKS, grid_end=0.01, grid_step=0.5)
    assert caught.value.errors == (
        ("grid_step", "Grid step must be from 1e-07 to 0.005 for a grid to 0.01; it was 0.5."),
    )


@pytest.mark.parametrize(("run", "most", "usual"), [(DISKS, 20, 3), (MNIST, 1, 1)])
def test_the_number_of_networks_follows_the_study(request_context, run, most, usual):
    assert most_networks(run) == most
    _, values, said = fitted(run, CURSOR, VIEW.defaults())
    assert values["networks"] == usual and not said
    # Nobody has chosen it, and so the address does not say it.
    assert wanted(run, values)["applied"]["networks"] == VIEW.defaults()["networks"]


def test_another_source_has_its_own_usual_number_of_networks_and_keeps_a_chosen_one(request_context):
    assert [carried(3, DISKS, MNIST), carried(1, MNIST, DISKS), carried(7, DISKS, MNIST)] == [1, 3, 7]
