"""Setup before a run: which controls the data set has, the points they give, a user's file, the address."""

from __future__ import annotations

from typing import Any

import dash
from dash import Input, Output, State, html, no_update
from dash.exceptions import PreventUpdate

from topodash.components.controls import ControlErrors
from topodash.components.notices import notice
from topodash.figures.plain import words
from topodash.pages.asking import progress_words
from topodash.pages.context import dark
from topodash.pages.live import ids
from topodash.pages.live.controls import POINT_SETS, TABLE, data_table
from topodash.pages.live.csv_source import StillReading, columns_answer
from topodash.pages.live.drawing import keys, plane_figure, sample_of
from topodash.pages.live.raw import (
    CSV_INPUTS,
    DATA_ERRORS,
    DATA_IDS,
    DATA_INPUTS,
    csv_table,
    data_raw,
    error_lines,
    of_dataset,
)
from topodash.pages.live.setup import data_controls, preview_address, setup_query
from topodash.pages.live.start import chosen_data
from topodash.runs import RunError


def register_settings(app: dash.Dash) -> None:
    """Register the callbacks of Setup."""

    @app.callback(
        Output(ids.DATA, "children"),
        Output(ids.CSV_PANEL, "hidden"),
        Input(TABLE.id("dataset"), "value"),
        DATA_IDS,
        prevent_initial_call=True,
    )
    def offer(name: str, shown: list[dict[str, str]]) -> tuple[Any, bool]:
        wanted = data_table(name).names() if name in POINT_SETS else ()
        same = {found["control"] for found in shown} == set(wanted)
        return (no_update if same else data_controls(name, {})), name in POINT_SETS

    @app.callback(
        output={"plane": Output(ids.plane("a"), "figure", allow_duplicate=True), "preview": Output(ids.PREVIEW, "src"), "errors": DATA_ERRORS,
                "query": Output(ids.QUERY, "data"), "shown": Output(ids.SHOWN, "data", allow_duplicate=True), "tick": Output(ids.CSV_POINTS_TICK, "disabled")},
        inputs={"raw": TABLE.inputs(), "values": DATA_INPUTS, "csv": CSV_INPUTS, "_tick": Input(ids.CSV_POINTS_TICK, "n_intervals")},
        state={"names": DATA_IDS, "run": State(ids.RUN, "data"), "stands": State(ids.SHOWN, "data")},
        prevent_initial_call=True,
    )  # fmt: skip
    def points(
        *, raw: Any, values: Any, csv: Any, _tick: Any, names: Any, run: Any, stands: Any
    ) -> dict[str, Any]:
        name, own = raw["dataset"], data_raw(values, names)
        answer: dict[str, Any] = {
            "plane": no_update,
            "preview": no_update,
            "errors": [no_update] * len(names),
            "query": no_update,
            "shown": no_update,
            "tick": True,
        }
        if name in POINT_SETS and names and not of_dataset(own, name):
            return answer  # the controls of the data set before are still on their way out
        try:
            checked = TABLE.parse(raw)
            source, data = chosen_data(checked, own, csv_table(csv))
        except ControlErrors as problem:
            return {**answer, "errors": error_lines(dict(problem.errors), names)}
        except (ValueError, RunError) as problem:
            answer["tick"] = not isinstance(problem, StillReading)
            return (
                answer
                if run and run["a"]
                else {
                    **answer,
                    "plane": words(str(problem), dark=dark()),
                    "shown": {**(stands or {}), "plane": None},
                    "preview": "",
                }
            )
        if not (run and run["a"]):
            sample, stands = sample_of(data), stands or {}
            plane = keys(sample)["plane"]
            if plane != stands.get("plane"):
                answer |= {"plane": plane_figure(sample, dark()), "shown": {**stands, "plane": plane}}
            answer["query"] = setup_query(checked, own)
        return {**answer, "preview": preview_address(name, source), "errors": [None] * len(names)}

    _csv(app)


def _csv(app: dash.Dash) -> None:
    @app.callback(
        Output(ids.CSV_X, "data"), Output(ids.CSV_Y, "data"), Output(ids.CSV_LABEL, "data"),
        Output(ids.CSV_X, "value"), Output(ids.CSV_Y, "value"), Output(ids.CSV_LABEL, "value"), Output(ids.CSV_SAID, "children"),
        Output(ids.CSV_TICK, "disabled"), Input(ids.CSV, "data"), Input(ids.CSV_TICK, "n_intervals"), prevent_initial_call=True,
    )  # fmt: skip
    def columns(table: Any, _tick: Any) -> tuple[Any, ...]:
        if not table:
            raise PreventUpdate
        nothing_yet = ([],) * 3 + (None,) * 3
        name = table.get("name") or "The file"
        answer = columns_answer(table["id"])
        if answer.state == "working":
            return (*nothing_yet, html.P(f"{name} is here; {progress_words(answer)} ..."), False)
        if answer.state == "failed":
            return (*nothing_yet, notice(answer.message, kind="error"), True)
        found = answer.value
        numeric, labels = found["numeric"], found["labels"]
        x, y = [*numeric, None, None][:2]
        label = next((name for name in labels if name not in (x, y)), None)
        said: list[Any] = [html.P(f"{name}: {found['rows']:,} rows, {len(found['columns'])} columns.")]
        if found["bad_rows"]:
            more = f"{found['bad_rows']:,} such rows; switch on 'Leave out rows that cannot be read' to go on without them."
            said.append(notice(" ".join([*found["bad"], more]), kind="warning"))
        return found["columns"], found["columns"], labels or found["columns"], x, y, label, said, True
