"""Figures of the filters page: what they show, for planted filters."""

import base64

import numpy as np
import pytest

from topodash.figures.filter_angles import angle_figure, correlation_words
from topodash.figures.filter_bars import bars_figure
from topodash.figures.filter_evidence_plot import LABELS, Shown, evidence_figure
from topodash.figures.filter_plane import plane_figure
from topodash.figures.filter_sensitivity_plot import sensitivity_figure
from topodash.figures.klein_chart import PHI_BINS, THETA_BINS, glued_density, klein_figure, region_of_bins
from topodash.figures.ring_colours import COLOURS, angle_colours, node_colours
from topodash.figures.ring_graph import drawing, ring_svg
from topodash.figures.wheel import PATCHES, wheel_figure
from topodash.pages.filters.words import legend


@pytest.mark.parametrize("colour", [key for key, _ in COLOURS])
def test_every_colour_paints_every_node(ring, homology, colour):
    painted = node_colours(ring, homology, colour)
    assert len(painted["colours"]) == len(ring["starts"]) - 1
    assert all(len(each) == 7 and each.startswith("#") for each in painted["colours"])


def test_without_a_circular_coordinate_the_pca_angle_stands_in_and_is_named(ring, homology):
    assert node_colours(ring, {**homology, "circular": None}, "circular")["key"] == "pca_angle"


def test_the_legend_runs_as_its_colours_do(ring, homology):
    """The ramp begins dark: for density, which is bright, with the greatest distance; and each ring has its own range."""
    painted = node_colours(ring, homology, "density")
    assert painted["low"] > painted["high"] > 0
    brightest = painted["colours"].index(max(painted["colours"], key=lambda c: int(c[1:3], 16)))
    members = np.asarray(ring["members"])[ring["starts"][brightest] : ring["starts"][brightest + 1]]
    assert np.mean(np.asarray(ring["reach"])[members]) == pytest.approx(painted["high"], rel=1e-6)
    said = [
        str(part.children)
        for part in legend(painted, {**painted, "low": 9.0, "high": 8.0}, "it waits (p = 1)")
    ]
    assert said[1] == f"{painted['low']:.3g}"
    assert said[-2:] == ["Ring before: 9 to 8", "It waits (p = 1)."]


def test_angle_colours_close_around():
    near, far = angle_colours(np.array([1e-4, 2 * np.pi - 1e-4]))
    apart = [abs(int(near[i : i + 2], 16) - int(far[i : i + 2], 16)) for i in (1, 3, 5)]
    assert max(apart) <= 12


@pytest.mark.parametrize("layout", ["spring", "plane"])
def test_a_drawing_has_a_picture_for_each_node_and_its_edges(ring, homology, layout):
    colours = node_colours(ring, homology, "circular")["colours"]
    drawn = drawing(ring, colours, layout=layout)
    count, side = len(ring["starts"]) - 1, drawn["side"]
    assert {len(drawn[name]) for name in ("x", "y", "d", "tips", "colours")} == {count}
    assert np.reshape(drawn["edges"], (-1, 3))[:, :2].tolist() == np.asarray(ring["edges"]).tolist()
    pictures = np.frombuffer(base64.b64decode(drawn["greys"]), np.uint8).reshape(count, side**2)
    means = np.asarray(ring["means"])
    shares = means / np.abs(means).max(axis=1, keepdims=True)
    np.testing.assert_allclose((pictures.astype(float) - 128) / 127, shares, atol=0.5 / 127 + 1e-6)


def test_an_empty_ring_is_an_empty_drawing():
    ring = {
        "starts": [0],
        "means": np.zeros((0, 25)),
        "edges": np.zeros((0, 2)),
        "positions": [],
        "plane": [],
    }
    drawn = drawing(ring, [])
    assert not drawn["x"] and not drawn["edges"] and not drawn["greys"]
    assert ring_svg(ring, {"colours": []}, layout="spring", dark=False, title="none").startswith("<svg")


