"""The callbacks of the page: runs are started, steered and opened here; `assets/live_*.js` draws them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import dash
from dash import ALL, Input, Output, State, ctx, html, no_update

from topodash.components.controls import ControlErrors
from topodash.components.notices import notice, notices
from topodash.components.panel import empty
from topodash.figures.neuron_panel import neuron_landscape
from topodash.jobs import resume_run, steer
from topodash.pages.context import dark, owner, services
from topodash.pages.live import ids, inspector
from topodash.pages.live.clientside import register_clientside
from topodash.pages.live.controls import POINT_SETS, TABLE, data_table, dataset_parameters, pace, values_of
from topodash.pages.live.csv_source import summary
from topodash.pages.live.drawing import is_own, load_run, neuron_panels, nothing, plane_figure, sample_of
from topodash.pages.live.layout import strip
from topodash.pages.live.start import NotStarted, branch, chosen_data, rewind, start
from topodash.pages.live.state import epochs_of
from topodash.pages.live.views import views
from topodash.pages.live.weights import weight_table
from topodash.runs import RunError
from topodash.settings import Settings

DATA_STATES = {name: data_table(name).states() for name in POINT_SETS}
DATA_INPUTS = {name: data_table(name).inputs() for name in POINT_SETS}
CSV_STATE = {
    "table": State(ids.CSV, "data"), "x": State(ids.CSV_X, "value"), "y": State(ids.CSV_Y, "value"), "label": State(ids.CSV_LABEL, "value"),
    "standardise": State(ids.CSV_STANDARDISE, "checked"), "drop_bad_rows": State(ids.CSV_DROP, "checked"),
}  # fmt: skip
NO_RUN = "Press Start and a network learns these points before your eyes."


def csv_table(values: dict[str, Any]) -> dict[str, Any] | None:
    """The chosen file and columns, or None without a file."""
    return (
        {**values["table"], **{k: v for k, v in values.items() if k != "table"}} if values["table"] else None
    )


def opened(run_id: str) -> dict[str, Any]:
    """The run store for a run that was just made: it is followed, and the address gets a new entry."""
    return {"a": run_id, "b": None, "epoch": None, "pattern": None, "edit": None, "push": True}


def register(app: dash.Dash, settings: Settings) -> None:
    """Put the page's callbacks on the application."""
    register_clientside(app)
    _starting(app)
    _steering(app, settings)
    _opening(app)
    _setup(app)
    _looking(app)


def _starting(app: dash.Dash) -> None:
    @app.callback(
        output={"run": Output(ids.RUN, "data"), "said": Output(ids.ANSWER, "children"), "errors": TABLE.error_outputs(),
                "data_errors": {name: data_table(name).error_outputs() for name in POINT_SETS}},
        inputs={"moment": Input(ids.MOMENT, "data")},
        state={"raw": TABLE.states(), "raw_data": DATA_STATES, "csv": CSV_STATE, "edit": State(ids.EDIT, "data")},
        prevent_initial_call=True,
    )  # fmt: skip
    def make(
        moment: dict[str, Any], raw: dict[str, Any], raw_data: dict[str, Any], csv: dict[str, Any], edit: Any
    ) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "run": no_update,
            "said": None,
            "errors": TABLE.errors(),
            "data_errors": {n: data_table(n).errors() for n in POINT_SETS},
        }
        run_id, step = moment.get("run"), moment.get("step")
        try:
            if moment["button"] == "start":
                made = start(raw, raw_data, csv_table(csv))
            elif moment["button"] == "rewind":
                made = rewind(run_id)
            elif moment["button"] in ("branch", "keep") and step is not None:
                made = branch(run_id, step, raw, edit["changes"] if edit else None)
            else:
                return answer
        except NotStarted as problem:
            return _told(answer, problem)
        return {**answer, "run": opened(made)}

    @app.callback(
        Output(ids.RUN, "data", allow_duplicate=True), Input(ids.NEW, "n_clicks"), prevent_initial_call=True
    )
    def leave(clicks: int | None) -> Any:
        return {**opened(""), "a": None} if clicks else no_update


