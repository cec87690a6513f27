"""Figures that plotly does not check are figures that it would pass."""

import numpy as np
import plotly.graph_objects as go
import pytest

from topodash.figures import theme
from topodash.figures.activation_space import activation_space
from topodash.figures.curves import curves
from topodash.figures.input_plane import input_plane
from topodash.figures.neuron_panel import neuron_landscape, neuron_panel
from topodash.figures.plain import figure, trace, words

BOX = ((-2.0, 2.0), (0.0, 1.0))


def _plane(dark):
    rng = np.random.default_rng(0)
    points, labels = rng.normal(size=(40, 2)), rng.integers(0, 3, 40)
    return input_plane(
        points, labels, labels > 1, class_names=("a", "b", "c"), columns=("x", "y"), box=BOX, dark=dark
    )


FIGURES = {
    "plane": _plane,
    "space": lambda dark: activation_space(
        [3, 2], class_names=("a", "b"), axes=tuple("xyz"), sentence="soon", dark=dark
    ),
    "neuron": lambda dark: neuron_panel(1, box=BOX, dark=dark),
    "landscape": lambda dark: neuron_landscape(1, columns=("x", "y"), dark=dark),
    "curves": lambda dark: curves(total=9, known=[("a", 1, 1)], dark=dark),
    "words": lambda dark: words("soon", dark=dark),
}


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", FIGURES)
def test_plotly_has_nothing_against_the_figure(name, dark):
    made = FIGURES[name](dark).to_plotly_json()
    checked = go.Figure(made).to_plotly_json()
    assert [set(one) for one in checked["data"]] == [set(one) for one in made["data"]]
    assert set(checked["layout"]) == set(made["layout"])
    assert made["layout"]["template"] == theme.TEMPLATES[theme.template(dark)].to_plotly_json()


def test_a_property_without_a_value_is_left_out():
    assert trace("scatter", x=[1], name=None) == {"type": "scatter", "x": [1]}


def test_an_empty_sentence_leaves_an_empty_figure_and_figures_do_not_share_their_template():
    assert not words("", dark=False).layout.annotations
    one, other = figure([], dark=False), figure([], dark=False)
    one.layout.template.layout.font.size = 40
    assert other.layout.template.layout.font.size == 12
