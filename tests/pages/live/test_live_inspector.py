"""What the inspector says of a cell and of points: the view's own numbers."""

import json

import numpy as np
import pytest

from topodash.geometry import layers as forward
from topodash.pages.live.inspector import affine_text, cell_selection, firing_words, points_selection
from topodash.pages.live.views import views
from topodash.studies.live_view import split_weights


def text(component):
    return json.dumps(component, default=lambda part: part.to_plotly_json(), ensure_ascii=False)


def test_firing_in_words():
    assert firing_words((0, 0, 0), [3]) == "No neuron fires"
    assert firing_words((0, 1, 0), [3]) == "Neuron 2 fires"
    assert firing_words((1, 1, 1), [3]) == "Neurons 1, 2 and 3 fire"
    assert firing_words((1, 0, 1), [2, 1]) == "Neurons 1.1 and 2.1 fire"


def test_affine_maps_are_written_with_their_signs():
    lines = affine_text(np.array([[0.5, -2], [0, 0]]), np.array([-0.25, 0]))
    assert lines == ["n1 = 0.5 x − 2 y − 0.25", "n2 = 0"]


def test_a_cell_says_its_points_area_and_map(browser, make):
    run_id = make()
    view, sample = views().view(run_id, 5), views().sample(run_id)
    shares = 0.0
    for cell in view.complex.cells:
        said = text(cell_selection(view, sample, "".join(map(str, cell.pattern))))
        counts = view.counts[cell.index]
        assert ("No point lies here" in said) == (counts.sum() == 0)
        assert f"rank {cell.rank}" in said
        assert f"{cell.area:.4g} (" in said
        shares += float(said.split(f"{cell.area:.4g} (")[1].split(" %")[0])
        assert f"{counts[0]}" in said
    assert shares == pytest.approx(100, abs=0.5)
    assert "no part of the picture" in text(cell_selection(view, sample, "222"))
    assert "no part of the picture" in text(cell_selection(view, sample, "1"))


def test_points_say_their_classes_correctness_and_means(browser, make):
    run_id = make()
    rows = [0, 3, 7, 11, -4, 9999, "x"]  # what is no row is left out
    said = text(points_selection(views(), run_id, 5, rows, None))
    data = views().sample(run_id).sample
    hidden, output = split_weights(views().weights(run_id, 5))
    chosen = [0, 3, 7, 11]
    predicted = forward.predicted(forward.logits(hidden, output, data.points))
    assert f"{int((predicted == data.labels)[chosen].sum())} of 4" in said
    assert "4 of 60 points are selected" in said
    means = forward.activations(hidden, data.points)[-1][chosen].mean(axis=0)
    assert all(f"{value:.4g}" in said for value in means)


def test_nothing_but_wrong_rows_is_no_selection(browser, make):
    with np.errstate(all="raise"):
        said = text(points_selection(views(), make(), 5, [-1, 10**9], None))
    assert "0 of 60 points" in said
    assert "nan" not in said
