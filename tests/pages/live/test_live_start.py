"""Start, Rewind and Branch make the run that was asked for, or say why not."""

import numpy as np
import pytest
from dash import no_update

from topodash.datasets import load_points
from topodash.pages.live.controls import TABLE, values_of
from topodash.pages.live.drawing import check_config, keys, load_run, sample_of
from topodash.pages.live.opening import shown
from topodash.pages.live.start import NotStarted, branch, dataset_artifact, rewind, start
from topodash.runs import Catalogue, RunStore

OTHERS = "b" * 32


def test_the_dataset_artifact_is_the_data_set():
    data = load_points("single_annulus", seed=3, points=40)
    artifact = dataset_artifact(data)
    for name in ("points", "labels", "train", "test"):
        np.testing.assert_array_equal(artifact.content[name], getattr(data, name))
    assert artifact.meta["class_names"] == ["inner", "outer"]
    assert artifact.meta["betti"] == [[1, 0], [1, 1]]
    assert (artifact.meta["centre"], artifact.meta["scale"]) == ([0, 0], [1, 1])


def test_start_makes_a_queued_run_of_this_browser_with_its_points(browser, settings):
    run_id = start({"hidden1": 4, "seed": 7, "data_seed": 2}, {"single_annulus-points": 50}, None)
    with RunStore.of(settings).open(run_id) as run:
        assert run.status.state == "queued"
        assert (run.meta.kind, run.meta.config["hidden"], run.meta.config["seed"]) == ("mlp", [4], 7)
        wanted = load_points("single_annulus", seed=2, points=50).points
        np.testing.assert_array_equal(run.artifact("dataset").arrays["points"], wanted)
        assert values_of(run.meta.config)[0]["data_seed"] == 2
    entry = Catalogue.of(settings).entry(run_id)
    assert (entry.owner, entry.title) == ("a" * 32, "Single annulus, 4, seed 7")
    assert load_run(run_id)["info"]["own"]


@pytest.mark.parametrize(
    ("raw", "own", "control"),
    [
        ({"learning_rate": "nan"}, {}, "learning_rate"), ({"epochs": 0}, {}, "epochs"), ({"hidden1": 9}, {}, "hidden1"), ({"hidden3": 1}, {}, "hidden2"), ({"dataset": "../x"}, {}, "dataset"),
        ({}, {"single_annulus-points": 3}, "single_annulus-points"), ({}, {"single_annulus-outer_radii": "2 to 1"}, "single_annulus-outer_radii"),
    ],
)  # fmt: skip
def test_wrong_settings_start_nothing_and_are_said_at_their_control(browser, settings, raw, own, control):
    with pytest.raises(NotStarted) as caught:
        start(raw, own, None)
    assert [name for name, _ in caught.value.errors] == [control]
    assert RunStore.of(settings).ids() == []


@pytest.mark.parametrize(
    "table",
    [
        None,
        {},
        {"upload": "../../etc/passwd", "x": "a", "y": "b", "label": "c"},
        {"upload": "0" * 32, "x": "a", "y": "b", "label": "c"},
        {"upload": 3, "x": "a"},
    ],
)
def test_a_file_that_is_not_there_starts_nothing_and_is_said(browser, settings, table):
    with pytest.raises(NotStarted, match=r"\w"):
        start({"dataset": "csv"}, {}, table)
    assert RunStore.of(settings).ids() == []


def test_rewind_has_the_same_settings_and_points_and_waits_at_its_first_epoch(browser, settings, make):
    old = make(owner=OTHERS)
    new = rewind(old)
    store = RunStore.of(settings)
    with store.open(old) as before, store.open(new) as after:
        assert after.meta.config == before.meta.config
        assert after.meta.parent == {"run": old, "step": 0}
        assert before.artifact("dataset").data == after.artifact("dataset").data
        assert before.artifact("dataset").meta == after.artifact("dataset").meta
    assert Catalogue.of(settings).control(new).pause
    assert Catalogue.of(settings).entry(new).owner == "a" * 32


