"""The address: what it says is shown, and what it cannot say is told and left out."""

import json

import pytest

from topodash.pages.live.layout import layout
from topodash.pages.live.state import MOST_STILLS, STRIP, VIEW, epochs_of, read_address

RUN = "0123456789abcdef"


def test_everything_an_address_can_say():
    edit = [{"entry": "W1[0,0]", "value": 2}]
    found = read_address({"run": RUN, "with": RUN[::-1], "epoch": "412", "cell": "110.01", "edit": json.dumps(edit), "strip": "500, 1,1", "axes": "3,1,2", "layer": "2",
                          "cells": "0", "field": "1", "colour": "correct", "smoothing": "0.6", "log": "1"})  # fmt: skip
    assert found.notices == []
    assert (found.store["a"], found.store["b"], found.store["epoch"]) == (RUN, RUN[::-1], 412)
    assert found.store["pattern"] == "110 01"
    assert found.store["edit"] == {"step": 412, "changes": edit}
    assert epochs_of(found.strip) == [1, 500]
    assert found.view == {
        **VIEW,
        "cells": False,
        "field": True,
        "axes": "3,1,2",
        "layer": "2",
        "colour": "correct",
        "smoothing": 0.6,
        "log": True,
    }


def test_an_empty_address_is_the_plain_page_without_a_word():
    found = read_address({})
    assert (found.view, found.strip, found.notices) == (VIEW, STRIP, [])
    assert found.store["a"] is None


HOSTILE = [
    {"run": "../../etc/passwd"}, {"run": RUN.upper()}, {"run": RUN + "\n"}, {"run": [RUN, RUN]}, {"with": "x"}, {"epoch": "-1"}, {"epoch": "1e3"}, {"epoch": "9" * 5000}, {"epoch": "²"}, {"epoch": "nan"},
    {"edit": "[", "epoch": "1"}, {"edit": "[" * 5000, "epoch": "1"}, {"edit": "{}", "epoch": "1"}, {"edit": "[]"}, {"edit": json.dumps([{"entry": "W1[0,0]", "value": 1}] * 501), "epoch": "1"},
    {"strip": "1;2"}, {"strip": "a"}, {"strip": ","}, {"strip": ",".join(map(str, range(MOST_STILLS + 1)))}, {"strip": "9" * 20}, {"strip": ["1", "2"]},
    {"axes": "last"}, {"axes": "1,2,3,4"}, {"axes": "<script>"}, {"layer": "pca"}, {"layer": "1,2"}, {"layer": "auto"}, {"cells": "yes"}, {"smoothing": "0.5"}, {"smoothing": "nan"}, {"colour": "red"}, {"log": ["0", "1"]},
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: str(query)[:40])
def test_what_cannot_be_is_said_and_left_out(query):
    found = read_address(query)
    assert len(found.notices) == 1
    assert len(found.notices[0]) < 200
    plain = read_address({"epoch": query["epoch"]} if "edit" in query and "epoch" in query else {})
    assert found.store == plain.store
    assert (found.view, found.strip) == (VIEW, STRIP)


def test_the_page_is_drawn_for_every_hostile_address(app):
    more = [
        {"dataset": "../x", "points": "1e99"},
        {"learning_rate": "nan"},
        {"hidden1": "99"},
        {"single_annulus-outer_radii": "<b>"},
        {"dataset": ["moons", "xor"]},
        {"cell": "2"},
        {"cell": "..."},
        {"edit": "[NaN]", "epoch": "3"},
        {"_anything": "x"},
    ]
    with app.server.test_request_context("/live"):
        for query in [*HOSTILE, *more]:
            drawn = layout(**query).to_plotly_json()
            assert (
                "<script"
                not in json.dumps(drawn, default=lambda part: part.to_plotly_json()).split("axes=")[0]
                or "axes" in query
            )
