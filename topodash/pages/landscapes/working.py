"""What is asked for is loaded: at once when it is stored, asked for again and again while it is computed."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import dash
from dash import Input, Output, State, ctx, no_update

from topodash.components.controls import ControlErrors
from topodash.components.notices import notice, sentence
from topodash.jobs import cancel
from topodash.jobs.answers.landscape_study import RESULT
from topodash.pages.context import owner, services
from topodash.pages.landscapes import ids, sources
from topodash.pages.landscapes.controls import STORED, VIEW
from topodash.pages.landscapes.standing import next_look, status_of
from topodash.pages.landscapes.state import RECOMPUTE
from topodash.pages.landscapes.view import load
from topodash.pages.landscapes.wanting import most_networks, usual_networks, wanted
from topodash.runs import RunError
from topodash.settings import Settings
from topodash.studies.activation_landscapes import class_names


def steady(done: int) -> int:
    """The networks that a growing study is shown with: 1, 2, 3, 4, 6, 8, 12, ..., so that it is not put together for each."""
    grain: int = 2 ** max(0, done.bit_length() - 2)
    return done // grain * grain


def followed(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked for of a study under way: the networks that are measured by now, and in the end the whole of it."""
    with services().store.open(asked["run"]) as reader:
        names = {each.name for each in reader.artifacts()}
    if RESULT in names:
        return {**asked, "changes": {}}
    return {**asked, "changes": {"networks": steady(sum(name.startswith("network/") for name in names))}}


def stored(run: str) -> dict[str, Any]:
    """The store that asks for a source as it is stored."""
    return {"run": run, "changes": None, "values": VIEW.defaults()}


def form_of(run: str, applied: Mapping[str, Any] | None) -> dict[str, Any]:
    """The controls that act with Compute, as what is shown was computed with; None is as stored."""
    values = dict(applied or VIEW.defaults())
    if values["networks"] == VIEW.defaults()["networks"]:
        with suppress(RunError, ValueError):
            values["networks"] = usual_networks(most_networks(run))
    return {name: values[name] for name in RECOMPUTE}


def classes_of(run: str | None) -> tuple[str, ...]:
    """The names of a source's classes; none where there is no source, or its data are not made yet."""
    try:
        with services().store.open(run or "") as reader:
            if reader.meta.kind == "mlp":
                return tuple(reader.artifact("dataset").meta.get("class_names", ()))
            return class_names(str(reader.meta.config.get("dataset", "nine_disks")))
    except (RunError, ValueError):
        return ()


def carried(networks: int, old: str, new: str) -> int:
    """What the control Networks says when another source is chosen: what was chosen, or what is usual for each."""
    try:
        return (
            usual_networks(most_networks(new)) if networks == usual_networks(most_networks(old)) else networks
        )
    except (RunError, ValueError):
        return networks


def register_working(app: dash.Dash, settings: Settings) -> None:
    """Register the callbacks that load."""
    place = {
        "ready": Output(ids.READY, "data"), "status": Output(ids.STATUS, "children"), "actions": Output(ids.ACTIONS, "className"),
        "idle": Output(ids.poll("work"), "disabled"), "pace": Output(ids.poll("work"), "interval"), "said": Output(ids.ANSWER, "children", allow_duplicate=True),
        "cancel": Output(ids.CANCEL, "disabled"),
    }  # fmt: skip

    @app.callback(
        output=place,
        inputs={"asked": Input(ids.VIEW, "data"), "tick": Input(ids.poll("work"), "n_intervals")},
        state={"before": State(ids.READY, "data")},
        prevent_initial_call="initial_duplicate",
    )
    def work(asked: Any, tick: Any, before: Any) -> dict[str, Any]:
        blank = dict.fromkeys(place, no_update)
        if not asked:
            return {**blank, "status": "no study yet: start one in Setup", "idle": True}
        try:
            full = (
                asked
                if asked.get("changes") is not None
                else {**asked, **wanted(asked["run"], asked["values"])}
            )
            if asked.get("follow"):
                full = followed(full)
            loaded = load(full, again=ctx.triggered_id == ids.VIEW)
            following = bool(asked.get("follow"))
            words, buttons = status_of(loaded, asked["run"], following=following)
            pace = next_look(loaded, services().store.state(asked["run"]), following=following)
        except (RunError, ValueError, KeyError, TypeError) as problem:
            text = notice(f"This cannot be shown. {sentence(problem)}", kind="error", closable=True)
            return {
                **blank,
                "said": text,
                "idle": True,
                "status": "",
                "actions": "land-actions",
                "cancel": True,
            }
        ready = no_update
        if loaded.view is not None:
            now = {"run": full["run"], "changes": full["changes"], "degree": full.get("degree"), "stamp": loaded.view.stamp,
                   "applied": full.get("applied") or {name: VIEW.defaults()[name] for name in RECOMPUTE}}  # fmt: skip
            ready = no_update if before == now else now
        elif before and before["run"] != asked["run"]:
            words, buttons = (
                f"{words}; the pictures are still those of the source before",
                f"{buttons} land-stale",
            )
        said = no_update
        if loaded.state == "failed":
            said = notice(loaded.message, kind="error", closable=True)
        elif ctx.triggered_id == ids.VIEW:
            said = notice(full["said"], closable=True) if full.get("said") else None
        return {
            "ready": ready,
            "status": words,
            "actions": buttons,
            "idle": pace is None,
            "pace": pace or no_update,
            "said": said,
            "cancel": loaded.state != "working",
        }


