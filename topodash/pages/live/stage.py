"""The views of the page: the stage of the look, and what stands under it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from topodash.components.control_layout import help_mark
from topodash.components.menu import Entry, menu_item
from topodash.components.page import stage
from topodash.components.panel import FORMATS, empty, graph, panel
from topodash.pages.live import ids
from topodash.pages.live.csv_source import LEAVE_OUT
from topodash.pages.live.state import Address


def _toolbar(controls: list[Component], help_text: str) -> Component:
    return html.Div([*controls, help_mark(help_text)], className="live-toolbar")


def _items(*pairs: tuple[str, str]) -> list[Entry]:
    return [menu_item(label, **{"data-download": kind}) for kind, label in pairs]


CURVES_WAIT = "Loss, accuracy and Betti numbers appear here."
STRIP_WAITS = "The network at chosen epochs, as in the paper's figures 3 and 5."
NO_NEURONS = "Each neuron gets a panel here once a network trains: where it fires, and how strongly."

#: One pixel a pixel: plotly's default draws four, which a machine without a graphics card cannot follow live.
SPACE_CONFIG = {"plotGlPixelRatio": 1}


def views(address: Address, figures: Mapping[str, Any]) -> Component:
    """All views, with the figures of the stage where a page without a run has them."""
    view = address.view
    plane_tools = [
        dmc.ChipGroup(
            [dmc.Chip(label, value=value, size="xs", radius="sm") for value, label in (("cells", "Cells"), ("lines", "Lines"), ("labels", "Patterns"), ("field", "Probability"))],
            id=ids.LAYERS,
            multiple=True,
            value=[name for name in ("cells", "lines", "labels", "field") if view[name]],
        ),
        dmc.Select(id=ids.COLOUR, data=[{"value": "class", "label": "by class"}, {"value": "correct", "label": "by correctness"}], value=view["colour"],
                   size="xs", w=130, allowDeselect=False, withCheckIcon=False, attributes={"input": {"aria-label": "Colour of the points"}}),
    ]  # fmt: skip
    # The same as the switch beside the weights (`assets/live_wiring.js`).
    edit = html.Button("Edit lines", id=ids.EDIT_LINES, type="button", className="td-tool live-word-tool", title="Drag a neuron's line; every view follows", **{"aria-pressed": "false"})  # fmt: skip
    space_tools = [
        dmc.TextInput(id=ids.AXES, value=view["axes"], size="xs", w=86, debounce=500, attributes={"input": {"aria-label": "Axes: auto, pca, or three units such as 1,2,3"}}),
        html.Button("First camera", id=ids.CAMERA_HOME, type="button", className="td-tool live-word-tool"),
    ]  # fmt: skip
    curve_tools = [
        dmc.Switch(id=ids.LOG, label="log", checked=view["log"], size="xs"),
        dmc.Select(id=ids.SMOOTHING, data=[{"value": v, "label": w} for v, w in (("0", "as it is"), ("0.6", "smooth"), ("0.9", "smoother"))],
                   value=f"{view['smoothing']:g}", size="xs", w=96, allowDeselect=False, withCheckIcon=False, attributes={"input": {"aria-label": "Smoothing of the loss"}}),
    ]  # fmt: skip
    exports = _items(
        ("activations.csv", "Activations, CSV"),
        ("weights.json", "Weights, JSON"),
        ("complex.json", "Cells and boundary, JSON"),
        ("snippet.py", "Python that recomputes this"),
    )
    return stage(
        [
            html.Div(id=ids.PROBLEM, className="live-problem td-span-12", role="alert", hidden=True),
            html.Div(_edit_bar(), id=ids.EDIT_BAR, className="live-edit-bar td-span-12", hidden=True),
            panel("Input plane", [_toolbar(plane_tools, "What is drawn over the points, and whether colour tells the class or which points are mistaken."), graph(ids.plane("a"), figures.get("plane"), label="Points, linear regions, hyperplanes and decision boundary in the input plane", config={"scrollZoom": True}), _leave_out()],
                  help="The points by class (open marks are held out), each neuron's line with a tick on the side where it fires, the linear regions tinted by how many neurons fire and named by who fires, and the exact decision boundary. Edit lines: while no training runs, drag a neuron's line.",
                  tools=edit, graph_id=ids.plane("a"), export_items=exports, span=6, tall=True, footer=html.Span(id=ids.SAID)),
            panel("Activation space", [_toolbar(space_tools, "The axes: auto (the units up to three, principal components above), pca, or three units such as 1,2,3. First camera looks into the positive octant."), graph(ids.space("a"), waiting="The points' images appear here.", label="Images of points and cells in the space of the last hidden layer's activations", config=SPACE_CONFIG)],
                  help="Where the last hidden layer sends every point, and every linear region: a polygon, a segment or a single point. The grey plane separates the predicted classes.",
                  graph_id=ids.space("a"), span=6, tall=True),
            _compare(address),
            _neurons(view["layer"]),
            panel("Curves", [_toolbar(curve_tools, "A logarithmic axis for the loss, and smoothing of the loss for the eye; the values on hover are then smoothed too."), html.Div(empty(CURVES_WAIT), id=ids.CURVES_BOX, className="live-curves")],
                  help="Loss and accuracy on the training points (solid) and the held-out ones (dotted), and the exact Betti numbers of the region that the network calls positive. Click to go to an epoch.",
                  graph_id=ids.CURVES, span=6),
            panel("Snapshots", [html.Div(empty(STRIP_WAITS), id=ids.STRIP, className="live-strip", tabIndex=0)],
                  help="The input plane and the activation space at chosen epochs; click one to go there.", span=8,
                  export_items=[menu_item(label, **{"data-strip": kind}) for kind, label in FORMATS],
                  tools=dmc.TextInput(id=ids.STRIP_EPOCHS, value=address.strip, size="xs", w=160, debounce=600, attributes={"input": {"aria-label": "Epochs of the strip", "data-plain": "1, 100, 500, 1000"}})),
            panel("Numbers", _numbers(), help="Accuracy, loss, cells and Betti numbers at the epoch on screen, and who is mistaken for whom.", span=4),
            panel("Events", html.Div(empty("What happens to the geometry while the network learns is listed here."), id=ids.EVENTS, className="live-events", tabIndex=0),
                  help="When a neuron dies, a cell appears or vanishes, the triangle flips, or the positive region changes its topology. Click to go there.", span=6),
            panel("Weights", [html.Div(empty("The weights of the network on screen can be changed here when it does not train."), id=ids.WEIGHTS, tabIndex=0)],
                  tools=dmc.Switch(id=ids.EDIT_ON, label="Edit", checked=False, size="xs"),
                  help="Switch Edit on while the training is paused or over: drag a neuron's line in the input plane, or type a weight, and every view follows. Train on keeps it as a new run.", span=6),
        ]
    )  # fmt: skip


def _neurons(layer: str) -> Component:
    """The panels of one layer's neurons; which layer can be chosen where there is more than one."""
    choose = dmc.Select(
        id=ids.LAYER, data=[{"value": "last", "label": "last hidden layer"}], value=layer, size="xs", w=170, allowDeselect=False, withCheckIcon=False,
        attributes={"input": {"aria-label": "Layer whose neurons are shown"}},
    )  # fmt: skip
    bar = html.Div(
        _toolbar([choose], "The layer whose neurons have a panel each, at most eight of them."),
        id=ids.LAYER_BAR,
        hidden=True,
    )
    return html.Div(
        [bar, html.Div([empty(NO_NEURONS)], id=ids.NEURONS, className="live-neurons")],
        className="live-layer td-span-6",
    )


