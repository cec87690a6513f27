"""The Runs page: what it says about each run, and that only its owner changes it."""

import time

import flask
import numpy as np
import pytest

from topodash.pages.context import EXTENSION
from topodash.pages.runs import callbacks
from topodash.pages.runs.lines import ago, disk, line, lines, metrics
from topodash.pages.runs.table import table
from topodash.runs import Catalogue, Recorder, RunStore, new_id

MINE, OTHERS = "a" * 32, "b" * 32


@pytest.fixture
def make(app, settings):
    """make(state, owner, title) -> id of a run at step 412 of 1000 in that state."""

    def make_(state="finished", owner=MINE, title="a run"):
        run_id = new_id()
        recorder = Recorder.create(
            RunStore.of(settings).path(run_id), kind="mlp", config={}, run_id=run_id, total=1000
        )
        recorder.status("running")
        recorder.scalars(412, {"loss": 0.25, "accuracy": float("nan")})
        recorder.snapshot(412, {"W1": np.ones((3, 2), np.float32)})
        if state not in ("running", "interrupted"):
            recorder.status(state, step=412, message="why" if state == "failed" else "")
        recorder.flush()
        recorder.close()
        Catalogue.of(settings).add(run_id, owner, title)
        return run_id

    return make_


@pytest.fixture
def services(app):
    return app.server.extensions[EXTENSION]


@pytest.fixture
def as_owner(app):
    """A request of the browser MINE."""
    with app.server.test_request_context("/runs"):
        flask.g.topodash_owner = MINE
        yield


def test_one_sees_ones_own_runs_newest_first(services, make):
    first, _, second = make(), make(owner=OTHERS), make()
    assert [row.id for row in lines(services, MINE)] == [second, first]


def test_each_state_is_said_in_words(services, make):
    make("finished")
    assert lines(services, MINE)[0].sentence == "finished, epoch 412"
    make("failed")
    assert lines(services, MINE)[0].sentence == "failed at epoch 412: why"
    make("interrupted")
    assert lines(services, MINE)[0].sentence == "interrupted at epoch 412; Resume goes on from there"
    row = lines(services, MINE)[0]
    assert sorted(row.metrics.split(", ")) == ["accuracy not finite", "loss 0.25"]
    assert row.href == f"/live?run={row.id}"


@pytest.mark.parametrize(
    ("unit", "said", "told"),
    [
        (0, "computing, piece 0 of 15", "0 of 10 networks trained, 0 measured"),
        (2, "computing, piece 2 of 15: training group 3 of 4 (20%), about 8 s left", "6 of 10 networks trained, 0 measured"),
        (7, "computing, piece 7 of 15, about 40 s left", "10 of 10 networks trained, 3 measured"),
    ],
)  # fmt: skip
def test_a_study_is_counted_in_pieces_and_tells_its_networks(services, settings, unit, said, told):
    config = {"networks": 10, "group_size": 3, "workers": 2}
    run_id = new_id()
    with Recorder.create(
        RunStore.of(settings).path(run_id), kind="landscapes", config=config, total=15
    ) as recorder:
        if unit:
            recorder.scalars(unit, {"seconds": 5.0, "seconds_left": 40.0})
        message = "training group 3 of 4 (20%), about 8 s left" if unit == 2 else ""
        recorder.status("running", step=unit, message=message)
        Catalogue.of(settings).add(run_id, MINE, "a study")
        row = lines(services, MINE)[0]
    assert (row.sentence, row.metrics) == (said, told)


def test_a_damaged_run_says_so_and_hides_no_other(services, make, settings):
    good, bad = make(), make()
    RunStore.of(settings).path(bad).write_bytes(b"cut")
    rows = {row.id: row for row in lines(services, MINE)}
    assert rows[bad].state == "damaged"
    assert rows[bad].sentence
    assert rows[good].sentence == "finished, epoch 412"
    assert disk(services, list(rows.values())).startswith("2 runs, ")


def test_only_the_owner_renames(as_owner, make, settings):
    mine, other = make(), make(owner=OTHERS, title="theirs")
    assert callbacks.rename(mine, "  Zwei   Ringe ") == ""
    assert Catalogue.of(settings).entry(mine).title == "Zwei Ringe"
    assert "Only the browser" in callbacks.rename(other, "taken")
    assert Catalogue.of(settings).entry(other).title == "theirs"
    for wrong in ("", "   ", None, "x" * 121):
        assert "1 to 120 characters" in callbacks.rename(mine, wrong)


def test_only_the_owner_deletes(as_owner, make, settings):
    mine, other = make(), make(owner=OTHERS)
    assert callbacks.delete(mine) == ""
    assert "Only the browser" in callbacks.delete(other)
    assert "Only the browser" in callbacks.delete("../../etc/passwd")
    assert "Only the browser" in callbacks.delete("0" * 16)
    assert RunStore.of(settings).ids() == [other]


def test_the_owner_lets_an_interrupted_run_go_on(as_owner, make, services, settings):
    mine, other, over = make("interrupted"), make("interrupted", owner=OTHERS), make("finished")
    assert callbacks.resume(mine) == ""
    assert services.store.state(mine) in ("queued", "running")
    assert "Only the browser" in callbacks.resume(other)
    assert "finished" in callbacks.resume(over)
    named = [
        str(table([line(services, MINE, run)], "")).count("'resume'") for run in (over, make("interrupted"))
    ]
    assert named == [0, 1]


def test_a_run_that_does_not_stop_is_kept_and_said(as_owner, make, settings, monkeypatch):
    run_id = make("interrupted")
    with Recorder.resume(RunStore.of(settings).path(run_id)):
        monkeypatch.setattr(callbacks, "delete_run", lambda *a: callbacks_delete(*a, patience=0.05))
        assert "still at work" in callbacks.delete(run_id)
    assert RunStore.of(settings).exists(run_id)


callbacks_delete = callbacks.delete_run


def test_a_link_shows_anyones_run_without_the_means_to_change_it(app, services, make, as_owner):
    from topodash.pages.runs.layout import layout

    run_id = make(owner=OTHERS, title="theirs")
    shown = str(layout(run=run_id).to_plotly_json())
    assert "belongs to someone else" in shown
    assert f"/api/runs/{run_id}/export" in shown
    assert "Delete theirs" not in shown
    assert "no such run" in str(layout(run="0" * 16).to_plotly_json())
    assert line(services, MINE, "../etc") is None


def test_times_are_said_as_one_would():
    now = time.time()
    for seconds, said in (
        (1, "just now"),
        (300, "5 min ago"),
        (7300, "2 h ago"),
        (90000, "1 day ago"),
        (260000, "3 days ago"),
    ):
        assert ago(now - seconds, now) == said
    assert ago(0, now) == "01 Jan 1970"
    assert ago(now + 50, now) == "just now"


def test_metrics_are_four_at_most():
    assert metrics(None) == ""
    assert metrics({f"v_{k}": k for k in range(9)}) == "v 0 0, v 1 1, v 2 2, v 3 3"
