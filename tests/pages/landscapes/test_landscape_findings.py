"""Sentences computed from the data are true of them."""

from dataclasses import replace

import numpy as np
import pytest

from topodash.figures.norm_curves import norm_heatmap
from topodash.pages.landscapes import findings as module
from topodash.pages.landscapes.caveats import caveats
from topodash.pages.landscapes.controls import VIEW
from topodash.pages.landscapes.findings import course, findings
from topodash.pages.landscapes.view import load
from topodash.pages.landscapes.wanting import wanted
from topodash.pages.landscapes.words import notes


@pytest.fixture
def view(study, request_context):
    return load(wanted(study, VIEW.defaults())).view


def with_gap(view, retained, **more):
    """The view with an average of norm 0.25 of networks whose norms are 1."""
    shape = view.mean_norm.shape
    return replace(view, mean_norm=np.ones(shape), norm_of_mean=np.full(shape, 0.25), retained=np.full(shape, retained), **more)  # fmt: skip


def test_a_gap_that_the_cuts_make_is_not_put_down_to_the_networks(view):
    said = course(with_gap(view, 0.0625), 0)
    assert "at most 0.75 because the average is of 6 functions" in said
    assert "different scales" not in said


def test_a_gap_that_the_cuts_cannot_make_is_put_down_to_the_networks(view):
    assert "0.75 below the average of the norms: at least 0.75 because networks have their loops" in course(with_gap(view, 1.0), 0)  # fmt: skip
    assert "their components at" in course(with_gap(view, 1.0, degree=0), 0)


def test_a_gap_of_both_kinds_is_divided(view):
    said = course(with_gap(view, 0.25), 0)
    assert "at least 0.25 because networks" in said
    assert "at most 0.5 because the average is of 6" in said


def test_nine_bars_that_do_not_stand_out_are_not_said_to(view, monkeypatch):
    def with_ratio(ratio):
        lengths = np.array([ratio] * 9 + [1.0] * 5)
        bars = np.column_stack([np.zeros(14), lengths])
        monkeypatch.setattr(module, "diagram", lambda *_: (bars, ""))
        return next(each for each in findings(view) if "bars" in each.text)

    assert with_ratio(1.02).text.startswith("Nine bars do not stand out")
    assert with_ratio(1.02).agrees is False
    assert with_ratio(5.0).text.startswith("Nine bars stand out")
    assert with_ratio(5.0).agrees is True


def test_a_threshold_that_guessing_reaches_neither_agrees_nor_disagrees_with_the_paper(view):
    used = view.used.copy()
    used[2] = 0  # nobody reached 0.75; 0.6 lies below the share of the largest class
    found = [each for each in findings(replace(view, used=used)) if "bars" not in each.text]
    assert found
    assert all(each.agrees is None for each in found)


@pytest.mark.parametrize(
    "other", [{"degree": 0}, {"degree": 2}, {"homology": "local"}, {"class_name": "disks"}]
)
def test_other_homology_than_the_papers_gets_no_verdict(view, other):
    found = findings(replace(view, **other))
    assert found
    assert all(each.agrees is None for each in found)
    assert "paper" not in "".join(str(part) for part in notes(replace(view, **other))[1].to_plotly_json()["props"]["children"])  # fmt: skip


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.93, "That leaves at least 93.0% of every network's landscape everywhere, by its squared norm."),
        (0.25, "In 92% of the cells that leaves at least nine tenths of every network's landscape, by its squared norm. "
               "The most is lost at ReLU 2, threshold 0.6: only 25.0% of one network's is left."),
        (0.0, "The most is lost at ReLU 2, threshold 0.6: less than 0.1% of one network's is left."),
    ],
)  # fmt: skip
def test_what_the_cuts_leave_is_said_of_all_cells_and_of_the_worst(view, share, said):
    retained = np.ones(view.retained.shape)
    retained[1, 2] = share
    assert said in " ".join(caveats(replace(view, retained=retained)))


def test_one_is_no_plural_and_the_initialisation_no_threshold(view):
    one = replace(view, means=view.means[:, :, :1])
    assert "1 function" in " ".join(caveats(one))
    assert "1 functions" not in " ".join([*caveats(one), course(with_gap(one, 0.0625), 0)])
    heat = norm_heatmap(view.mean_norm, layers=view.layers, moments=view.moments, moment_title="threshold")
    assert heat.data[0].text[-1][1] == "<b>ReLU 1</b>, iteration 0"
    assert heat.data[0].text[0][1] == "<b>ReLU 1</b>, threshold 0.75"


@pytest.mark.parametrize(
    ("hidden", "said"),
    [
        ([0.0, 0.0, 0.0], "the norm is 0 in every ReLU layer."),
        ([0.3, 0.2, 0.1], "the norm falls at every ReLU layer."),
        ([0.3, 0.2, 0.2], "the norm rises at no ReLU layer."),
        ([0.3, 0.2, 0.4], "it rises from ReLU 2 to ReLU 3."),
    ],
)
def test_a_norm_that_stays_is_not_said_to_fall(view, hidden, said):
    layers = ("input", "ReLU 1", "ReLU 2", "ReLU 3", "logits")
    norms = np.tile([0.5, *hidden, 0.1], (len(view.moments), 1))
    found = findings(replace(view, layers=layers, mean_norm=norms, used=np.ones_like(norms, dtype=int)))
    assert any(each.text.endswith(said) for each in found)
    assert "is the same in every ReLU layer" in found[-1].text  # these norms are those of iteration 0


def test_a_layers_number_is_not_read_as_a_count(view):
    norms = np.tile([0.5, 0.2, 0.2, 0.1], (len(view.moments), 1))
    norms[1] += [0, 0.1, -0.1, 0]
    used = np.ones_like(norms, dtype=int)
    used[2] = 0
    said = findings(replace(view, mean_norm=norms, used=used))[-1].text
    assert said.endswith("grows in 1 of 2 ReLU layers (R1) and shrinks in R2.")
