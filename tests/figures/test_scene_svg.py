"""Still pictures: well-formed, everything in its place, nothing of a title taken for markup."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from topodash.figures import theme
from topodash.figures.scene_svg import STILL_POINTS, Still, plane_svg, space_svg, thin

SVG = "{http://www.w3.org/2000/svg}"
NASTY = "</title><script>alert(\"1\")</script>&amp; <b 'x'>"


def still(**more):
    points = np.array([[0.0, 0], [1, 1], [2, 0.5]])
    return Still(box=((0.0, 2.0), (0.0, 1.0)), points=points, labels=np.array([0, 1, 1]), **more)


def paths(text):
    return list(ET.fromstring(text).iter(f"{SVG}path"))


def numbers(text):
    return np.array([[float(v) for v in pair.split(",")] for pair in re.findall(r"-?[\d.]+,-?[\d.]+", text)])


@pytest.mark.parametrize("dark", [False, True])
def test_titles_are_text_and_nothing_else(dark):
    space = space_svg(np.zeros((1, 3)), np.array([0]), [np.zeros((3, 3))], [0], 3, title=NASTY, dark=dark)
    for text in (plane_svg(still(), title=NASTY, dark=dark), space):
        root = ET.fromstring(text)
        assert root.find(f"{SVG}title").text == NASTY
        assert not list(root.iter(f"{SVG}script"))


def test_points_stand_where_they_are_y_upwards_with_equal_units():
    found = paths(plane_svg(still(), size=220))
    assert [path.get("stroke") for path in found] == [theme.class_colour(0), theme.class_colour(1)]
    places = np.concatenate([numbers(path.get("d")) for path in found])
    np.testing.assert_allclose(
        places, 110 + 108 * (np.array([[0, 0], [1, 1], [2, 0.5]]) - [1, 0.5]) * [1, -1], atol=0.051
    )


def test_cells_lines_and_boundary_are_drawn_in_their_colours():
    square = np.array([[0.0, 0], [2, 0], [2, 1], [0, 1]])
    text = plane_svg(
        still(polygons=[square], firing=[2], units=3, lines=[(1, square[:2])], boundary=square[None, :2])
    )
    found = paths(text)
    assert found[0].get("fill") == theme.pattern_tints(3, False)[2]
    assert found[-2].get("stroke") == theme.neuron_colour(1)
    assert found[-1].get("stroke") == theme.palette(False)["text"]
    np.testing.assert_allclose(
        numbers(found[0].get("d")), [[2, 164], [218, 164], [218, 56], [2, 56]], atol=0.051
    )


def test_far_cells_are_drawn_first_and_a_dead_network_can_be_drawn():
    near, far = np.full((3, 3), 2.0), np.zeros((3, 3))
    near[1, 0] += 0.1
    text = space_svg(np.zeros((2, 3)), np.array([0, 1]), [near, far], [3, 0], 3, plane=np.eye(3))
    fills = [path.get("fill") for path in paths(text) if path.get("fill-opacity") == ".75"]
    tints = theme.pattern_tints(3, False)
    assert fills == [tints[0], tints[3]]
    dead = space_svg(np.zeros((5, 3)), np.zeros(5, int), [np.zeros((4, 3))], [0], 3)
    assert "nan" not in dead
    ET.fromstring(dead)


def test_thinning_is_seeded_ascending_and_leaves_few_alone():
    assert thin(5).tolist() == [0, 1, 2, 3, 4]
    rows = thin(5000)
    assert len(rows) == len(set(rows.tolist())) == STILL_POINTS
    assert (np.diff(rows) > 0).all()
    np.testing.assert_array_equal(rows, thin(5000))
