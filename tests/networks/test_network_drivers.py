"""The drivers of kinds 'mlp' and 'cnn': config to steps, and a run resumed is the run uninterrupted."""

import json
import subprocess
import sys

import numpy as np
import pytest
from small_cnn import images

from topodash.jobs.driver import DriverFailed
from topodash.jobs.kinds import cnn, make_driver
from topodash.runs import Control, Recorder, RunReader

MLP = {
    "dataset": {"name": "single_annulus", "seed": 3, "parameters": {"points": 80}},
    "hidden": [4, 3],
    "initialisation": "he_normal",
    "optimiser": "adam",
    "learning_rate": 0.02,
    "momentum": 0.9,
    "l2": 0.0,
    "batch_size": 16,
    "epochs": 12,
    "seed": 1,
    "epochs_per_second": 30,
}
CNN = {
    "dataset": {"name": "circles_squares", "seed": 0, "parameters": {}},
    "c1": 4,
    "c2": 2,
    "dense": 8,
    "batch_size": 8,
    "iterations": 9,
    "record": [0, 4],
    "seed": 2,
}


@pytest.fixture
def recorder(tmp_path):
    made = []

    def make(kind, config, artifacts=()):
        path = tmp_path / f"{len(made):016x}.run"
        recorder = Recorder.create(path, kind=kind, config=config)
        for name, arrays, meta in artifacts:
            recorder.artifact(name, arrays, meta=meta)
        recorder.flush()
        made.append(recorder)
        return recorder

    yield make
    for each in made:
        each.close()


@pytest.fixture(autouse=True)
def small_images(monkeypatch):
    def load(name, *, seed, **parameters):
        data = images()
        data.class_names = ("upright", "lying")
        return data

    monkeypatch.setattr(cnn, "load_images", load)


def same_steps(ours, theirs):
    assert [step.step for step in ours] == [step.step for step in theirs]
    for a, b in zip(ours, theirs, strict=True):
        assert json.dumps(a.scalars) == json.dumps(b.scalars)
        assert a.events == b.events
        assert (a.snapshot is None) == (b.snapshot is None)
        for name in a.snapshot or {}:
            np.testing.assert_array_equal(a.snapshot[name], b.snapshot[name])


class Saved:
    """A checkpoint as a run gives it back."""

    def __init__(self, step, driver):
        tensors, state = driver.state()
        self.step = step
        self.tensors = {name: value.copy() for name, value in tensors.items()}
        self.state = json.loads(json.dumps(state))


@pytest.mark.parametrize(("kind", "config", "last"), [("mlp", MLP, 12), ("cnn", CNN, 9)])
@pytest.mark.parametrize("cut", [0, 4, 5])
def test_a_run_resumed_is_the_run_uninterrupted(recorder, kind, config, last, cut):
    driver = make_driver(kind, config)
    assert driver.total == last
    whole = list(driver.start(recorder(kind, config), None))
    assert [step.step for step in whole] == list(range(last + 1))
    run = recorder(kind, config)
    first = make_driver(kind, config)
    steps = first.start(run, None)
    seen = [next(steps) for _ in range(cut + 1)]
    run.flush()
    joined = seen + list(make_driver(kind, config).start(run, Saved(cut, first)))
    same_steps(joined, whole)


def test_an_mlp_run_keeps_its_data_set_and_every_epoch(recorder):
    run = recorder("mlp", MLP)
    steps = list(make_driver("mlp", MLP).start(run, None))
    run.flush()
    with RunReader(run.path) as reader:
        kept = reader.artifact("dataset")
    assert kept.arrays["points"].shape == (80, 2)
    assert len(kept.meta["class_names"]) == 2
    assert set(kept.meta) >= {"class_names", "columns", "centre", "scale"}
    assert list(steps[0].snapshot) == ["W1", "b1", "W2", "b2", "W3", "b3"]
    assert steps[0].snapshot["W3"].shape == (1, 3)
    points = kept.arrays["points"][kept.arrays["test"]]
    weights = steps[-1].snapshot
    values = points
    for number in (1, 2):
        values = np.maximum(values @ weights[f"W{number}"].T + weights[f"b{number}"], 0)
    guess = (values @ weights["W3"].T + weights["b3"])[:, 0] > 0
    right = guess == kept.arrays["labels"][kept.arrays["test"]]
    assert steps[-1].scalars["test_accuracy"] == right.mean()


def test_an_uploaded_data_set_is_used_as_it_is_kept(recorder):
    rng = np.random.default_rng(0)
    arrays = {
        "points": rng.standard_normal((30, 2)).astype(np.float32),
        "labels": np.arange(30) % 3,
        "train": np.arange(25),
        "test": np.arange(25, 30),
    }
    config = {**MLP, "dataset": {"upload": "abc", "columns": ["x", "y"], "label": "c"}}
    run = recorder("mlp", config, [("dataset", arrays, {"class_names": ["a", "b", "c"]})])
    steps = list(make_driver("mlp", config).start(run, None))
    assert steps[0].snapshot["W3"].shape == (3, 3)
    with pytest.raises(DriverFailed, match="upload"):
        next(make_driver("mlp", config).start(recorder("mlp", config), None))


