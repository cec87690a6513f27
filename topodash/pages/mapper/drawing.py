"""Callbacks from the answer on screen to what stands beside its graph; the graph itself comes through `asking.py`."""

from __future__ import annotations

from typing import Any

import dash
import plotly.graph_objects as go
from dash import Input, Output, State, html, no_update
from dash.development.base_component import Component

from topodash.components.notices import notices
from topodash.components.panel import empty
from topodash.figures.mapper_points import DRAWN, input_plane, lens_plane, space
from topodash.figures.plain import words
from topodash.pages.mapper import ids
from topodash.pages.mapper.answers import value_of
from topodash.pages.mapper.asking import painted as paint_of
from topodash.pages.mapper.controls import sentence
from topodash.pages.mapper.stage import WAITING
from topodash.pages.mapper.words import nodes_table, statistics, swatch

#: Stands where the points will be drawn.
BESIDE = "The points stand here<br>beside their graph."
#: Colours that belong to a node as a whole.
OF_NODES = {"size": "points in the node", "mix": "entropy of the classes in the node, bits"}


def legend(value: dict[str, Any], painted: dict[str, Any]) -> Component | list[Component]:
    """The classes with a button each, or the colour bar of what the nodes are coloured by."""
    if painted["mode"] == "pie" and value["classes"] is None:
        return [html.Span("These points have no classes.")]
    if painted["mode"] == "pie":
        names = value["class_names"]
        shown = [
            html.Button(
                [swatch(k), str(name)], type="button", className="mapper-class",
                title=f"Select class {name}", **{"data-mapper-select": f'{{"how":"class","slot":"a","class":{k}}}'},
            )
            for k, name in enumerate(names[:10])
        ]  # fmt: skip
        if len(names) > 10:
            shown.append(html.Span(f"and {len(names) - 10} more classes"))
        return shown
    if not painted.get("scale"):
        return [html.Span(f"Colour: {painted['name']}")]
    return [
        html.Span(f"{painted['low']:.3g}", className="td-number"),
        html.Span(className="mapper-scale", role="img", **{"aria-label": f"Colour scale of {painted['name']}, dark is low"}),
        html.Span(f"{painted['high']:.3g}", className="td-number"),
        html.Span(OF_NODES.get(painted["name"], f"{painted['name']}, mean over the node's points")),
    ]  # fmt: skip


def colour_options(value: dict[str, Any]) -> list[dict[str, str]]:
    """What the nodes can be coloured by."""
    fixed = [
        ("class", "class"),
        ("mix", "class entropy, bits"),
        ("size", "points"),
        ("component", "component"),
    ]
    if value["classes"] is None:
        fixed = [each for each in fixed if each[0] not in ("class", "mix")]
        fixed.insert(0, ("class", "one colour"))
    return [{"value": v, "label": w} for v, w in [*fixed, *((name, name) for name in value["value_names"])]]


def title(value: dict[str, Any], request: dict[str, Any]) -> list[Any]:
    """The line under a graph: what it is of, and what must be said."""
    said = [sentence(request)]
    if value["n"] > DRAWN:
        said.append(f"{DRAWN:,} of {value['n']:,} points are drawn beside it")
    parts: list[Any] = [". ".join(said) + ". " + " ".join(value["notices"])]
    if value["hint"] and len(value["elements"]):  # of an empty graph it stands in the graph's place
        parts.append(" ")
        parts.append(html.Strong(value["hint"], className="mapper-hint"))
    return parts


def register(app: dash.Dash) -> None:
    """Put the callbacks on the application."""
    for slot in ids.SLOTS:
        _graph(app, slot)
    _companions(app)
    _painting(app)


def _graph(app: dash.Dash, slot: str) -> None:
    @app.callback(
        Output(ids.EMPTY[slot], "hidden"),
        Output(ids.EMPTY[slot], "children"),
        Output(ids.title(slot), "children"),
        Input(ids.answer(slot), "data"),
    )
    def draw(shown: Any) -> tuple[Any, ...]:
        value = value_of(shown)
        if value is None:
            return False, empty(WAITING), ""
        nodes = len(value["elements"])
        instead = no_update if nodes else empty(value["hint"] or "This graph has no node.")
        return nodes > 0, instead, title(value, shown["request"])

    @app.callback(
        Output(ids.space(slot), "figure"),
        Input(ids.answer(slot), "data"),
        Input("theme", "data"),
    )
    def points(shown: Any, look: str) -> go.Figure:
        value, dark = value_of(shown), look == "dark"
        return words(BESIDE, dark=dark) if value is None else space(value, dark=dark)

    @app.callback(
        Output(ids.paint(slot), "data"),
        Output(ids.LEGEND if slot == "a" else f"{ids.LEGEND}-b", "children"),
        Input(ids.answer(slot), "data"),
        Input(ids.COLOUR, "value"),
        Input(ids.THRESHOLD, "value"),
    )
    def colours(shown: Any, colour: str, threshold: Any) -> tuple[Any, ...]:
        value = value_of(shown)
        if value is None:
            return None, ""
        painted = paint_of(shown, value, colour, threshold)
        return painted, legend(value, painted)


def _companions(app: dash.Dash) -> None:
    @app.callback(
        Output(ids.LENS, "figure"),
        Output(ids.PLANE, "figure"),
        Output(ids.STATISTICS, "children"),
        Output(ids.COLOUR, "data"),
        Input(ids.answer("a"), "data"),
        Input("theme", "data"),
    )
    def companions(shown: Any, look: str) -> tuple[Any, ...]:
        value, dark = value_of(shown), look == "dark"
        if value is None:
            return words(BESIDE, dark=dark), words(BESIDE, dark=dark), no_update, no_update
        return (
            lens_plane(value, dark=dark),
            input_plane(value, dark=dark),
            statistics(value),
            colour_options(value),
        )

    @app.callback(
        Output(ids.NODES, "children"),
        Input(ids.answer("a"), "data"),
        Input(ids.NODE_ORDER, "value"),
        prevent_initial_call=True,
    )
    def lines(shown: Any, order: str) -> Any:
        value = value_of(shown)
        return no_update if value is None else nodes_table(value, order)


def _painting(app: dash.Dash) -> None:
    @app.callback(
        Output(ids.SAID, "children", allow_duplicate=True),
        Input(ids.answer("a"), "data"),
        State(ids.COLOUR, "value"),
        prevent_initial_call=True,
    )
    def missing(shown: Any, colour: str) -> Any:
        value = value_of(shown)
        if value is None or colour in [each["value"] for each in colour_options(value)]:
            return no_update
        return notices([f"These points have no “{colour}”; the nodes show their classes."], kind="info")
