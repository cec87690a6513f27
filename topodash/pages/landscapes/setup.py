"""Setup: the source, how it is shown, what to recompute, and the form of a new study."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from topodash.components.control_layout import help_mark
from topodash.pages.landscapes import ids, sources
from topodash.pages.landscapes.controls import NEW, VIEW


def setup(run: str | None, values: Mapping[str, Any]) -> list[Component]:
    """All of Setup."""
    return [
        html.Div(
            [
                dmc.Select(
                    id=ids.SOURCE,
                    label="Source",
                    data=sources.options(run),
                    value=run,
                    size="xs",
                    searchable=True,
                    allowDeselect=False,
                    withCheckIcon=False,
                    placeholder="a study or a live run",
                    comboboxProps={"zIndex": 4000, "width": 330, "position": "bottom-start"},
                    maxDropdownHeight=360,
                ),
                help_mark("A study that came with TopoDash, one of your own, or any run of the live page."),
            ],
            className="td-control",
        ),
        html.P(sources.provenance(run), id=ids.PROVENANCE, className="land-hint"),
        VIEW.layout(dict(values)),
        html.Div(
            [
                dmc.Button("Compute", id=ids.COMPUTE, size="xs", variant="filled"),
                dmc.Button("Cancel", id=ids.CANCEL, size="xs", variant="default", disabled=True),
                dmc.Button("As stored", id=ids.STORED, size="xs", variant="default"),
            ],
            className="land-buttons",
        ),
        html.P(
            "Compute applies Homology and Grid. Other homology needs the networks' weights, which a study keeps of some networks.",
            className="land-hint",
        ),
        html.Details(
            [
                html.Summary("New study", id=ids.NEW_STUDY if run else "landscapes-no-study"),
                html.Div([] if run else new_study(), id=ids.NEW_FORM, className="land-new"),
            ],
            className="td-group land-new-study",
            open=run is None,
        ),
    ]


def new_study() -> list[Component]:
    """The form of a new study: a quarter of the page's components, so it comes when it is opened."""
    return [
        NEW.layout(),
        html.P(id=ids.ESTIMATE, className="land-hint", role="status"),
        dmc.Button("Start study", id=ids.START, size="xs", variant="filled", fullWidth=True),
    ]
