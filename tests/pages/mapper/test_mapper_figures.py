"""What is drawn is what the graph says."""

from itertools import pairwise

import numpy as np
import pytest

from topodash.figures import theme
from topodash.figures.mapper_graph import elements, node_numbers, paint, pie
from topodash.figures.mapper_sweep import cell_at, sweep_map
from topodash.pages.mapper.words import png
from topodash.topology import DBSCAN, CubicalCover, mapper_graph


@pytest.fixture(scope="module")
def value():
    points = np.random.default_rng(0).normal(size=(150, 2))
    graph = mapper_graph(points, points, cover=CubicalCover(5, 0.4), clusterer=DBSCAN(0.5, 2))
    labels = (points[:, 0] > 0).astype(int)
    return {
        "starts": graph.starts, "members": graph.members, "elements": graph.elements, "edges": graph.edges, "weights": graph.edge_weights,
        "positions": graph.layout(lens=points, seed=0), "components": graph.components, "class_names": ["left", "right"],
        "classes": np.array([np.bincount(labels[node], minlength=2) for node in graph.nodes]),
        "value_names": ["lens: x"], "node_values": graph.node_means(points[:, :1]), "graph": graph,
    }  # fmt: skip


def test_every_node_and_edge_is_an_element_with_its_points(value):
    drawn = elements(value)
    nodes = [each["data"] for each in drawn if "source" not in each["data"]]
    edges = [each["data"] for each in drawn if "source" in each["data"]]
    assert [each["n"] for each in nodes] == [len(node) for node in value["graph"].nodes]
    name = {each["id"]: each["k"] for each in nodes}
    assert len(name) == len(nodes)
    assert [[name[e["source"]], name[e["target"]]] for e in edges] == value["graph"].edges.tolist()
    assert [e["w"] for e in edges] == value["graph"].edge_weights.tolist()


def test_area_grows_with_points(value):
    nodes = [each["data"] for each in elements(value) if "n" in each["data"]]
    ordered = sorted(nodes, key=lambda each: each["n"])
    assert all(a["d"] <= b["d"] for a, b in pairwise(ordered))


def test_slices_add_up_and_begin_with_the_largest_class():
    data = pie(np.array([1, 6, 3]))
    assert (data["c0"], data["s0"]) == (theme.class_colour(1), 60.0)
    assert sum(data[f"s{k}"] for k in range(6)) == pytest.approx(100)


def test_three_hundred_classes_end_in_a_grey_slice():
    data = pie(np.ones(300, dtype=int))
    assert sum(data[f"s{k}"] for k in range(6)) == pytest.approx(100, abs=0.01)
    assert data["s5"] > 98


def test_colours_follow_the_numbers(value):
    painted = paint(value, "lens: x")
    assert painted["low"] == pytest.approx(value["node_values"].min())
    lowest, highest = int(value["node_values"].argmin()), int(value["node_values"].argmax())
    assert painted["colours"][lowest] == "#440154"
    assert painted["colours"][highest] == "#fde725"


def test_entropy_of_classes_is_zero_in_pure_nodes_and_at_most_one_bit(value):
    entropy = node_numbers(value, "mix")
    pure = (value["classes"] > 0).sum(axis=1) == 1
    assert np.array_equal(entropy[pure], np.zeros(pure.sum()))
    assert entropy.max() <= 1 + 1e-12


def test_an_unknown_colour_means_the_classes(value):
    assert paint(value, "no such column") == {"mode": "pie"}


def test_a_sweep_fills_its_cells_row_by_row_and_leaves_the_rest_empty():
    config = {"n_intervals": [5, 10], "values": [0.2, 0.5, 0.7], "against": "overlap"}
    figure = sweep_map(config, {"b1": (np.array([1, 4]), np.array([3.0, 7.0]))}, "b1")
    z = np.array(figure.data[0].z, dtype=float)
    assert z[0, 0] == 3
    assert z[1, 0] == 7
    assert np.isnan(z).sum() == 4


@pytest.mark.parametrize("against, values", [("overlap", [0.2, 0.5, 0.7]), ("eps", [0.1, 0.10001, 0.10002])])
def test_the_place_of_a_click_names_the_cell_that_is_drawn_there(against, values):
    config = {"n_intervals": [5, 10], "values": values, "against": against}
    drawn = sweep_map(config, {}, "b1").data[0]
    assert len(set(drawn.x)) == 3
    for row, y in enumerate(drawn.y):
        for column, x in enumerate(drawn.x):
            assert cell_at(config, x, y) == (config["n_intervals"][row], values[column])
    with pytest.raises(ValueError, match="must name a cell"):
        cell_at(config, "nowhere", "5")


def test_a_picture_is_a_png_that_others_read():
    import base64
    import io

    image = pytest.importorskip("PIL.Image")
    picture = np.arange(12, dtype=np.uint8).reshape(3, 4) * 20
    data = base64.b64decode(png(picture).partition(",")[2])
    assert np.array_equal(np.asarray(image.open(io.BytesIO(data))), picture)
