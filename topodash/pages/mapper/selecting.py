"""From a gesture to a selection: which points, and which nodes of both graphs hold them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from topodash.pages.mapper.answers import graph_of
from topodash.topology.mapper.graph import MapperGraph

#: Numbers of points, or of nodes, that a search may name.
MOST_NUMBERS = 10_000


class NothingSelected(ValueError):
    """A gesture that selects nothing, with the sentence to say."""


def resolve(
    gesture: Mapping[str, Any], values: Mapping[str, Any], before: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """The selection after a gesture; None when nothing is selected.

    Parameters
    ----------
    gesture : {"how": ..., "slot": "a" | "b", ...}
    values : {"a": answer or None, "b": answer or None}
    before : selection, optional
        What was selected; Shift and 'component' build on it.

    Raises
    ------
    NothingSelected
        When the gesture names nothing that is there.
    """
    how, slot = str(gesture.get("how")), "b" if gesture.get("slot") == "b" else "a"
    if how == "clear":
        return None
    value = values.get(slot)
    if value is None:
        raise NothingSelected("There is no graph yet.")
    graph = graph_of(value)
    if how in ("node", "nodes", "path", "component", "loop", "mixed"):
        nodes, title = _nodes(how, gesture, value, graph, _old_nodes(before, slot))
        return selection(title, slot, values, graph.points_of(nodes), nodes)
    rows, title = _rows(how, gesture, value)
    if not len(rows):
        raise NothingSelected("No point is selected by that.")
    return selection(title, slot, values, rows)


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _old_nodes(before: Mapping[str, Any] | None, slot: str) -> list[int]:
    return [each[0] for each in before["nodes"][slot]] if before else []


def _whole(numbers: Any, below: int, what: str) -> np.ndarray:
    """Checked indices; NothingSelected when one is outside."""
    found = np.asarray(
        [each for each in numbers if isinstance(each, int) and not isinstance(each, bool)], dtype=np.int64
    )
    if not len(found) or found.min() < 0 or found.max() >= below:
        raise NothingSelected(f"There are {below} {what}, numbered from 0 to {below - 1}.")
    return np.unique(found)


def _nodes(
    how: str, gesture: Mapping[str, Any], value: Mapping[str, Any], graph: MapperGraph, old: Sequence[int]
) -> tuple[np.ndarray, str]:
    if how == "mixed":
        return _mixed(float(gesture.get("share", 0)), value)
    if how == "component":
        nodes = (
            _whole(gesture.get("ks") or list(old), len(graph), "nodes")
            if (gesture.get("ks") or old)
            else None
        )
        if nodes is None:
            raise NothingSelected("Click a node first: its whole component is selected then.")
        found = np.flatnonzero(np.isin(graph.components, graph.components[nodes]))
        return (
            found,
            f"{_counted(len(np.unique(graph.components[nodes])), 'component')}, {_counted(len(found), 'node')}",
        )
    ends = [int(each) for each in gesture.get("ks", [])]
    chosen = _whole(ends, len(graph), "nodes")
    if how == "path":
        path = graph.shortest_path(ends[0], ends[-1])
        if not path:
            raise NothingSelected(
                f"No path joins node {ends[0]} and node {ends[-1]}: they lie in different components."
            )
        return np.array(path), f"Path from node {ends[0]} to node {ends[-1]}, {len(path)} nodes"
    if how == "loop":
        return chosen, f"Loop {int(gesture.get('number', 0)) + 1}, {len(chosen)} nodes"
    if gesture.get("add"):
        if how == "node" and chosen[0] in old:
            chosen = np.setdiff1d(old, chosen)
        else:
            chosen = np.union1d(chosen, np.asarray(old, dtype=np.int64))
        if not len(chosen):
            raise NothingSelected("")
    return chosen.astype(np.int64), f"Node {chosen[0]}" if len(chosen) == 1 else f"{len(chosen)} nodes"


def _mixed(share: float, value: Mapping[str, Any]) -> tuple[np.ndarray, str]:
    """Nodes in which the smaller classes hold more than `share` percent of the points."""
    classes = value["classes"]
    if classes is None:
        raise NothingSelected("These points have no classes.")
    minor = 1 - classes.max(axis=1, initial=0) / np.maximum(1, classes.sum(axis=1))
    nodes = np.flatnonzero(minor > share / 100)
    if not len(nodes):
        raise NothingSelected(f"In no node do the smaller classes hold more than {share:g} % of the points.")
    return nodes, f"{len(nodes)} nodes mixed above {share:g} %"


def _rows(how: str, gesture: Mapping[str, Any], value: Mapping[str, Any]) -> tuple[np.ndarray, str]:
    if how == "points":
        rows = _whole(gesture.get("rows", []), value["n"], "points")
        return rows, str(gesture.get("title") or f"{len(rows)} points")[:120]
    if how == "class":
        return _class(int(gesture.get("class", 0)), value)
    if how == "find":
        return find(str(gesture.get("text", "")), value)
    raise NothingSelected(f"Nothing is known of the gesture {how[:20]!r}.")


def _class(number: int, value: Mapping[str, Any]) -> tuple[np.ndarray, str]:
    if value["labels"] is None:
        raise NothingSelected("These points have no classes.")
    names = value["class_names"]
    name = names[number] if 0 <= number < len(names) else str(number)
    return np.flatnonzero(value["labels"] == number), f"Class {name}"


def find(text: str, value: Mapping[str, Any]) -> tuple[np.ndarray, str]:
    """Rows whose point number ('3, 17, 20-25') or class is named.

    Raises
    ------
    NothingSelected
        With what may be written, or that there is no such point.
    """
    text = text.strip()
    names = [str(name).lower() for name in value["class_names"]]
    if text.lower() in names:
        return _class(names.index(text.lower()), value)
    numbers: list[int] = []
    for part in text.replace(",", " ").split() or [""]:
        low, dash, high = part.partition("-")
        if not (low.isdecimal() and (not dash or high.isdecimal())) or len(part) > 20:
            known = f", or a class: {', '.join(value['class_names'][:8])}" if names else ""
            was = f' It was "{text[:40]}".' if text else ""
            raise NothingSelected(f'Write point numbers like "3, 17, 20-25"{known}.{was}')
        numbers += range(int(low), min(int(high or low), int(low) + MOST_NUMBERS) + 1)
    rows = np.flatnonzero(np.isin(value["index"], np.array(numbers[:MOST_NUMBERS], dtype=np.int64)))
    if not len(rows):
        raise NothingSelected("No point of this graph has that number.")
    return rows, f"{_counted(len(rows), 'point')} by number"


def same_points(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    """Whether two graphs are about the same points, so that a selection in one means something in the other."""
    return a["total"] == b["total"] and a["class_names"] == b["class_names"]


def selection(
    title: str, slot: str, values: Mapping[str, Any], rows: np.ndarray, nodes: np.ndarray | None = None
) -> dict[str, Any]:
    """The selection as the page keeps it: rows and nodes in each graph; nodes are [node, points in it, its size]."""
    index = values[slot]["index"][rows]
    found: dict[str, Any] = {
        "title": title,
        "chosen": None if nodes is None else title,
        "slot": slot,
        "size": len(rows),
        "of": int(values[slot]["n"]),
        "rows": {"a": [], "b": []},
        "nodes": {"a": [], "b": []},
        "index": index.tolist(),
    }
    for each in ("a", "b"):
        value = values.get(each)
        if value is None or (each != slot and not same_points(values[slot], value)):
            continue
        own = rows if each == slot else np.flatnonzero(np.isin(value["index"], index))
        graph = graph_of(value)
        holding, counts = graph.nodes_with(own)
        if each == slot and nodes is not None:
            keep = np.isin(holding, nodes)
            holding, counts = holding[keep], counts[keep]
        found["rows"][each] = own.tolist()
        found["nodes"][each] = np.column_stack([holding, counts, graph.sizes[holding]]).tolist()
    return found


def carried(before: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any] | None:
    """The same points in graphs that have changed (another epoch); None when they are not there any more.

    Nodes were chosen by their number in the graph before; in another graph these points are other nodes, and the title says so.
    """
    slot = before["slot"] if values.get(before["slot"]) is not None else "a"
    value = values.get(slot)
    if value is None:
        return None
    rows = np.flatnonzero(np.isin(value["index"], np.asarray(before["index"], dtype=np.int64)))
    if len(rows) != before["size"]:
        return None
    now, chosen = selection(before["title"], slot, values, rows), before.get("chosen")
    if not chosen:
        return now
    if all(node in now["nodes"][slot] for node in before["nodes"][slot]):  # the graph is the one before
        nodes = np.array([node[0] for node in before["nodes"][slot]], dtype=np.int64)
        return {**selection(before["title"], slot, values, rows, nodes), "chosen": chosen}
    count = len(now["nodes"][slot])
    held = "in no node" if not count else "in 1 node" if count == 1 else f"in {count} nodes"
    return {
        **now,
        "title": f"The points of what was {chosen[0].lower()}{chosen[1:]}, now {held}",
        "chosen": chosen,
    }
