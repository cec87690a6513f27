"""Figures that plotly does not check are figures that it would pass."""

import numpy as np
import pytest

from topodash.figures.activation_space import activation_space
from topodash.figures.curves import curves
from topodash.figures.input_plane import input_plane
from topodash.figures.landscape_band import landscape_band
from topodash.figures.landscape_curves import _GAP, _LETTER, _LINE, _SIDES, _labels, landscape_curves
from topodash.figures.landscape_grid import landscape_grid
from topodash.figures.landscape_null import landscape_null
from topodash.figures.landscape_space import landscape_space
from topodash.figures.mapper_points import MOST_CLASSES, lens_plane, space
from topodash.figures.mapper_points import input_plane as mapper_plane
from topodash.figures.mapper_sweep import sweep_map
from topodash.figures.moments import in_legend
from topodash.figures.neuron_panel import neuron_landscape, neuron_panel
from topodash.figures.norm_curves import norm_curves, norm_heatmap, norms_over_epochs
from topodash.figures.persistence_diagram import persistence_barcode, persistence_diagram
from topodash.figures.plain import LINE, figure, panels, trace, words

BOX = ((-2.0, 2.0), (0.0, 1.0))
RNG = np.random.default_rng(1)
NAMES = {"layers": ["input", "ReLU 1", "ReLU 2", "logits"], "moments": ["iteration 0", "0.9", "0.99"]}
GRID, MEANS, BARS = np.linspace(0, 1, 20), RNG.random((3, 4, 5, 20)), np.sort(RNG.random((6, 2)), axis=1)
NORMS = np.where(np.arange(12).reshape(3, 4) == 11, np.nan, RNG.random((3, 4)))
SCENES = [
    {"points": RNG.normal(size=(8, 3)), "explained": np.array([0.6, 0.4, last]), "width": 5}
    for last in (0.1, 0.0)
]
#: The columns of an answer of the question 'mapper' that are drawn beside its graph.
POINTS = {
    "n": 30, "space": RNG.normal(size=(30, 3)), "space_names": ["x", "y", "z"], "plane": RNG.normal(size=(30, 2)), "plane_names": ["u", "v"],
    "lens": RNG.normal(size=(30, 2)), "lens_names": ["PC 1", "PC 2"], "labels": np.arange(30) % 3, "class_names": ["a", "b"],
}  # fmt: skip
SWEEP = {"n_intervals": [5, 10], "values": [0.2, 0.5, 0.7], "against": "overlap"}


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
    "points of a graph in space": lambda dark: space(POINTS, dark=dark),
    "points of a graph without classes": lambda dark: space({**POINTS, "labels": None}, dark=dark),
    "points of a graph in the plane": lambda dark: mapper_plane(POINTS, dark=dark),
    "points of a graph, too many classes": lambda dark: mapper_plane({**POINTS, "class_names": ["c"] * (MOST_CLASSES + 1)}, dark=dark),
    "lens": lambda dark: lens_plane(POINTS, dark=dark),
    "lens of one column": lambda dark: lens_plane({**POINTS, "lens": POINTS["lens"][:, :1]}, dark=dark),
    "sweep": lambda dark: sweep_map(SWEEP, {"b1": (np.array([1, 4]), np.array([3.0, 7.0]))}, "b1", dark=dark),
    "sweep over eps": lambda dark: sweep_map({**SWEEP, "against": "eps"}, {}, "coverage", dark=dark),
    "no sweep": lambda dark: sweep_map(None, {}, "b1", dark=dark),
}  # fmt: skip


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", FIGURES)
def test_plotly_has_nothing_against_the_figure(name, dark, check):
    check(FIGURES[name](dark), dark=dark)


def test_a_property_without_a_value_is_left_out():
    assert trace("scatter", x=[1], name=None) == {"type": "scatter", "x": [1]}


def test_an_empty_sentence_leaves_an_empty_figure_and_figures_do_not_share_their_template():
    assert not words("", dark=False).layout.annotations
    one, other = figure([], dark=False), figure([], dark=False)
    one.layout.template.layout.font.size = 40
    assert other.layout.template.layout.font.size == 12


def test_a_long_sentence_is_broken_into_lines_that_a_phone_has_room_for():
    said = 'Column "x" reaches from 0 to 2.9e+201, which is out of range. Rescale it.<br>' + "y" * 100
    lines = words(said, dark=False).layout.annotations[0].text.split("<br>")
    assert lines[:2] == ['Column "x" reaches from 0 to 2.9e+201, which is', "out of range. Rescale it."]
    assert max(map(len, lines)) <= LINE
    assert "".join(lines[2:]) == "y" * 100


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


def test_panels_share_the_width_and_have_the_gaps_between_them():
    names, domains = zip(*panels(3, 0.05), strict=True)
    assert names == ("", "2", "3")
    assert np.ravel(domains) == pytest.approx([0, 0.3, 0.35, 0.65, 0.7, 1])


def test_every_name_in_figure_3_stands_beside_its_layer_and_on_no_other():
    layers = ["input", *(f"ReLU {k}" for k in range(1, 11)), "logits"]
    # Ten layers close together at the end of the curve, as in the study of nine disks.
    path = np.array([[0.03, 0.02], *([-0.02 + 0.0002 * k, 0.001 * (k % 3)] for k in range(11))])
    texts, sides = _labels(path, layers, 0.05)
    assert texts[0] == "input" and texts[-1] == "logits"
    ways = {side: way for way, side in _SIDES.items()}
    boxes = []
    for point, text, side in zip(path, texts, sides, strict=True):
        if text:
            half = np.array([_LETTER * len(text), _LINE]) * 0.05 / 2
            centre = point + np.array(ways[side]) * (half + _GAP * 0.05)
            boxes.append((centre - half, centre + half))
    assert len(boxes) > 3
    for k, (low, high) in enumerate(boxes):
        assert all((low > other[1]).any() or (high < other[0]).any() for other in boxes[:k])


def test_a_legend_of_many_moments_names_some_from_first_to_last():
    named = [k for k in range(14) if in_legend(k, 14)]
    assert (named[0], named[-1], len(named)) == (0, 13, 8)
    assert all(in_legend(k, 8) for k in range(8))


def test_on_own_axes_no_function_reaches_the_number_above_it():
    grid = landscape_grid(MEANS, GRID, NORMS, **NAMES, moment_title="threshold", common=False)
    tops = np.nanmax(np.concatenate([np.mod(trace.y[~np.isnan(trace.y)], 1) for trace in grid.data[1:]]))
    assert tops < 0.75
