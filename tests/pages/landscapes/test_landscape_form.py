"""The form of a new study: read strictly, and refused at its controls in their own words."""

import pytest

from topodash.components.controls import ControlErrors
from topodash.pages.landscapes.controls import NEW
from topodash.pages.landscapes.form import config_of, hidden_of, preset, study_of, thresholds_of
from topodash.studies.activation_landscapes import forecast


@pytest.mark.parametrize("text", ["", "0,,", "15 y 10", "-3", "1e3"])
def test_hidden_layers_are_read_strictly(text):
    if text == "0,,":
        assert hidden_of(text) == (0,)
    else:
        with pytest.raises(ValueError, match="Hidden layers"):
            hidden_of(text)


def test_hidden_layers_and_thresholds_in_words():
    assert hidden_of("15 x 3") == (15, 15, 15)
    assert hidden_of("8, 4") == (8, 4)
    assert thresholds_of("0.5, 0.9") == (0.5, 0.9)
    with pytest.raises(ValueError, match="increasing"):
        thresholds_of("0.9, 0.5")


@pytest.mark.parametrize("dataset", ["nine_disks", "mnist", "moons", "double_annulus"])
def test_every_preset_is_a_study(dataset):
    config = config_of({**NEW.defaults(), "dataset": dataset, **preset(dataset)})
    assert config.dataset == dataset
    assert config.batch == ("sublattice" if dataset == "nine_disks" else "random")


def test_an_impossible_study_names_its_control():
    with pytest.raises(ControlErrors) as caught:
        config_of({**NEW.defaults(), "grid_step": 0.5, "grid_end": 0.1})
    assert caught.value.errors[0][0] == "grid_step"


@pytest.mark.parametrize(
    ("changes", "control", "said"),
    [
        ({"class_name": "ring"}, "class_name", "Class must be one of disks, complement, or empty for all; it was 'ring'."),
        ({"grid_step": 0.5, "grid_end": 0.1}, "grid_step", "Grid step must be from 1e-06 to 0.05 for a grid to 0.1; it was 0.5."),
        ({"batches": 17, "every": 4}, "batches", "Batches must be at most 16: one line in 4 gives no more; it was 17."),
        ({"dataset": "xor", **preset("xor"), "batch_points": 5000}, "batch_points", "Points of a random batch must be at most"),
        ({"every": 1}, "every", "Points must fit in memory"),
    ],
)  # fmt: skip
def test_what_cannot_be_studied_is_said_at_its_control_under_its_label(monkeypatch, changes, control, said):
    monkeypatch.setattr(forecast, "available_memory", lambda: 2**31)
    with pytest.raises(ControlErrors) as caught:
        study_of({**NEW.defaults(), **changes})
    ((named, message),) = caught.value.errors
    assert named == control
    assert message.startswith(said) and message.endswith(".")


def test_the_form_as_it_opens_can_be_started():
    config, workers = study_of(NEW.defaults())
    assert (config.class_name, workers) == ("complement", 1)


def test_a_default_that_a_help_names_as_ours_is_that_of_the_form():
    for control in NEW.controls():
        if "Our default is" in control.help:
            assert f"Our default is {control.default or 'all'}; " in control.help.replace(" 0;", " all;"), (
                control.id
            )
        assert "topodash." not in control.help


def test_the_form_begins_with_what_suits_its_data_set():
    assert preset("nine_disks").items() <= NEW.defaults().items()
