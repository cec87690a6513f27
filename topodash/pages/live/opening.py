"""A run comes onto the page: its figures once, its settings, and what the script must know of it.

What the first frame does not need (curves, neurons, strip, other runs) follows when it stands: `looking.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash
from dash import Input, Output, State, ctx, no_update

from topodash.components.notices import notice, notices
from topodash.datasets import counted
from topodash.figures.plain import words
from topodash.pages.context import dark, services
from topodash.pages.live import ids
from topodash.pages.live.controls import TABLE, values_of
from topodash.pages.live.drawing import (
    keys,
    layer_choices,
    load_run,
    plane_figure,
    sample_of,
    space_figure,
)
from topodash.pages.live.raw import CSV_STATE, DATA_IDS, DATA_VALUES, csv_table, data_raw
from topodash.pages.live.setup import setup
from topodash.pages.live.stage import compare_panels
from topodash.pages.live.start import chosen_data
from topodash.runs import RunError

_FOREIGN = "look at it, and use Branch to go on from any epoch in a run of your own."
_KEPT = ("epoch", "pattern", "edit", "push")
NOTHING = {"a": None, "b": None, **dict.fromkeys(_KEPT)}


def register_opening(app: dash.Dash) -> None:
    """Register the callback that puts runs on the stage."""
    outputs = {
        "attach": Output(ids.ATTACH, "data"), "shown": Output(ids.SHOWN, "data"), "plane": Output(ids.plane("a"), "figure"),
        "space": Output(ids.space("a"), "figure"), "title": Output(ids.TITLE, "children"),
        "compare": Output(ids.COMPARE_PANELS, "hidden"), "compared": Output(ids.COMPARE_PANELS, "children"),
        "layers": Output(ids.LAYER, "data"), "layer": Output(ids.LAYER, "value"), "layer_bar": Output(ids.LAYER_BAR, "hidden"),
        "setup": Output(ids.SETUP, "children"), "said": Output(ids.ANSWER, "children", allow_duplicate=True),
    }  # fmt: skip

    @app.callback(
        output=outputs,
        inputs={"run": Input(ids.RUN, "data")},
        state={
            "raw": TABLE.states(),
            "values": DATA_VALUES,
            "names": DATA_IDS,
            "csv": CSV_STATE,
            "layer": State(ids.LAYER, "value"),
            "stands": State(ids.SHOWN, "data"),
        },
        prevent_initial_call="initial_duplicate",
    )
    def show(
        run: Any, *, raw: dict[str, Any], values: Any, names: Any, csv: Any, layer: str, stands: Any
    ) -> dict[str, Any]:
        blank = dict.fromkeys(outputs, no_update)
        own = data_raw(values, names)
        if not run or not run["a"]:
            # The layout of a page that was just opened has the empty stage in it.
            opened = ctx.triggered_id is None
            if opened:
                return {**blank, "attach": NOTHING}
            left = {"attach": {**NOTHING, "push": (run or {}).get("push")}}
            return {**blank, **unstarted(raw, own, csv_table(csv)), **left}
        first, problem = found_run(run["a"])
        if first is None:
            text = f"This run cannot be shown: {problem}"
            return {
                **blank,
                **unstarted(raw, own, csv_table(csv)),
                "said": notice(text, kind="error", closable=True),
            }
        second, missing = found_run(run["b"]) if run.get("b") else (None, "")
        said = [f"The second run cannot be shown: {missing}"] if missing else []
        return {
            **blank,
            **shown(run, first, second, layer, stands=stands or {}, said=said),
            **changed_setup(first["config"], raw, {**own, **(csv_table(csv) or {})}),
        }


def found_run(run_id: str) -> tuple[dict[str, Any] | None, str]:
    """What the page must know of a run; None, and why, where it cannot be shown."""
    try:
        return load_run(run_id), ""
    except KeyError:
        return None, "its data set is incomplete."
    except (RunError, ValueError) as problem:
        return None, str(problem)


def epoch_of(asked: Any, info: Mapping[str, Any]) -> tuple[int | None, list[str]]:
    """The epoch that the address asks for, as the run has it, and what to say where it has another."""
    if not isinstance(asked, int):
        return None, []
    if info["first"] <= asked <= info["last"]:
        return asked, []
    if asked < info["first"]:
        return info["first"], [f"This run begins at epoch {info['first']}; epoch {asked} is before it."]
    return info["last"], [
        f"Epoch {asked} is not recorded; the newest of this run, {info['last']}, is shown instead."
    ]


def unstarted(raw: Mapping[str, Any], own: Mapping[str, Any], csv: Any) -> dict[str, Any]:
    """What the page shows after a run was left."""
    return {"attach": NOTHING, **empty_stage(raw, own, csv), "title": "", "compare": True, "compared": []}


def empty_stage(raw: Mapping[str, Any], own: Mapping[str, Any], csv: Any) -> dict[str, Any]:
    """The stage before a run: the points that Setup describes, and an empty scene."""
    try:
        sample = sample_of(chosen_data(TABLE.parse(raw), own, csv)[1])
    except (ValueError, RunError) as problem:
        return {"plane": words(str(problem), dark=dark()), "space": words("", dark=dark()), "shown": {}}
    return {
        "plane": plane_figure(sample, dark()),
        "space": space_figure(sample, dark()),
        "shown": keys(sample),
    }


def shown(
    run: dict[str, Any],
    first: dict[str, Any],
    second: dict[str, Any] | None,
    layer: str,
    *,
    stands: Mapping[str, Any],
    said: Sequence[str] = (),
) -> dict[str, Any]:
    """What the page shows of one run, or of two side by side; a figure that stands there already is not sent again."""
    layers = layer_choices(len(first["config"].get("hidden", [3])))
    drawn = layer if layer in [choice["value"] for choice in layers] else "last"
    epoch, notes = epoch_of(run.get("epoch"), first["info"])
    notes += [*said, *(first["sample"].meta.get("notices") or [])]
    if drawn != layer and (run.get("view") or {}).get("layer") == layer:
        notes.append(
            f"This network has {counted(len(layers), 'hidden layer')}; the last is shown, not layer {layer}."
        )
    if not first["info"]["own"]:
        shipped = services().store.is_shipped(first["info"]["id"])
        notes.append(
            f"This run {'is shipped with TopoDash' if shipped else 'belongs to another browser'}: {_FOREIGN}"
        )
    known = keys(first["sample"])
    figures = {"plane": plane_figure, "space": space_figure}
    return {
        "attach": {
            "a": first["info"],
            "b": second["info"] if second else None,
            **{name: run.get(name) for name in _KEPT},
            "epoch": epoch,
            # Weights that were edited at another epoch are not this epoch's.
            "edit": run.get("edit") if epoch == run.get("epoch") else None,
            "layer": drawn,
        },
        "shown": known,
        **{
            name: no_update if stands.get(name) == known[name] else draw(first["sample"], dark())
            for name, draw in figures.items()
        },
        "title": first["title"],
        "layers": layers,
        # Written again, the same layer would have its panels made a second time.
        "layer": no_update if drawn == layer else drawn,
        "layer_bar": len(layers) < 2,
        "compare": second is None,
        "compared": compare_panels(*(draw(second["sample"], dark()) for draw in figures.values()))
        if second
        else [],
        "said": notices(notes, kind="info") or None,
    }


def changed_setup(config: dict[str, Any], raw: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Setup as the run was made, if it does not show that already."""
    values, _, data = values_of(config)
    same = all(raw.get(name) == value for name, value in values.items()) and all(
        own.get(k) == v for k, v in data.items()
    )
    return {} if same else {"setup": setup(values, data)}
