"""One layer, closer: where the page looks, its diagram, one network against the mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import dash
import numpy as np
from dash import Input, Output, State, html, no_update

from topodash.components.inspector import selection
from topodash.components.waiting import waiting
from topodash.datasets import counted
from topodash.figures.landscape_band import landscape_band
from topodash.figures.persistence_diagram import persistence_barcode, persistence_diagram
from topodash.pages.asking import asked as question
from topodash.pages.landscapes import ids
from topodash.pages.landscapes.controls import VIEW
from topodash.pages.landscapes.drawing import at, functions_of, ready_view
from topodash.pages.landscapes.view import View, bar_count, diagram
from topodash.runs import RunError
from topodash.topology.landscapes import landscape, landscape_norm


@dataclass(frozen=True, eq=False)
class Look:
    """Where the page looks: a network's layer at a moment.

    Attributes
    ----------
    network, bar : int
        From 0.
    """

    view: View
    layer: int
    moment: int
    network: int
    bar: int
    dark: bool

    @property
    def key(self) -> list[Any]:
        """What a picture of this place depends on."""
        view = self.view
        return [
            *(view.run, view.changes, view.degree, view.layers[self.layer], view.moments[self.moment]),
            *(self.network, self.dark),
        ]

    @property
    def bars(self) -> tuple[np.ndarray, str]:
        """The finite bars (k, 2), and why there are none."""
        try:
            return diagram(self.view, self.network, self.moment, self.layer)
        except RunError as problem:
            return np.empty((0, 2)), str(problem)

    @property
    def total(self) -> int:
        """How many finite bars there were, of which `bars` are the longest."""
        bars, why = self.bars
        return len(bars) if why else bar_count(self.view, self.network, self.moment, self.layer)


WHERE = {
    "ready": Input(ids.READY, "data"),
    "cursor": Input(ids.CURSOR, "data"),
    "network": Input(VIEW.id("network"), "value"),
    "look": Input("theme", "data"),
}
#: For what depends on the moment, and on no layer.
WHEN = WHERE | {"cursor": Input(ids.MOMENT, "data")}


def looked(where: Mapping[str, Any]) -> Look:
    """Where the page looks.

    Raises
    ------
    PreventUpdate
        While there is nothing to look at.
    """
    view = ready_view(where["ready"])
    if view is None:
        raise dash.exceptions.PreventUpdate
    cursor = where["cursor"] or {}
    layer, moment = at(cursor, view)
    return Look(
        view,
        layer,
        moment,
        network_of(where["network"], view),
        int(cursor.get("bar") or 0),
        where["look"] == "dark",
    )


def network_of(value: Any, view: View) -> int:
    """The network that the control names, from 0; the last one where there are fewer."""
    return min(int(value) if isinstance(value, int) and value >= 1 else 1, view.networks) - 1


def register_looking(app: dash.Dash) -> None:
    """Register the callbacks of the layer's diagram and landscape."""

    @app.callback(
        Output(ids.DETAIL_TITLE, "children"), Output(waiting(ids.DIAGRAM), "data"), Output(waiting(ids.BARCODE), "data"), Output(ids.INSPECTOR, "children"),
        Output(ids.BAR_SAID, "children"),
        inputs={"where": WHERE}, prevent_initial_call=True,
    )  # fmt: skip
    def detail(where: dict[str, Any]) -> tuple[Any, ...]:
        seen = looked(where)
        bars, why = seen.bars
        chosen = min(seen.bar, len(bars) - 1) if len(bars) else None
        # Rips ends in a full simplex: one component lives for ever, and nothing in higher degrees does.
        infinite = 1 if seen.view.degree == 0 and not why else 0
        options: dict[str, Any] = {"infinite": infinite, "chosen": chosen, "dark": seen.dark}
        picture = persistence_diagram(bars, degree=seen.view.degree, **options)
        return (
            detail_title(seen),
            picture,
            persistence_barcode(bars, total=seen.total, **options),
            inspected(seen, bars, chosen, why),
            bar_words(bars, chosen, seen.total),
        )

    @app.callback(
        Output(waiting(ids.BAND), "data"), Output(ids.BAND_SAID, "children"), Output(ids.poll("band"), "disabled"), Output(ids.key("band"), "data"),
        inputs={"where": WHERE, "functions": Input(VIEW.id("functions"), "value"), "tick": Input(ids.poll("band"), "n_intervals"),
                "before": State(ids.key("band"), "data")},
        prevent_initial_call=True,
    )  # fmt: skip
    def band(where: dict[str, Any], functions: Any, tick: Any, before: Any) -> tuple[Any, ...]:
        seen = looked(where)
        count = functions_of(functions)
        key = [*seen.key, count]
        if key == before:
            return no_update, no_update, True, no_update
        bars, why = seen.bars
        single = landscape(bars, seen.view.grid, count)
        found, said, idle = over_networks(seen, count)
        name = f"network {seen.network + 1}" if seen.view.study else "this network"
        figure = landscape_band(single, seen.view.grid, found, name=name, dark=seen.dark)
        return figure, f"No diagram: {why}." if why else said, idle, key if idle else None


