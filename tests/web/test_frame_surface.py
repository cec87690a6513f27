"""The exact landscape of one neuron, as the page asks for it."""

import numpy as np
import pytest
from live_runs import HUGE


def test_a_surface_is_the_neurons_activation_over_the_box(client, run_id, training):
    answer = client.get(f"/api/runs/{run_id}/surface?step=3&unit=1")
    assert answer.status_code == 200
    found = {name: np.array(values, dtype=float) for name, values in answer.json.items()}
    weights = training[1][3].weights
    heights = np.maximum(np.column_stack([found["x"], found["y"]]) @ weights["W1"][1] + weights["b1"][1], 0)
    np.testing.assert_allclose(found["z"], heights, atol=1e-5)
    triangles = np.column_stack([found["i"], found["j"], found["k"]]).astype(int)
    corners = np.column_stack([found["x"], found["y"]])[triangles]
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    low, high = (
        np.column_stack([found["x"], found["y"]]).min(0),
        np.column_stack([found["x"], found["y"]]).max(0),
    )
    assert np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum() / 2 == pytest.approx(
        np.prod(high - low), rel=1e-4
    )


SURFACES = [
        "",
        "step=x",
        "step=3&unit=9",
        "step=3&unit=-1",
        "step=3&unit=x",
        f"step=3&unit={HUGE}",
        "step=3&layer=2",
        "step=3&layer=x",
        f"step=3&layer={'9' * 6000}",
        "step=50",
        f"step={HUGE}",
    ]  # fmt: skip


def test_surfaces_that_cannot_be_are_refused_in_json(client, run_id):
    for query in SURFACES:
        answer = client.get(f"/api/runs/{run_id}/surface?{query}")
        assert 400 <= answer.status_code < 500, query[:60]
        assert answer.json["error"]
        assert "damaged" not in answer.json["error"]
