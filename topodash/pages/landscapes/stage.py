"""The views of the page, figure by figure of the paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from topodash.components.icons import icon
from topodash.components.menu import Entry, menu_item
from topodash.components.page import stage
from topodash.components.panel import EMPTY_FIGURE, empty, panel
from topodash.components.panel import graph as filled_graph
from topodash.pages.landscapes import ids


def _items(*pairs: tuple[str, str]) -> list[Entry]:
    return [menu_item(label, **{"data-landscapes": name}) for name, label in pairs]


def _select(select_id: str, label: str, width: int, **more: object) -> Component:
    return dmc.Select(id=select_id, data=[], size="xs", w=width, searchable=True, withCheckIcon=False, comboboxProps={"zIndex": 4000},
                      attributes={"input": {"aria-label": label}}, **more)  # fmt: skip


def _bar_buttons() -> Component:
    """Picks bars without a pointer; the arrow keys, Home and End work on them too (`assets/landscapes_bars.js`)."""
    pairs = ((-1, "Longer bar", "back"), (1, "Shorter bar", "step"))
    return html.Div(
        [
            html.Button(
                icon(look, 16),
                type="button",
                className="td-tool",
                title=name,
                **{"aria-label": name, "data-bar": str(step)},
            )
            for step, name, look in pairs
        ],
        className="land-bars",
        role="group",
        **{"aria-label": "Choose a bar"},
    )


def _cells(graph_id: str, name: str, picture: Component) -> Component:
    """A figure whose cells can be reached by keyboard (`assets/landscapes_cells.js`)."""
    label = f"{name}: arrow keys choose a layer and a moment, Enter opens it"
    return html.Div(
        picture,
        className="land-wide",
        tabIndex=0,
        role="group",
        **{"aria-label": label, "data-cells": graph_id},
    )


def _cell_said(graph_id: str) -> Component:
    """The line that says which cell the keyboard has come to."""
    return html.Span(id=f"{graph_id}-cell", className="land-cell", role="status")


#: What stands in a view until something is looked at.
EMPTY = "Choose a source in Setup, or start a study."


def graph(graph_id: str, figure: Any = None, **options: Any) -> Component:
    """A graph that says how to fill it, and shows no axes, before it has data."""
    if figure is not None:
        return filled_graph(graph_id, figure, **options)
    # A grey that can be read on both grounds: the figure is made before the look is known.
    hint = {
        "text": EMPTY,
        "showarrow": False,
        "xref": "paper",
        "yref": "paper",
        "x": 0.5,
        "y": 0.5,
        "font": {"size": 12, "color": "#7A808C"},
    }
    bare = {**EMPTY_FIGURE["layout"], "annotations": [hint]}
    return filled_graph(graph_id, {"data": [], "layout": bare}, **options)


def views(grid: Any = None, groups: Mapping[str, str] | None = None) -> Component:
    """The stage; with figure 2, and the two groups of the address, where they are known when the page is made."""
    still = {"displayModeBar": False}
    picked = groups or {}
    form = html.Div(
        [
            _select(ids.GROUP_A, "First group", 190, placeholder="first group", value=picked.get("a")),
            _select(ids.GROUP_B, "Second group", 190, placeholder="second group", value=picked.get("b")),
            _select(
                ids.GROUP_LAYER,
                "Layers that are compared",
                116,
                value=picked.get("layer", "all"),
                allowDeselect=False,
            ),
            dmc.Button("Test", id=ids.GROUP_RUN, size="compact-xs", variant="default"),
        ],
        className="land-groups",
    )
    return stage(
        [
            panel("Average landscapes", _cells(ids.GRID, "Cells of the average landscapes",
                                               graph(ids.GRID, grid, label="Average persistence landscapes, a cell a layer and threshold", config=still)),
                  help="Figure 2: in each cell the average landscape of a layer (from left to right) at an accuracy threshold (from top to bottom), its functions "
                       "k = 1, 2, 3 one over the other. Click a cell, or choose one with the arrow keys and Enter, to open its layer below; pointing at one rings its layer in the landscape curves.",
                  panel_id="landscapes-panel-grid", graph_id=ids.GRID, span=8, tall=True, footer=[_cell_said(ids.GRID), html.Span(id=ids.GRID_SAID)],
                  export_items=_items(("landscapes.npz", "Everything, npz"), ("landscapes.csv", "Average landscapes, CSV"), ("snippet.py", "Python that recomputes this"))),
            panel("Norms by layer", graph(ids.NORMS, label="Landscape norms by layer, a curve a threshold, in both readings", config=still),
                  help="Figure 4 in its two readings: the norm of the average landscape above, the average over networks of the norms below, with a band of one "
                       "standard deviation for the chosen threshold.",
                  graph_id=ids.NORMS, span=4, tall=True, footer=html.Span(id=ids.WORDS), export_items=_items(("norms.csv", "Norms, CSV"))),
            panel("What the data say", html.Div(empty("Choose a source in Setup."), id=ids.NOTES, className="land-notes"),
                  help="Where these data agree with the paper and where not, what was left out, and whose defaults they rest on.", span=4),
            panel("Landscape curves", graph(ids.CURVES, label="Paths of the average landscapes through the layers, projected to the plane", config=still),
                  help="Figure 3: the average landscape of each layer is a point in a Hilbert space; the curve goes from the input (square) to the logits (diamond), "
                       "one curve a threshold, projected to its first two principal directions. Pointing at a layer frames its cell in the average landscapes.",
                  graph_id=ids.CURVES, span=5, export_items=_items(("curves.csv", "Curves, CSV"))),
            panel("Over training", _cells(ids.HEAT, "Norms over training", graph(ids.HEAT, label="Landscape norms by layer and moment of the training", config=still)),
                  help="The same norms over the training: a heat map of layers and thresholds for a study, a curve a layer over the epochs of a live run, "
                       "which grows while it trains.",
                  graph_id=ids.HEAT, span=3, footer=_cell_said(ids.HEAT), export_items=_items(("norms.csv", "Norms, CSV"))),
            panel("Activations", html.Div(graph(ids.SPACE, label="Activations of chosen layers in 3-D, coloured by class"), className="land-wide"),
                  help="Figure 1: the input batch of all classes inside one network, each layer in its own first three principal axes, at the threshold of the "
                       "timeline. See the holes, and see them folded.",
                  graph_id=ids.SPACE, span=12, footer=html.Span(id=ids.SPACE_SAID), export_items=_items(("activations.csv", "Activations, CSV")),
                  tools=dmc.MultiSelect(id=ids.SPACE_LAYERS, data=[], value=[], size="xs", maxValues=4, w=330, comboboxProps={"zIndex": 4000}, hidePickedOptions=True,
                                        attributes={"inputField": {"aria-label": "Layers shown in 3-D"}})),
            html.H2("Layer", id=ids.DETAIL_TITLE, className="land-heading td-span-12", **{"aria-live": "polite"}),
            panel("Diagram", graph(ids.DIAGRAM, label="Persistence diagram of the open layer", config=still),
                  help="Birth and death of every bar of one network's layer; infinite bars stand on a line of their own. Click one to pick it.",
                  graph_id=ids.DIAGRAM, span=3, export_items=_items(("diagram.csv", "Bars, CSV"))),
            panel("Barcode", graph(ids.BARCODE, label="Barcode of the open layer", config=still),
                  help="The same bars, longest first. A bar that never dies ends in an arrow. Click one, or step through them with the "
                       "buttons or the arrow keys on them, to see its cycle.", graph_id=ids.BARCODE, span=3,
                  tools=_bar_buttons(), footer=html.Span(id=ids.BAR_SAID, role="status"),
                  export_items=_items(("diagram.csv", "Bars, CSV"))),
            panel("Against the mean", graph(ids.BAND, label="Landscape of one network against the mean with a band", config=still),
                  help="The landscape of the chosen network (lines) against the mean over networks (dashed), with their 5th to 95th percentile as a band.",
                  graph_id=ids.BAND, span=3, footer=html.Span(id=ids.BAND_SAID), export_items=_items(("band.csv", "Functions, CSV"))),
            panel("Cycle", graph(ids.CYCLE, label="The layer in 3-D with the cycle of the chosen bar"),
                  help="The layer's activations with a shortest cycle that is born and stays alive with the chosen bar.", graph_id=ids.CYCLE, span=3,
                  footer=html.Span(id=ids.CYCLE_SAID), export_items=_items(("cycle.csv", "Cycle, CSV"))),
            panel("Between layers", graph(ids.LAYERS_APART, label="Distances between the diagrams of all layers", config=still),
                  help="How far the diagrams of one network's layers lie apart at the moment of the timeline, every pair of layers. Landscape, bottleneck or 1-Wasserstein "
                       "distance: choose it under Picture in Setup.",
                  graph_id=ids.LAYERS_APART, span=6, footer=html.Span(id=ids.LAYERS_SAID), export_items=_items(("layer-distances.csv", "Distances, CSV"))),
            panel("Between moments", graph(ids.MOMENTS_APART, label="Distances between the diagrams of the open layer at all moments", config=still),
                  help="How far the open layer's diagrams lie apart over the training of one network, every pair of thresholds or epochs.",
                  graph_id=ids.MOMENTS_APART, span=6, footer=html.Span(id=ids.MOMENTS_SAID), export_items=_items(("moment-distances.csv", "Distances, CSV"))),
            panel("Permutation tests", html.Div(empty("Tests between thresholds appear here."), id=ids.TABLE, className="land-table"),
                  help="Table I: do the landscapes of all layers together differ between two thresholds? p-values after Holm's correction for all tests of the table; "
                       "click one for its statistic and null distribution.",
                  span=7, footer=html.Span(id=ids.TABLE_SAID), export_items=_items(("tests.csv", "Tests, CSV"))),
            panel("Null distribution", [form, html.P(id=ids.GROUP_SAID, className="land-hint", role="status"), graph(ids.NULL, label="Null distribution of the chosen test", config=still)],
                  help="The statistic under relabelling, and where the observed one stands. Any two groups of networks can be tested here: two studies, two data sets, "
                       "two architectures. Networks of two studies are independent and are permuted freely; two thresholds of one study are "
                       "paired as in the table.",
                  graph_id=ids.NULL, span=5, footer=html.Span(id=ids.NULL_SAID), export_items=_items(("null.csv", "Null distribution, CSV"))),
        ]
    )  # fmt: skip
