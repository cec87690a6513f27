"""Setup before a run: which controls the data set has, the points they give, the address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash
from dash import Input, Output, State, no_update

from topodash.components.controls import ControlErrors
from topodash.figures.plain import words
from topodash.pages.context import dark
from topodash.pages.live import ids
from topodash.pages.live.controls import CSV, POINT_SETS, TABLE, data_table
from topodash.pages.live.csv_source import BadRows, StillReading
from topodash.pages.live.drawing import keys, plane_figure, sample_of, space_figure
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
                "query": Output(ids.QUERY, "data"), "shown": Output(ids.SHOWN, "data", allow_duplicate=True), "tick": Output(ids.CSV_POINTS_TICK, "disabled"),
                "space": Output(ids.space("a"), "figure", allow_duplicate=True), "scene": Output(ids.SCENE, "data"), "leave": Output(ids.CSV_LEAVE, "hidden")},
        inputs={"raw": TABLE.inputs(), "values": DATA_INPUTS, "csv": CSV_INPUTS, "_tick": Input(ids.CSV_POINTS_TICK, "n_intervals")},
        state={"names": DATA_IDS, "run": State(ids.RUN, "data"), "stands": State(ids.SHOWN, "data"), "left": State(ids.CSV_LEAVE, "hidden")},
        prevent_initial_call=True,
    )  # fmt: skip
    def points(
        *, raw: Any, values: Any, csv: Any, _tick: Any, names: Any, run: Any, stands: Any, left: bool
    ) -> dict[str, Any]:
        name, own, table = raw["dataset"], data_raw(values, names), csv_table(csv)
        waiting, stands = not (run and run["a"]), stands or {}
        answer: dict[str, Any] = {
            **dict.fromkeys(("plane", "preview", "query", "shown", "space", "scene", "leave"), no_update),
            "errors": [no_update] * len(names),
            "tick": True,
        }

        def hidden(wanted: bool) -> Any:
            return no_update if wanted == left else wanted

        if name in POINT_SETS and names and not of_dataset(own, name):
            return answer  # the controls of the data set before are still on their way out
        try:
            checked = TABLE.parse(raw)
            if waiting and name == CSV:
                # A file stays in the address whatever is wrong with it.
                answer["query"] = setup_query(checked, table or {})
            source, data = chosen_data(checked, own, table)
        except ControlErrors as problem:
            return {**answer, "errors": error_lines(dict(problem.errors), names)}
        except (ValueError, RunError) as problem:
            answer["tick"] = not isinstance(problem, StillReading)
            if waiting:
                answer |= nothing(str(problem), stands)
                answer["leave"] = hidden(not isinstance(problem, BadRows))
            return answer
        if waiting:
            answer["leave"] = hidden(True)
            sample = sample_of(data)
            known = keys(sample)
            if known["plane"] != stands.get("plane"):
                answer |= {
                    "plane": plane_figure(sample, dark()),
                    "shown": {**stands, "plane": known["plane"]},
                }
            if not stands.get("space"):
                answer["scene"] = {"figure": space_figure(sample, dark()), "key": known["space"]}
            answer["query"] = setup_query(checked, table or {} if name == CSV else own)
        return {**answer, "preview": preview_address(name, source), "errors": [None] * len(names)}


def nothing(said: str, stands: Mapping[str, Any]) -> dict[str, Any]:
    """The stage without points: a sentence in the input plane, and no scene for images that cannot come."""
    return {
        "plane": words(said, dark=dark()),
        "space": words("", dark=dark()) if stands.get("space") else no_update,
        "shown": {**stands, "plane": None, "space": None},
        "scene": None,
        "preview": "",
    }
