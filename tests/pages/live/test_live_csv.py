"""A user's own file: what is offered of it, and what awkward ones are told."""

import io

import numpy as np
import pytest

from topodash.jobs import Answer
from topodash.jobs.questions import question
from topodash.jobs.sources import Sources
from topodash.pages.live import csv_source
from topodash.pages.live.csv_source import FILE_OF_RUN, StillReading, columns_answer, csv_points
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


def test_an_empty_file_is_told(browser, keep):
    with pytest.raises(ValueError, match="empty"):
        summary(keep(b"\n \n")["upload"])


def test_rows_that_cannot_be_read_can_be_left_out(browser, keep):
    table = keep(GOOD + b"NaN,3,b\nx,y\n")
    with pytest.raises(ValueError, match=r"NaN|row"):
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
