"""The topology of the decision over epochs: each row is that step's own, each event what was scripted."""

import numpy as np
import pytest

from topodash.datasets import load_points
from topodash.geometry import class_regions, polyhedral_complex
from topodash.jobs.answers.region_history import region_history_chunk
from topodash.jobs.sources import Sources
from topodash.networks import MLPConfig, train
from topodash.pages.live.start import dataset_artifact
from topodash.runs import Recorder, RunStore
from topodash.settings import Settings
from topodash.studies.live_view import LabelledSample, live_view, split_weights
from topodash.studies.region_history import (
    FLIP_EPOCHS,
    is_flip,
    pattern_text,
    region_history,
    region_words,
)

BOX = ((-2.0, 2.0), (-2.0, 2.0))
THIRDS = np.deg2rad([90, 210, 330])
NORMALS = np.column_stack([np.cos(THIRDS), np.sin(THIRDS)])


def triangle(offset, *, outward=True, output=1.0, bias=-0.1, more=()):
    """Three lines at `offset` from the origin; `more` are further units (normal, offset)."""
    normals = NORMALS if outward else -NORMALS
    weight = np.array([*normals, *(normal for normal, _ in more)])
    biases = np.array([*np.full(3, offset), *(b for _, b in more)])
    out = np.zeros((1, len(weight)))
    out[0, :3] = output
    return {"W1": weight, "b1": biases, "W2": out, "b2": np.array([bias])}


def kinds(history):
    return [(event.step, event.kind) for event in history.events]


def test_every_row_is_that_epochs_own_complex_and_regions():
    data = load_points("single_annulus", seed=0, points=200)
    box = LabelledSample(np.float64(data.points), data.labels, np.ones(200, bool), data.class_names).box
    snapshots = [
        (e.step, e.weights) for e in train(MLPConfig(epochs=40, learning_rate=2.0, hidden=(4, 2)), data)
    ]
    history = region_history(snapshots, box)
    assert history.steps.tolist() == list(range(41))
    for row, (_, weights) in enumerate(snapshots):
        hidden, output = split_weights(weights)
        complex_ = polyhedral_complex(hidden, box)
        region = class_regions(complex_, output)[1]
        assert (history.b0[row], history.b1[row]) == (region.b0, region.b1)
        assert history.cells[row] == len(complex_)


def test_several_classes_are_counted_together_and_never_called_the_positive_region():
    data = load_points("blobs", seed=1, points=150)
    assert len(data.class_names) > 2
    config = MLPConfig(epochs=30, learning_rate=1.0, hidden=(5,), classes=len(data.class_names))
    snapshots = [(e.step, e.weights) for e in train(config, data)]
    history = region_history(snapshots, BOX)
    for row, (_, weights) in enumerate(snapshots):
        hidden, output = split_weights(weights)
        regions = class_regions(polyhedral_complex(hidden, BOX), output)
        assert history.b0[row] == sum(r.b0 for r in regions)
        assert history.b1[row] == sum(r.b1 for r in regions)
    labels = [event.label for event in history.events if event.kind == "region"]
    assert labels, "this training changes its regions"
    assert not any("positive" in label for label in labels)


def test_the_positive_region_becomes_an_annulus_and_nothing():
    # The sum of three outward ramps is 0 in a triangle about the origin and grows outside of it.
    steps = [(0, triangle(-0.5, bias=0.1)), (1, triangle(-0.5, bias=-0.1)), (2, triangle(-0.5, bias=-99.0))]
    history = region_history(steps, BOX)
    assert history.b0.tolist() == [1, 1, 0]
    assert history.b1.tolist() == [0, 1, 0]
    assert [(e.step, e.label) for e in history.events] == [
        (1, "the positive region became an annulus"),
        (2, "the positive region became empty"),
    ]


def test_a_triangle_turned_inside_out_is_one_event():
    history = region_history([(0, triangle(-0.3, bias=9)), (1, triangle(0.3, bias=9))], BOX)
    assert kinds(history) == [(1, "flip")]
    assert history.events[0].label == "triangle flipped: 000 became 111"
    assert history.cells.tolist() == [7, 7]


@pytest.mark.parametrize(
    ("between", "expected"), [(1, "flip"), (FLIP_EPOCHS - 1, "flip"), (FLIP_EPOCHS + 1, "cells")]
)
def test_a_triangle_that_was_a_point_for_some_epochs_flips_all_the_same(between, expected):
    steps = [(0, triangle(-0.3, bias=9)), *((k, triangle(0.0, bias=9)) for k in range(1, between + 1))]
    history = region_history([*steps, (between + 1, triangle(0.3, bias=9))], BOX)
    assert kinds(history) == [(1, "cells"), (between + 1, expected)]
    assert history.events[0].label == "cell 000 vanished"


