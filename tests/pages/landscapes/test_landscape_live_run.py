"""A recorded run of the live page: its norms over the epochs, and Python that recomputes them."""

import time
from dataclasses import replace

import numpy as np
import pytest

from topodash.jobs import Answer
from topodash.pages.landscapes import live_run as module
from topodash.pages.landscapes.caveats import caveats
from topodash.pages.landscapes.controls import VIEW
from topodash.pages.landscapes.drawing import at
from topodash.pages.landscapes.findings import course
from topodash.pages.landscapes.fitting import fitted
from topodash.pages.landscapes.live_run import epochs_of, newest_before
from topodash.pages.landscapes.state import CURSOR, address, read_address
from topodash.pages.landscapes.view import load
from topodash.pages.landscapes.wanting import wanted
from topodash.runs import RunStore


@pytest.fixture
def view(live_run, request_context):
    asked, until = wanted(live_run, VIEW.defaults()), time.monotonic() + 60
    while time.monotonic() < until:
        loaded = load(asked, wait=1.0)
        if loaded.view is not None and not loaded.more["pending"]:
            return loaded.view
        assert loaded.state != "failed", loaded.message
    raise AssertionError("the epochs were not measured")


def test_all_epochs_are_measured_from_the_initialisation_on(view):
    assert view.moments == tuple("0123456")
    assert view.layers == ("input", "ReLU 1", "ReLU 2", "logits")
    assert (view.mean_norm[:, 0] == view.mean_norm[0, 0]).all()


def test_the_snippet_of_a_live_run_prints_the_norms_that_are_drawn(
    app, settings, live_run, view, monkeypatch
):
    # As its first lines say: the run's file, exported, beside the script, and nothing else of ours.
    folder = settings.data_dir.parent
    RunStore.of(settings).export(live_run, folder / f"{live_run}.run")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("TOPODASH_DATA_DIR", str(folder / "elsewhere"))
    text = app.server.test_client().get(f"/api/landscapes/snippet.py?run={live_run}").text
    printed = []
    exec(compile(text, "snippet", "exec"), {"print": lambda *values: printed.append(values)})
    norms = np.array([norm for _, _, norm in printed]).reshape(view.mean_norm.shape)
    np.testing.assert_allclose(norms, view.mean_norm, rtol=1e-6, atol=1e-9)


def test_what_the_cuts_leave_of_the_only_network_is_said(view):
    known = view.mean_norm > 0
    np.testing.assert_allclose(
        view.retained[known],
        np.minimum(1, (view.norm_of_mean[known] / view.mean_norm[known]) ** 2),
        rtol=1e-9,
    )
    assert view.retained.min() < 1
    said = " ".join([*caveats(view), *(course(view, k) for k in range(len(view.moments)))])
    assert "What is drawn is cut to the grid and 8 functions." in said
    assert "average norm" not in said
    assert "networks have" not in said


@pytest.mark.parametrize("last", [9, 100, 511, 512, 600, 1030, 2999])
def test_while_the_newest_epoch_is_measured_the_one_before_can_stand_in(last):
    now = epochs_of(np.arange(last + 1), growing=True)
    candidates = newest_before(np.arange(last + 1), now[-1], now[-3])
    assert all(now[-3] < epoch < now[-1] for epoch in candidates)
    # The newest of the last moment at which it was another is among them, if it is not in the picture anyhow.
    earlier = next(found for step in range(last, 0, -1) if (found := epochs_of(np.arange(step + 1), growing=True)[-1]) != now[-1])  # fmt: skip
    assert earlier in candidates or earlier in now


def test_a_picture_does_not_go_back_while_the_next_epoch_is_measured(live_run, view, monkeypatch, settings):
    real = module.question

    def slow(name, parameters, **how):
        step = parameters["place"]["source"]["step"]
        return Answer("working", "") if step == 6 else real(name, parameters, **how)

    monkeypatch.setattr(module, "question", slow)
    monkeypatch.setattr(module, "epochs_of", lambda *_, **__: [0, 1, 2, 3, 6])
    monkeypatch.setattr(RunStore, "state", lambda *_: "running")
    loaded = load(wanted(live_run, VIEW.defaults()))
    assert loaded.view.moments == ("0", "1", "2", "3", "5")
    assert (loaded.more["pending"], loaded.message) == (1, "4 of 5 epochs measured")


def test_an_epoch_of_the_address_is_the_same_however_many_are_measured(view):
    cursor = {**CURSOR, "layer": 1, "moment": 2, "epoch": 4, "chosen": True}
    query = address({"run": view.run}, cursor, VIEW.defaults())
    assert "epoch=4" in query and "moment" not in query
    found = read_address(dict(part.split("=") for part in query[1:].split("&")))[1]
    assert at(found, view) == (1, 4)
    fewer = replace(view, epochs=(0, 2, 4), moments=("0", "2", "4"))
    assert at(found, fewer) == (1, 2)
    assert at(found, replace(view, epochs=(0, 1), moments=("0", "1"))) == (1, 1)  # the nearest so far


@pytest.mark.parametrize(("epoch", "said"), [(7, "the run has epochs from 0 to 6"), (6, None)])
def test_an_epoch_that_the_run_has_not_is_said(live_run, request_context, epoch, said):
    cursor, _, told = fitted(live_run, {**CURSOR, "epoch": epoch}, VIEW.defaults())
    assert cursor["epoch"] == (None if said else epoch)
    assert (said in told[0]) if said else told == []


def test_a_study_has_no_epochs(study, request_context):
    cursor, _, told = fitted(study, {**CURSOR, "epoch": 3}, VIEW.defaults())
    assert cursor == CURSOR
    assert "a study has moments" in told[0]