def _told(answer: dict[str, Any], problem: NotStarted) -> dict[str, Any]:
    """Errors beside their controls; what belongs to no control, above the stage."""
    known = dict(problem.errors)
    tables = {name: data_table(name) for name in POINT_SETS}
    answer["errors"] = {name: known.get(name) for name in TABLE.names()}
    answer["data_errors"] = {
        name: {key: known.get(key) for key in table.names()} for name, table in tables.items()
    }
    text = str(problem) or " ".join(known.values())
    return {**answer, "said": notice(text, kind="error", closable=True)}


def _steering(app: dash.Dash, settings: Settings) -> None:
    buttons = {ids.PAUSE: "pause", ids.RESUME: "resume", ids.STEP: "step", ids.STOP: "stop"}

    @app.callback(
        Output(ids.ANSWER, "children", allow_duplicate=True),
        [Input(button, "n_clicks") for button in buttons],
        State(ids.RUN, "data"),
        State(ids.STATUS, "data"),
        prevent_initial_call=True,
    )
    def press(*arguments: Any) -> Any:
        run, status = arguments[-2], arguments[-1]
        if not run or not run["a"] or not any(arguments[:-2]):
            return no_update
        return _steer(settings, run["a"], buttons[ctx.triggered_id], status or {})

    @app.callback(
        Output(ids.ANSWER, "children", allow_duplicate=True),
        Input(TABLE.id("learning_rate"), "value"),
        Input(TABLE.id("speed"), "value"),
        State(ids.RUN, "data"),
        State(ids.STATUS, "data"),
        prevent_initial_call=True,
    )
    def act_on_run(rate: Any, speed: Any, run: Any, status: Any) -> Any:
        if (
            not run
            or not run["a"]
            or not status
            or status["state"] not in ("running", "paused", "queued")
            or not is_own(run["a"])
        ):
            return no_update
        try:
            values = TABLE.parse({"learning_rate": rate, "speed": speed})
            steer(
                settings,
                run["a"],
                learning_rate=float(values["learning_rate"]),
                epochs_per_second=pace(values["speed"]),
            )
        except (ControlErrors, RunError, ValueError) as problem:
            return notice(str(problem), kind="error", closable=True)
        return no_update

    @app.callback(
        output={"buttons": {name: (Output(name, "disabled"), Output(name, "display")) for name in (ids.START, ids.REWIND, ids.BRANCH, ids.NEW, *buttons)},
                "start": Output(ids.START, "variant")},
        inputs=[Input(ids.STATUS, "data"), Input(ids.RUN, "data")],
    )  # fmt: skip
    def offer(status: Any, run: Any) -> Any:
        shown = _offered(status, run)
        every = (ids.START, ids.REWIND, ids.BRANCH, ids.NEW, *buttons)
        return {
            "buttons": {name: (name not in shown, None if name in shown else "none") for name in every},
            "start": "filled",
        }


def _offered(status: Any, run: Any) -> set[str]:
    """The buttons that can do something now."""
    if not run or not run["a"]:
        return {ids.START}
    shown = {ids.NEW, ids.BRANCH}
    state = (status or {}).get("state") if (status or {}).get("run") == run["a"] else None
    if not is_own(run["a"]):
        return shown
    shown.add(ids.REWIND)
    if state in ("running", "queued"):
        return shown | {ids.PAUSE, ids.STOP}
    if state == "paused":
        return shown | {ids.RESUME, ids.STEP, ids.STOP}
    if state in ("interrupted", "stopped"):
        return shown | {ids.RESUME}
    return shown


def _steer(settings: Settings, run_id: str, action: str, status: dict[str, Any]) -> Any:
    if not is_own(run_id):
        return notice(
            "Only the browser that made a run can steer it. Branch makes one of your own from here.",
            kind="warning",
            closable=True,
        )
    try:
        if action == "resume":
            steer(settings, run_id, pause=False, stop=False, step_until=None)
            if services().store.state(run_id) in ("interrupted", "stopped"):
                resume_run(settings, run_id)
        elif action == "step":
            with services().store.open(run_id) as reader:
                now = reader.status.step or 0
            steer(settings, run_id, step_until=now + 1)
        else:
            steer(settings, run_id, **{action: True})
    except (RunError, ValueError) as problem:
        return notice(str(problem), kind="error", closable=True)
    return None


