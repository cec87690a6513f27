"""Every shared component on one page, with the libraries that the security policy must let draw."""

import dash_mantine_components as dmc
import plotly.graph_objects as go
from dash import html

from topodash.components import Choice, Group, Number, Table, Text, Toggle
from topodash.components.inspector import inspector
from topodash.components.notices import notices
from topodash.components.page import page, stage
from topodash.components.panel import empty, graph, panel
from topodash.components.timeline import Mark, timeline
from topodash.figures.theme import OCTANT_CAMERA, template
from topodash.pages.context import dark

TABLE = Table(
    "gallery",
    [
        Group(
            "Training",
            [
                Number(
                    "learning_rate", "Learning rate", 0.5, 1e-5, 10, 0.01, "How far one step goes.", log=True
                ),
                Number("epochs", "Epochs", 1000, 1, 20000, 1, "How often all points are seen.", integer=True),
                Choice(
                    "optimiser",
                    "Optimiser",
                    "sgd",
                    [("sgd", "Gradient descent"), ("adam", "Adam")],
                    "The rule.",
                ),
            ],
        ),
        Group(
            "View",
            [
                Toggle("field", "Show field", False, "Shades the plane."),
                Text("note", "Note", "", "A remark."),
            ],
        ),
    ],
)


def plane(look):
    figure = go.Figure(go.Scatter(x=[0, 1, 2], y=[1, 3, 2], mode="lines+markers"))
    return figure.update_layout(template=template(look), xaxis_title="epoch", yaxis_title="loss")


def space(look):
    figure = go.Figure(go.Scatter3d(x=[0, 1, 1], y=[1, 0, 1], z=[0, 1, 1], mode="markers"))
    return figure.update_layout(
        template=template(look), scene_camera=OCTANT_CAMERA, margin={"l": 0, "r": 0, "t": 0, "b": 0}
    )


def layout(**query):
    values, said = TABLE.values(query)
    look = dark()
    return page(
        "gallery",
        "Gallery",
        stage(
            [
                panel(
                    "Curves",
                    graph("gallery-plane", plane(look), label="A line"),
                    help="A line.",
                    graph_id="gallery-plane",
                    span=7,
                ),
                panel(
                    "Space",
                    graph("gallery-space", space(look), label="Points"),
                    help="Points.",
                    graph_id="gallery-space",
                    span=5,
                ),
                panel("Nothing", empty("Press Start to see something here."), help="An empty view.", span=7),
            ]
        ),
        setup=[
            TABLE.layout(values),
            dmc.Button("Start", id="gallery-start", mt="md"),
            html.Pre(id="gallery-said"),
        ],
        inspector=inspector("gallery-inspector", "Click a cell to see its numbers."),
        timeline=timeline(
            "gallery", last=1000, value=412, events=[Mark(100, "a cell appeared"), Mark(700, "neuron 2 died")]
        ),
        notices=notices(said),
    )
