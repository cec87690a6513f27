"""A user's own file: what is offered of it, and what awkward ones are told."""

import io
from urllib.parse import parse_qsl

import numpy as np
import pytest

from topodash.components.notices import notice
from topodash.jobs import Answer
from topodash.jobs.questions import question
from topodash.jobs.sources import Sources
from topodash.pages.live import csv_source
from topodash.pages.live.csv_address import csv_query, read_csv_address
from topodash.pages.live.csv_source import (
    FILE_OF_RUN,
    LEAVE_OUT,
    BadRows,
    StillReading,
    columns_answer,
    csv_points,
    likely_columns,
    why_useless,
)
from topodash.pages.live.layout import layout
from topodash.pages.live.own_file import offered
from topodash.pages.live.setup import setup_query
from topodash.pages.live.start import NotStarted, data_title, start
from topodash.runs import RunError, RunStore
from topodash.runs.uploads import Uploads

CHOICE = {"x": "x", "y": "y", "label": "label", "standardise": True, "drop_bad_rows": False}
GOOD = b"x,y,label\n1,10,a\n2,20,b\n3,60,a\n4,10,b\n5,1,a\n"


@pytest.fixture
def keep(settings):
    """keep(content) -> what the page knows of an upload of it."""

    def keep_(content):
        upload = Uploads.of(settings).store(io.BytesIO(content), 10**7, "a" * 32, "mine.csv")
        return {**CHOICE, "upload": upload, "name": "mine.csv"}

    return keep_


@pytest.fixture(autouse=True)
def answered(monkeypatch, settings):
    """Questions are answered here, by what a worker process calls, instead of by one."""

    def asked(name, parameters, **_):
        try:
            return Answer("ready", "", question(name)(parameters, Sources(settings)))
        except (ValueError, RunError) as problem:
            return Answer("failed", "", message=str(problem))

    monkeypatch.setattr(csv_source, "asked", asked)


def summary(upload):
    answer = columns_answer(upload)
    if answer.state == "failed":
        raise ValueError(answer.message)
    return answer.value


def test_a_good_file_becomes_a_run_in_its_own_units(browser, settings, keep):
    table = keep(GOOD)
    found = summary(table["upload"])
    assert (found["columns"], found["numeric"], found["labels"], found["rows"]) == (
        ["x", "y", "label"],
        ["x", "y"],
        ["label", "x", "y"],
        5,
    )
    with RunStore.of(settings).open(start({"dataset": "csv"}, {}, table)) as run:
        artifact = run.artifact("dataset")
        drawn = artifact.arrays["points"] * np.array(artifact.meta["scale"]) + artifact.meta["centre"]
        np.testing.assert_allclose(drawn, [[1, 10], [2, 20], [3, 60], [4, 10], [5, 1]], rtol=1e-5)
        assert artifact.meta["class_names"] == ["a", "b"]
        assert run.meta.config["dataset"]["upload"] == table["upload"]


AWKWARD = {
    "binary": bytes(range(256)) * 20, "only a heading": b"x,y,label\n", "one row": b"x,y,label\n1,2,a\n", "one class": b"x,y,label\n1,2,a\n2,3,a\n3,5,a\n",
    "constant column": b"x,y,label\n1,2,a\n1,3,b\n1,5,a\n", "not a number": b"x,y,label\n1,2,a\nNaN,3,b\n3,5,a\n", "infinite": b"x,y,label\n1,2,a\ninf,3,b\n3,5,a\n",
    "text in a number column": b"x,y,label\n1,2,a\ntwo,3,b\n3,5,a\n", "too many classes": b"x,y,label\n" + b"".join(b"%d,%d,c%d\n" % (k, k * k, k) for k in range(30)),
    "ragged": b"x,y,label\n1,2,a\n2,3\n3,5,a\n", "broken quotes": b'x,y,label\n1,2,"a\n2,3,b\n', "zeros": bytes(500), "other columns": b"a,b,c\n1,2,a\n2,3,b\n",
    "huge numbers": b"x,y,label\n1e308,2,a\n-1e308,3,b\n3,5,a\n",
}  # fmt: skip


