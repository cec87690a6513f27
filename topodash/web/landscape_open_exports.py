"""What is open on the Landscapes page, as files: activations, the cycle of a bar, a network against the mean, a test's null, distances."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from topodash.pages.asking import asked as question
from topodash.pages.landscapes.apart import (
    LAYERS,
    MOMENTS,
    distance_of,
    found_distances,
    nothing_words,
    row_of,
)
from topodash.pages.landscapes.comparing import groups_question
from topodash.pages.landscapes.drawing import at, first_layers
from topodash.pages.landscapes.looking import Look, network_of, over_networks
from topodash.pages.landscapes.spaces import MOST_SCENES, chosen_cycle, points_of
from topodash.pages.landscapes.state import read_groups
from topodash.pages.landscapes.testing import chosen_row, tests_question
from topodash.pages.landscapes.view import View
from topodash.topology.landscapes import landscape
from topodash.web.csv_text import csv_text
from topodash.web.errors import ApiError

#: Seconds that a file may wait for a computation that the page has asked for already.
PATIENCE = 5.0
_AXES = ("first", "second", "third")


def read_shown(query: Mapping[str, str]) -> dict[str, Any]:
    """What these files need of the query besides the cursor: the layers of figure 1, and two groups that are compared."""
    shown = str(query.get("shown") or "")
    if shown and not re.fullmatch(r"\d{1,3}(,\d{1,3}){0,9}", shown):
        raise ApiError(422, f"The layers shown must be numbers with commas between; they were {shown[:40]}.")
    groups, said = read_groups(query)
    if said:
        raise ApiError(422, " ".join(said))
    return {"shown": [int(each) for each in shown.split(",")] if shown else None, "groups": groups}


def _look(view: View, cursor: Mapping[str, Any], values: Mapping[str, Any]) -> Look:
    layer, moment = at(cursor, view)
    return Look(view, layer, moment, network_of(values["network"], view), int(cursor["bar"]), False)


def _ready(found: Any, said: str, idle: bool) -> Any:
    """What was computed; an answer in words where there is nothing (yet)."""
    if found is None:
        raise ApiError(422 if idle else 409, said if idle else f"This is not computed yet: {said}.")
    return found


def activations_csv(view: View, cursor: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """The points that figure 1 draws: number in the data set, class, and the three coordinates in each layer that is shown."""
    seen = _look(view, cursor, values)
    shown = cursor["shown"] or [int(k) for k in first_layers(len(view.layers))]
    layers = [layer for layer in shown if layer < len(view.layers)][:MOST_SCENES]
    found = _ready(*points_of(seen, layers, wait=PATIENCE))
    head = ["point", "class", *(f"{view.layers[layer]} | {axis}" for layer in layers for axis in _AXES)]
    table = np.hstack([scene["points"] for scene in found["scenes"]])
    names = found["class_names"]
    return csv_text(
        head,
        (
            [int(number), names[label], *(float(v) for v in row)]
            for number, label, row in zip(found["numbers"], found["labels"], table, strict=True)
        ),
    )


def cycle_csv(view: View, cursor: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """The edges of the chosen bar's cycle, in order: both points by number, and where the first one is drawn."""
    found = _ready(*chosen_cycle(_look(view, cursor, values), wait=PATIENCE))
    numbers = found["numbers"]
    rows = (
        [k + 1, int(a), int(b), *(float(v) for v in place)]
        for k, (a, b, place) in enumerate(zip(numbers, np.roll(numbers, -1), found["cycle"], strict=True))
    )
    return csv_text(["edge", "from", "to", *_AXES], rows)


def band_csv(view: View, cursor: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """The functions of one network, and where there are more networks their mean and band; a row a grid point and function."""
    seen, count = _look(view, cursor, values), int(values["functions"])
    bars, why = seen.bars
    if why:
        raise ApiError(422, f"No diagram: {why}.")
    single = landscape(bars, view.grid, count)
    found, said, idle = over_networks(seen, count, wait=PATIENCE)
    if found is None and not idle:
        raise ApiError(409, f"This is not computed yet: {said}.")
    columns = {f"network_{seen.network + 1}": single}
    if found is not None:
        columns |= {"mean": found["mean"], "percentile_5": found["low"], "percentile_95": found["high"]}
    rows = (
        [float(t), k + 1, *(float(values_[k, g]) for values_ in columns.values())]
        for k in range(count)
        for g, t in enumerate(view.grid)
    )
    return csv_text(["t", "k", *columns], rows)


def null_csv(view: View, cursor: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """The null distribution of the chosen test, or of two groups: how many relabellings lie in each interval of the statistic,
    and beside them the observed one and its p."""
    how = {"permutations": values["permutations"], "paired": values["paired"]}
    if cursor["groups"]:
        asked = groups_question({**cursor["groups"], **how}, view.degree)
        answer = question("landscape_groups", asked, wait=PATIENCE)
    elif view.study is None:
        raise ApiError(422, "A live run is one network; it has no tests.")
    else:
        answer = question("landscape_tests", tests_question(view, **how), wait=PATIENCE)
    if answer.state != "ready":
        raise ApiError(409, f"The test is not ready: {answer.message}.")
    row = answer.value if cursor["groups"] else chosen_row(answer.value["rows"], cursor["test"])
    if row is None or row["p"] is None:
        raise ApiError(422, f"There is no test: {row['why'] if row else 'there is no pair of thresholds'}.")
    edges = row["edges"]
    return csv_text(
        ["from", "to", "relabellings", "observed", "p"],
        (
            [float(low), float(high), int(count), float(row["statistic"]), float(row["p"])]
            for low, high, count in zip(edges[:-1], edges[1:], row["counts"], strict=True)
        ),
    )


def distances_csv(along: str, view: View, cursor: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """Distances of all pairs of diagrams: a row and a column a layer, or a moment; empty where there is no diagram."""
    seen = _look(view, cursor, values)
    row = row_of(seen, along)
    if len(row.there) < 2:
        raise ApiError(422, nothing_words(row, along))
    name = distance_of(values["distance"])
    found = _ready(*found_distances(seen, row, name, wait=PATIENCE))
    return csv_text(
        [f"{name} distance", *row.names],
        (
            [row.names[k], *("" if np.isnan(value) else float(value) for value in line)]
            for k, line in enumerate(found)
        ),
    )


OPEN_FILES: dict[str, tuple[Callable[..., str | bytes], str]] = {
    "activations.csv": (activations_csv, "text/csv"),
    "cycle.csv": (cycle_csv, "text/csv"),
    "band.csv": (band_csv, "text/csv"),
    "null.csv": (null_csv, "text/csv"),
    "layer-distances.csv": (partial(distances_csv, LAYERS), "text/csv"),
    "moment-distances.csv": (partial(distances_csv, MOMENTS), "text/csv"),
}
