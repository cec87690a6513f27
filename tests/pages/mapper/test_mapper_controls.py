"""Settings become requests; addresses are read without trust and written so that they come back."""

import json
from urllib.parse import parse_qsl

import pytest
from dash import html

from topodash.components.controls import ControlErrors
from topodash.components.notices import notices
from topodash.pages.mapper.controls import TABLE, request_of, sentence
from topodash.pages.mapper.state import activation_columns, nearest_step, read_address, write_address
from topodash.pages.mapper.sweeping import standing
from topodash.runs import RunStatus

RUN = {"run": "0" * 16, "layer": "1", "step": 40}


def test_the_papers_settings_are_the_default():
    request = request_of(TABLE.defaults(), RUN)
    assert request["clusterer"] | {} == {
        "kind": "dbscan",
        "eps": 0.1,
        "min_samples": 2,
        "relative": False,
        "clusters": 2,
    }
    assert request["cover"] == {"kind": "cubical", "n_intervals": 30, "overlap": 0.5}
    assert request["source"] == {"run": "0" * 16, "step": 40, "layer": 1, "part": "all"}
    assert "epoch 40" in sentence(request)


def test_a_second_lens_beside_two_columns_is_refused():
    with pytest.raises(ControlErrors, match="two columns"):
        request_of({**TABLE.defaults(), "lens2": "l2_norm"}, RUN)


@pytest.mark.parametrize("source", ["run", "upload"])
def test_a_source_that_is_not_chosen_says_how_to_choose_one(source):
    with pytest.raises(ControlErrors):
        request_of({**TABLE.defaults(), "source": source}, {})


def test_an_address_comes_back():
    values = {**TABLE.defaults(), "eps": 0.4, "lens": "density"}
    other = request_of(TABLE.defaults(), RUN)
    text = write_address(values, {**RUN, "colour": "size", "other": other})
    chosen = read_address(dict(parse_qsl(text.removeprefix("?"))))
    assert (chosen.run, chosen.layer, chosen.step, chosen.colour) == ("0" * 16, "1", 40, "size")
    assert chosen.values == values
    assert chosen.other == other
    assert not chosen.notices


@pytest.mark.parametrize(
    "query",
    [{"run": "../etc"}, {"step": "x"}, {"upload": "a/b"}, {"columns": "{"}, {"beside": "{}"}, {"beside": '{"source":{"run":"x"}}'}, {"eps": "much"}],
)  # fmt: skip
def test_what_an_address_says_wrong_is_told_and_left_out(query):
    chosen = read_address(query)
    assert chosen.notices
    assert (chosen.run, chosen.step, chosen.upload, chosen.columns, chosen.other) == (
        None,
        None,
        None,
        (),
        None,
    )


def test_two_runs_that_cannot_exist_are_said_once_and_many_faults_are_one_notice():
    faults = read_address(
        {"run": "zz", "sweep": "qq", "step": "x", "columns": "{", "eps": "much", "intervals": "-1"}
    )
    (notice,) = notices(faults.notices)
    text = str(notice.to_plotly_json())
    assert text.count("The link names a run that cannot exist") == 1
    assert notice.withCloseButton
    assert isinstance(notice.children[-1], html.Details)


def test_a_step_that_was_not_recorded_means_the_one_before():
    assert nearest_step([0, 10, 20], 19) == 10
    assert nearest_step([0, 10, 20], None) == 20
    assert nearest_step([5, 10], 1) == 5
    assert nearest_step([], 3) is None


def test_the_live_pages_export_starts_with_its_last_layer():
    numeric = ["point", "x", "y", "held_out", "n1_1", "n1_2", "n2_1", "n2_2", "probability_in"]
    assert activation_columns(numeric) == ["n2_1", "n2_2"]
    assert activation_columns(["id", "a", "b"]) == ["a", "b"]


def test_a_link_with_a_foreign_second_graph_is_json_of_a_request_or_nothing():
    assert read_address({"beside": json.dumps([1])}).other is None


@pytest.mark.parametrize(("limit", "read"), [(5000, None), (200_000, None), (1_000_000, 1_000_000)])
def test_a_table_is_read_whole_when_more_points_are_asked_for_than_are_read_unasked(limit, read):
    values = {**TABLE.defaults(), "source": "upload", "lens": "column", "limit": limit}
    chosen = {"upload": "0" * 16, "columns": ["a"], "label": None, "lens_column": "b"}
    request = request_of(values, chosen)
    assert request["source"].get("limit") == request["lens_source"].get("limit") == read


def test_a_sweep_is_computed_and_not_trained():
    config = {"request": request_of(TABLE.defaults(), RUN)}
    status = RunStatus("running", 4, 40, 0.0, 0.0, "training data of a run", False, 8.0)
    said = standing(config, "running", status)
    assert ": computing, cell 4 of 40" in said
    # What the run itself says stays as it is.
    assert "training data" in said
