"""States in words, the timeline, panels and icons."""

import json

import pytest

from topodash.components import states
from topodash.components.icons import icon, names
from topodash.components.notices import notice
from topodash.components.panel import GRAPH_CONFIG, dom_id, panel
from topodash.components.timeline import PARTS, Mark, marks, part_id, readout, timeline
from topodash.pages import PAGES


@pytest.mark.parametrize(
    ("said", "arguments", "options"),
    [
        ("queued, 1 run ahead", ("queued",), {"ahead": 1}),
        ("queued, 3 runs ahead", ("queued",), {"ahead": 3}),
        ("queued, next to start", ("queued",), {"ahead": 0}),
        ("training, epoch 412 of 1000, about 20 s left", ("running", 412, 1000), {"seconds_left": 20.2}),
        ("training, iteration 5", ("running", 5), {"word": "iteration"}),
        ("training, epoch 1 of 3: half of it done", ("running", 1, 3), {"message": "half of it done"}),
        ("paused at epoch 412 of 1000", ("paused", 412, 1000), {}),
        ("interrupted at epoch 412; Resume goes on from there", ("interrupted", 412, 1000), {}),
        ("failed at epoch 9: the loss is not finite", ("failed", 9), {"message": "the loss is not finite"}),
        ("finished, epoch 1000", ("finished", 1000, 1000), {}),
    ],
)
def test_states_in_words(said, arguments, options):
    assert states.sentence(*arguments, **options) == said


def test_every_state_of_a_run_has_words():
    from topodash.runs import FINAL

    for state in FINAL | {"queued", "running", "paused", "interrupted"}:
        assert states.sentence(state)
        assert states.badge(state)
    with pytest.raises(ValueError, match="state must be one of"):
        states.sentence("sleeping")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "1 s"),
        (20.4, "20 s"),
        (89, "89 s"),
        (100, "2 min"),
        (5399, "1 h 30 min"),
        (7200, "2 h"),
        (7260, "2 h 1 min"),
    ],
)
def test_durations(seconds, said):
    assert states.duration(seconds) == said


def test_time_left_is_at_the_pace_so_far_or_unknown():
    assert states.time_left(250, 1000, 10.0) == pytest.approx(30.0)
    assert states.time_left(0, 1000, 10.0) is None
    assert states.time_left(5, None, 10.0) is None
    assert states.time_left(1001, 1000, 10.0) == 0


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 B"), (999, "999 B"), (34_200, "34 kB"), (5_130_000, "5.1 MB"), (82.2e9, "82.2 GB")],
)
def test_sizes(count, said):
    assert states.size(count) == said


def test_events_at_one_step_share_a_mark_at_its_place():
    found = marks("live", [Mark(50, "a"), Mark(50, "b"), Mark(100, "c"), Mark(500, "outside")], 0, 200)
    assert [(one.id["mark"], one.style["left"]) for one in found] == [(50, "25.000%"), (100, "50.000%")]
    assert found[0].to_plotly_json()["props"]["aria-label"] == "Go to 50: a; b"


def test_a_timeline_has_every_part_or_says_which_it_leaves_out():
    def ids(node):
        text = json.dumps(node, default=lambda item: item.to_plotly_json())
        return {part for part in PARTS if json.dumps(part_id("live", part)) in text}

    assert ids(timeline("live", last=10)) == set(PARTS)
    assert ids(timeline("live", last=10, play=False, follow=None)) == set(PARTS) - {"play", "speed", "follow"}
    assert readout(4, 10, "iteration") == "iteration 4 / 10"
    with pytest.raises(ValueError, match="part must be one of"):
        part_id("live", "rewind")


def test_ids_of_patterns_are_those_of_the_document():
    assert dom_id({"page": "live", "view": "plane"}) == '{"page":"live","view":"plane"}'
    assert dom_id("a") == "a"


def test_graphs_offer_no_upload():
    assert GRAPH_CONFIG["showSendToCloud"] is False
    assert GRAPH_CONFIG["displaylogo"] is False


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match="span must be 2 to 12"):
        panel("A", None, help="", span=13)
    with pytest.raises(ValueError, match="kind must be one of"):
        notice("a", kind="loud")


def test_every_page_has_an_icon():
    for page in PAGES:
        assert page.name in names()
    assert "svg" in icon("home").style["maskImage"]