def _leave_out() -> Component:
    """Under the sentence in the plane that asks for it: the same as the switch of Setup."""
    button = dmc.Button(LEAVE_OUT, id=ids.CSV_LEAVE_BUTTON, size="xs", variant="default")
    return html.Div(button, id=ids.CSV_LEAVE, hidden=True, className="live-leave-out")


def _edit_bar() -> list[Component]:
    return [
        html.Span("Edited by hand, not yet a run.", id=ids.EDIT_TEXT),
        dmc.Button("Train on from here", id=ids.KEEP, size="xs", variant="filled"),
        dmc.Button("Discard", id=ids.DISCARD, size="xs", variant="default"),
    ]


def _numbers() -> list[Component]:
    names = (
        ("loss", "Loss, train"),
        ("test_loss", "Loss, held out"),
        ("accuracy", "Accuracy, train"),
        ("test_accuracy", "Accuracy, held out"),
        ("cells", "Cells"),
        ("b0", "Components b0"),
        ("b1", "Holes b1"),
    )
    rows = [
        html.Div(
            [html.Dt(label), html.Dd("–", id=f"live-number-{name}", className="td-number")],
            className="td-fact",
        )
        for name, label in names
    ]
    tables = [
        html.Figure(
            [html.Figcaption(caption), html.Table(id=f"live-confusion-{part}", className="live-confusion")]
        )
        for part, caption in (("train", "Confusion, train"), ("test", "Confusion, held out"))
    ]
    return [
        html.Div(
            [html.Dl(rows, className="td-facts"), html.Div(tables, className="live-confusions")],
            className="live-numbers",
            tabIndex=0,
        )
    ]