def test_a_triangle_flips_also_where_a_fourth_line_stands_by():
    fourth = [(np.array([1.0, 0.0]), 1.8)]  # x = -1.8, away from the triangle: on in it, before and after
    history = region_history(
        [(0, triangle(-0.3, bias=9, more=fourth)), (1, triangle(0.3, bias=9, more=fourth))], BOX
    )
    assert kinds(history) == [(1, "flip")]
    assert history.events[0].label == "triangle flipped: 0001 became 1111"


def test_cells_come_and_go_by_name_and_by_number():
    aside = triangle(-0.3, bias=9)
    aside["b1"] = np.array([-9.0, -9.0, -9.0])  # all lines outside of the box
    history = region_history([(0, triangle(-0.3, bias=9)), (1, aside), (2, triangle(-0.3, bias=9))], BOX)
    assert [e.label for e in history.events] == ["6 cells vanished", "6 cells appeared"]
    one = {**aside, "b1": np.array([-0.3, -9.0, -9.0])}
    assert [e.label for e in region_history([(0, aside), (5, one)], BOX).events] == ["cell 100 appeared"]


def test_the_same_network_has_no_events_and_nothing_has_no_rows():
    history = region_history([(k, triangle(-0.3)) for k in range(4)], BOX)
    assert history.events == ()
    empty = region_history([], BOX)
    assert [len(column) for column in (empty.steps, empty.b0, empty.b1, empty.cells)] == [0] * 4


def test_a_known_first_snapshot_is_compared_with_and_gets_no_row():
    steps = [(3, triangle(-0.3, bias=9)), (4, triangle(0.3, bias=9))]
    history = region_history(steps, BOX, known=1)
    assert history.steps.tolist() == [4]
    assert kinds(history) == [(4, "flip")]


def test_words():
    assert region_words(0, 0) == "empty"
    assert region_words(1, 0) == "one piece without a hole"
    assert region_words(1, 1) == "an annulus"
    assert region_words(1, 2) == "one piece with 2 holes"
    assert region_words(2, 0) == "2 pieces without a hole"
    assert region_words(3, 1) == "3 pieces with one hole"
    assert pattern_text((1, 1, 0, 0, 1), [3, 2]) == "110 01"
    assert is_flip([(0, 0, 0)], [(1, 1, 1)])
    assert is_flip([(0, 1, 1)], [(1, 0, 0)])
    assert not is_flip([(0, 0, 0)], [(1, 1, 0)])
    assert not is_flip([], [(1, 1, 1)])
    assert not is_flip([(0,), (1,)], [(1,)])


def test_weights_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="finite"):
        region_history([(0, {**triangle(0.3), "b1": np.full(3, np.nan)})], BOX)


@pytest.fixture
def recorded(tmp_path):
    """A recorded training: settings, run id, [(step, weights)], box."""
    settings = Settings(data_dir=tmp_path)
    data = load_points("single_annulus", seed=0, points=150)
    epochs = list(train(MLPConfig(epochs=30, learning_rate=2.0), data))
    settings.runs_dir.mkdir(parents=True)
    artifact = dataset_artifact(data)
    with Recorder.create(RunStore.of(settings).path("0123456789abcdef"), kind="mlp", config={}) as recorder:
        recorder.status("running")
        recorder.artifact("dataset", artifact.content, meta=artifact.meta)
        for epoch in epochs:
            recorder.snapshot(epoch.step, epoch.weights)
        recorder.status("finished")
    sample = LabelledSample(np.float64(data.points), data.labels, np.ones(150, bool), data.class_names)
    return settings, "0123456789abcdef", [(e.step, e.weights) for e in epochs], sample


def test_chunks_of_a_run_put_together_are_the_whole_history(recorded):
    settings, run_id, snapshots, sample = recorded
    whole = region_history(snapshots, sample.box)
    sources, found, events = Sources(settings), [], []
    steps = [step for step, _ in snapshots]
    for start in range(0, len(steps), 8):
        parameters = {
            "run": run_id,
            "steps": steps[start : start + 8],
            "before": steps[max(0, start - 1) : start],
        }
        chunk = region_history_chunk(parameters, sources)
        found.append(np.array([chunk[name] for name in ("steps", "b0", "b1", "cells")]))
        events += [(e["step"], e["kind"], e["label"]) for e in chunk["events"]]
    np.testing.assert_array_equal(
        np.concatenate(found, axis=1), [whole.steps, whole.b0, whole.b1, whole.cells]
    )
    assert events == [(e.step, e.kind, e.label) for e in whole.events]


def test_the_history_of_a_run_is_what_its_page_shows_at_each_step(recorded):
    settings, run_id, snapshots, sample = recorded
    chunk = region_history_chunk({"run": run_id, "steps": [0, 13, 30], "before": []}, Sources(settings))
    weights = dict(snapshots)
    for row, step in enumerate((0, 13, 30)):
        view = live_view(weights[step], sample)
        assert (chunk["b0"][row], chunk["b1"][row]) == (view.regions[1].b0, view.regions[1].b1)
        assert chunk["cells"][row] == len(view.complex)