def register_choosing(app: dash.Dash, settings: Settings) -> None:
    """Register the callbacks that say what is asked for: source, Compute, As stored, Cancel."""

    @app.callback(
        output={"asked": Output(ids.VIEW, "data", allow_duplicate=True), "said": Output(ids.ANSWER, "children", allow_duplicate=True), "errors": VIEW.error_outputs(),
                "class": Output(VIEW.id("class"), "value", allow_duplicate=True)},
        inputs={"source": Input(ids.SOURCE, "value"), "compute": Input(ids.COMPUTE, "n_clicks")},
        state={"raw": VIEW.states(), "now": State(ids.VIEW, "data")},
        prevent_initial_call=True,
    )  # fmt: skip
    def choose(source: str | None, compute: Any, raw: dict[str, Any], now: Any) -> dict[str, Any]:
        kept: dict[str, Any] = dict.fromkeys(("asked", "said", "class"), no_update)
        same = not source or (ctx.triggered_id == ids.SOURCE and now and now["run"] == source)
        if same and ctx.triggered_id == ids.SOURCE:
            return {**kept, "errors": dict.fromkeys(VIEW.names(), no_update)}
        try:
            values = VIEW.parse(raw)
            if not source:
                raise ValueError("Choose a source first.")
            # Another source's classes are others, though their numbers be the same.
            if now and values["class"].isdecimal() and classes_of(source) != classes_of(now["run"]):
                values["class"] = kept["class"] = STORED
            if ctx.triggered_id == ids.SOURCE and now:
                values = {**values, "networks": carried(values["networks"], now["run"], source)}
            asked = wanted(source, values)
        except ControlErrors as problem:
            # Its group may be folded: it is said above, too.
            text = notice(str(problem), kind="error", closable=True)
            return {**kept, "said": text, "errors": VIEW.errors(problem)}
        except (RunError, ValueError) as problem:
            return {
                **kept,
                "said": notice(str(problem), kind="error", closable=True),
                "errors": VIEW.errors(),
            }
        return {**kept, "asked": {**asked, "press": compute}, "said": None, "errors": VIEW.errors()}

    form = {name: Output(VIEW.id(name), "value", allow_duplicate=True) for name in RECOMPUTE}

    @app.callback(
        output={"form": form, "asked": Output(ids.VIEW, "data", allow_duplicate=True)},
        inputs={"clicks": Input(ids.STORED, "n_clicks")},
        state={"now": State(ids.VIEW, "data")},
        prevent_initial_call=True,
    )
    def as_stored(clicks: Any, now: Any) -> dict[str, Any]:
        if not now:
            raise dash.exceptions.PreventUpdate
        return {"form": form_of(now["run"], None), "asked": stored(now["run"])}

    @app.callback(
        output={"form": form, "asked": Output(ids.VIEW, "data", allow_duplicate=True), "source": Output(ids.SOURCE, "value", allow_duplicate=True)},
        inputs={"clicks": Input(ids.CANCEL, "n_clicks")},
        state={"asked": State(ids.VIEW, "data"), "ready": State(ids.READY, "data")},
        prevent_initial_call=True,
    )  # fmt: skip
    def stop_asking(clicks: Any, asked: Any, ready: Any) -> dict[str, Any]:
        if not asked:
            raise dash.exceptions.PreventUpdate
        full = (
            asked if asked.get("changes") is not None else {**asked, **wanted(asked["run"], asked["values"])}
        )
        loaded = load(full, wait=0.0)
        if loaded.state == "working":
            cancel(loaded.key, asker=owner(), settings=settings)
        back = ready or stored(asked["run"])
        # The form says again what the picture is of.
        return {"form": form_of(back["run"], back.get("applied")), "asked": back, "source": back["run"]}

    @app.callback(
        Output(VIEW.id("networks"), "max"), Output(VIEW.id("networks"), "value"), Input(ids.VIEW, "data"), State(VIEW.id("networks"), "max")
    )  # fmt: skip
    def limit(asked: Any, before: Any) -> tuple[Any, Any]:
        try:
            most = most_networks(asked["run"]) if asked else before
        except (RunError, ValueError):
            most = before
        if most == before:
            return no_update, no_update
        # The layout gives what the first source has.
        return most, usual_networks(most) if ctx.triggered_id else no_update

    @app.callback(
        Output(VIEW.id("class"), "data"), Output(ids.SOURCE, "data"), Output(ids.PROVENANCE, "children"), Input(ids.VIEW, "data")
    )  # fmt: skip
    def names(asked: Any) -> tuple[Any, Any, str]:
        run = asked["run"] if asked else None
        choices = [
            (STORED, "As the study"),
            ("all", "All classes"),
            *((str(k), name) for k, name in enumerate(classes_of(run))),
        ]
        labelled = [{"value": value, "label": label} for value, label in choices]
        return labelled, sources.options(run), sources.provenance(run)