def detail_title(seen: Look) -> str:
    """The heading of the layer's detail."""
    of = f", network {seen.network + 1} of {seen.view.networks}" if seen.view.study else ""
    return f"{seen.view.layers[seen.layer]}, {seen.view.moment_name(seen.moment)}{of}"


def bar_words(bars: np.ndarray, chosen: int | None, total: int) -> str:
    """Which bar is chosen, for who hears the page, and how many there were."""
    if chosen is None:
        return "No finite bar."
    birth, death = bars[chosen]
    kept = f"; the longest {len(bars)} of {total} bars are kept" if total > len(bars) else ""
    return f"Bar {chosen + 1} of {len(bars)}, from {birth:.4g} to {death:.4g}{kept}"


def over_networks(seen: Look, functions: int, *, wait: float = 0.2) -> tuple[Any, str, bool]:
    """Mean and band over the networks, the line under them, and whether nothing is under way any more."""
    view = seen.view
    if view.study is None:
        return None, "A live run is one network: there is no band.", True
    if seen.layer == 0:
        return None, "The input layer is the same for all networks.", True
    asked = {"moment": seen.moment, "layer": seen.layer, "degree": view.degree_at, "functions": functions}
    answer = question("landscape_band", {**view.named, **asked}, wait=wait)
    if answer.state != "ready":
        return None, f"The mean over networks: {answer.message or 'computing'}", answer.state != "working"
    count = answer.value["networks"]
    if not count:
        return None, "No network has this layer at this threshold.", True
    batches = len(view.study.batch_sizes)
    first = (
        f" The single network is seen through the first of {batches} input batches." if batches > 1 else ""
    )
    return (
        answer.value,
        f"Mean of {counted(count, 'network')}, band from the 5th to the 95th percentile.{first}",
        True,
    )


def inspected(seen: Look, bars: np.ndarray, chosen: int | None, why: str) -> Any:
    """The open layer in numbers."""
    view, layer, moment, network = seen.view, seen.layer, seen.moment, seen.network
    pairs: list[tuple[str, Any]] = [
        ("Layer", view.layers[layer]),
        (view.moment_title.capitalize(), view.moments[moment]),
        ("Norm of the average", f"{view.norm_of_mean[moment, layer]:.4g}"),
    ]
    if view.study is not None:
        study = view.study
        pairs += [
            (
                "Average of the norms",
                f"{view.mean_norm[moment, layer]:.4g} ± {view.sd_norm[moment, layer]:.2g}",
            ),
            ("Networks behind it", f"{int(view.used[moment, layer])} of {view.networks}"),
            ("Lost outside the grid", f"{view.lost[moment, layer]:.2%} at most"),
            ("Left after all cuts", f"{view.retained[moment, layer]:.1%} at least"),
            ("Network", f"{network + 1}"),
        ]
        if study.steps[network, moment] >= 0:
            pairs += [
                ("Its training step", f"{int(study.steps[network, moment])}"),
                ("Its accuracy", f"{study.accuracy[network, moment]:.4f}"),
                ("On other points", f"{study.test_accuracy[network, moment]:.4f}"),
            ]
    kept = f"{len(bars)}" if seen.total == len(bars) else f"the longest {len(bars)} of {seen.total}"
    pairs += [("Finite bars kept", kept), ("Norm of these bars", f"{landscape_norm(bars):.4g}")]
    if chosen is not None:
        pairs.append((f"Bar {chosen + 1}", f"{bars[chosen, 0]:.4g} to {bars[chosen, 1]:.4g}"))
    body = selection(
        f"{view.layers[layer]}, {view.moment_name(moment)}",
        pairs,
        sentence=f"No diagram: {why}." if why else None,
    )
    return html.Div(body)