def test_a_branch_begins_with_the_weights_it_is_given(recorder):
    parent = list(make_driver("mlp", MLP).start(recorder("mlp", MLP), None))
    config = {**MLP, "branch": {"run": "0" * 16, "step": 7}}
    run = recorder("mlp", config, [("start", parent[7].snapshot, {})])
    steps = list(make_driver("mlp", config).start(run, None))
    assert [step.step for step in steps] == list(range(7, 13))
    for name, value in parent[7].snapshot.items():
        np.testing.assert_array_equal(steps[0].snapshot[name], value)


@pytest.mark.parametrize(("kind", "config"), [("mlp", MLP), ("cnn", CNN)])
def test_the_learning_rate_acts_at_the_next_step_and_none_means_the_configs(recorder, kind, config):
    driver = make_driver(kind, config)
    steps = driver.start(recorder(kind, config), None)
    next(steps)
    driver.apply(Control(learning_rate=0.5))
    next(steps)
    assert driver._training.state()[1]["learning_rate"] == 0.5
    driver.apply(Control())
    step = next(steps)
    assert driver._training.state()[1]["learning_rate"] == pytest.approx(config.get("learning_rate", 1e-3))
    if kind == "mlp":
        assert [kind for kind, _ in step.events if kind == "learning_rate"]


def test_a_diverging_run_fails_with_a_sentence_after_its_last_step(recorder):
    config = {**MLP, "optimiser": "sgd", "learning_rate": 1000.0, "initialisation": "normal", "epochs": 500}
    driver = make_driver("mlp", config)
    steps = driver.start(recorder("mlp", config), None)
    seen = []
    with pytest.raises(DriverFailed, match=r"Diverged at epoch \d+"):
        for step in steps:
            seen.append(step)
    assert seen[-1].events[-1][0] == "diverged"
    json.dumps([dict(data) for _, data in seen[-1].events], allow_nan=False)


def test_a_cnn_run_keeps_the_first_layer_at_the_recorded_iterations(recorder):
    steps = list(make_driver("cnn", CNN).start(recorder("cnn", CNN), None))
    assert [step.step for step in steps if step.snapshot] == [0, 4, 9]
    assert steps[4].snapshot["filters"].shape == (4, 5, 5)
    assert set(steps[4].scalars) == {"loss", "test_loss", "test_accuracy"}
    assert set(steps[5].scalars) == {"loss"}
    assert "loss" not in steps[0].scalars


@pytest.mark.parametrize(
    ("kind", "change", "named"),
    [
        ("mlp", {"hidden": [9]}, "hidden"),
        ("mlp", {"hidden": [1, 1, 1, 1]}, "hidden"),
        ("mlp", {"hidden": 3}, "hidden"),
        ("mlp", {"epochs": 10**7}, "epochs"),
        ("mlp", {"epochs": "many"}, "epochs"),
        ("mlp", {"learning_rate": 0}, "learning_rate"),
        ("mlp", {"learning_rate": float("nan")}, "learning_rate"),
        ("mlp", {"batch_size": -1}, "batch_size"),
        ("mlp", {"momentum": 1}, "momentum"),
        ("mlp", {"l2": -1}, "l2"),
        ("mlp", {"seed": 1.5}, "seed"),
        ("mlp", {"optimiser": "rmsprop"}, "optimiser"),
        ("mlp", {"initialisation": None}, "initialisation"),
        ("mlp", {"dataset": {"name": "mnist"}}, "dataset"),
        ("mlp", {"dataset": "moons"}, "dataset"),
        ("mlp", {"branch": {"step": -1}}, "step"),
        ("mlp", {"branch": 3}, "branch"),
        ("mlp", {"epochs_per_second": 0}, "epochs_per_second"),
        ("mlp", {"lerning_rate": 1}, "lerning_rate"),
        ("cnn", {"c1": 5000}, "c1"),
        ("cnn", {"record": [10]}, "record"),
        ("cnn", {"record": "all"}, "record"),
        ("cnn", {"dropout": 1}, "dropout"),
        ("cnn", {"dataset": {"name": "moons"}}, "dataset"),
        ("cnn", {"dataset": {"name": "mnist", "seed": -1}}, "seed"),
        ("cnn", {"hidden": [3]}, "hidden"),
    ],
)
def test_a_config_past_its_bounds_is_refused_by_name(kind, change, named):
    base = MLP if kind == "mlp" else CNN
    with pytest.raises(ValueError, match=named):
        make_driver(kind, {**base, **change})


def test_a_state_is_known_only_after_the_start():
    for kind, config in (("mlp", MLP), ("cnn", CNN)):
        with pytest.raises(RuntimeError, match="start"):
            make_driver(kind, config).state()


def test_importing_the_room_imports_no_torch():
    code = "import sys, topodash.networks; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
