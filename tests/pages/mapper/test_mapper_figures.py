"""What is drawn is what the graph says."""

from itertools import pairwise

import numpy as np
import pytest

from topodash.figures.mapper_graph import drawing, node_numbers, node_sizes, paint, slices, spread
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


def test_every_node_and_edge_is_drawn_with_its_points(value):
    drawn, graph = drawing(value), value["graph"]
    assert drawn["n"] == [len(node) for node in graph.nodes]
    assert len(set(drawn["ids"])) == len(drawn["x"]) == len(drawn["y"]) == len(drawn["tips"]) == len(graph)
    edges = np.array(drawn["edges"]).reshape(-1, 3)
    assert edges[:, :2].tolist() == graph.edges.tolist()
    assert edges[:, 2].tolist() == graph.edge_weights.tolist()


def test_nodes_stand_where_the_layout_has_them_with_y_downwards(value):
    drawn = drawing(value)
    place = np.column_stack([drawn["x"], drawn["y"]])
    scale = np.abs(place).max() / np.abs(value["positions"]).max()
    assert np.allclose(place, value["positions"] * [scale, -scale], atol=0.11)


def test_pure_nodes_have_a_class_and_mixed_ones_a_pie(value):
    drawn = drawing(value)
    for k, counts in enumerate(value["classes"].tolist()):
        if min(counts) == 0:
            assert drawn["pure"][k] == counts.index(max(counts))
            assert str(k) not in drawn["slices"]
        else:
            assert drawn["pure"][k] == -1
            assert sum(drawn["slices"][str(k)][1::2]) == pytest.approx(100, abs=0.05)


def test_area_grows_with_points(value):
    drawn = drawing(value)
    assert all(a <= b for (_, a), (_, b) in pairwise(sorted(zip(drawn["n"], drawn["d"], strict=True))))


@pytest.mark.parametrize("nodes", [1, 40, 150, 201, 3000])
def test_nodes_leave_room_for_edges(nodes):
    wide = node_sizes(np.full(nodes, 7), nodes)
    assert (np.pi / 4 * wide**2).sum() <= 0.11 * (2 * spread(nodes)) ** 2
    assert wide.min() > 6


def test_a_graph_without_nodes_or_classes_is_drawn_empty(value):
    empty = {
        **value, "starts": np.array([0]), "elements": np.zeros(0, int), "edges": np.zeros((0, 2), int), "weights": np.zeros(0, int),
        "positions": np.zeros((0, 2)), "classes": np.zeros((0, 2), int),
    }  # fmt: skip
    assert drawing(empty)["x"] == drawing(empty)["edges"] == drawing(empty)["pure"] == []
    assert drawing({**value, "classes": None})["pure"] is None


def test_slices_begin_with_the_largest_class():
    assert slices(np.array([1, 6, 3])) == [1, 60.0, 2, 30.0, 0, 10.0]


def test_three_hundred_classes_leave_the_rest_to_the_grey_slice():
    found = slices(np.ones(300, dtype=int))
    assert len(found) == 10
    assert sum(found[1::2]) < 2


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