def _compare(address: Address) -> Component:
    choose = html.Div(
        [
            dmc.Select(
                id=ids.COMPARE,
                label="Compare with",
                placeholder="another of your runs",
                data=[],
                value=address.store["b"],
                clearable=True,
                searchable=True,
                size="xs",
                w=280,
                comboboxProps={"zIndex": 4000},
            ),
            help_mark("A second run beside this one: the same epoch, the same camera."),
        ],
        className="td-control live-compare-choice",
    )
    panels = html.Div(
        id=ids.COMPARE_PANELS,
        className="live-compare-panels td-span-12",
        hidden=address.store["b"] is None,
        **{"data-slot": "b"},
    )
    return html.Div([choose, panels], className="live-compare td-span-12")


def compare_panels(plane: Any, space: Any) -> list[Component]:
    """The stage of the second run, with its figures."""
    return [
        panel("Input plane, second run", graph(ids.plane("b"), plane, label="Input plane of the second run"), help="The second run at the same epoch.", graph_id=ids.plane("b"), span=6, tall=True,
              footer=html.Span([html.Span(id="live-epoch-b", className="td-number"), " · ", html.Span(id="live-words-b")])),
        panel("Activation space, second run", graph(ids.space("b"), space, label="Activation space of the second run", config=SPACE_CONFIG), help="The second run's activation space under the same camera.", graph_id=ids.space("b"), span=6, tall=True),
    ]  # fmt: skip


def curves_graph(figure: Any) -> Component:
    """The curves of a run."""
    return graph(ids.CURVES, figure, label="Loss, accuracy and Betti numbers by epoch")


def strip(
    run_id: str, epochs: list[int], recorded: set[int], dark: bool, *, total: int = 2**31, first: int = 0
) -> list[Component]:
    """The snapshot strip: two still pictures an epoch, a button each; an epoch that is not recorded, or not yet, says so."""
    parts: list[Component] = []
    for epoch in epochs:
        if epoch not in recorded:
            parts.append(
                html.Div(
                    [
                        html.Span(f"epoch {epoch}"),
                        html.Span(_missing(epoch, first, total), className="live-hint"),
                    ],
                    className="live-still live-still-missing",
                    **{"data-missing": str(epoch)},
                )
            )
            continue
        query = f"step={epoch}&dark={int(dark)}"
        pictures = [
            html.Img(
                src=f"/api/runs/{run_id}/{name}.svg?{query}",
                alt=f"{words} at epoch {epoch}",
                **{"data-themed": "1"},
            )
            for name, words in (("plane", "Input plane"), ("space", "Activation space"))
        ]
        parts.append(
            html.Button(
                [html.Span(f"epoch {epoch}", className="td-number"), *pictures],
                type="button",
                className="live-still",
                **{"data-epoch": str(epoch), "aria-label": f"Go to epoch {epoch}"},
            )
        )
    return parts  # fmt: skip


def _missing(epoch: int, first: int, total: int) -> str:
    if epoch < first:
        return f"before the first, {first}"
    return f"after the last, {total}" if epoch > total else "not recorded yet"
