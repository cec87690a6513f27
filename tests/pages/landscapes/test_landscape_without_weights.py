"""Networks whose weights were not kept: their views in 3-D say why they are empty, and what to do."""

from dataclasses import replace

import pytest
from dash import no_update

from topodash.pages.landscapes.controls import VIEW
from topodash.pages.landscapes.spaces import kept, without_points
from topodash.pages.landscapes.view import load
from topodash.pages.landscapes.working import wanted


@pytest.fixture
def view(study, request_context):
    return load(wanted(study, VIEW.defaults())).view


def with_kept(view, count):
    config = replace(view.study.config, kept_weights=count)
    return replace(view, study=replace(view.study, config=config))


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "kept no weights"),
        (1, "kept the weights of network 1 only. Choose 1 under Network"),
        (2, "kept the weights of networks 1 to 2. Choose one of them under Network"),
        (3, ""),
    ],
)
def test_which_networks_have_activations_is_computed_from_the_study(view, count, said):
    found = kept(with_kept(view, count), 2)
    assert said in found
    assert bool(said) == bool(found)
    assert kept(with_kept(view, 1), 0) == ""


def test_the_sentence_stands_in_the_panel_and_the_place_before_can_come_back():
    figure, foot, idle, key = without_points("This study kept no weights.", True, dark=True, line=12)
    assert figure.layout.annotations[0].text == "This study<br>kept no<br>weights."
    assert (foot, idle, key) == ("", True, None)
    assert without_points("computing", False, dark=True) == (no_update, "computing", False, no_update)