def _opening(app: dash.Dash) -> None:
    plain = {
        "attach": Output(ids.ATTACH, "data"), "plane": Output(ids.plane("a"), "figure"), "space": Output(ids.space("a"), "figure"),
        "curves": Output(ids.CURVES, "figure"), "plane_b": Output(ids.plane("b"), "figure"), "space_b": Output(ids.space("b"), "figure"),
        "neurons": Output(ids.NEURONS, "children"), "title": Output(ids.TITLE, "children"), "compare": Output(ids.COMPARE_PANELS, "hidden"),
        "said": Output(ids.ANSWER, "children", allow_duplicate=True),
    }  # fmt: skip

    @app.callback(
        output={**plain, "values": TABLE.outputs(), "data": {n: data_table(n).outputs() for n in POINT_SETS}},
        inputs={"run": Input(ids.RUN, "data")},
        state={"raw": TABLE.states(), "raw_data": DATA_STATES, "csv": CSV_STATE},
        prevent_initial_call="initial_duplicate",
    )
    def show(
        run: dict[str, Any], raw: dict[str, Any], raw_data: dict[str, Any], csv: dict[str, Any]
    ) -> dict[str, Any]:
        keep = {
            "values": dict.fromkeys(TABLE.names(), no_update),
            "data": {n: dict.fromkeys(data_table(n).names(), no_update) for n in POINT_SETS},
        }
        blank = dict.fromkeys(plain, no_update)
        if not run or not run["a"]:
            return {**blank, **keep, **_unstarted(raw, raw_data, csv)}
        try:
            first = load_run(run["a"], dark())
            second = load_run(run["b"], dark()) if run.get("b") else None
        except (RunError, ValueError, KeyError) as problem:
            text = (
                f"This run cannot be shown. {problem}"
                if not isinstance(problem, KeyError)
                else "This run's data set is incomplete."
            )
            return {
                **blank,
                **keep,
                **_unstarted(raw, raw_data, csv),
                "said": notice(text, kind="error", closable=True),
            }
        return {**blank, **keep, **_shown(run, first, second)}


def _unstarted(raw: dict[str, Any], raw_data: dict[str, Any], csv: dict[str, Any]) -> dict[str, Any]:
    """The stage before a run: the points that Setup describes."""
    try:
        plane = plane_figure(sample_of(chosen_data(TABLE.parse(raw), raw_data, csv_table(csv))[1]), dark())
    except (ValueError, RunError):
        plane = nothing("Setup does not describe points yet.", dark())
    waiting = nothing(NO_RUN, dark())
    return {"attach": {"a": None, "b": None, "epoch": None, "push": False}, "plane": plane, "space": nothing("The points' images appear here.", dark()),
            "curves": nothing("Loss, accuracy and Betti numbers appear here.", dark()), "neurons": [empty(NO_RUN)], "title": "", "compare": True,
            "plane_b": waiting, "space_b": waiting}  # fmt: skip


def _shown(run: dict[str, Any], first: dict[str, Any], second: dict[str, Any] | None) -> dict[str, Any]:
    hidden = first["config"].get("hidden", [3])
    values, _, own = values_of(first["config"])
    notes = list(first["sample"].meta.get("notices") or [])
    if not first["info"]["own"]:
        notes.append(
            "This run belongs to another browser: look at it, and use Branch to go on from any epoch in a run of your own."
        )
    shown: dict[str, Any] = {
        "attach": {"a": first["info"], "b": second["info"] if second else None, **{k: run.get(k) for k in ("epoch", "pattern", "edit", "push")}},
        "plane": first["plane"], "space": first["space"], "curves": first["curves"], "title": first["title"],
        "neurons": neuron_panels(first["sample"], hidden[-1], len(hidden), len(hidden), dark()),
        "compare": second is None, "said": notices(notes, kind="info") or None,
    }  # fmt: skip
    if second:
        shown |= {"plane_b": second["plane"], "space_b": second["space"]}
    shown["values"] = values
    if own:
        name = first["config"]["dataset"]["name"]
        shown["data"] = {
            n: own if n == name else dict.fromkeys(data_table(n).names(), no_update) for n in POINT_SETS
        }
    return shown


