"""From what is chosen to what is asked: source, moment, settings, upload."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import dash
from dash import Input, Output, State, ctx, no_update

from topodash.components.controls import ControlErrors
from topodash.components.notices import notice
from topodash.components.timeline import Mark, marks, part_id, readout
from topodash.pages.asking import asked
from topodash.pages.filters import ids
from topodash.pages.filters.address import NONE, beside_options, first_beside, write_address
from topodash.pages.filters.choice import Source, moment_name, options, read_source, request_of, told
from topodash.pages.filters.controls import PRESETS, STUDY, VIEW, preset_values, study_config
from topodash.runs import RunError

SLIDER = part_id(ids.PAGE, "slider")


def register_choosing(app: dash.Dash) -> None:
    """Register the callbacks of Source, Setup and the timeline."""

    @app.callback(
        output={"moments": Output(ids.MOMENTS, "data"), "beside": Output(ids.BESIDE, "data"), "with": Output(ids.BESIDE, "value"), "time": _time(),
                "hidden": Output(ids.LAYERS, "hidden"), "study": _study(), "said": Output(ids.SAID, "children"), "note": Output(ids.NOTE, "children"),
                "layer": Output(ids.LAYER, "value"), "layers": Output(ids.LAYER, "data")},
        inputs={"value": Input(ids.SOURCE, "value")},
        prevent_initial_call=True,
    )  # fmt: skip
    def open_source(value: str | None) -> dict[str, Any]:
        try:
            source = read_source(value or "")
        except (ValueError, RunError) as problem:
            return {**_nothing(), "said": notice(str(problem), kind="error", closable=True)}
        fitted = preset_values("fit", source.filters) if source.filters else {}
        return {
            "moments": {"source": source.value, "steps": list(source.steps), "live": source.live},
            "beside": beside_options(source, None),
            "with": first_beside(source),
            "time": time_values(source, source.steps[-1] if source.steps else 0),
            "hidden": source.kind != "upload",
            "study": {name: fitted.get(name, no_update) for name in STUDY.names()},
            "said": None,
            "note": told(source),
            "layer": None,
            "layers": [],
        }

    @app.callback(
        output={"request": Output(ids.REQUEST, "data"), "errors": STUDY.error_outputs(), "readout": Output(part_id(ids.PAGE, "readout"), "children"),
                "said": Output(ids.SAID, "children", allow_duplicate=True)},
        inputs={"moments": Input(ids.MOMENTS, "data"), "at": Input(SLIDER, "value"), "beside": Input(ids.BESIDE, "value"), "layer": Input(ids.LAYER, "value"),
                "channels": Input(ids.CHANNELS, "value"), "raw": STUDY.inputs()},
        state={"before": State(ids.REQUEST, "data"), "lines": {name: State(STUDY.id(name), "error") for name in STUDY.names()}},
        prevent_initial_call=True,
    )  # fmt: skip
    def choose(
        *, moments: Any, at: Any, beside: Any, layer: Any, channels: Any, raw: Any, before: Any, lines: Any
    ) -> dict[str, Any]:
        quiet = {"request": no_update, "errors": _changed(lines), "readout": no_update, "said": no_update}
        if not moments:
            return quiet
        try:
            values, source = STUDY.parse(raw), read_source(moments["source"])
        except ControlErrors as problem:
            return {**quiet, "errors": _changed(lines, problem)}
        except (ValueError, RunError) as problem:  # a run that was deleted while its rings stand here
            why = f"{str(problem)[:1].upper()}{str(problem)[1:]}"
            return {**quiet, "said": notice(why, kind="error", closable=True)}
        step = source.nearest(at if isinstance(at, int | float) else None)
        request = full_request(source, step, beside, values, layer=layer, channels=channels)
        return {
            **quiet,
            "request": no_update if request == before else request,
            "errors": _changed(lines),
            "readout": readout(step or 0, source.total, "iteration"),
        }

    @app.callback(
        output=Output(ids.SEARCH, "data"),
        inputs={"request": Input(ids.REQUEST, "data"), "view": VIEW.inputs(), "moments": Input(ids.MOMENTS, "data")},
        state={"follow": State(part_id(ids.PAGE, "follow"), "checked"), "at": State(SLIDER, "value"), "beside": State(ids.BESIDE, "value"), "layer": State(ids.LAYER, "value"),
               "channels": State(ids.CHANNELS, "value"), "raw": STUDY.states()},
    )  # fmt: skip
    def address(
        *,
        request: Any,
        view: Any,
        moments: Any,
        follow: bool,
        at: Any,
        beside: Any,
        layer: Any,
        channels: Any,
        raw: Any,
    ) -> Any:
        if not moments:
            return no_update
        try:
            values, shown, source = STUDY.parse(raw), VIEW.parse(view), read_source(moments["source"])
        except (ControlErrors, ValueError, RunError):
            return no_update
        # What grows is followed: its newest iteration is another one a moment later, and no part of the address.
        stays = isinstance(at, int | float) and not (follow and moments["live"])
        source = replace(source, steps=tuple(moments["steps"]))
        step = source.nearest(at if stays else None)
        return write_address(
            source, step, str(beside), layer=layer, channels=channels, study=values, view=shown
        )

    @app.callback(
        output=_study(duplicate=True),
        inputs={"clicks": {name: Input(button, "n_clicks") for name, button in ids.PRESETS.items()}, "moments": State(ids.MOMENTS, "data"),
                "total": State(ids.TOTAL, "data")},
        prevent_initial_call=True,
    )  # fmt: skip
    def preset(clicks: Any, moments: Any, total: Any) -> dict[str, Any]:
        name = next((name for name, button in ids.PRESETS.items() if button == ctx.triggered_id), None)
        if name is None or not clicks.get(name) or not moments:
            return dict.fromkeys(STUDY.names(), no_update)
        count = read_source(moments["source"]).filters or int(total or 0)
        if name == "fit" and not count:
            return dict.fromkeys(STUDY.names(), no_update)
        return preset_values(name if name in PRESETS else "fit", count)

    _upload(app)


def _changed(lines: dict[str, Any], problem: ControlErrors | None = None) -> dict[str, Any]:
    """The error lines of the settings, only those that change: each sent property costs the browser a look at the page."""
    wanted = STUDY.errors(problem)
    return {name: no_update if (lines.get(name) or None) == wanted[name] else wanted[name] for name in wanted}


def _study(*, duplicate: bool = False) -> dict[str, Output]:
    return {c.id: Output(STUDY.id(c.id), "value", allow_duplicate=duplicate) for c in STUDY.controls()}


def _time(*, duplicate: bool = False) -> dict[str, Output]:
    found = {
        name: Output(SLIDER, name, allow_duplicate=duplicate) for name in ("min", "max", "value", "disabled")
    }
    return {**found, "events": Output(part_id(ids.PAGE, "events"), "children", allow_duplicate=duplicate)}


def _nothing() -> dict[str, Any]:
    return {
        "moments": no_update, "beside": no_update, "with": no_update, "time": dict.fromkeys(("min", "max", "value", "disabled", "events"), no_update),
        "hidden": no_update, "study": dict.fromkeys(STUDY.names(), no_update), "said": no_update, "note": no_update, "layer": no_update, "layers": no_update,
    }  # fmt: skip


def time_values(source: Source, value: int) -> dict[str, Any]:
    """The timeline of a source."""
    steps = source.steps
    first, last = (steps[0], steps[-1]) if steps else (0, 0)
    events = (
        marks(ids.PAGE, [Mark(step, "recorded") for step in steps], first, last) if len(steps) <= 30 else []
    )
    return {
        "min": first,
        "max": max(last, first + 1),
        "value": value,
        "disabled": last <= first,
        "events": events,
    }


def full_request(
    source: Source,
    step: int | None,
    beside: Any,
    values: Any,
    *,
    layer: str | None = None,
    channels: str = "mean",
) -> dict[str, Any] | None:
    """What both rings are asked with; None while a training has recorded nothing."""
    if source.kind != "upload" and step is None:
        return None
    config = study_config(values)
    other = int(beside) if str(beside).isdecimal() and int(beside) in source.steps else None
    return {
        "a": request_of(source, step, config, layer, channels),
        "b": None if beside == NONE or other is None else request_of(source, other, config, layer, channels),
        "names": {"a": moment_name(source, step), "b": "" if other is None else moment_name(source, other)},
        "data": source.data,
        "label": source.label,
    }


def _upload(app: dash.Dash) -> None:
    @app.callback(
        Output(ids.SOURCE, "data"),
        Output(ids.SOURCE, "value"),
        Input(ids.UPLOAD, "data"),
        prevent_initial_call=True,
    )
    def uploaded(told: Any) -> tuple[Any, Any]:
        if not told or "id" not in told:
            return no_update, no_update
        value = f"upload:{told['id']}:{told['name']}"
        return options(value), value

    @app.callback(
        output={"request": Output(ids.REQUEST, "data", allow_duplicate=True), "layer": Output(ids.LAYER, "value", allow_duplicate=True), "layers": Output(ids.LAYER, "data", allow_duplicate=True),
                "study": _study(duplicate=True), "waits": Output(ids.LAYERS_TICK, "disabled"), "said": Output(ids.SAID, "children", allow_duplicate=True)},
        inputs={"moments": Input(ids.MOMENTS, "data"), "tick": Input(ids.LAYERS_TICK, "n_intervals"), "channels": Input(ids.CHANNELS, "value"),
                "layer": Input(ids.LAYER, "value")},
        prevent_initial_call=True,
    )  # fmt: skip
    def layers(moments: Any, tick: Any, channels: str, layer: str | None) -> dict[str, Any]:
        quiet = {
            "request": no_update,
            "layer": no_update,
            "layers": no_update,
            "study": dict.fromkeys(STUDY.names(), no_update),
            "waits": True,
            "said": no_update,
        }
        if not moments or not moments["source"].startswith("upload:"):
            return quiet
        source = read_source(moments["source"])
        answer = asked("filter_layers", {name: source.at(None)[name] for name in ("from", "name")})
        if answer.state == "working":
            return {**quiet, "waits": False}
        if answer.state == "failed":
            return {**quiet, "request": None, "said": notice(answer.message, kind="error", closable=True)}
        found = dict(answer.value["layers"])
        name = layer if layer in found else next(iter(found))
        shape = found[name]
        count = shape[0] * (shape[1] if len(shape) == 4 and channels == "each" else 1)
        data = [
            {"value": each, "label": f"{each}  ({' × '.join(map(str, sides))})"}
            for each, sides in found.items()
        ]
        fitted = preset_values("fit", count)
        # what the address said itself stays until something else is chosen
        given = () if ctx.triggered_id in (ids.CHANNELS, ids.LAYER) else moments.get("given", ())
        lost = bool(layer) and layer not in found
        return {
            **quiet,
            "said": notice(f"{source.label} has no convolution {layer}; {name} is shown.", closable=True)
            if lost
            else no_update,
            "layer": name,
            "layers": data,
            "study": {each: no_update if each in given else fitted[each] for each in STUDY.names()},
        }
