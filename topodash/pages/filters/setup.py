"""Setup: the source of the filters, an upload, the study's settings, a training."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from topodash.components.control_layout import help_mark
from topodash.components.upload import upload_zone
from topodash.pages.context import services
from topodash.pages.filters import ids
from topodash.pages.filters.address import Address, beside_options
from topodash.pages.filters.choice import missing_words, options, told
from topodash.pages.filters.controls import STUDY, TRAINING, VIEW

PRESET_WORDS = {
    "fit": (
        "Fit",
        "ρ(200, 20 %) of the improved model, scaled to the number of filters. The cover is ours, coarse enough to read every node.",
    ),
    "paper": ("Paper", "ρ(5, 20 %), neighbourhood lenses: M(512, 128, 1024), 512 filters."),
    "improved": ("Improved", "ρ(200, 20 %) of 6400 filters, PCA lenses; k is ours."),
    "replication": ("Replications", "ρ(200, 30 %) of 6400 filters, resolution 30, gain 3, single linkage."),
}


def setup(address: Address) -> list[Component]:
    """All of Setup."""
    value = address.source.value if address.source else None
    return [
        _source(address, value),
        html.Div(
            [
                html.Span("Settings of", className="filters-quiet"),
                *(
                    html.Button(label, id=ids.PRESETS[name], type="button", className="td-tool filters-preset", title=said)
                    for name, (label, said) in PRESET_WORDS.items()
                ),
            ],
            className="filters-presets",
            role="group",
            **{"aria-label": "Presets of the study's settings"},
        ),
        STUDY.layout(address.study),
        VIEW.layout(address.view),
        html.Div(
            [
                TRAINING.layout(),
                html.Div(dmc.Button("Train", id=ids.TRAIN, size="xs", variant="filled"), className="filters-buttons"),
            ]
        ),
    ]  # fmt: skip


def _labelled(component: Component, said: str) -> Component:
    return html.Div([component, help_mark(said)], className="td-control")


def _steering() -> Component:
    """What a training that is the source is doing, beneath its name: in sight when its page is opened again."""
    return html.Div(
        [
            html.Div(id=ids.TRAIN_SAID, role="status", className="filters-said td-number"),
            html.Div(
                [
                    dmc.Button("Pause", id=ids.TRAIN_PAUSE, size="xs", variant="default", display="none"),
                    dmc.Button("Stop", id=ids.TRAIN_STOP, size="xs", variant="default", display="none"),
                ],
                className="filters-buttons",
            ),
        ],
        className="filters-steering",
    )


def _source(address: Address, value: str | None) -> Component:
    select = dmc.Select(
        id=ids.SOURCE, label="Source", data=options(value), value=value, size="xs", allowDeselect=False, withCheckIcon=False,
        placeholder="no bank is shipped", comboboxProps={"zIndex": 4000},
    )  # fmt: skip
    beside = dmc.Select(
        id=ids.BESIDE, label="Compare with", data=beside_options(address.source, address.step), value=address.beside, size="xs",
        allowDeselect=False, withCheckIcon=False, comboboxProps={"zIndex": 4000},
    )  # fmt: skip
    upload = address.source is not None and address.source.kind == "upload"
    layer = dmc.Select(
        id=ids.LAYER, label="Layer", data=[address.layer] if address.layer else [], value=address.layer, size="xs", allowDeselect=False,
        placeholder="the first convolution", comboboxProps={"zIndex": 4000},
    )  # fmt: skip
    channels = dmc.Select(
        id=ids.CHANNELS, label="Input channels", data=[{"value": "mean", "label": "averaged"}, {"value": "each", "label": "each on its own"}],
        value=address.channels, size="xs", allowDeselect=False, withCheckIcon=False, comboboxProps={"zIndex": 4000},
    )  # fmt: skip
    missing = missing_words()
    limit = services().settings.upload_mb
    return html.Div(
        [
            _labelled(select, "Filters of shipped banks, of trainings of your own, or of a file."),
            _steering(),
            html.Div(told(address.source), id=ids.NOTE, className="filters-note", role="status"),
            _labelled(beside, "What the left ring shows: the same networks at another iteration, under the same settings."),
            html.Div(
                [
                    _labelled(layer, "Which convolution of the file."),
                    _labelled(channels, "A convolution with several input channels: average its filters over them, or take each as a filter of its own."),
                ],
                id=ids.LAYERS,
                hidden=not upload,
                className="filters-layers",
            ),
            html.Details(
                [
                    html.Summary("Upload filters"),
                    upload_zone(
                        ids.UPLOAD, route="/api/uploads", label="Choose a file", accept=".npz,.safetensors,.pt,.pth", max_mb=limit, said=ids.SAID,
                        hint="npz, safetensors, or a PyTorch state dict (read as weights only; code in it is refused).",
                    ),
                ],
                className="td-group",
            ),
            html.P(dcc.Markdown(missing) if missing else "", className="filters-quiet filters-missing"),
        ],
        className="filters-source",
    )  # fmt: skip
