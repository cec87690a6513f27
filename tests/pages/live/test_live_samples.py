"""The small memory of views, and the sample of a run."""

import threading

import numpy as np
import pytest

from topodash.pages.live.samples import Memory, RunSample, read_sample
from topodash.pages.live.views import views
from topodash.runs import RunStore
from topodash.studies.live_view import LabelledSample


def test_memory_keeps_the_newest_used():
    memory, made = Memory(2), []

    def get(key):
        return memory.get(key, lambda: made.append(key) or f"value {key}")

    assert [get(k) for k in "abab"] == ["value a", "value b", "value a", "value b"]
    get("c")  # a was used longest ago
    assert memory.peek("a") is None
    assert memory.peek("b") == "value b"
    assert get("a") == "value a"
    assert made == ["a", "b", "c", "a"]


def test_many_askers_share_one_computation():
    memory, gate, made, found = Memory(4), threading.Event(), [], []

    def compute():
        made.append(1)
        gate.wait(5)
        return "value"

    threads = [threading.Thread(target=lambda: found.append(memory.get("k", compute))) for _ in range(8)]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join(5)
    assert found == ["value"] * 8
    assert len(made) == 1


def test_an_error_is_raised_and_not_kept():
    memory = Memory(4)
    with pytest.raises(ValueError, match="once"):
        memory.get("k", lambda: (_ for _ in ()).throw(ValueError("once")))
    assert memory.get("k", lambda: 3) == 3


def test_drawn_units_lead_to_the_networks_and_back():
    plain = LabelledSample(np.array([[0.0, 1], [2, 3]]), np.array([0, 1]), np.ones(2, bool), ("a", "b"))
    sample = RunSample(plain, np.arange(2), ("x", "y"), np.array([5.0, -1]), np.array([2.0, 0.1]), {})
    drawn = sample.to_drawn(plain.points)
    assert drawn.tolist() == pytest.approx(np.array([[5, -0.9], [9, -0.7]]))
    np.testing.assert_allclose(sample.from_drawn(drawn), plain.points)
    (left, right), (bottom, top) = sample.drawn_box
    assert (left, right) == pytest.approx((5 - 0.6, 9 + 0.6))
    assert (bottom, top) == pytest.approx((-0.93, -0.67))


def test_the_sample_of_a_run_is_its_data(browser, settings, make):
    with RunStore.of(settings).open(make()) as reader:
        sample, arrays = read_sample(reader), reader.artifact("dataset").arrays
    np.testing.assert_array_equal(sample.sample.points, arrays["points"])
    np.testing.assert_array_equal(np.flatnonzero(sample.sample.train), arrays["train"])
    np.testing.assert_array_equal(np.flatnonzero(~sample.sample.train), arrays["test"])
    assert sample.drawn.tolist() == list(range(60))


def test_an_edited_view_is_not_kept(browser, make):
    run_id = make()
    plain = views().view(run_id, 5)
    edited = views().view(run_id, 5, changes=[{"entry": "b1[0]", "value": 3}])
    assert views().view(run_id, 5) is plain
    assert not np.array_equal(edited.activations, plain.activations)
