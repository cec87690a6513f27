"""The views of the page, in the order in which the study goes."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from topodash.components.menu import Entry, menu_item
from topodash.components.page import stage
from topodash.components.panel import empty, graph, panel
from topodash.pages.filters import ids

DATA = (
    ("members.csv", "Filters, CSV"),
    ("filters.npz", "Filters and places, npz"),
    ("ring.json", "Graph and numbers, JSON"),
    ("snippet.py", "Python that recomputes this"),
)
PICTURES = (("png", "PNG, three times the screen"), ("svg", "SVG"), ("html", "HTML, stands alone"))


def _exports(slot: str) -> list[Entry]:
    kinds = [(kind, label) for kind, label in PICTURES] + list(DATA)
    return [menu_item(label, **{"data-filters-export": kind, "data-slot": slot}) for kind, label in kinds]


def _ring(slot: str, name: str) -> Component:
    body = html.Div(
        [
            # The script draws into it; its keys: arrows move, + and - zoom, 0 shows all.
            html.Div(
                id=ids.graph(slot),
                className="td-graph-canvas",
                role="figure",
                tabIndex=0,
                **{
                    "aria-label": f"{name}: the Mapper graph of the filters. Arrows move it, plus and minus zoom, 0 shows all."
                },
            ),
            html.Div(empty("The ring appears here."), id=ids.nothing(slot), className="filters-nothing"),
        ],
        className="filters-canvas",
    )
    foot = [html.Div(id=ids.title(slot), className="filters-title")]
    if slot == "a":
        foot.append(html.Div(id=ids.LEGEND, className="filters-legend"))
    return panel(
        name,
        body,
        help="Each node is a cluster of filters that are near each other, drawn as their mean; its area says how many, its rim the colour. An edge joins "
        "nodes that share filters. A ring of nodes whose filters turn is what paper C found after training. Click a node; the same filters light up everywhere. "
        "Loops of the nerve depend on the cover, a Gaussian may have one too, and a loop need not be the circle of edges: on the improved bank the mean filters turn once around the middle, "
        "but Mapper fills that middle at every setting tried. The wheel, the bars and Evidence say more.",
        export_items=_exports(slot),
        tools=html.Button("Fit", type="button", className="td-tool filters-tool", title="Show the whole graph", **{"data-filters-fit": slot}),
        span=6,
        tall=True,
        footer=foot,
    )  # fmt: skip


def _button(button_id: str, label: str, said: str, *, shown: bool = True) -> Component:
    return html.Button(
        label, id=button_id, type="button", className="td-tool filters-tool", title=said, hidden=not shown
    )


def views() -> Component:
    """The stage. Compute appears with the homology that it goes on from; before that a click would be lost."""
    return stage(
        [
            _ring("b", "Ring before"),
            _ring("a", "Ring"),
            panel("Around the circle", graph(ids.WHEEL, label="Averaged filters and maximising patches by position on the ring"),
                  help="Outer squares: the average of the filters at that position, edges when there is a ring. Inner squares: the input patch of greatest mean response of the same filters. Point at one to light up its nodes, click to open it.",
                  graph_id=ids.WHEEL, span=6, tall=True, footer=html.Div(id=ids.WHEEL_SAID)),
            panel("PCA plane", graph(ids.PLANE, label="Filters in the plane of their first two principal components, with thumbnails"),
                  help="Every kept filter by its first two principal components; the densest are drawn. It looks like a ring for a Gaussian of the same covariance too. Drag a lasso, or click a filter.",
                  graph_id=ids.PLANE, span=6, tall=True, footer="A hollow middle here is no evidence: the null banks have it too."),
            panel("Angle against position", graph(ids.ANGLES, label="Gradient direction and doubled orientation against position on the ring"),
                  help="If the filters are edges that turn with their position, the left plot is a line with slope 1 or -1. The correlation is of ranks, up to rotation and reflection.",
                  graph_id=ids.ANGLES, span=6, footer=html.Div(id=ids.ANGLES_SAID)),
            panel("Persistence diagram", graph(ids.BARS, label="Degree-1 persistence diagram with the bars of null banks"),
                  help="Degree-1 bars of the kept filters, over Z/2, exact; files hold them all. Crosses are the longest bars of the null banks: Gaussian filters with the same mean and covariance.",
                  graph_id=ids.BARS, span=6, footer=html.Div(id=ids.BARS_SAID)),
            panel("Klein bottle", graph(ids.KLEIN, label="The filters on the chart of the Klein bottle of patches"),
                  help="Each filter at its nearest patch sin φ · edge + cos φ · line. Arrows of one kind are one side: top and bottom run alike, left and right against each other. Click the ground to see the filters of a square of 30°, or drag a box; R² says how near a filter is.",
                  graph_id=ids.KLEIN, span=6, tall=True, footer=html.Div(id=ids.KLEIN_SAID)),
            panel("Sensitivity", graph(ids.SENSITIVITY, label="Where the ring is as the density filter changes"),
                  help="Each cell is one density filter ρ(k, p). Number and colour: first to second bar. A circle marks a ring as defined here: first bar at least twice the second, and averages that turn exactly once. A Gaussian may pass it: no evidence.",
                  graph_id=ids.SENSITIVITY, span=6, tall=True,
                  tools=html.Div([_button(ids.SENSITIVITY_GO, "Compute", "Compute the grid, cell by cell", shown=False), _button(ids.SENSITIVITY_STOP, "Stop", "Stop; what is computed stays", shown=False)]),
                  footer=html.Div(id=ids.SENSITIVITY_SAID)),
            panel("Evidence",
                  html.Div([graph(ids.EVIDENCE, label="Statistics of each source beside those of its null banks", height=250),
                            html.Div(id=ids.EVIDENCE_SAID, className="filters-sentences"), html.Div(id=ids.EVIDENCE_TABLE, className="filters-table", tabIndex=0, role="region", **{"aria-label": "Table of the statistics"})], className="filters-scroll", tabIndex=0, role="region", **{"aria-label": "Evidence in numbers and sentences"}),
                  help="Every source beside null banks of its own: Gaussian filters of the same mean and covariance, each through the whole pipeline. Only the two statistics that such banks do not reproduce have p-values.",
                  graph_id=ids.EVIDENCE, span=12, tall=True,
                  export_items=[menu_item(f"Statistics and null banks, {words}, JSON", **{"data-filters-export": "evidence.json", "data-slot": slot}) for slot, words in (("a", "ring"), ("b", "ring before"))],
                  tools=html.Div([html.Span(id=ids.EVIDENCE_PROGRESS, className="filters-quiet td-number", role="status"),
                         dmc.Select(id=ids.NULLS, data=[{"value": v, "label": f"{v} null banks"} for v in ("19", "99", "199")], value="99", size="xs", w=132, allowDeselect=False, withCheckIcon=False,
                                    attributes={"input": {"aria-label": "How many null banks for each source"}}),
                         _button(ids.EVIDENCE_GO, "Compute", "Compute the null banks, a few at a time; they are kept", shown=False), _button(ids.EVIDENCE_STOP, "Stop", "Stop; what is computed stays", shown=False)], className="filters-tools")),
        ]
    )  # fmt: skip
