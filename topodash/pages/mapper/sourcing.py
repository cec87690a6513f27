"""Callbacks of the source: which groups are shown, a run's layers and steps, an uploaded file's columns."""

from __future__ import annotations

from typing import Any

import dash
from dash import Input, Output, State, html, no_update

from topodash.components.notices import notice, sentence
from topodash.components.timeline import part_id, readout
from topodash.datasets import counted
from topodash.pages.asking import asked as question
from topodash.pages.asking import progress_words
from topodash.pages.mapper import ids
from topodash.pages.mapper.controls import LENS_CONTROLS, TABLE
from topodash.pages.mapper.state import activation_columns, nearest_step, run_choice
from topodash.runs import RunError

SLIDER = part_id(ids.PAGE, "slider")
FOLLOW = part_id(ids.PAGE, "follow")


def register(app: dash.Dash) -> None:
    """Put the callbacks on the application."""

    @app.callback(
        Output(ids.GROUP_RUN, "hidden"),
        Output(ids.GROUP_UPLOAD, "hidden"),
        Output(part_id(ids.PAGE, "root"), "hidden"),
        Input(TABLE.id("source"), "value"),
    )
    def show(source: str) -> tuple[bool, bool, bool]:
        return source != "run", source != "upload", source != "run"

    @app.callback(
        Output(ids.RUN_INFO, "data"),
        Output(ids.LAYER, "data"),
        Output(ids.LAYER, "value"),
        Output(SLIDER, "min"),
        Output(SLIDER, "max"),
        Output(SLIDER, "value"),
        Output(SLIDER, "disabled"),
        Output(ids.FOLLOW_TICK, "disabled"),
        Output(ids.SAID, "children", allow_duplicate=True),
        Input(ids.RUN, "value"),
        Input(ids.FOLLOW_TICK, "n_intervals"),
        Input(FOLLOW, "checked"),
        State(ids.RUN_INFO, "data"),
        State(ids.LAYER, "value"),
        State(SLIDER, "value"),
        prevent_initial_call=True,
    )
    def opened(
        run_id: str | None, _tick: Any, follow: bool, before: Any, layer: str | None, at: int
    ) -> tuple[Any, ...]:
        nothing = (no_update,) * 9
        if not run_id:
            return nothing
        try:
            run = run_choice(run_id)
        except (RunError, ValueError) as problem:
            return (
                *(no_update,) * 8,
                notice(f"This run cannot be shown. {sentence(problem)}", kind="error", closable=True),
            )
        working = run.state in ("running", "queued", "paused")
        info = {"run": run.id, "steps": list(run.steps), "state": run.state}
        if info == before and not follow:
            return (*(no_update,) * 7, not (follow and working), no_update)
        new = not before or before["run"] != run_id
        layers = [{"value": value, "label": label} for value, label in run.layers]
        keep = layer if layer in [value for value, _ in run.layers] else run.default_layer
        first, last = (run.steps[0], run.steps[-1]) if run.steps else (0, 0)
        value = last if new or follow else nearest_step(run.steps, at) or 0
        return (
            info,
            layers if new else no_update,
            keep if keep != layer else no_update,
            first,
            max(last, first + 1),
            value if value != at else no_update,
            last <= first,
            not (follow and working),
            None,
        )

    @app.callback(
        Output(part_id(ids.PAGE, "readout"), "children"), Input(SLIDER, "value"), Input(ids.RUN_INFO, "data")
    )
    def told(step: int | None, run: Any) -> str:
        if not run or not run["steps"]:
            return "no epoch yet"
        return readout(nearest_step(run["steps"], step) or 0, run["steps"][-1])

    @app.callback(
        Output(FOLLOW, "checked"),
        Input(SLIDER, "value"),
        State(ids.RUN_INFO, "data"),
        State(FOLLOW, "checked"),
        prevent_initial_call=True,
    )
    def detach(step: int, run: Any, follow: bool) -> Any:
        # A manual scrub leaves the latest step, and with it 'follow latest'.
        return False if follow and run and run["steps"] and step < run["steps"][-1] else no_update

    @app.callback(
        Output(ids.COLUMNS, "data"),
        Output(ids.LABEL, "data"),
        Output(ids.LENS_COLUMN, "data"),
        Output(ids.COLUMNS, "value"),
        Output(ids.LABEL, "value"),
        Output(ids.UPLOAD_SAID, "children"),
        Output(ids.UPLOAD_TICK, "disabled"),
        Input(ids.UPLOAD, "data"),
        Input(ids.UPLOAD_TICK, "n_intervals"),
        prevent_initial_call=True,
    )
    def columns(upload: Any, _tick: Any) -> tuple[Any, ...]:
        if not upload:
            return (*(no_update,) * 6, True)
        answer = question("table_columns", {"upload": upload["id"]})
        if answer.state == "working":
            return (
                [],
                [],
                [],
                [],
                None,
                html.P(f"{upload.get('name') or 'The file'}: {progress_words(answer)} …"),
                False,
            )
        if answer.state == "failed":
            return [], [], [], [], None, notice(answer.message, kind="error"), True
        found = answer.value
        numeric = found["numeric"]
        label = next(
            (name for name in found["labels"] if name.lower() in ("label", "class", "target", "y")), None
        )
        chosen = [name for name in activation_columns(numeric) if name != label]
        count = counted(found["rows"], "row")
        of = f"; {len(chosen)} of them are chosen" if len(chosen) < len(numeric) else ""
        numbers = counted(len(numeric), "number column") + of
        said: list[Any] = [html.P(f"{upload.get('name') or 'The file'}: {count}, {numbers}.")]
        if found["unusable"]:
            first, left = " ".join(found["bad"]), "Rows that cannot be used are left out"
            said.append(notice(f"{first} {left} ({counted(found['unusable'], 'cell')}).", kind="warning"))
        if not numeric:
            said.append(notice("No column of this file holds numbers.", kind="error"))
        return numeric, found["columns"], numeric, chosen, label, said, True

    @app.callback(
        Output(TABLE.id("dataset"), "disabled"),
        Output(TABLE.id("data_seed"), "disabled"),
        Output(TABLE.id("part"), "disabled"),
        Output(TABLE.id("radius"), "disabled"),
        Output(TABLE.id("intervals"), "disabled"),
        Output(TABLE.id("overlap"), "disabled"),
        Output(TABLE.id("lens2"), "disabled"),
        Output(TABLE.id("column"), "disabled"),
        Output(TABLE.id("column2"), "disabled"),
        *(Output(TABLE.id(name), "disabled") for name in LENS_CONTROLS),
        Input(TABLE.id("source"), "value"),
        Input(TABLE.id("cover"), "value"),
        Input(TABLE.id("lens"), "value"),
        Input(TABLE.id("lens2"), "value"),
    )
    def usable(source: str, cover: str, lens: str, lens2: str) -> tuple[bool, ...]:
        return (
            source != "dataset",
            source != "dataset",
            source != "run",
            cover != "ball",
            cover == "ball",
            cover == "ball",
            lens in ("pca", "neighbourhood") and lens2 == "none",
            lens != "coordinate",
            lens2 != "coordinate",
            *(lens not in readers and lens2 not in readers for readers in LENS_CONTROLS.values()),
        )
