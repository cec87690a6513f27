"""The Stability panel: a sweep of settings as a run of its own, drawn as a heat map."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from topodash.components.panel import graph, panel
from topodash.pages.mapper import ids
from topodash.pages.mapper.state import Chosen

AGAINST, FROM, TO, COUNT, ROWS = (
    f"mapper-sweep-{name}" for name in ("against", "from", "to", "count", "rows")
)


def _number(number_id: str, label: str, value: float, width: int = 84) -> Component:
    return dmc.NumberInput(id=number_id, label=label, value=value, size="xs", w=width, clampBehavior="none")


def sweep_panel(chosen: Chosen) -> Component:
    """Its controls, its state, its picture."""
    controls = html.Div(
        [
            dmc.TextInput(id=ROWS, label="Intervals", value="5, 10, 15, 20, 25, 30, 40", size="xs", w=170),
            dmc.Select(id=AGAINST, label="Against", data=[{"value": "overlap", "label": "overlap, %"}, {"value": "eps", "label": "eps"}], value="overlap",
                       size="xs", w=108, allowDeselect=False, withCheckIcon=False),
            _number(FROM, "from", 20),
            _number(TO, "to", 70),
            _number(COUNT, "values", 6, 64),
            dmc.Button("Sweep", id=ids.SWEEP_START, size="xs", variant="default", className="mapper-down"),
            dmc.Button("Pause", id=ids.SWEEP_PAUSE, size="xs", variant="default", display="none", className="mapper-down"),
            dmc.Button("Stop", id=ids.SWEEP_STOP, size="xs", variant="default", display="none", className="mapper-down"),
            dmc.SegmentedControl(id=ids.SWEEP_SHOW, data=[{"value": "b1", "label": "b1"}, {"value": "b0", "label": "b0"}, {"value": "nodes", "label": "nodes"}, {"value": "coverage", "label": "covered"}],
                                 value="b1", size="xs", className="mapper-down"),
        ],
        className="mapper-toolbar mapper-sweep-bar",
    )  # fmt: skip
    return panel(
        "Stability",
        [
            controls,
            graph(ids.SWEEP_GRAPH, label="Betti numbers over intervals and overlap or eps; the table of a cell is read on hover", config={"displayModeBar": False}),
        ],
        help="The graph of every pair of settings, computed as a run of its own that survives a reload. A shape that is there in a wide field of settings "
        "is worth believing; one that lives in a single cell is not. Click a cell to load its settings.",
        graph_id=ids.SWEEP_GRAPH, span=7, footer=html.Span(id=ids.SWEEP_SAID),
    )  # fmt: skip
