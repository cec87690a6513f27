"""Gestures become the points and nodes that they name, in both graphs."""

import numpy as np
import pytest

from topodash.pages.mapper.selecting import NothingSelected, carried, find, resolve
from topodash.topology import DBSCAN, CubicalCover, mapper_graph


@pytest.fixture
def value():
    angle = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    points = np.column_stack([np.cos(angle), np.sin(angle)])
    graph = mapper_graph(points, points[:, :1], cover=CubicalCover(6, 0.4), clusterer=DBSCAN(0.2, 2))
    labels = (angle > np.pi).astype(np.int64)
    classes = np.array([np.bincount(labels[node], minlength=2) for node in graph.nodes])
    return {
        "n": 120, "total": 120, "starts": graph.starts, "members": graph.members, "elements": graph.elements, "settings": {},
        "components": graph.components, "classes": classes, "labels": labels, "class_names": ["up", "down"], "index": np.arange(120),
        "graph": graph,
    }  # fmt: skip


def test_a_node_selects_exactly_its_points(value):
    found = resolve({"how": "node", "slot": "a", "ks": [2]}, {"a": value, "b": None}, None)
    assert found["rows"]["a"] == value["graph"].nodes[2].tolist()
    assert found["nodes"]["a"] == [[2, len(value["graph"].nodes[2]), len(value["graph"].nodes[2])]]


def test_brushed_points_tell_how_many_of_each_node_they_are(value):
    rows = [0, 5, 60]
    found = resolve({"how": "points", "slot": "a", "rows": rows}, {"a": value, "b": None}, None)
    for node, count, size in found["nodes"]["a"]:
        members = set(value["graph"].nodes[node].tolist())
        assert count == len(members & set(rows)) > 0
        assert size == len(members)
    assert {node for node, _, _ in found["nodes"]["a"]} == {
        k for k, node in enumerate(value["graph"].nodes) if set(node.tolist()) & set(rows)
    }


def test_shift_adds_and_takes_away(value):
    values = {"a": value, "b": None}
    first = resolve({"how": "node", "slot": "a", "ks": [0]}, values, None)
    both = resolve({"how": "node", "slot": "a", "ks": [3], "add": True}, values, first)
    assert [each[0] for each in both["nodes"]["a"]] == [0, 3]
    one = resolve({"how": "node", "slot": "a", "ks": [0], "add": True}, values, both)
    assert [each[0] for each in one["nodes"]["a"]] == [3]


def test_a_path_runs_along_edges(value):
    found = resolve(
        {"how": "path", "slot": "a", "ks": [0, len(value["graph"]) - 1]}, {"a": value, "b": None}, None
    )
    path = value["graph"].shortest_path(0, len(value["graph"]) - 1)
    assert sorted(path) == [each[0] for each in found["nodes"]["a"]]


def test_mixed_nodes_are_those_above_the_share(value):
    found = resolve({"how": "mixed", "slot": "a", "share": 20}, {"a": value, "b": None}, None)
    expected = [k for k, (a, b) in enumerate(value["classes"].tolist()) if min(a, b) / (a + b) > 0.2]
    assert [each[0] for each in found["nodes"]["a"]] == expected


def test_points_are_found_by_number_range_and_class(value):
    assert find("3, 17, 20-22", value)[0].tolist() == [3, 17, 20, 21, 22]
    assert find("Down", value)[0].tolist() == np.flatnonzero(value["labels"] == 1).tolist()


@pytest.mark.parametrize("text", ["", "seven", "1;2", "-3", "5000"])
def test_a_search_that_finds_nothing_says_what_may_be_written(value, text):
    with pytest.raises(NothingSelected, match="point"):
        find(text, value)


@pytest.mark.parametrize("ks", [[], [-1], [10_000], ["x"], [None]])
def test_nodes_that_do_not_exist_are_refused(value, ks):
    with pytest.raises((NothingSelected, ValueError, TypeError)):
        resolve({"how": "nodes", "slot": "a", "ks": ks}, {"a": value, "b": None}, None)


def test_a_selection_means_the_same_points_in_the_other_graph(value):
    other = {**value, "index": value["index"][::-1]}
    found = resolve({"how": "points", "slot": "a", "rows": [0, 1]}, {"a": value, "b": other}, None)
    assert found["rows"]["b"] == [118, 119]


def test_a_node_that_is_carried_to_another_graph_is_named_by_its_points(value):
    before = resolve({"how": "node", "slot": "a", "ks": [1]}, {"a": value, "b": None}, None)
    same = carried(before, {"a": value, "b": value})
    assert same["title"] == "Node 1"
    assert same["nodes"]["a"] == before["nodes"]["a"]
    points = np.column_stack([np.cos(np.arange(120) / 19), np.sin(np.arange(120) / 19)])
    finer = mapper_graph(points, points[:, :1], cover=CubicalCover(12, 0.4), clusterer=DBSCAN(0.2, 2))
    other = {
        **value,
        "starts": finer.starts,
        "members": finer.members,
        "elements": finer.elements,
        "components": finer.components,
    }
    after = carried(before, {"a": other, "b": None})
    assert after["title"] == f"The points of what was node 1, now in {len(after['nodes']['a'])} nodes"
    again = carried(after, {"a": other, "b": None})
    assert again["title"] == after["title"]


def test_a_selection_is_carried_to_the_next_epoch_by_point(value):
    before = resolve({"how": "node", "slot": "a", "ks": [1]}, {"a": value, "b": None}, None)
    after = carried(before, {"a": value, "b": None})
    assert after["rows"] == before["rows"]
    assert (
        carried(
            {**before, "index": [*before["index"], 999], "size": before["size"] + 1}, {"a": value, "b": None}
        )
        is None
    )
