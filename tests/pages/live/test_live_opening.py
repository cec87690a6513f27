"""A link comes onto the page: what of it cannot be shown is said, and what holds of a run is what Setup shows."""

import pytest

from topodash.components.notices import notices
from topodash.pages.live.drawing import as_it_trains, load_run
from topodash.pages.live.opening import epoch_of, found_run, shown
from topodash.pages.live.stage import strip
from topodash.runs import Catalogue

INFO = {"first": 300, "last": 600}


@pytest.mark.parametrize(
    ("asked", "epoch", "said"),
    [
        (None, None, ""),
        (300, 300, ""),
        (600, 600, ""),
        (200, 300, "begins at epoch 300"),
        (99999, 600, "Epoch 99999 is not recorded"),
    ],
)
def test_an_epoch_that_a_run_does_not_have_is_the_nearest_one_and_said(asked, epoch, said):
    found, notes = epoch_of(asked, INFO)
    assert found == epoch
    assert said in " ".join(notes)
    assert bool(notes) == bool(said)


def test_setup_shows_the_learning_rate_that_a_run_was_given_since(browser, settings, make):
    run_id = make(config={"learning_rate": 0.5})
    assert load_run(run_id)["config"]["learning_rate"] == 0.5
    Catalogue.of(settings).set_control(run_id, learning_rate=0.05)
    assert load_run(run_id)["config"]["learning_rate"] == 0.05


def test_a_run_that_nobody_steers_keeps_its_settings(browser):
    assert as_it_trains("0" * 16, {"learning_rate": 0.5}) == {"learning_rate": 0.5}


def test_a_second_run_that_is_not_there_leaves_the_first_and_says_so(browser, make):
    assert found_run("0" * 16)[0] is None
    assert "there is no run" in found_run("0" * 16)[1]
    run_id = make()
    out = shown(
        {"a": run_id}, load_run(run_id), None, "last", stands={}, said=["The second run cannot be shown."]
    )
    assert out["attach"]["a"]["id"] == run_id
    assert str(out["said"]) == str(notices(["The second run cannot be shown."], kind="info"))


def test_a_layer_that_a_network_does_not_have_is_the_last_one_and_said(browser, make):
    run_id = make()
    out = shown({"a": run_id, "view": {"layer": "3"}}, load_run(run_id), None, "3", stands={})
    assert out["attach"]["layer"] == out["layer"] == "last"
    assert "1 hidden layer;" in str(out["said"])


def test_weights_that_were_edited_at_another_epoch_are_not_those_of_this_one(browser, make):
    run_id = make()
    first = load_run(run_id)
    edit = {"step": 99, "changes": []}
    run = {"a": run_id, "epoch": 99, "edit": edit}
    assert shown(run, first, None, "last", stands={})["attach"]["edit"] is None
    last = first["info"]["last"]
    assert shown({**run, "epoch": last}, first, None, "last", stands={})["attach"]["edit"] == edit


def test_the_strip_says_why_an_epoch_is_missing():
    words = str(strip("0" * 16, [1, 400, 700, 1000], {400}, dark=False, total=800, first=300))
    assert "before the first, 300" in words
    assert "not recorded yet" in words
    assert "after the last, 800" in words
