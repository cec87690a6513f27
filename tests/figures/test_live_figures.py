"""The figures that the page's scripts fill: their traces stand where the scripts look for them."""

import json

import numpy as np
import pytest

from topodash.figures import theme
from topodash.figures.activation_space import TRACES, activation_space
from topodash.figures.curves import CURVES, curves
from topodash.figures.input_plane import FIELD_SIZE, MANY_POINTS, field_axis, input_plane
from topodash.figures.neuron_panel import PANEL_SIZE, neuron_landscape, neuron_panel

BOX = ((-2.0, 2.0), (0.0, 1.0))


def plane(n=30, classes=3, dark=False):
    rng = np.random.default_rng(0)
    points, labels, held_out = rng.normal(size=(n, 2)), rng.integers(0, classes, n), rng.random(n) < 0.3
    names = [f"c{k}" for k in range(classes)]
    figure = input_plane(points, labels, held_out, class_names=names, columns=("a", "b"), box=BOX, dark=dark)
    return figure, points, labels, held_out


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_a_point_trace_a_class_whose_customdata_are_the_rows(classes):
    figure, points, labels, held_out = plane(classes=classes)
    assert figure.data[0].type == "heatmap"
    assert [trace.name for trace in figure.data[1:]] == [f"c{k}" for k in range(classes)]
    rows = np.concatenate([trace.customdata for trace in figure.data[1:]])
    assert sorted(rows.tolist()) == list(range(len(points)))
    for index, trace in enumerate(figure.data[1:]):
        assert (labels[trace.customdata] == index).all()
        np.testing.assert_array_equal(np.column_stack([trace.x, trace.y]), points[trace.customdata])
        assert [symbol.endswith("-open") for symbol in trace.marker.symbol] == held_out[
            trace.customdata
        ].tolist()
        assert trace.marker.color == theme.class_colour(index)


def test_many_points_are_drawn_by_webgl_and_few_as_vectors():
    assert plane(MANY_POINTS)[0].data[1].type == "scatter"
    assert plane(MANY_POINTS + 1)[0].data[1].type == "scatter", "scattergl needs unsafe-eval"


def test_the_plane_shows_the_whole_box_with_equal_units():
    layout = plane()[0].layout
    assert tuple(layout.xaxis.range) == BOX[0]
    assert tuple(layout.yaxis.range) == BOX[1]
    assert layout.yaxis.scaleanchor == "x"
    centres = field_axis(BOX[0])
    assert len(centres) == FIELD_SIZE
    assert centres[0] == pytest.approx(-2 + 4 / FIELD_SIZE / 2)
    assert np.diff(centres) == pytest.approx(4 / FIELD_SIZE)


def test_the_activation_space_has_the_classes_and_then_its_traces_in_order():
    figure = activation_space([4, 2], class_names=("a", "b"), axes=("u", "v", "w"))
    assert [len(trace.x) for trace in figure.data[:2]] == [4, 2]
    names = [trace.name.removeprefix("output ") for trace in figure.data[2:]]
    assert names == list(TRACES)
    kinds = {"cells": "mesh3d", "plane": "mesh3d"}
    assert [trace.type for trace in figure.data[2:]] == [kinds.get(name, "scatter3d") for name in TRACES]
    assert figure.layout.scene.yaxis.title.text == "v"
    assert figure.layout.scene.aspectmode == "cube"


def test_the_curves_are_found_by_their_scalar():
    figure = curves(total=500, known=[("outer", 1, 1)], region_name="b0, b1 of outer")
    assert [trace.meta for trace in figure.data] == [scalar for _, scalar, _ in CURVES]
    assert [trace.yaxis for trace in figure.data] == ["y", "y", "y2", "y2", "y3", "y3"]
    assert tuple(figure.layout.xaxis.range) == (0, 500)
    assert [(shape.y0, shape.name) for shape in figure.layout.shapes] == [(1, "data b0"), (1, "data b1")]
    assert not curves(total=0).layout.shapes


def test_a_neuron_has_a_panel_and_a_landscape_in_its_colour():
    figure = neuron_panel(2, box=BOX)
    assert np.shape(figure.data[0].z) == (PANEL_SIZE, PANEL_SIZE)
    assert figure.data[0].zmin == 0
    landscape = neuron_landscape(2, columns=("a", "b"))
    assert [trace.type for trace in landscape.data] == ["mesh3d", "scatter3d"]
    assert landscape.data[0].color == theme.neuron_colour(2)
    assert landscape.layout.scene.zaxis.title.text == "activation of neuron 3"


@pytest.mark.parametrize("dark", [False, True])
def test_each_look_has_its_template_and_the_browser_gets_both(dark):
    assert plane(dark=dark)[0].layout.template.layout.font.color == theme.palette(dark)["text"]
    sent = json.loads(json.dumps(theme.browser_theme()))
    assert set(sent) == {"light", "dark"}
    look = sent["dark" if dark else "light"]
    assert [len(tints) for tints in look["tints"]] == list(range(1, 26))
    assert look["classes"] == list(theme.CLASS_COLOURS)
    assert len(set(theme.CLASS_COLOURS)) == len(set(theme.CLASS_SYMBOLS)) == 10
    assert not set(theme.CLASS_COLOURS) & set(theme.NEURON_COLOURS)