@pytest.mark.parametrize("content", AWKWARD.values(), ids=AWKWARD.keys())
def test_an_awkward_file_is_told_and_starts_nothing(browser, settings, keep, content):
    table = keep(content)
    with pytest.raises(NotStarted) as caught:
        start({"dataset": "csv"}, {}, table)
    assert len(str(caught.value)) > 20
    assert RunStore.of(settings).ids() == []


def found(columns, numeric=("x", "y"), labels=(), rows=5):
    return {"columns": list(columns), "numeric": list(numeric), "labels": list(labels), "rows": rows}


@pytest.mark.parametrize(
    ("offers", "columns"),
    [
        (found("xyc", labels="cx"), ("x", "y", "c")),
        (found("xyc"), ("x", "y", "c")),  # one class, one row, or 300 classes: no candidate, and chosen all the same
        (found("xyz", numeric="xyz"), ("x", "y", "z")),
        (found(["Label", "x", "y"], numeric=("Label", "x", "y")), ("x", "y", "Label")),
        (found(["x", "y", "note", "class"], labels=["note", "class"]), ("x", "y", "class")),
        (found(["x", "y", "z", "note"], numeric="xyz", labels=["z"]), ("x", "y", "z")),
        (found("xy"), ("x", "y", None)),
        (found("xyc", numeric="", rows=0), (None, None, None)),
    ],
)  # fmt: skip
def test_the_likely_columns_are_chosen(offers, columns):
    assert tuple(likely_columns(offers).values()) == columns


@pytest.mark.parametrize(
    ("offers", "said"),
    [
        (found("xyc", rows=0), "mine.csv has a heading but no rows."),
        (found("xyc", numeric=""), "has no column of numbers"),
        (found("xyc", numeric="x"), "has 1 column of numbers"),
        (found("xy"), "has 2 columns"),
    ],
)
def test_what_no_choice_of_columns_can_help_is_said(offers, said):
    assert said in why_useless(offers, "mine.csv")
    assert why_useless(found("xyc"), "mine.csv") == ""


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"x,y,c\n", "mine.csv has a heading but no rows."),
        (b"x,y,c\n1,2,a\n", "one usable row"),
        (b"x,y,c\n1,2,a\n2,3,a\n3,5,a\n", "one class only"),
        (b"x,y,c\n" + b"".join(b"%d,%d,c%d\n" % (k, k * k, k) for k in range(300)), "300 different values"),
        (bytes(range(256)) * 20, "binary"),
    ],
)
def test_the_real_reason_is_said_at_once(browser, keep, content, why):
    table = keep(content)
    values = offered({"id": table["upload"], "name": "mine.csv"}, {})["values"]
    with pytest.raises(ValueError, match=why):
        csv_points({**table, **values}, seed=0)


def test_numbers_of_rows_and_columns_are_words(browser, keep):
    one = offered({"id": keep(b"x,y,c\n1,2,a\n2,2,b\nNaN,3,b\n")["upload"], "name": "mine.csv"}, {})["said"]
    assert one[0].children == "mine.csv: 3 rows, 3 columns."
    assert f'1 such row; switch on "{LEAVE_OUT}" to go on without it.' in one[1].children
    two = offered({"id": keep(b"x,y\n1,2\n")["upload"]}, {})["said"]
    assert two[0].children == "The file: 1 row, 2 columns."


def test_the_columns_of_a_link_stay_chosen_and_a_missing_one_is_said(browser, keep):
    file = {"id": keep(GOOD)["upload"], "name": "mine.csv"}
    out = offered(file, {"x": "y", "y": "gone", "label": "label"})
    assert out["values"] == {"x": "y", "y": "y", "label": "label"}
    wanted = notice('mine.csv has no column "gone"; "y" is chosen instead.', kind="warning")
    assert str(wanted) in map(str, out["said"])