def _setup(app: dash.Dash) -> None:
    @app.callback(
        output={
            "preview": Output(ids.PREVIEW, "src"),
            "shown": {n: Output(ids.data_group(n), "hidden") for n in POINT_SETS},
            "csv": Output(ids.CSV_PANEL, "hidden"),
        },
        inputs={
            "name": Input(TABLE.id("dataset"), "value"),
            "seed": Input(TABLE.id("data_seed"), "value"),
            "raw": DATA_INPUTS,
        },
    )
    def preview(name: str, seed: Any, raw: dict[str, Any]) -> dict[str, Any]:
        shown = {n: n != name for n in POINT_SETS}
        if name not in POINT_SETS:
            return {"preview": "", "shown": shown, "csv": False}
        try:
            parameters = dataset_parameters(name, raw[name])
            text = json.dumps(
                {"name": name, "seed": int(seed or 0), "parameters": parameters}, separators=(",", ":")
            )
        except (ControlErrors, ValueError):
            return {"preview": no_update, "shown": shown, "csv": True}
        return {
            "preview": f"/api/preview.svg?dataset={quote(text)}&dark={int(dark())}",
            "shown": shown,
            "csv": True,
        }

    @app.callback(
        output=[Output(ids.plane("a"), "figure", allow_duplicate=True), {n: data_table(n).error_outputs() for n in POINT_SETS}],
        inputs={"name": Input(TABLE.id("dataset"), "value"), "seed": Input(TABLE.id("data_seed"), "value"), "raw_data": DATA_INPUTS,
                "csv": {k: (Input(v.component_id, v.component_property)) for k, v in CSV_STATE.items()}},
        state={"run": State(ids.RUN, "data")},
        prevent_initial_call=True,
    )  # fmt: skip
    def points(name: str, seed: Any, raw_data: dict[str, Any], csv: dict[str, Any], run: Any) -> Any:
        errors = {n: data_table(n).errors() for n in POINT_SETS}
        if run and run["a"]:
            return [no_update, errors]
        try:
            _, data = chosen_data(TABLE.parse({"dataset": name, "data_seed": seed}), raw_data, csv_table(csv))
        except ControlErrors as problem:
            known = dict(problem.errors)
            return [
                no_update,
                {n: {key: known.get(key) for key in data_table(n).names()} for n in POINT_SETS},
            ]
        except (ValueError, RunError) as problem:
            return [nothing(str(problem), dark()), errors]
        return [plane_figure(sample_of(data), dark()), errors]

    @app.callback(
        Output(ids.CSV_X, "data"), Output(ids.CSV_Y, "data"), Output(ids.CSV_LABEL, "data"),
        Output(ids.CSV_X, "value"), Output(ids.CSV_Y, "value"), Output(ids.CSV_LABEL, "value"), Output(ids.CSV_SAID, "children"),
        Input(ids.CSV, "data"), prevent_initial_call=True,
    )  # fmt: skip
    def columns(table: Any) -> tuple[Any, ...]:
        if not table:
            return ([],) * 3 + (None,) * 4
        try:
            found = summary(table["upload"])
        except (ValueError, RunError) as problem:
            return ([],) * 3 + (None,) * 3 + (notice(str(problem), kind="error"),)
        numeric, labels = found["numeric"], found["labels"]
        x, y = [*numeric, None, None][:2]
        label = next((name for name in labels if name not in (x, y)), None)
        said: list[Any] = [
            html.P(
                f"{table.get('name') or 'The file'}: {found['rows']:,} rows, {len(found['columns'])} columns."
            )
        ]
        if found["bad_rows"]:
            said.append(
                notice(
                    " ".join(
                        [
                            *found["bad"],
                            f"{found['bad_rows']:,} such rows; switch on 'Leave out rows that cannot be read' to go on without them.",
                        ]
                    ),
                    kind="warning",
                )
            )
        return found["columns"], found["columns"], labels or found["columns"], x, y, label, said


