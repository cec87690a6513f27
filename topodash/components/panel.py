"""A titled panel with its help mark, Enlarge button and Export menu; and the plotly graph inside it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from topodash.components.control_layout import help_mark
from topodash.components.icons import icon
from topodash.components.menu import Entry, menu, menu_item

#: A graph that has no data yet has no axes either.
EMPTY_FIGURE: dict[str, Any] = {
    "data": [],
    "layout": {
        "xaxis": {"visible": False},
        "yaxis": {"visible": False},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
    },
}
#: Nothing leaves the browser: no logo that links away, no button that uploads the chart to a cloud.
GRAPH_CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "showSendToCloud": False,
    "showTips": False,
    "responsive": True,
    "scrollZoom": False,
    "modeBarButtonsToRemove": ["toImage", "sendChartToCloud"],
    "toImageButtonOptions": {"format": "png", "scale": 3},
}

FORMATS = (
    ("png", "PNG, three times the screen"),
    ("svg", "SVG"),
    ("html", "HTML, stands alone"),
)


def dom_id(component_id: str | dict[str, Any]) -> str:
    """The id that Dash gives the element in the document (pattern ids become sorted JSON)."""
    if isinstance(component_id, str):
        return component_id
    return json.dumps(component_id, sort_keys=True, separators=(",", ":"))


def graph(
    graph_id: str | dict[str, Any],
    figure: Any = None,
    *,
    label: str,
    waiting: str = "",
    height: str | int | None = None,
    config: dict[str, Any] | None = None,
    **properties: Any,
) -> Component:
    """A plotly graph that fills its panel; `label` says to a screen reader what the picture shows.

    `waiting` stands over it until the page's style sheet takes it away.
    """
    style = {"height": height} if height is not None else None
    inner = dcc.Graph(
        id=graph_id,
        figure=figure if figure is not None else EMPTY_FIGURE,
        config={**GRAPH_CONFIG, **(config or {})},
        responsive=True,
        className="td-graph-inner",
        **properties,
    )
    words = [html.P(waiting, className="td-empty td-graph-waits")] if waiting else []
    return html.Div(
        [inner, *words], className="td-graph", style=style, role="figure", **{"aria-label": label}
    )


def _export(title: str, graph_id: str | dict[str, Any] | None, items: Iterable[Entry]) -> Component | None:
    pictures = []
    if graph_id is not None:
        name = title.lower().replace(" ", "-")
        pictures = [
            menu_item(text, **{"data-export": kind, "data-graph": dom_id(graph_id), "data-name": name})
            for kind, text in FORMATS
        ]
    data = list(items)
    if not pictures and not data:
        return None
    return menu(f"Export {title}", "export", (("Picture", pictures), ("Data", data)))


def panel(
    title: str,
    children: Any,
    *,
    help: str,
    panel_id: str | dict[str, Any] | None = None,
    graph_id: str | dict[str, Any] | None = None,
    export_items: Iterable[Entry] = (),
    tools: Any = None,
    span: int = 6,
    tall: bool = False,
    footer: Any = None,
) -> Component:
    """A view in its frame.

    Parameters
    ----------
    title, help : str
        A short noun, and a sentence that says what the view shows.
    graph_id : str or dict, optional
        The plotly graph that the Export menu writes as PNG, SVG and HTML; without it there are no such
        entries.
    export_items : iterable of menu_item
        Data exports of the page (CSV, JSON, snippet); `topodash.components.menu.menu_item` makes one.
    tools : children
        Small controls of the view, to the left of Export and Enlarge.
    span : int
        Columns of the stage's twelve.
    tall : bool
        Two rows of the stage rather than one.
    footer : children
        A line under the view: what must be said with it (a sample, a cap, an approximation).
    """
    if not 2 <= span <= 12:
        raise ValueError(f"span must be 2 to 12 of the stage's columns; it was {span}")
    enlarge = html.Button(
        icon("enlarge", 16),
        type="button",
        className="td-tool td-enlarge",
        **{"aria-label": f"Enlarge {title}", "aria-pressed": "false", "title": "Enlarge"},
    )
    head = html.Div(
        [
            html.H2(title, className="td-panel-title"),
            help_mark(help, f"What {title} shows"),
            html.Div([tools, _export(title, graph_id, export_items), enlarge], className="td-panel-tools"),
        ],
        className="td-panel-head",
    )
    parts = [head, html.Div(children, className="td-panel-body")]
    if footer is not None:
        parts.append(html.Div(footer, className="td-panel-foot"))
    identity = {"id": panel_id} if panel_id is not None else {}
    return html.Section(
        parts,
        className=f"td-panel td-span-{span}" + (" td-tall" if tall else ""),
        **{"aria-label": title},
        **identity,
    )


def empty(sentence: str) -> Component:
    """What stands where a view has no data yet: a sentence that says how to fill it."""
    return html.P(sentence, className="td-empty")
