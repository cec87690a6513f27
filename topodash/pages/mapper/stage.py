"""The views of the page: the graph with its companions, then numbers, loops and stability."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from topodash.components.menu import menu, menu_item
from topodash.components.page import stage
from topodash.components.panel import empty, graph, panel
from topodash.pages.mapper import ids
from topodash.pages.mapper.state import Chosen
from topodash.pages.mapper.sweep_view import sweep_panel

EXPORTS = (
    ("png", "PNG, three times the screen"),
    ("svg", "SVG"),
    ("kmapper", "HTML, by kmapper"),
    ("graphml", "GraphML"),
    ("json", "JSON"),
    ("members", "Members, CSV"),
    ("snippet", "Python that recomputes this"),
)

#: What stands in a graph's place before there is one.
WAITING = "The graph appears here when the settings of Setup are computed."


def _word_tool(label: str, said: str, **properties: Any) -> Component:
    return html.Button(label, type="button", className="td-tool mapper-word-tool", title=said, **properties)


def _graph_body(slot: str) -> list[Component]:
    return [
        # The script draws into it; its keys: arrows move, + and - zoom, 0 shows all.
        html.Div(
            id=ids.graph(slot), className="td-graph-canvas", role="figure", tabIndex=0,
            **{"aria-label": "Mapper graph; the table of nodes below says the same in words. Arrows move it, plus and minus zoom, 0 shows all."},
        ),
        html.Div(empty(WAITING), id=ids.EMPTY[slot], className="mapper-nothing"),
    ]  # fmt: skip


def _colour_tools(colour: str) -> list[Component]:
    return [
        dmc.Select(
            id=ids.COLOUR,
            data=[{"value": "class", "label": "class"}],
            value=colour,
            size="xs",
            w=150,
            searchable=True,
            allowDeselect=False,
            withCheckIcon=False,
            comboboxProps={"zIndex": 4000, "width": 240, "position": "bottom-end"},
            attributes={"input": {"aria-label": "Colour of the nodes"}},
        ),
        dmc.NumberInput(
            id=ids.THRESHOLD,
            value=1,
            min=1,
            max=1_000_000,
            step=1,
            size="xs",
            w=62,
            allowDecimal=False,
            debounce=250,
            attributes={
                "input": {
                    "aria-label": "Draw edges of at least so many shared points",
                    "title": "Edges of at least so many shared points",
                }
            },
        ),
    ]


def _graph_tools(slot: str, colour: str) -> Component:
    how = [
        _word_tool("Lasso", "Draw around nodes to select them; Shift adds, Escape ends.", **{"data-mapper-lasso": slot, "aria-pressed": "false"}),
        _word_tool("Path", "Click two nodes: the shortest path between them is selected.", **{"data-mapper-path": slot, "aria-pressed": "false"}),
        _word_tool("Component", "Extend the selection to whole components.", **{"data-mapper-select": f'{{"how":"component","slot":"{slot}"}}'}),
        _word_tool("Clear", "Select nothing.", **{"data-mapper-select": '{"how":"clear"}'}),
        _word_tool("Fit", "Show the whole graph.", **{"data-mapper-fit": slot}),
        menu(f"Layout of graph {slot.upper()}", "more", [("Layout", [
            menu_item("Save in this browser", **{"data-mapper-layout": slot, "data-do": "save"}),
            menu_item("Put the nodes back", **{"data-mapper-layout": slot, "data-do": "reset"}),
            menu_item("Take it from a JSON file", **{"data-mapper-layout": slot, "data-do": "open"}),
        ])]),
    ]  # fmt: skip
    if slot == "a":
        how = [*_colour_tools(colour), *how]
    return html.Div(
        how, className="mapper-toolbar", role="toolbar", **{"aria-label": f"Graph {slot.upper()}"}
    )


def _suggestion() -> list[Component]:
    """What eps would do, one click away from the graph that it changes."""
    return [
        html.Div(
            [
                html.Span(id=ids.SUGGESTION, role="status"),
                dmc.Button("Use this eps", id=ids.SUGGESTION_USE, size="compact-xs", variant="default", display="none"),
            ],
            className="mapper-suggestion",
        )
    ]  # fmt: skip


def _graph_panel(slot: str, chosen: Chosen) -> Component:
    items = [menu_item(label, **{"data-mapper-export": kind, "data-slot": slot}) for kind, label in EXPORTS]
    return html.Div(
        panel(
            "Mapper graph" if slot == "a" else "Second graph",
            [_graph_tools(slot, chosen.colour), html.Div(_graph_body(slot), className="mapper-canvas")],
            help="Each node is a cluster of points in one piece of the cover, its area says how many; an edge joins nodes that share points. "
            "A pure node has its class's colour and shape, a mixed one is a pie with a dark rim. Drag nodes where they should stand; Shift and drag takes a box, Lasso any outline.",
            export_items=items,
            span=12,
            tall=True,
            footer=[
                html.Div(id=ids.LEGEND if slot == "a" else f"{ids.LEGEND}-b"),
                html.Span(id=ids.title(slot), className="mapper-title"),
                *(_suggestion() if slot == "a" else ()),
            ],
        ),
        id=ids.view(slot),
        className="mapper-view td-tall td-span-7",
        hidden=slot == "b" and chosen.other is None,
    )  # fmt: skip


def _find() -> Component:
    return html.Div(
        [
            dmc.TextInput(id=ids.FIND, placeholder="point numbers, or a class", size="xs", w=210, attributes={"input": {"aria-label": "Find points by number or class"}}),
            dmc.Button("Find", id=ids.FIND_BUTTON, size="xs", variant="default"),
            html.Span("Mixed above", className="mapper-quiet"),
            dmc.NumberInput(id=ids.MIXED, value=10, min=0, max=100, size="xs", w=70, suffix=" %", clampBehavior="none",
                            attributes={"input": {"aria-label": "Share of the smaller classes in a mixed node, in percent"}}),
            dmc.Button("Select mixed nodes", id=ids.MIXED_BUTTON, size="xs", variant="default"),
        ],
        className="mapper-find td-span-12",
        role="search",
    )  # fmt: skip


def views(chosen: Chosen) -> Component:
    """The stage."""
    return stage(
        [
            _find(),
            _graph_panel("a", chosen),
            _graph_panel("b", chosen),
            html.Div(
                panel("Activation space", graph(ids.space("a"), label="Points of the layer in three dimensions"),
                      help="The points themselves in the layer's space: its neurons, or three principal components when there are more. Selected points are larger and pink.",
                      graph_id=ids.space("a"), span=12),
                id="mapper-space-a-panel", className="mapper-cell td-span-5"),
            html.Div(
                panel("Second space", graph(ids.space("b"), label="Points of the second graph in three dimensions"),
                      help="The points of the second graph in their space.", graph_id=ids.space("b"), span=12),
                id=ids.SPACE_B_PANEL, className="mapper-cell td-span-5", hidden=chosen.other is None),
            panel("Lens plane", graph(ids.LENS, label="Points under the lens"),
                  help="Where the lens sends every point. Drag a lasso to select points in every view.", graph_id=ids.LENS, span=5),
            panel("Input plane", graph(ids.PLANE, label="Points where the network is fed"),
                  help="The points before the network, in their own units. Drag a lasso to select points in every view.", graph_id=ids.PLANE, span=4),
            panel("Statistics", html.Div(empty("Numbers of the graph stand here."), id=ids.STATISTICS, className="mapper-scroll", tabIndex=0, role="region", **{"aria-label": "Numbers of the graph"}),
                  help="Counts, Betti numbers of the nerve (triangles filled in), and how the classes mix.", span=3),
            panel("Nodes", html.Div(empty("A line for every node."), id=ids.NODES, className="mapper-scroll", tabIndex=0, role="region", **{"aria-label": "Table of nodes"}),
                  help="The graph in words. Select shows a node in every view.", span=5,
                  tools=dmc.Select(id=ids.NODE_ORDER, data=[{"value": v, "label": w} for v, w in (("size", "largest first"), ("mixed", "most mixed first"), ("number", "by number"))],
                                   value="size", size="xs", w=140, allowDeselect=False, withCheckIcon=False, attributes={"input": {"aria-label": "Order of the nodes"}})),
            panel("Loops and homology",
                  html.Div(empty("Loops of the graph are held against the persistent homology of the points."), id=ids.LOOPS, className="mapper-scroll", tabIndex=0, role="region", **{"aria-label": "Loops and bars"}),
                  help="Each loop generates degree-1 homology of the nerve. A long bar of the points' persistent homology is matched when its cocycle does not vanish on the loop: "
                  "then the loop goes around a hole of the points, and is not made by the cover.",
                  tools=_word_tool("Match", "Compute loops and match them with homology.", id=ids.LOOPS_BUTTON), span=5),
            sweep_panel(chosen),
        ]
    )  # fmt: skip
