"""How far the diagrams of one network lie apart: between its layers, and between the moments of its training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import dash
import numpy as np
from dash import Input, Output, State, no_update

from topodash.components.waiting import waiting
from topodash.figures.distance_matrix import distance_matrix_figure
from topodash.figures.moments import short_name
from topodash.figures.norm_curves import short_layers
from topodash.figures.plain import words
from topodash.pages.asking import asked as question
from topodash.pages.asking import progress_words
from topodash.pages.landscapes import ids
from topodash.pages.landscapes.controls import DISTANCES, VIEW
from topodash.pages.landscapes.looking import WHERE, Look, looked

LAYERS, MOMENTS = "layers", "moments"
_PANELS = {LAYERS: (ids.LAYERS_APART, ids.LAYERS_SAID), MOMENTS: (ids.MOMENTS_APART, ids.MOMENTS_SAID)}


@dataclass(frozen=True, eq=False)
class Row:
    """What is compared: n diagrams in the order of the network, or of its training.

    Attributes
    ----------
    names : n str
    bars : n (k, 2) arrays
    missing : n str
        Why there is no diagram; '' where there is one.
    left_out : n int
        How many bars of it were not kept; those are no longer than the shortest of `bars`.
    """

    names: tuple[str, ...]
    bars: tuple[np.ndarray, ...]
    missing: tuple[str, ...]
    left_out: tuple[int, ...]

    @property
    def there(self) -> list[int]:
        """The positions that have a diagram."""
        return [k for k, why in enumerate(self.missing) if not why]

    @property
    def cut(self) -> float:
        """What no bar that was left out is longer than; 0 where all are here."""
        pairs = zip(self.bars, self.left_out, strict=True)
        return max((float(np.diff(bars, axis=1).min()) for bars, count in pairs if count), default=0.0)


def row_of(seen: Look, along: str) -> Row:
    """All layers at the moment that is looked at, or the open layer at all moments."""
    view = seen.view
    if along == LAYERS:
        looks = [replace(seen, layer=k) for k in range(len(view.layers))]
        names = view.layers
    else:
        looks = [replace(seen, moment=k) for k in range(len(view.moments))]
        names = tuple(view.moment_name(k) for k in range(len(view.moments)))
    found = [look.bars for look in looks]
    left_out = [0 if why else look.total - len(bars) for look, (bars, why) in zip(looks, found, strict=True)]
    return Row(
        tuple(names), tuple(bars for bars, _ in found), tuple(why for _, why in found), tuple(left_out)
    )


def distances_question(seen: Look, row: Row, distance: str) -> dict[str, Any]:
    """The question for what is there of a row."""
    grid = seen.view.grid
    asked: dict[str, Any] = {
        "diagrams": [row.bars[k].astype(float).tolist() for k in row.there],
        "distance": distance,
    }
    if distance == "landscape":
        asked |= {"grid": [float(grid[-1]), len(grid)], "depth": seen.view.means.shape[2]}
    return asked


def found_distances(
    seen: Look, row: Row, name: str, *, wait: float = 0.2
) -> tuple[np.ndarray | None, str, bool]:
    """The matrix of a row or None, what is said instead, and whether nothing is under way."""
    answer = question("diagram_distances", distances_question(seen, row, name), wait=wait)
    if answer.state == "ready":
        return whole(row, answer.value["distances"]), "", True
    idle = answer.state != "working"
    return None, f"{DISTANCES[name]}: {answer.message if idle else progress_words(answer)}", idle


def whole(row: Row, distances: np.ndarray) -> np.ndarray:
    """The matrix (n, n) of all of the row, NaN where there is no diagram."""
    found = np.full((len(row.names), len(row.names)), np.nan)
    found[np.ix_(row.there, row.there)] = distances
    return found


def register_apart(app: dash.Dash) -> None:
    """Register the callbacks of the two matrices."""
    for along in _PANELS:
        _register(app, along)


def _register(app: dash.Dash, along: str) -> None:
    panel, line = _PANELS[along]

    @app.callback(
        Output(waiting(panel), "data"), Output(line, "children"), Output(ids.poll(along), "disabled"), Output(ids.key(along), "data"),
        inputs={"where": WHERE, "distance": Input(VIEW.id("distance"), "value"), "tick": Input(ids.poll(along), "n_intervals"),
                "before": State(ids.key(along), "data")},
        prevent_initial_call=True,
    )  # fmt: skip
    def draw(where: dict[str, Any], distance: Any, tick: Any, before: Any) -> tuple[Any, ...]:
        seen, name = looked(where), distance_of(distance)
        # A matrix of layers is the same whichever layer is open, one of moments whichever moment is.
        place = replace(seen, layer=0) if along == LAYERS else replace(seen, moment=0)
        key = [*place.key, seen.view.stamp, len(seen.view.moments), name]
        if key == before:
            return no_update, no_update, True, no_update
        row = row_of(seen, along)
        nothing = nothing_words(row, along)
        if nothing:
            return words(nothing, dark=seen.dark), "", True, key
        distances, said, idle = found_distances(seen, row, name)
        if distances is None:
            return no_update, said, idle, None
        short = (
            short_layers(row.names) if along == LAYERS else [short_name(each) for each in seen.view.moments]
        )
        title = "ReLU layer, between input and logits" if along == LAYERS else seen.view.moment_title
        figure = distance_matrix_figure(
            distances, row.names, short=short, title=title, unit=f"{DISTANCES[name]} distance", dark=seen.dark
        )
        return figure, apart_words(seen, row, distances, along, name), True, key


def distance_of(value: Any) -> str:
    """The distance that the control names, that of landscapes while it names none."""
    return value if value in DISTANCES else "landscape"


def nothing_words(row: Row, along: str) -> str:
    """Why there is nothing to compare; '' where there is."""
    if len(row.there) < 2:
        why = next((each for each in row.missing if each), "")
        return f"Fewer than two {along} have a diagram{f': {why}' if why else ''}."
    first, *others = (row.bars[k] for k in row.there)
    if not all(np.array_equal(first, each) for each in others):
        return ""
    if along == LAYERS:
        return "All layers have the same diagram."
    return "This layer's diagram is the same at all moments. Open another layer to see one that moves."


def apart_words(seen: Look, row: Row, distances: np.ndarray, along: str, name: str) -> str:
    """The line under a matrix: where the greatest step is, what is missing, and what the kept bars leave open."""
    steps = np.array([distances[k, k + 1] for k in range(len(row.names) - 1)])
    network = f"Network {seen.network + 1}, " if seen.view.study else ""
    where = seen.view.moment_name(seen.moment) if along == LAYERS else seen.view.layers[seen.layer]
    said = f"{network}{where}. {step_words(row.names, steps)}"
    lost = [row.names[k] for k, why in enumerate(row.missing) if why]
    if lost:
        said += f" No diagram: {', '.join(lost)}."
    return said + cut_words(row, name)


def step_words(names: Sequence[str], steps: np.ndarray) -> str:
    """Where neighbours lie farthest apart, and where closest."""
    if np.isnan(steps).all():
        return "No two neighbours have a diagram."
    if np.nanmax(steps) == 0.0:
        return "All neighbours have the same diagram."
    far, near = int(np.nanargmax(steps)), int(np.nanargmin(steps))
    said = f"The greatest step is from {names[far]} to {names[far + 1]}, {steps[far]:.3g}"
    if far == near:
        return f"{said}."
    return f"{said}; the smallest from {names[near]} to {names[near + 1]}, {steps[near]:.3g}."


def cut_words(row: Row, name: str) -> str:
    """What the bars that were not kept can change; '' where all were."""
    if not row.cut:
        return ""
    said = f" Bars that were not kept are no longer than {row.cut:.2g}"
    if name == "bottleneck":
        return f"{said}: a distance can be off by {row.cut / 2:.2g} at most."
    if name == "wasserstein":
        two = sorted(row.left_out)[-2:]
        return f"{said}: a distance can be off by {sum(two) * row.cut / np.sqrt(2):.2g} at most."
    return f"{said}."
