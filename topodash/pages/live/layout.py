"""What stands where on the Live training page."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from topodash.components.control_layout import help_mark
from topodash.components.inspector import inspector
from topodash.components.notices import notices
from topodash.components.page import page, stage
from topodash.components.panel import empty, graph, panel
from topodash.components.timeline import timeline
from topodash.figures import theme
from topodash.pages.live import ids
from topodash.pages.live.controls import POINT_SETS, TABLE, data_table
from topodash.pages.live.state import Address, read_address

HINT = "Choose a data set and press Start. Then point at a cell, a point or an event; click a cell to keep it here."


def layout(**query: Any) -> Component:
    """The page for an address."""
    address = read_address(query)
    values, said = TABLE.values({k: v for k, v in query.items() if k in TABLE.names()})
    return html.Div(
        [
            *_stores(address),
            page(
                ids.PAGE,
                "Live training",
                _stage(address),
                setup=_setup(values, query),
                inspector=inspector(ids.INSPECTOR, HINT),
                timeline=timeline(ids.PAGE),
                subtitle=_subtitle(),
                actions=_actions(),
                notices=[*notices([*said, *address.notices]), html.Div(id=ids.ANSWER, role="alert")],
            ),
            _landscape(),
        ]
    )


def _stores(address: Address) -> list[Component]:
    return [
        dcc.Store(id=ids.RUN, data=address.store),
        dcc.Store(id=ids.ATTACH),
        dcc.Store(id=ids.STATUS),
        dcc.Store(id=ids.SELECTION),
        dcc.Store(id=ids.EDIT),
        dcc.Store(id=ids.MOMENT),
        dcc.Store(id=ids.THEMES, data=theme.browser_theme()),
        dcc.Store(id=ids.CSV, data=None),
        dcc.Store(id=ids.WEIGHT_VALUES),
        dcc.Store(id=ids.STEP_TICK),
        dcc.Store(id=ids.STRIP_TICK),
        dcc.Store(id=ids.CAMERA, data=theme.OCTANT_CAMERA),
    ]


def _button(
    button_id: str, label: str, help_text: str, *, filled: bool = False, shown: bool = True
) -> Component:
    return dmc.Tooltip(
        dmc.Button(label, id=button_id, size="xs", variant="filled" if filled else "default", disabled=not shown, display=None if shown else "none"),
        label=help_text,
        multiline=True,
        w=240,
        openDelay=500,
        zIndex=4000,
    )  # fmt: skip


def _actions() -> list[Component]:
    return [
        _button(ids.START, "Start", "Train a new network with the settings of Setup.", filled=True),
        _button(ids.PAUSE, "Pause", "Hold the training after this epoch.", shown=False),
        _button(ids.RESUME, "Resume", "Go on training from where it stands.", shown=False),
        _button(ids.STEP, "Step", "Train one epoch.", shown=False),
        _button(ids.STOP, "Stop", "End the training; what is recorded stays.", shown=False),
        _button(
            ids.REWIND,
            "Rewind",
            "A new run from the same initialisation, paused at its first epoch.",
            shown=False,
        ),
        _button(
            ids.BRANCH,
            "Branch",
            "A new run that goes on from the epoch under the cursor, with the settings of Setup.",
            shown=False,
        ),
        _button(ids.NEW, "New", "Leave this run (it is kept) and set up another.", shown=False),
    ]


def _subtitle() -> list[Component]:
    return [
        html.Span(id=ids.TITLE, className="live-title"),
        html.Span(className="live-dot", id=ids.STATE, **{"data-state": "", "aria-hidden": "true"}),
        html.Span(id=ids.WORDS, className="live-words td-number", role="status"),
    ]


def _setup(values: dict[str, Any], query: dict[str, Any]) -> list[Component]:
    sets = []
    for name in POINT_SETS:
        table = data_table(name)
        own, _ = table.values({k: v for k, v in query.items() if k in table.names()})
        shown = name == values["dataset"]
        sets.append(html.Div(table.layout(own), id=ids.data_group(name), hidden=not shown))
    return [
        html.Img(
            id=ids.PREVIEW, alt="Preview of the data set", className="live-preview", **{"data-themed": "1"}
        ),
        _csv(hidden=values["dataset"] != "csv"),
        TABLE.layout(values),
        html.Div(
            [html.H3("The data set's own settings", className="live-sub"), *sets], className="live-data-sets"
        ),
    ]


def _csv(*, hidden: bool) -> Component:
    def choice(select_id: str, label: str, help_text: str) -> Component:
        select = dmc.Select(
            id=select_id, label=label, data=[], size="xs", searchable=True, comboboxProps={"zIndex": 4000}
        )
        return html.Div([select, help_mark(help_text)], className="td-control")

    return html.Div(
        [
            html.Div(
                [
                    html.Label(
                        ["Choose a CSV file, or drop it here", html.Div("Two number columns and a label column; a heading row is best.", className="live-hint")],
                        htmlFor="live-csv-file",
                    ),
                    dcc.Input(id="live-csv-file", type="file", className="live-file"),
                ],
                className="live-drop",
                id="live-csv-drop",
            ),
            html.Div(id=ids.CSV_SAID, role="status"),
            choice(ids.CSV_X, "Horizontal column", "The number that goes along the horizontal axis."),
            choice(ids.CSV_Y, "Vertical column", "The number that goes along the vertical axis."),
            choice(ids.CSV_LABEL, "Label column", "What the network learns to tell apart: 2 to 10 different values."),
            dmc.Switch(id=ids.CSV_STANDARDISE, label="Standardise", checked=True, size="xs", description="Each column to mean 0 and deviation 1 for the network; drawn in its own units."),
            dmc.Switch(id=ids.CSV_DROP, label="Leave out rows that cannot be read", checked=False, size="xs"),
        ],
        id=ids.CSV_PANEL,
        hidden=hidden,
        className="live-csv",
    )  # fmt: skip


def _items(*pairs: tuple[str, str]) -> list[Component]:
    return [dmc.MenuItem(label, **{"data-download": kind}) for kind, label in pairs]


def _stage(address: Address) -> Component:
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
            panel("Input plane", graph(ids.plane("a"), label="Points, linear regions, hyperplanes and decision boundary in the input plane", config={"scrollZoom": True, "modeBarButtonsToRemove": ["toImage", "autoScale2d"], "edits": {"shapePosition": False}}),
                  help="The points by class (open marks are held out), each neuron's line with a tick on the side where it fires, the linear regions tinted by how many neurons fire and named by who fires, and the exact decision boundary.",
                  graph_id=ids.plane("a"), export_items=exports, tools=html.Div(plane_tools, className="live-tools"), span=6, tall=True, footer=html.Span(id=ids.SAID)),
            panel("Activation space", graph(ids.space("a"), label="Images of points and cells in the space of the last hidden layer's activations"),
                  help="Where the last hidden layer sends every point, and every linear region: a polygon, a segment or a single point. The grey plane separates the predicted classes.",
                  graph_id=ids.space("a"), tools=html.Div(space_tools, className="live-tools"), span=6, tall=True),
            html.Div([empty("Each neuron gets a panel here once a network trains: where it fires, and how strongly.")], id=ids.NEURONS, className="live-neurons td-span-6"),
            panel("Curves", graph(ids.CURVES, label="Loss, accuracy and Betti numbers by epoch"), tools=html.Div(curve_tools, className="live-tools"),
                  help="Loss and accuracy on the training points (solid) and the held-out ones (dotted), and the exact Betti numbers of the region that the network calls positive. Click to go to an epoch.",
                  graph_id=ids.CURVES, span=6),
            panel("Snapshots", [html.Div(empty("The network at chosen epochs, as in the paper's figures 3 and 5."), id=ids.STRIP, className="live-strip")],
                  help="The input plane and the activation space at chosen epochs; click one to go there.", span=8,
                  tools=dmc.TextInput(id=ids.STRIP_EPOCHS, value=address.strip, size="xs", w=160, debounce=600, attributes={"input": {"aria-label": "Epochs of the strip", "data-plain": "1, 100, 500, 1000"}})),
            panel("Numbers", _numbers(), help="Accuracy, loss, cells and Betti numbers at the epoch on screen, and who is mistaken for whom.", span=4),
            panel("Events", html.Div(empty("What happens to the geometry while the network learns is listed here."), id=ids.EVENTS, className="live-events"),
                  help="When a neuron dies, a cell appears or vanishes, the triangle flips, or the positive region changes its topology. Click to go there.", span=6),
            panel("Weights", [html.Div(empty("The weights of the network on screen can be changed here when it does not train."), id=ids.WEIGHTS)],
                  tools=dmc.Switch(id=ids.EDIT_ON, label="Edit", checked=False, size="xs"),
                  help="Switch Edit on while the training is paused or over: drag a neuron's line in the input plane, or type a weight, and every view follows. Train on keeps it as a new run.", span=6),
            _compare(address),
        ]
    )  # fmt: skip


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
    return [html.Dl(rows, className="td-facts"), html.Div(tables, className="live-confusions")]


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
        [
            panel("Input plane, second run", graph(ids.plane("b"), label="Input plane of the second run"), help="The second run at the same epoch.", graph_id=ids.plane("b"), span=6, tall=True,
                  footer=html.Span([html.Span(id="live-epoch-b", className="td-number"), " · ", html.Span(id="live-words-b")])),
            panel("Activation space, second run", graph(ids.space("b"), label="Activation space of the second run"), help="The second run's activation space under the same camera.", graph_id=ids.space("b"), span=6, tall=True),
        ],
        id=ids.COMPARE_PANELS,
        className="live-compare-panels td-span-12",
        hidden=address.store["b"] is None,
        **{"data-slot": "b"},
    )  # fmt: skip
    return html.Div([choose, panels], className="live-compare td-span-12")


def _landscape() -> Component:
    return dmc.Modal(
        graph(
            ids.LANDSCAPE_GRAPH,
            label="The exact surface of one neuron's activation over the input plane",
            height="60vh",
        ),
        id=ids.LANDSCAPE,
        title="Activation landscape",
        size="70%",
        zIndex=3500,
        closeButtonProps={"aria-label": "Close"},
    )


def strip(run_id: str, epochs: list[int], recorded: set[int], dark: bool) -> list[Component]:
    """The snapshot strip: two still pictures an epoch, a button each; an epoch not yet recorded says so."""
    parts: list[Component] = []
    for epoch in epochs:
        if epoch not in recorded:
            parts.append(
                html.Div(
                    [html.Span(f"epoch {epoch}"), html.Span("not recorded yet", className="live-hint")],
                    className="live-still live-still-missing",
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
