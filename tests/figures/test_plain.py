"""Figures that plotly does not check are figures that it would pass."""

import numpy as np
import plotly.graph_objects as go
import pytest

from topodash.figures import theme
from topodash.figures.activation_space import activation_space
from topodash.figures.curves import curves
from topodash.figures.input_plane import input_plane
from topodash.figures.landscape_band import landscape_band
from topodash.figures.landscape_curves import landscape_curves
from topodash.figures.landscape_grid import landscape_grid
from topodash.figures.landscape_null import landscape_null
from topodash.figures.landscape_space import landscape_space
from topodash.figures.neuron_panel import neuron_landscape, neuron_panel
from topodash.figures.norm_curves import norm_curves, norm_heatmap, norms_over_epochs
from topodash.figures.persistence_diagram import persistence_barcode, persistence_diagram
from topodash.figures.plain import figure, trace, words

BOX = ((-2.0, 2.0), (0.0, 1.0))
RNG = np.random.default_rng(1)
NAMES = {"layers": ["input", "ReLU 1", "ReLU 2", "logits"], "moments": ["iteration 0", "0.9", "0.99"]}
GRID, MEANS, BARS = np.linspace(0, 1, 20), RNG.random((3, 4, 5, 20)), np.sort(RNG.random((6, 2)), axis=1)
NORMS = np.where(np.arange(12).reshape(3, 4) == 11, np.nan, RNG.random((3, 4)))
SCENES = [
    {"points": RNG.normal(size=(8, 3)), "explained": np.array([0.6, 0.4, last]), "width": 5}
    for last in (0.1, 0.0)
]


def _plane(dark):
    rng = np.random.default_rng(0)
    points, labels = rng.normal(size=(40, 2)), rng.integers(0, 3, 40)
    return input_plane(
        points, labels, labels > 1, class_names=("a", "b", "c"), columns=("x", "y"), box=BOX, dark=dark
    )


FIGURES = {
    "plane": _plane,
    "space": lambda dark: activation_space(
        [3, 2], class_names=("a", "b"), axes=tuple("xyz"), dark=dark
    ),
    "neuron": lambda dark: neuron_panel(1, box=BOX, dark=dark),
    "landscape": lambda dark: neuron_landscape(1, columns=("x", "y"), dark=dark),
    "curves": lambda dark: curves(total=9, known=[("a", 1, 1)], dark=dark),
    "words": lambda dark: words("soon", dark=dark),
    "landscape grid": lambda dark: landscape_grid(MEANS, GRID, NORMS, **NAMES, moment_title="threshold", cursor=(1, 2), dark=dark),
    "landscape grid, own axes": lambda dark: landscape_grid(MEANS, GRID, NORMS, **NAMES, moment_title="threshold", common=False, dark=dark),
    "layers in 3-D": lambda dark: landscape_space(SCENES, np.arange(8) % 2, titles=("a", "b"), class_names=("u", "v"), dark=dark),
    "cycle": lambda dark: landscape_space(SCENES[:1], np.arange(8) % 2, titles=("a",), class_names=("u", "v"), cycle=SCENES[1]["points"], dark=dark),
    "band": lambda dark: landscape_band(MEANS[0, 0], GRID, {"mean": MEANS[0, 0], "low": MEANS[0, 1], "high": MEANS[0, 2], "networks": 4}, name="network 1", dark=dark),
    "norms": lambda dark: norm_curves(NORMS, NORMS, NORMS, **NAMES, moment_title="threshold", cursor=1, dark=dark),
    "norms as a map": lambda dark: norm_heatmap(NORMS, **NAMES, moment_title="threshold", dark=dark),
    "norms over epochs": lambda dark: norms_over_epochs(NORMS, [0, 10, 100], layers=NAMES["layers"], dark=dark),
    "paths": lambda dark: landscape_curves(MEANS[:, :, 0, :2], np.array([0.7, 0.2]), **NAMES, moment_title="threshold", cursor=1, hidden_only=True, dark=dark),
    "diagram": lambda dark: persistence_diagram(BARS, degree=1, infinite=2, chosen=1, dark=dark),
    "barcode": lambda dark: persistence_barcode(BARS, infinite=2, chosen=1, dark=dark),
    "null": lambda dark: landscape_null({"edges": GRID, "counts": np.arange(19), "statistic": 0.7, "p": 0.01}, dark=dark),
}  # fmt: skip


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", FIGURES)
def test_plotly_has_nothing_against_the_figure(name, dark):
    made = FIGURES[name](dark).to_plotly_json()
    checked = go.Figure(made).to_plotly_json()
    assert [set(one) for one in checked["data"]] == [set(one) for one in made["data"]]
    assert set(checked["layout"]) == {name for name, value in made["layout"].items() if value != []}
    assert made["layout"]["template"] == theme.TEMPLATES[theme.template(dark)].to_plotly_json()


def test_a_property_without_a_value_is_left_out():
    assert trace("scatter", x=[1], name=None) == {"type": "scatter", "x": [1]}


def test_an_empty_sentence_leaves_an_empty_figure_and_figures_do_not_share_their_template():
    assert not words("", dark=False).layout.annotations
    one, other = figure([], dark=False), figure([], dark=False)
    one.layout.template.layout.font.size = 40
    assert other.layout.template.layout.font.size == 12


def _without_looks(made):
    traces = [{name: value for name, value in each.items() if name != "meta"} for each in made["data"]]
    return traces, {name: value for name, value in made["layout"].items() if name not in {"meta", "template"}}


def _with_look(made, moment):
    """What `assets/looks.js` does."""
    for each in made["data"]:
        for name, value in each["meta"]["looks"][each["meta"]["moment"] == moment].items():
            *path, last = name.split(".")
            place = each
            for part in path:
                place = place[part]
            place[last] = value
            if value is None:
                del place[last]
    return made


@pytest.mark.parametrize(
    "make",
    [
        lambda cursor: norm_curves(NORMS, NORMS, NORMS, **NAMES, moment_title="threshold", cursor=cursor),
        lambda cursor: landscape_curves(MEANS[:, :, 0, :2], np.array([0.7, 0.2]), **NAMES, moment_title="threshold", cursor=cursor),
    ],
)  # fmt: skip
def test_a_figure_with_another_look_is_the_figure_of_the_other_moment(make):
    moved = _without_looks(_with_look(make(0).to_plotly_json(), 2))
    made = _without_looks(make(2).to_plotly_json())
    assert str(moved[1]) == str(made[1])
    for one, other in zip(*(sorted(each, key=str) for each in (moved[0], made[0])), strict=True):
        assert {k: str(v) for k, v in one.items()} == {k: str(v) for k, v in other.items()}
