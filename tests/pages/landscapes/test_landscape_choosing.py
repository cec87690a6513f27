"""What is asked for, and the form beside it: Cancel and As stored take both back."""

import json

from topodash.pages.landscapes import ids
from topodash.pages.landscapes.controls import STORED, VIEW
from topodash.pages.landscapes.state import RECOMPUTE
from topodash.pages.landscapes.wanting import wanted
from topodash.pages.landscapes.working import form_of


def form(answer):
    """The controls that an answer sets."""
    found = {json.loads(at)["control"]: each["value"] for at, each in answer.items() if at.startswith("{")}
    assert set(found) == set(RECOMPUTE)
    return found


def test_after_cancel_the_form_says_what_the_picture_is_of(fire, study, request_context):
    asked = wanted(study, {**VIEW.defaults(), "degree": "0", "class": "all", "networks": 2})
    ready = {
        "run": study,
        "changes": {"depth": 2},
        "degree": None,
        "stamp": "s",
        "applied": {**form_defaults(), "depth": 2},
    }
    answer = fire(ids.CANCEL, {ids.CANCEL: 1, ids.VIEW: asked, ids.READY: ready})
    assert form(answer) == {**form_defaults(), "depth": 2}
    assert answer[ids.VIEW]["data"] == ready
    assert answer[ids.SOURCE]["value"] == study


def test_cancel_before_anything_is_shown_goes_to_the_study_as_stored(fire, study, request_context):
    asked = {"run": study, "changes": None, "values": {**VIEW.defaults(), "class": "all"}}
    answer = fire(ids.CANCEL, {ids.CANCEL: 1, ids.VIEW: asked})
    assert form(answer) == form_defaults()
    assert answer[ids.VIEW]["data"] == {"run": study, "changes": None, "values": VIEW.defaults()}


def test_as_stored_takes_back_every_control_that_computes(fire, study):
    asked = {"run": study, "changes": {"networks": 2}, "degree": 0}
    answer = fire(ids.STORED, {ids.STORED: 1, ids.VIEW: asked})
    assert form(answer) == form_defaults()
    assert form(answer)["class"] == STORED


def form_defaults():
    return {name: VIEW.defaults()[name] for name in RECOMPUTE}


def test_another_sources_classes_are_others(fire, study):
    digits = "616bcb3bce66ab37"
    raw = {**VIEW.defaults(), "class": "8"}
    answer = fire(ids.SOURCE, {**raw, ids.SOURCE: study, ids.VIEW: {"run": digits}})
    assert answer[ids.VIEW]["data"]["run"] == study
    assert answer[ids.VIEW]["data"]["changes"] == {}
    assert [
        each["value"] for at, each in answer.items() if '"control":"class"' in at and "value" in each
    ] == [STORED]


def test_the_same_classes_stay_chosen(fire, study):
    raw = {**VIEW.defaults(), "class": "0"}
    disks = "782a30c8e52d2fac"
    answer = fire(ids.SOURCE, {**raw, ids.SOURCE: study, ids.VIEW: {"run": disks}})
    assert answer[ids.VIEW]["data"]["changes"]["class_name"] == "disks"


def test_as_stored_the_form_says_as_many_networks_as_there_can_be(request_context):
    """The shipped MNIST study kept the weights of one network, that of the disks of twenty."""
    defaults = {**VIEW.defaults(), "networks": 3}
    assert (
        form_of("616bcb3bce66ab37", None)["networks"]
        == form_of("616bcb3bce66ab37", defaults)["networks"]
        == 1
    )
    assert form_of("782a30c8e52d2fac", None)["networks"] == 3
    assert form_of("782a30c8e52d2fac", {**defaults, "networks": 7})["networks"] == 7