def test_a_file_of_a_link_keeps_its_columns_while_it_is_read(browser, keep, monkeypatch):
    file = {"id": keep(GOOD)["upload"]}
    monkeypatch.setattr(csv_source, "asked", lambda *_, **__: Answer("working", "key"))
    assert set(offered(file, {})["values"].values()) == {None}
    assert None not in offered(file, {"x": "x"})["values"].values()


def test_the_address_brings_back_a_file_that_has_not_started(browser, keep):
    table = keep(GOOD) | {"x": "y & x", "standardise": False, "drop_bad_rows": True}
    query = dict(parse_qsl(setup_query({"dataset": "csv"}, table).removeprefix("?")))
    assert read_csv_address(query) == (table, [])
    assert read_csv_address({**query, "dataset": "moons"}) == ({}, [])
    assert csv_query({}) == ""


@pytest.mark.parametrize(
    ("upload", "said"), [("0" * 32, "not on this server any more"), ("../etc/passwd", "cannot exist")]
)
def test_a_file_of_a_link_that_is_not_there_is_said(browser, upload, said):
    own, notes = read_csv_address({"dataset": "csv", "upload": upload})
    assert own == {}
    assert said in notes[0]
    assert said in str(layout(dataset="csv", upload=upload))


def test_a_file_that_another_browser_sent_is_not_opened(browser, settings, keep):
    upload = Uploads.of(settings).store(io.BytesIO(GOOD + b"6,6,a\n"), 10**7, "b" * 32, "theirs.csv")
    own, notes = read_csv_address({"dataset": "csv", "upload": upload})
    assert own == {}
    assert "another browser" in notes[0]


def test_an_empty_file_is_told(browser, keep):
    with pytest.raises(ValueError, match="empty"):
        summary(keep(b"\n \n")["upload"])


def test_rows_that_cannot_be_read_can_be_left_out(browser, keep):
    table = keep(GOOD + b"NaN,3,b\nx,y\n")
    with pytest.raises(BadRows, match=f'NaN.*import without them.*"{LEAVE_OUT}" in Setup'):
        csv_points(table, seed=0)
    _, data = csv_points({**table, "drop_bad_rows": True}, seed=0)
    assert len(data.points) == 5
    assert any("2" in text for text in data.notices)


def test_columns_that_were_not_chosen_are_asked_for(browser, keep):
    table = keep(GOOD)
    for missing, words in (("x", "horizontal"), ("y", "vertical"), ("label", "label")):
        with pytest.raises(ValueError, match=words):
            csv_points({**table, missing: None}, seed=0)
    with pytest.raises(ValueError, match="different"):
        csv_points({**table, "y": "x"}, seed=0)
    for nothing in (None, {}, {"upload": ""}):
        with pytest.raises(ValueError, match="Choose a CSV file"):
            csv_points(nothing, seed=0)


def test_a_file_that_is_still_being_read_starts_nothing_and_says_so(browser, settings, keep, monkeypatch):
    table = keep(GOOD)
    monkeypatch.setattr(csv_source, "asked", lambda *_, **__: Answer("working", "key"))
    with pytest.raises(StillReading, match=r"mine\.csv is still being read"):
        csv_points(table, seed=0)
    with pytest.raises(NotStarted, match="still being read"):
        start({"dataset": "csv"}, {}, table)
    assert RunStore.of(settings).ids() == []


def test_a_run_is_called_by_the_file_it_learns():
    assert data_title("csv", {"upload": "x", "name": " iris  2.csv "}) == "iris 2.csv"
    assert data_title("csv", {"upload": "x", "name": FILE_OF_RUN}) == data_title("csv", None)
    assert data_title("moons", {"name": "iris.csv"}) == "Two moons"
