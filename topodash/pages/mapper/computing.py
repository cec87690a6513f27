"""Callbacks from settings to what is asked for: the script is told of every change; the address; a suggestion of eps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash
from dash import Input, Output, State, no_update

from topodash.components.control_layout import value_property
from topodash.components.controls import ControlErrors
from topodash.components.scripted import scripted
from topodash.components.timeline import part_id
from topodash.pages.asking import asked as question
from topodash.pages.mapper import ids
from topodash.pages.mapper.answers import value_of
from topodash.pages.mapper.controls import TABLE
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
    # The script asks (assets/mapper_ask.js): at once for what it knows, else through a route of its own.
    scripted(
        app, ids.PAGE, "compose",
        *(Input(TABLE.id(name), value_property(each)) for name, each in zip(TABLE.names(), TABLE.controls(), strict=True)),
        *chosen_inputs(Input).values(),
        Input(ids.COMPUTE, "n_clicks"),
        State(ids.AUTO, "checked"),
        State(ids.COLOUR, "value"),
        State(ids.THRESHOLD, "value"),
        State(ids.REQUEST, "data"),
        at_opening=ids.COMPOSED,
    )  # fmt: skip
    look = (Input(ids.AUTO, "checked"), Input(ids.COLOUR, "value"), Input(ids.THRESHOLD, "value"))
    scripted(app, ids.PAGE, "looked", *look)
    scripted(app, ids.PAGE, "beside", Input(ids.COMPARE, "n_clicks"), Input(ids.SWAP, "n_clicks"))

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
