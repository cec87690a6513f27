"""Callbacks from settings to requests: compose one and ask for it, keep a graph beside it, suggest eps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash
from dash import Input, Output, State, ctx, no_update

from topodash.components.controls import ControlErrors
from topodash.components.timeline import part_id
from topodash.pages.asking import asked as question
from topodash.pages.mapper import asking, ids
from topodash.pages.mapper.answers import value_of
from topodash.pages.mapper.controls import TABLE, request_of
from topodash.pages.mapper.state import nearest_step, write_address

SLIDER = part_id(ids.PAGE, "slider")


def chosen_inputs(kind: type) -> dict[str, Any]:
    """What is chosen besides the table, as Inputs or States."""
    return {
        "run": kind(ids.RUN, "value"),
        "layer": kind(ids.LAYER, "value"),
        "slider": kind(SLIDER, "value"),
        "info": kind(ids.RUN_INFO, "data"),
        "upload": kind(ids.UPLOAD, "data"),
        "columns": kind(ids.COLUMNS, "value"),
        "label": kind(ids.LABEL, "value"),
        "lens_column": kind(ids.LENS_COLUMN, "value"),
    }


def chosen_of(raw: dict[str, Any]) -> dict[str, Any]:
    """Those values as `controls.source_of` wants them."""
    info = raw["info"] if raw["info"] and raw["info"]["run"] == raw["run"] else None
    return {
        "run": raw["run"],
        "layer": raw["layer"],
        "step": nearest_step(info["steps"], raw["slider"]) if info else None,
        "upload": (raw["upload"] or {}).get("id"),
        "columns": raw["columns"] or [],
        "label": raw["label"],
        "lens_column": raw["lens_column"],
    }


def register(app: dash.Dash) -> None:
    """Put the callbacks on the application."""
    _composing(app)
    _suggesting(app)


def _composing(app: dash.Dash) -> None:
    @app.callback(
        output={
            "request": Output(ids.REQUEST, "data"), "errors": TABLE.error_outputs(), "words": Output(ids.WORDS, "children"),
            "asked": asking.outputs(),
        },
        inputs={"raw": TABLE.inputs(), "chosen": chosen_inputs(Input), "_compute": Input(ids.COMPUTE, "n_clicks")},
        state={"auto": State(ids.AUTO, "checked"), "before": State(ids.REQUEST, "data"), "known": asking.states()},
    )  # fmt: skip
    def compose(
        raw: dict[str, Any], chosen: dict[str, Any], _compute: Any, auto: bool, before: Any, known: Any
    ) -> dict[str, Any]:
        before = before or {"a": None, "b": None}
        pressed = ctx.triggered_id == ids.COMPUTE
        still = {"request": no_update, "errors": TABLE.errors(), "words": "", "asked": asking.nothing()}
        try:
            values = TABLE.parse(raw)
            request = request_of(values, chosen_of(chosen))
        except ControlErrors as problem:
            beside = asking.asked(before, known) if before["b"] and not known["before"][1] else still["asked"]
            return {**still, "errors": TABLE.errors(problem), "asked": beside}
        if before["a"] is not None and not auto and not pressed:
            return {**still, "words": "Settings changed; press Compute."}
        if request == before["a"] and not pressed:
            return still
        wanted = {**before, "a": request}
        return {**still, "request": wanted, "asked": asking.asked(wanted, known, again=pressed, anew=True)}

    @app.callback(
        output={"request": Output(ids.REQUEST, "data", allow_duplicate=True), "asked": asking.outputs(again=True)},
        inputs={"_keep": Input(ids.COMPARE, "n_clicks"), "_close": Input(ids.SWAP, "n_clicks")},
        state={"request": State(ids.REQUEST, "data"), "known": asking.states()},
        prevent_initial_call=True,
    )  # fmt: skip
    def beside(_keep: Any, _close: Any, request: Any, known: dict[str, Any]) -> dict[str, Any]:
        if not request or not request["a"]:
            return {"request": no_update, "asked": asking.nothing()}
        wanted = {**request, "b": request["a"] if ctx.triggered_id == ids.COMPARE else None}
        return {"request": wanted, "asked": asking.asked(wanted, known)}

    @app.callback(
        output={"search": Output(ids.SEARCH, "data"), "close": Output(ids.SWAP, "display"),
                "views": [Output(ids.view("b"), "hidden"), Output(ids.SPACE_B_PANEL, "hidden")]},
        inputs={"request": Input(ids.REQUEST, "data"), "colour": Input(ids.COLOUR, "value"), "sweep": Input(ids.SWEEP_RUN, "data")},
        state={"raw": TABLE.states(), "chosen": chosen_inputs(State)},
        prevent_initial_call=True,
    )  # fmt: skip
    def address(
        request: Any, colour: Any, sweep: Any, raw: dict[str, Any], chosen: dict[str, Any]
    ) -> dict[str, Any]:
        other = (request or {}).get("b")
        shown = {"close": None if other else "none", "views": [other is None, other is None]}
        try:
            values = TABLE.parse(raw)
        except ControlErrors:
            return {"search": no_update, **shown}
        more = {**chosen_of(chosen), "colour": colour, "sweep": sweep, "other": other}
        return {"search": write_address(values, more), **shown}


def suggestion(found: Mapping[str, Any], shown: Mapping[str, Any] | None) -> tuple[str, float]:
    """What to say of eps, and the eps: where most points join when the graph falls apart, else the elbow."""
    joining = found["joining"]
    if shown is not None and shown["hint"] and joining is not None and joining > shown["eps"]:
        return "98 % of the points join others at eps", float(joining)
    return f"The elbow of the {found['k']}-distance curve is at eps", float(found["eps"])


def _suggesting(app: dash.Dash) -> None:
    @app.callback(
        Output(ids.SUGGESTION, "children"),
        Output(ids.SUGGESTION_USE, "display"),
        Output(ids.SUGGESTED, "data"),
        Output(ids.SUGGEST_TICK, "disabled"),
        Input(ids.answer("a"), "data"),
        Input(ids.SUGGEST_TICK, "n_intervals"),
    )
    def suggest(shown: Any, _tick: Any) -> tuple[Any, ...]:
        if not shown:
            return "", "none", None, True
        request = shown["request"]
        asked = {name: request[name] for name in ("source", "limit", "seed", "metric")}
        clusterer = request["clusterer"]
        answer = question("mapper_eps", {**asked, "min_samples": clusterer["min_samples"]}, wait=0.1)
        if answer.state == "working":
            return no_update, no_update, no_update, False
        if answer.state == "failed" or clusterer["kind"] not in ("dbscan", "single"):
            return "", "none", None, True
        said, eps = suggestion(answer.value, value_of(shown))
        if clusterer["relative"] and answer.value["scale"]:
            eps /= answer.value["scale"]
        return f"{said} {eps:.3g}.", None, {"eps": float(f"{eps:.3g}")}, True

    @app.callback(
        Output(TABLE.id("eps"), "value"),
        Input(ids.SUGGESTION_USE, "n_clicks"),
        State(ids.SUGGESTED, "data"),
        prevent_initial_call=True,
    )
    def use(clicks: int | None, suggested: Any) -> Any:
        return suggested["eps"] if clicks and suggested else no_update
