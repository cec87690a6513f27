"""Sources against torch's forward pass, the generators, and the table reader."""

import io
from itertools import pairwise

import numpy as np
import pytest
import torch

from topodash.datasets import CsvError, load
from topodash.jobs.questions import question_key
from topodash.jobs.sources import Sources, is_source
from topodash.runs import Recorder, RunError, RunNotFound
from topodash.runs.uploads import UploadError, Uploads

RUN_ID = "1" * 16
WIDTHS = (2, 4, 3, 2)
PARTS = ("all", "train", "test")


@pytest.fixture
def network():
    torch.manual_seed(0)
    return [torch.nn.Linear(*pair) for pair in pairwise(WIDTHS)]


@pytest.fixture
def data():
    return load("moons", seed=2)


@pytest.fixture
def run(store, network, data):
    with Recorder.create(store.path(RUN_ID), kind="mlp", config={}) as recorder:
        recorder.artifact(
            "dataset",
            {"points": data.points, "labels": data.labels, "train": data.train, "test": data.test},
            meta={"class_names": list(data.class_names), "columns": list(data.columns)},
        )
        weights = {}
        for number, linear in enumerate(network, 1):
            weights[f"W{number}"] = linear.weight.detach().numpy()
            weights[f"b{number}"] = linear.bias.detach().numpy()
        recorder.snapshot(7, weights)
        recorder.snapshot(8, {name: array * 2 for name, array in weights.items()})
        recorder.snapshot(9, {"filters": np.arange(50.0).reshape(2, 5, 5), "biases": np.zeros(2)})
    return {"run": RUN_ID, "step": 7}


@pytest.mark.parametrize("which", [(layer, part) for layer in ("input", 1, 2, "output") for part in PARTS])
def test_a_layer_of_a_run_is_what_torch_gives(settings, run, network, data, which):
    layer, part = which
    found = Sources(settings).load({**run, "layer": layer, "part": part})
    index = {"all": np.arange(len(data.points)), "train": data.train, "test": data.test}[part]
    values = torch.tensor(data.points[index])
    wanted = values
    for number, linear in enumerate(network, 1):
        values = linear(values)
        if number < len(network):
            values = torch.relu(values)
        if layer in (number, "output"):
            wanted = values
    np.testing.assert_allclose(found.points, wanted.detach().numpy(), atol=1e-5)
    np.testing.assert_allclose(found.probabilities, torch.softmax(values, 1).detach().numpy(), atol=1e-5)
    assert np.array_equal(found.labels, data.labels[index])
    assert np.array_equal(found.index, index)
    assert np.array_equal(found.inputs, data.points[index])
    assert len(found.columns) == found.points.shape[1]
    assert found.class_names == data.class_names


def test_filters_are_flattened(settings, run):
    found = Sources(settings).load({**run, "step": 9, "layer": "filters"})
    assert np.array_equal(found.points, np.arange(50.0).reshape(2, 25))
    assert len(found.columns) == 25


def test_a_number_that_cannot_be_measured_with_is_refused_by_its_row_in_the_file(settings):
    upload = Uploads.of(settings).store(io.BytesIO(b"a,b\n1,2\n\n3,-1e300\n5,6\n"), 1000, "ann")
    with pytest.raises(CsvError, match=r'Row 4, column "b": -1e\+300 is out of range') as caught:
        Sources(settings).load({"upload": upload, "columns": ["a", "b"], "drop_bad_rows": True})
    assert (caught.value.row, caught.value.count) == (4, 1)


def test_data_sets_and_uploads(settings):
    cloud = load("nine_disks", seed=3)
    found = Sources(settings).load({"dataset": "nine_disks", "seed": 3})
    assert np.array_equal(found.points, cloud.points)
    assert np.array_equal(found.labels, cloud.labels)
    upload = Uploads.of(settings).store(io.BytesIO(b"a,b,kind\n1,2,x\n3,4,y\n5,6,x\n"), 1000, "ann")
    found = Sources(settings).load({"upload": upload, "columns": ["b", "a"], "label": "kind"})
    assert found.points.tolist() == [[2, 1], [4, 3], [6, 5]]
    assert found.labels.tolist() == [0, 1, 0]
    assert found.columns == ("b", "a")


@pytest.mark.parametrize(
    ("source", "error", "message"),
    [
        ({"layer": "input"}, ValueError, "source must be an object"),
        ({"run": RUN_ID, "step": 7, "leyer": 1}, ValueError, "source must be an object"),
        ({"run": RUN_ID, "layer": 1}, ValueError, "step must be a whole number"),
        ({"run": RUN_ID, "step": True}, ValueError, "step must be a whole number"),
        (
            {"run": RUN_ID, "step": 7, "layer": 3},
            ValueError,
            "layer must be 'input', 1 to 2, or 'output', was 3",
        ),
        ({"run": RUN_ID, "step": 7, "layer": True}, ValueError, "layer must be"),
        ({"run": RUN_ID, "step": 7, "layer": "filters"}, ValueError, "this run has none"),
        ({"run": RUN_ID, "step": 9, "layer": 1}, ValueError, "the snapshot must hold W1"),
        ({"run": RUN_ID, "step": 7, "part": "some"}, ValueError, "part must be"),
        ({"run": RUN_ID, "step": 70}, RunNotFound, "no snapshot at step 70"),
        ({"run": "2" * 16, "step": 7}, RunNotFound, "there is no run"),
        ({"run": "../etc", "step": 7}, RunNotFound, "an id is 16 hex digits"),
        ({"dataset": "nonsense"}, ValueError, "nonsense"),
        ({"upload": "0" * 32, "columns": ["a"]}, UploadError, "upload the file again"),
    ],
)
def test_what_cannot_be_resolved_says_why(settings, run, source, error, message):
    with pytest.raises(error, match=message):
        Sources(settings).load(source)


def test_keys_follow_the_content_and_not_only_the_name(settings, store, run):
    sources = Sources(settings)
    one = question_key("activations", {"source": {**run, "layer": 1}}, sources)
    assert question_key("activations", {"source": {"layer": 1, **run}}, sources) == one
    assert question_key("activations", {"source": {**run, "step": 8, "layer": 1}}, sources) != one
    store.delete(RUN_ID)
    with pytest.raises(RunError):
        question_key("activations", {"source": {**run, "layer": 1}}, sources)
    with Recorder.create(store.path(RUN_ID), kind="mlp", config={}) as recorder:  # same id, other content
        recorder.artifact("dataset", {"points": np.zeros((1, 2)), "labels": np.zeros(1, np.int64)})
        recorder.snapshot(
            7, {"W1": np.ones((1, 2)), "b1": np.ones(1), "W2": np.ones((1, 1)), "b2": np.ones(1)}
        )
    assert question_key("activations", {"source": {**run, "layer": 1}}, sources) != one


def test_sources_are_found_wherever_they_stand():
    assert is_source({"dataset": "moons"})
    assert not is_source({"dataset": "moons", "lens": "x"})
    assert not is_source([1])
