"""A circular coordinate is drawn when its bar has beaten its null, or on request and then said so."""

import csv
import io
import json

import numpy as np
import pytest

from topodash.figures.ring_colours import node_colours
from topodash.pages.filters import proof as proving
from topodash.pages.filters.painting import position_words
from topodash.pages.filters.proof import as_proved, judge, weigh
from topodash.web.filter_exports import arrays_npz, members_csv, ring_json


def null_banks(monkeypatch, complete, value=0.0):
    """Null banks whose longest bars all have one length; `complete` of them are computed."""

    def known(request, total):
        missing = [] if total <= complete else [(complete, total - complete)]
        return {"longest_bar": np.full(min(total, complete), value)}, np.zeros((0, 2)), missing

    monkeypatch.setattr(proving, "gathered", known)


def test_before_any_null_bank_the_pca_angle_stands_in(homology, edges, ring, monkeypatch):
    null_banks(monkeypatch, 0)
    proof = judge(homology, edges)
    assert (proof.p, proof.shown) == (None, False)
    drawn = as_proved(homology, proof)
    assert drawn["circular"] is None and set(drawn["wheels"]) == {"pca"} == set(drawn["correlations"])
    assert node_colours(ring, drawn, "circular")["key"] == "pca_angle"
    assert "not been held against all null banks yet" in position_words("circular", "pca", proof)
    assert homology["circular"] is not None  # what is known is left as it is


@pytest.mark.parametrize("complete", [19, 99, 199])
def test_a_bar_longer_than_its_null_is_drawn(homology, edges, monkeypatch, complete):
    null_banks(monkeypatch, complete)
    proof = judge(homology, edges, complete)
    assert proof.shown and proof.banks == complete and proof.p == pytest.approx(1 / (complete + 1))
    assert as_proved(homology, proof)["circular"] is not None
    assert f"{complete} null banks" in position_words("circular", "circular", proof)


def test_a_p_value_that_still_grows_is_not_looked_at(homology, edges, monkeypatch):
    null_banks(monkeypatch, 69)
    proof = judge(homology, edges, 99)
    assert (proof.p, proof.shown) == (None, False)


@pytest.mark.parametrize("moment", [{"bank": "x", "iteration": 0}, {"run": "x", "step": 0}])
def test_a_bar_of_untrained_filters_is_chance(homology, monkeypatch, moment):
    null_banks(monkeypatch, 99)
    request = {"filters": moment, "config": {}}
    proof = judge(homology, request, 99)
    assert not proof.shown and "chance (p = 0.010" in proof.words
    assert judge(homology, request, 99, "always").shown


def test_a_bar_no_longer_than_its_null_is_drawn_on_request_only(homology, edges, monkeypatch):
    null_banks(monkeypatch, 99, value=1e9)
    proof = judge(homology, edges)
    assert not proof.shown and "p = 1.000" in proof.words
    asked = judge(homology, edges, 99, "always")
    assert asked.shown and "because you ask for it" in asked.words and "not beaten its null" in asked.words


def test_the_level_itself_counts_as_beaten():
    assert weigh(0.05, 19, "proved").shown and not weigh(0.0501, 199, "proved").shown


def test_files_hold_no_unproved_coordinate(homology, edges, ring, monkeypatch):
    null_banks(monkeypatch, 0)
    proof = judge(homology, edges)
    drawn = as_proved(homology, proof)
    assert {row["circular_coordinate"] for row in csv.DictReader(io.StringIO(members_csv(ring, drawn)))} == {
        ""
    }
    assert "circular_coordinate" not in np.load(io.BytesIO(arrays_npz(ring, drawn)))
    document = json.loads(ring_json(edges, ring, drawn, proof.words))
    assert document["circular_coordinate"] is None and "null banks" in document["circular_coordinate_said"]