def test_a_branch_goes_on_from_the_weights_of_its_epoch_with_other_settings(browser, settings, make):
    old = make()
    new = branch(
        old, 3, {**TABLE.defaults(), "learning_rate": 0.125, "epochs": 50, "hidden1": 8, "seed": 9}, None
    )
    store = RunStore.of(settings)
    with store.open(old) as before, store.open(new) as after:
        assert after.meta.parent == {"run": old, "step": 3}
        assert after.meta.config["branch"] == {"run": old, "step": 3}
        assert (after.meta.config["learning_rate"], after.meta.config["epochs"]) == (0.125, 50)
        assert after.meta.config["hidden"] == [3]  # a branch keeps the network that it goes on with
        for name, values in before.snapshot(3).items():
            np.testing.assert_array_equal(after.artifact("start").arrays[name], values)
    assert Catalogue.of(settings).entry(new).title == "rings · from epoch 3"


def test_an_edited_branch_starts_from_the_edited_weights(browser, settings, make):
    new = branch(make(), 3, {}, [{"entry": "W1[0,1]", "value": 2.5}])
    with RunStore.of(settings).open(new) as run:
        assert run.artifact("start").arrays["W1"][0, 1] == 2.5
    again = rewind(new)
    with RunStore.of(settings).open(again) as run:
        assert run.artifact("start").arrays["W1"][0, 1] == 2.5
        assert run.meta.parent["step"] == 3


@pytest.mark.parametrize(
    ("step", "raw", "changes"),
    [(99, {}, None), (3, {"epochs": 3}, None), (3, {"l2": -1}, None), (3, {}, [7]), (3, {}, [{"unit": 0, "segment": {}}]), (3, {}, [{"entry": "W1[0,0]", "value": float("nan")}])],
)  # fmt: skip
def test_branches_that_cannot_be_are_said_and_make_nothing(browser, settings, make, *, step, raw, changes):
    old = make()
    with pytest.raises(NotStarted):
        branch(old, step, raw, changes)
    assert RunStore.of(settings).ids() == [old]


def test_runs_that_are_not_there_are_said(browser):
    for run_id in ("0" * 16, "../x", ""):
        with pytest.raises(NotStarted):
            rewind(run_id)
        with pytest.raises(NotStarted):
            branch(run_id, 0, {}, None)


def test_a_run_of_another_kind_is_refused_politely(browser, make):
    with pytest.raises(ValueError, match="of kind cnn; the live page shows runs of small networks"):
        load_run(make(kind="cnn"))
    assert not load_run(make(owner=OTHERS))["info"]["own"]


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"dataset": None},
        {"dataset": {}, "hidden": "abc"},
        {"dataset": {"parameters": 3}},
        {"dataset": {}, "epochs_per_second": "x"},
    ],
)
def test_settings_that_are_none_are_refused_in_words(config):
    with pytest.raises(ValueError, match="settings"):
        check_config(config)


def test_figures_that_stand_are_not_sent_again_and_others_are(browser, make):
    first = load_run(make())
    other = load_run(make(config={"seed": 7}))
    run = {"a": first["info"]["id"], "b": None}
    stands = keys(first["sample"])
    assert stands == keys(other["sample"]), "the same points, another network"
    sent = shown(run, first, None, "last", stands=stands)
    assert sent["plane"] is no_update
    assert sent["space"] is no_update
    sent = shown(run, first, None, "last", stands={"plane": stands["plane"], "space": None})
    assert sent["plane"] is no_update
    assert [trace.type for trace in sent["space"].data[:2]] == ["scatter3d"] * 2
    assert sent["shown"] == stands
    moved = sample_of(load_points("single_annulus", seed=1, points=60))
    assert keys(moved)["plane"] != stands["plane"]
    assert sent["compared"] == []
    assert len(shown(run, first, other, "last", stands={})["compared"]) == 2