def _looking(app: dash.Dash) -> None:
    @app.callback(Output(ids.INSPECTOR, "children"), Input(ids.SELECTION, "data"), prevent_initial_call=True)
    def inspect(selected: Any) -> Any:
        if not selected or not (selected["pattern"] or selected["points"]):
            return empty("Click a cell or lasso points in the input plane.")
        changes = (selected.get("edit") or {}).get("changes")
        try:
            if selected["pattern"]:
                view = views().view(selected["run"], selected["step"], changes=changes)
                return inspector.cell_selection(view, views().sample(selected["run"]), selected["pattern"])
            return inspector.points_selection(
                views(), selected["run"], selected["step"], selected["points"], changes
            )
        except (RunError, ValueError) as problem:
            return notice(str(problem), kind="error")

    @app.callback(
        Output(ids.STRIP, "children"), Output(ids.STRIP_EPOCHS, "error"),
        Input(ids.STRIP_EPOCHS, "value"), Input(ids.STATUS, "data"), Input(ids.ATTACH, "data"), Input(ids.STRIP_TICK, "data"),
    )  # fmt: skip
    def film(text: str, _status: Any, attached: Any, _tick: Any) -> tuple[Any, Any]:
        if not attached or not attached["a"]:
            return empty("The network at chosen epochs, as in the paper's figures 3 and 5."), None
        try:
            epochs = epochs_of(text or "")
            with services().store.open(attached["a"]["id"]) as reader:
                recorded = set(reader.snapshot_steps().tolist())
        except (ValueError, RunError) as problem:
            return no_update, str(problem)
        return strip(attached["a"]["id"], epochs, recorded, dark()), None

    @app.callback(
        Output(ids.WEIGHTS, "children"), Output(ids.WEIGHT_VALUES, "data"),
        Input(ids.EDIT_ON, "checked"), Input(ids.SELECTION, "data"), Input(ids.EDIT, "data"), Input(ids.STATUS, "data"), State(ids.MOMENT, "data"), Input(ids.STEP_TICK, "data"),
        prevent_initial_call=True,
    )  # fmt: skip
    def weights(
        editing: bool, _selection: Any, edit: Any, status: Any, _moment: Any, shown: Any
    ) -> tuple[Any, Any]:
        if not shown or not shown.get("run"):
            return empty("The weights of the network on screen stand here."), {}
        may = bool(editing) and bool(status) and status["state"] not in ("running", "queued")
        step = edit["step"] if edit else shown["step"]
        try:
            found = views().weights(shown["run"], step, edit["changes"] if edit else None)
        except (RunError, ValueError) as problem:
            return notice(str(problem), kind="error"), no_update
        return weight_table(found, may)

    @app.callback(Output(ids.COMPARE, "data"), Input(ids.ATTACH, "data"), Input(ids.STATUS, "data"))
    def others(attached: Any, _status: Any) -> list[dict[str, str]]:
        here = attached["a"]["id"] if attached and attached["a"] else None
        entries = services().catalogue.entries(owner(), limit=60)
        rows = [{"value": e.id, "label": e.title or e.id[:6]} for e in entries if e.id != here]
        other = attached["b"]["id"] if attached and attached.get("b") else None
        if other and other not in [row["value"] for row in rows]:
            rows.append({"value": other, "label": f"run {other[:6]}"})
        return rows

    @app.callback(
        Output(ids.RUN, "data", allow_duplicate=True), Input(ids.COMPARE, "value"), State(ids.RUN, "data"), State(ids.MOMENT, "data"), prevent_initial_call=True,
    )  # fmt: skip
    def compare(other: str | None, run: Any, _moment: Any) -> Any:
        if not run or not run["a"] or other == run.get("b"):
            return no_update
        return {**run, "b": other, "push": False, "edit": None}

    @app.callback(
        Output(ids.LANDSCAPE, "opened"), Output(ids.LANDSCAPE, "title"), Output(ids.LANDSCAPE_GRAPH, "figure"),
        Input({"live-landscape": ALL, "unit": ALL}, "n_clicks"), State(ids.RUN, "data"), prevent_initial_call=True,
    )  # fmt: skip
    def landscape(clicks: list[Any], run: Any) -> tuple[Any, ...]:
        if not any(clicks) or not run or not run["a"]:
            return (no_update,) * 3
        unit = ctx.triggered_id["unit"]
        columns = views().sample(run["a"]).columns
        return (
            True,
            f"Activation landscape of neuron {unit + 1}",
            neuron_landscape(unit, columns=columns, dark=dark()),
        )
