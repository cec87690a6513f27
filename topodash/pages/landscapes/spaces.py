"""The views in 3-D: figure 1, and one layer with the cycle of a bar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash
import numpy as np
from dash import Input, Output, State, no_update

from topodash.components.waiting import waiting
from topodash.figures.landscape_space import landscape_space
from topodash.figures.plain import LINE, words
from topodash.pages.asking import asked as question
from topodash.pages.landscapes import ids
from topodash.pages.landscapes.live_run import place_of, settings_of
from topodash.pages.landscapes.looking import WHEN, WHERE, Look, looked
from topodash.pages.landscapes.view import View

_EQUAL = 1e-6
#: Scenes of figure 1; each is a WebGL context, and a page has 8.
MOST_SCENES = 4
#: Letters of a line in the panel of the cycle, a quarter of the stage.
_NARROW = 32


def place(seen: Look) -> dict[str, Any]:
    """How a question names the network and moment that are looked at."""
    view = seen.view
    if view.study is not None:
        return {**view.named, "network": seen.network, "moment": seen.moment}
    chosen = settings_of({"changes": view.changes, "degree": view.degree}, ()) | {"class": view.class_name}
    return place_of(view.run, view.epochs[seen.moment], chosen)


def shared(seen: Look) -> list[Any]:
    """What two figures of the same points have in common: the script draws the cycle of one in the other."""
    view = seen.view
    return [view.run, view.stamp, view.changes, view.moments[seen.moment], seen.network, seen.dark]


def kept(view: View, network: int) -> str:
    """Why there are no activations of this network, and what to do; '' where its weights were kept."""
    if view.study is None or network < view.study.config.kept_weights:
        return ""
    count = min(view.study.config.kept_weights, view.networks)
    if not count:
        return "This study kept no weights, so no activations can be shown."
    if count == 1:
        return "This study kept the weights of network 1 only. Choose 1 under Network in Setup to see them."
    return f"This study kept the weights of networks 1 to {count}. Choose one of them under Network in Setup."


def register_spaces(app: dash.Dash) -> None:
    """Register the callbacks of the 3-D views."""

    @app.callback(
        Output(waiting(ids.CYCLE), "data"), Output(ids.CYCLE_SAID, "children"), Output(ids.poll("cycle"), "disabled"), Output(ids.key("cycle"), "data"),
        inputs={"where": WHERE, "tick": Input(ids.poll("cycle"), "n_intervals"), "before": State(ids.key("cycle"), "data")},
        prevent_initial_call=True,
    )  # fmt: skip
    def cycle(where: dict[str, Any], tick: Any, before: Any) -> tuple[Any, ...]:
        seen = looked(where)
        key = [*seen.key, seen.bar]
        if before == [*key, True]:
            return no_update, no_update, True, no_update
        value, said, idle = points_of(seen, [seen.layer])
        if value is None:
            return without_points(said, idle, dark=seen.dark, line=_NARROW)
        found, said, idle = chosen_cycle(seen)
        if before == [*key, idle]:  # drawn without its cycle, which is still computed
            return no_update, said, idle, no_update
        figure = landscape_space(
            value["scenes"], value["labels"], titles=[seen.view.layers[seen.layer]], class_names=value["class_names"], cycle=found and found["cycle"], place=shared(seen),
            legend=len(value["class_names"]) <= 3, dark=seen.dark
        )  # fmt: skip
        return figure, said, idle, [*key, idle]

    @app.callback(
        Output(waiting(ids.SPACE), "data"), Output(ids.SPACE_SAID, "children"), Output(ids.poll("space"), "disabled"), Output(ids.key("space"), "data"),
        inputs={"where": WHEN, "layers": Input(ids.SPACE_LAYERS, "value"), "tick": Input(ids.poll("space"), "n_intervals"),
                "before": State(ids.key("space"), "data")},
        prevent_initial_call=True,
    )  # fmt: skip
    def space(where: dict[str, Any], layers: Any, tick: Any, before: Any) -> tuple[Any, ...]:
        seen = looked(where)
        view = seen.view
        chosen = sorted(int(k) for k in layers or () if str(k).isdecimal() and int(k) < len(view.layers))
        chosen = chosen[:MOST_SCENES]
        key = [view.run, view.changes, view.moments[seen.moment], seen.network, seen.dark, chosen]
        if key == before or not chosen:
            return no_update, no_update, True, no_update
        value, said, idle = points_of(seen, chosen)
        if value is None:
            return without_points(said, idle, dark=seen.dark)
        names = [view.layers[k] for k in chosen]
        figure = landscape_space(
            value["scenes"],
            value["labels"],
            titles=names,
            class_names=value["class_names"],
            place=shared(seen),
            dark=seen.dark,
        )
        return figure, space_words(seen, value), True, key


def points_of(seen: Look, layers: list[int], *, wait: float = 0.25) -> tuple[Any, str, bool]:
    """The points of these layers in 3-D or None, what is said instead, and whether nothing is under way."""
    missing = kept(seen.view, seen.network)
    if missing:
        return None, missing, True
    answer = question("landscape_points", {"place": place(seen), "layers": layers}, wait=wait)
    if answer.state == "ready":
        return answer.value, "", True
    return None, answer.message or "computing", answer.state != "working"


def without_points(said: str, idle: bool, *, dark: bool, line: int = LINE) -> tuple[Any, ...]:
    """What a 3-D view shows for `points_of` without points: nothing new while they are on their way, else the sentence in its
    middle; drawn for nothing, so that the place before is drawn again when it comes back."""
    return (
        (words(said, dark=dark, line=line), "", True, None) if idle else (no_update, said, False, no_update)
    )


def chosen_cycle(seen: Look, *, wait: float = 0.2) -> tuple[Any, str, bool]:
    """The answer with the cycle of the chosen bar or None, the line about it, and whether nothing is under way."""
    bars, why = seen.bars
    if why or not len(bars):
        return None, f"No diagram: {why}." if why else "This layer has no finite bar.", True
    if seen.view.degree != 1:
        return None, "Cycles are shown for bars of degree 1.", True
    return bar_cycle(place(seen), seen.layer, bars, min(seen.bar, len(bars) - 1), wait=wait)


def bar_cycle(
    where: Mapping[str, Any], layer: int, bars: np.ndarray, bar: int, *, wait: float
) -> tuple[Any, str, bool]:
    """As `chosen_cycle`, of one bar of the diagram."""
    birth, death = (float(value) for value in bars[bar])
    tie = int((np.abs(bars[:bar] - bars[bar]).sum(axis=1) <= _EQUAL).sum())
    asked = {"place": where, "layer": layer, "birth": birth, "death": death, "tie": tie}
    answer = question("landscape_cycle", asked, wait=wait)
    if answer.state != "ready":
        return None, f"The cycle of bar {bar + 1}: {answer.message}", answer.state != "working"
    count = len(answer.value["cycle"])
    if not count:
        return None, f"Bar {bar + 1} has no cycle among these points.", True
    said = f"Bar {bar + 1}, from {birth:.4g} to {death:.4g}: a shortest cycle of it, through {count} points."
    return answer.value, said, True


def space_words(seen: Look, value: Mapping[str, Any]) -> str:
    """The line under figure 1."""
    drawn, total = len(value["labels"]), value["total"]
    network = f"Network {seen.network + 1}, " if seen.view.study else ""
    some = f"{drawn} of {total} points are drawn" if drawn < total else f"{drawn} points"
    return (
        f"{network}{seen.view.moment_name(seen.moment)}: {some}; homology is taken of {value['batch']} of them. "
        "Each layer has its own principal axes and scale."
    )
