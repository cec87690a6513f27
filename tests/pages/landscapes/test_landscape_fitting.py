"""Nonsense in an address: each part is said in the page's notice and left out, and no file is made of it."""

import pytest

from topodash.pages.landscapes.addressing import too_many
from topodash.pages.landscapes.comparing import groups_question
from topodash.pages.landscapes.controls import STORED, VIEW
from topodash.pages.landscapes.fitting import fitted
from topodash.pages.landscapes.layout import layout
from topodash.pages.landscapes.state import CURSOR, read_address, read_groups
from topodash.pages.landscapes.view import load
from topodash.pages.landscapes.working import wanted

PLAIN = VIEW.defaults()


def test_what_fits_stays(study, request_context):
    cursor = {**CURSOR, "layer": 3, "moment": 2, "test": "0-2"}
    values = {**PLAIN, "network": 3, "class": "1"}
    assert fitted(study, cursor, values) == (cursor, values, [])


@pytest.mark.usefixtures("request_context")
@pytest.mark.parametrize(
    ("name", "value", "left", "said"),
    [
        ("layer", 4, 0, "The link says layer=4; the layers are 0 (input) to 3 (logits). The input is shown."),
        ("moment", 3, None, "the moments are 0 (iteration 0) to 2 (0.75)"),
        ("test", "1-1", None, "a test is of two different moments from 0 to 2"),
        ("test", "0-9", None, "a test is of two different moments"),
    ],
)
def test_a_cursor_that_the_study_has_not_is_said(study, name, value, left, said):
    cursor, values, told = fitted(study, {**CURSOR, name: value}, PLAIN)
    assert (cursor, values) == ({**CURSOR, name: left}, PLAIN)
    assert len(told) == 1 and said in told[0]


@pytest.mark.usefixtures("request_context")
@pytest.mark.parametrize(
    ("name", "value", "left", "said"),
    [
        ("network", 500, 1, "network=500; there are 3 networks. Network 1 is shown"),
        ("class", "7", STORED, "class=7; the classes are 0 (disks) to 1 (complement)"),
    ],
)
def test_a_control_that_the_study_has_not_is_said(study, name, value, left, said):
    cursor, values, told = fitted(study, CURSOR, {**PLAIN, name: value})
    assert (cursor, values) == (CURSOR, {**PLAIN, name: left})
    assert len(told) == 1 and said in told[0]


def test_networks_measured_anew_are_as_many_as_were_asked_for(study, request_context):
    again = {**PLAIN, "homology": "local", "networks": 2, "network": 3}
    assert "there are 2 networks" in fitted(study, CURSOR, again)[2][0]


def test_a_live_run_has_one_network_and_no_tests(live_run, request_context):
    found = fitted(live_run, {**CURSOR, "test": "0-1", "layer": 9, "moment": 30}, {**PLAIN, "network": 2})
    said = " ".join(found[2])
    assert "has no tests" in said
    assert "there is one network" in said
    assert "0 (input) to 3 (logits)" in said
    assert "(epoch 6)" in said


def test_all_of_it_stands_in_the_one_notice(study, request_context):
    query = {"run": study, "layer": "99", "moment": "high", "bar": "5000", "test": "best", "degree": "7", "network": "abc",
             "depth": "-4", "a": "x", "b": "y", "class": "7"}  # fmt: skip
    text = str(layout(**query).to_plotly_json())
    assert text.count("td-notice-warning") == 1
    for part in ("layer=99", "moment=high", "bar=5000", "test=best", "Degree must be", "Network must be", "Depth must be", "a=x and b=y", "class=7"):  # fmt: skip
        assert part in text


def test_a_network_that_is_not_there_is_said_at_its_control(study, request_context):
    view = load(wanted(study, PLAIN)).view
    assert too_many(3, view) is None
    assert too_many(500, view) == "Network is 500, but there are 3 networks; network 3 is shown."


def test_words_for_a_number_are_said():
    assert "a test is two moments" in read_address({"test": "a-b"})[2][0]
    assert read_groups({"a": "x"})[0] is None
    assert "a=x and b=" in read_groups({"a": "x"})[1][0]


def test_a_group_at_a_moment_that_its_study_has_not_is_refused(study, request_context):
    form = {"a": f"{study}:0", "b": f"{study}:77", "layer": "all", "paired": True, "permutations": 99}
    with pytest.raises(ValueError, match="moment from 0 to 2; it was 77"):
        groups_question(form, 1)


@pytest.mark.parametrize("part", ["layer=99", "moment=x", "network=abc", "network=50"])
def test_no_file_is_made_of_another_place_than_was_asked_for(app, study, part):
    answer = app.server.test_client().get(f"/api/landscapes/diagram.csv?run={study}&{part}")
    assert answer.status_code == 422
    assert part.partition("=")[0] in answer.json["error"].lower()
