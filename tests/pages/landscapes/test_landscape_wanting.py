"""What the controls ask of a study: what cannot be had is said, at the control or in a sentence."""

import pytest

from topodash.components.controls import ControlErrors
from topodash.pages.landscapes.controls import VIEW
from topodash.pages.landscapes.wanting import wanted

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
