"""Distances between the diagrams of one network: what is compared, the numbers, and the words about them."""

from dataclasses import replace

import numpy as np
import pytest

from topodash.jobs.answers.diagram_distances import diagram_distances
from topodash.pages.landscapes import apart
from topodash.pages.landscapes.controls import DISTANCES, VIEW
from topodash.pages.landscapes.looking import Look
from topodash.pages.landscapes.view import load
from topodash.pages.landscapes.working import wanted
from topodash.topology import bottleneck_distance, landscape_gram


class Silent:
    def progress(self, share, words):
        assert 0 <= share < 1
        assert words


@pytest.fixture
def seen(study, request_context):
    return Look(load(wanted(study, VIEW.defaults())).view, 1, 1, 0, 0, False)


def row(bars, missing=None, left_out=None):
    arrays = tuple(np.reshape(np.asarray(each, dtype=float), (-1, 2)) for each in bars)
    names = tuple("abcdef"[: len(bars)])
    return apart.Row(names, arrays, missing or ("",) * len(bars), left_out or (0,) * len(bars))


@pytest.mark.parametrize("distance", DISTANCES)
def test_layers_and_moments_are_compared_pair_by_pair(seen, distance):
    layers, moments = apart.row_of(seen, apart.LAYERS), apart.row_of(seen, apart.MOMENTS)
    assert layers.names == seen.view.layers
    assert moments.names == ("iteration 0", "threshold 0.6", "threshold 0.75")
    assert np.array_equal(layers.bars[1], moments.bars[1])

    asked = apart.distances_question(seen, layers, distance)
    found = apart.whole(layers, diagram_distances(asked, Silent())["distances"])
    assert np.array_equal(found, found.T, equal_nan=True)
    assert np.all(np.diag(found)[layers.there] == 0)
    if distance == "bottleneck":
        assert found[0, 2] == bottleneck_distance(layers.bars[0], layers.bars[2])
    assert found[0, 1] > 0


def test_the_landscape_distance_is_that_of_the_inner_products(seen):
    layers = apart.row_of(seen, apart.LAYERS)
    found = diagram_distances(apart.distances_question(seen, layers, "landscape"), Silent())["distances"]
    parts = [seen.view.study.config.depth, seen.view.grid]
    from topodash.topology import landscape

    stack = np.stack([landscape(bars, parts[1], parts[0]) for bars in layers.bars])
    gram = landscape_gram(stack, parts[1])
    squares = np.diag(gram)[:, None] + np.diag(gram)[None, :] - 2 * gram
    assert found == pytest.approx(np.sqrt(np.maximum(squares, 0)), abs=1e-7)


def test_an_unknown_distance_is_refused_in_words():
    with pytest.raises(
        ValueError, match="distance must be landscape, bottleneck or wasserstein; it was 'hausdorff'"
    ):
        diagram_distances({"diagrams": [], "distance": "hausdorff"}, Silent())


def test_what_has_no_diagram_stays_empty_and_is_named(seen):
    half = row([[(0, 1)], [], [(0, 2)]], missing=("", "the layer is dead on them", ""))
    assert half.there == [0, 2]
    assert np.array_equal(
        apart.whole(half, np.array([[0.0, 0.5], [0.5, 0.0]])),
        [[0, np.nan, 0.5], [np.nan, np.nan, np.nan], [0.5, np.nan, 0]],
        equal_nan=True,
    )
    said = apart.apart_words(
        seen, half, apart.whole(half, np.array([[0.0, 0.5], [0.5, 0.0]])), "layers", "landscape"
    )
    assert said == "Network 1, threshold 0.6. No two neighbours have a diagram. No diagram: b."
    assert "Fewer than two layers have a diagram: dead." in apart.nothing_words(
        row([[(0, 1)], []], missing=("", "dead")), "layers"
    )


def test_the_words_name_the_steps():
    assert apart.step_words("abc", np.array([0.25, 0.125])) == (
        "The greatest step is from a to b, 0.25; the smallest from b to c, 0.125."
    )
    assert apart.step_words("ab", np.array([0.25])) == "The greatest step is from a to b, 0.25."
    assert apart.step_words("abc", np.zeros(2)) == "All neighbours have the same diagram."
    same = row([[(0, 1)], [(0, 1)]])
    assert "Open another layer" in apart.nothing_words(same, apart.MOMENTS)
    assert apart.nothing_words(same, apart.LAYERS) == "All layers have the same diagram."
    assert apart.nothing_words(row([[(0, 1)], [(0, 2)]]), apart.LAYERS) == ""


def test_what_was_cut_bounds_the_error():
    """Against diagrams that are cut in fact."""
    rng = np.random.default_rng(0)
    births = rng.random((2, 40))
    whole = [np.stack([b, b + rng.exponential(0.1, 40)], axis=1) for b in births]
    longest = [bars[np.argsort(bars[:, 0] - bars[:, 1])] for bars in whole]
    cut = row([bars[:25] for bars in longest], left_out=(15, 15))
    for name, factor in (("bottleneck", 0.5), ("wasserstein", 30 / np.sqrt(2))):
        distances = [
            diagram_distances({"diagrams": [bars.tolist() for bars in pair], "distance": name}, Silent())[
                "distances"
            ][0, 1]
            for pair in (longest, cut.bars)
        ]
        assert abs(distances[0] - distances[1]) <= factor * cut.cut + 1e-12
        assert f"off by {factor * cut.cut:.2g} at most" in apart.cut_words(cut, name)
    assert apart.cut_words(row([[(0, 1)]]), "bottleneck") == ""
    assert replace(cut, left_out=(0, 0)).cut == 0.0
