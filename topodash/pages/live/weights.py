"""The weights of the network on screen as a table of number fields, to read and, when it does not train, to change."""

from __future__ import annotations

from collections.abc import Mapping

import dash_mantine_components as dmc
import numpy as np
from dash import html
from dash.development.base_component import Component

#: A table of more numbers than this is no longer read by anyone; the JSON export has them all.
MOST_NUMBERS = 120


def weight_table(weights: Mapping[str, np.ndarray], may_edit: bool) -> tuple[Component, dict[str, float]]:
    """The table, and what each field shows by its entry's name ('W1[0,1]')."""
    shown: dict[str, float] = {}
    parts: list[Component] = []
    layers = sum(1 for name in weights if name.startswith("W"))
    for layer in range(1, layers + 1):
        weight, bias = weights[f"W{layer}"], weights[f"b{layer}"]
        parts.append(html.H4("Output" if layer == layers else f"Layer {layer}"))
        if len(shown) + weight.size + bias.size > MOST_NUMBERS:
            parts.append(
                html.P(
                    f"{weight.size + bias.size} numbers; the JSON export of the input plane has them.",
                    className="live-hint",
                )
            )
            continue
        head = [
            html.Th("unit"),
            *(html.Th(f"w{column + 1}") for column in range(weight.shape[1])),
            html.Th("b"),
        ]
        rows = []
        for unit in range(len(bias)):
            cells = [html.Th(str(unit + 1), scope="row")]
            entries = [
                (f"W{layer}[{unit},{column}]", weight[unit, column]) for column in range(weight.shape[1])
            ]
            for entry, value in [*entries, (f"b{layer}[{unit}]", bias[unit])]:
                shown[entry] = round(float(value), 5)
                cells.append(html.Td(_field(entry, shown[entry]) if may_edit else f"{shown[entry]:.3f}"))
            rows.append(html.Tr(cells))
        parts.append(
            html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="live-weights td-number")
        )
    return html.Div(parts), shown


def _field(entry: str, value: float) -> Component:
    return dmc.NumberInput(
        id={"live-weight": "value", "entry": entry},
        value=value,
        step=0.1,
        decimalScale=5,
        debounce=400,
        size="xs",
        hideControls=True,
        w=78,
        attributes={"input": {"aria-label": entry}},
    )