def test_the_svg_stands_alone_and_escapes_its_title(ring, homology):
    text = ring_svg(ring, node_colours(ring, homology, "r2"), layout="spring", dark=True, title="<b>&")
    assert text.startswith("<svg") and text.endswith("</svg>")
    assert "&lt;b&gt;&amp;" in text
    assert text.count("<image") == len(ring["starts"]) - 1


@pytest.mark.parametrize("patch", [key for key, _ in PATCHES])
def test_the_wheel_has_an_average_and_a_patch_for_each_sector(ring, homology, patch):
    wheel = homology["wheels"]["circular"]
    figure = wheel_figure(wheel, ring["rows"], patch=patch)
    assert len(figure.layout.images) == 2 * len(wheel["centres"])
    assert sum(len(rows) for rows in figure.layout.meta["rows"]) == len(ring["rows"])


def test_the_density_of_the_klein_bottle_goes_over_its_sides():
    # one point at the right side, at phi: what spills over appears at the left side, at -phi
    density = glued_density(np.array([np.pi - 1e-6]), np.array([1.0]))
    assert density.shape == (PHI_BINS, THETA_BINS)
    assert density.sum() == pytest.approx(1.0)
    left = density[:, 0]
    assert (left.argmax() + 0.5) * 2 * np.pi / PHI_BINS == pytest.approx(2 * np.pi - 1.0, abs=0.1)


def test_correlations_of_the_pca_angle_are_called_description(homology):
    assert "Description only" in correlation_words(homology, "pca")
    assert "not whether there is a ring" in correlation_words(homology, "circular")


@pytest.mark.parametrize("dark", [False, True])
def test_plotly_has_nothing_against_the_figures(ring, homology, dark, check):
    shades = angle_colours(ring["pca_angle"])
    statistics = homology["statistics"]
    null = {name: np.linspace(0, 1, 9) for name in LABELS}
    cells = [
        {
            "k": 5,
            "fraction": 0.3,
            "kept": 30,
            "turns": 1,
            "ring": True,
            "reason": "",
            "statistics": statistics,
        },
        {
            "k": 5,
            "fraction": 0.4,
            "kept": 0,
            "turns": 0,
            "ring": False,
            "reason": "k must be",
            "statistics": {},
        },
    ]
    figures = [
        plane_figure(ring, shades, name="x", dark=dark),
        klein_figure(ring, dark=dark),
        angle_figure(ring, homology, position="pca", shades=shades, dark=dark),
        bars_figure(homology, np.array([[1.0, 2.0]]), np.array([1.0]), dark=dark),
        bars_figure({**homology, "bars": np.zeros((0, 2))}, dark=dark),
        evidence_figure([Shown("a", statistics, null), Shown("b", statistics, {})], ("klein_r2",), dark=dark),
        sensitivity_figure(cells, here=(5, 0.3), dark=dark),
        sensitivity_figure([], dark=dark),
        *(
            wheel_figure(homology["wheels"]["pca"], ring["rows"], patch=patch, dark=dark)
            for patch, _ in PATCHES
        ),
    ]
    for figure in figures:
        check(figure, dark=dark)


def test_a_click_on_the_klein_chart_finds_the_filters_of_its_square(ring):
    meta = klein_figure(ring).layout.meta
    assert sorted(row for rows in meta["rows"] for row in rows) == sorted(ring["rows"].tolist())
    theta, phi = np.degrees(ring["theta"][0]), np.degrees(ring["phi"][0])
    bins = region_of_bins()
    assert bins.shape == (PHI_BINS, THETA_BINS)
    region = bins[int(phi / 360 * PHI_BINS), int(theta / 180 * THETA_BINS)]
    assert int(ring["rows"][0]) in meta["rows"][region]
    assert f"θ {int(theta // 30) * 30}°" in meta["names"][region]


def test_a_count_of_turns_that_rests_on_noise_is_called_uncertain(ring, homology):
    def said(step):
        wheel = {**homology["wheels"]["pca"], "largest_step": step}
        return wheel_figure(wheel, ring["rows"]).layout.annotations[0].text

    assert "uncertain" in said(2.0) and "uncertain" not in said(0.5)
