"""Any two groups of networks compared: two studies, two data sets, two architectures, two moments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash
from dash import Input, Output, State, ctx, no_update

from topodash.components.notices import sentence
from topodash.datasets import counted
from topodash.figures.landscape_null import landscape_null
from topodash.figures.plain import words
from topodash.jobs.answers.landscape_study import RESULT, without_workers
from topodash.pages.asking import asked as question
from topodash.pages.context import services
from topodash.pages.landscapes import ids
from topodash.pages.landscapes.controls import VIEW
from topodash.pages.landscapes.drawing import ready_view
from topodash.pages.landscapes.sources import studies
from topodash.pages.landscapes.testing import permutations_of, row_words
from topodash.runs import RunError
from topodash.studies.activation_landscapes import LandscapeConfig


def register_comparing(app: dash.Dash) -> None:
    """Register the callbacks of the two groups."""

    @app.callback(
        Output(ids.GROUP_A, "data"), Output(ids.GROUP_B, "data"), Output(ids.GROUP_LAYER, "data"), Output(ids.GROUP_A, "value"),
        Input(ids.READY, "data"), State(ids.GROUP_A, "value"), prevent_initial_call=True,
    )  # fmt: skip
    def choices(ready: Any, current: Any) -> tuple[Any, ...]:
        found, layers = group_options()
        first = no_update
        if ready and not current:
            offered = (item["value"] for group in found for item in group["items"])
            first = next((value for value in offered if value.startswith(ready["run"])), no_update)
        return (
            found,
            found,
            [{"value": "all", "label": "all layers"}, *({"value": n, "label": n} for n in layers)],
            first,
        )

    @app.callback(
        output={"groups": Output(ids.GROUPS, "data"), "said": Output(ids.GROUP_SAID, "children"), "idle": Output(ids.poll("groups"), "disabled"),
                "figure": Output(ids.NULL, "figure", allow_duplicate=True), "words": Output(ids.NULL_SAID, "children", allow_duplicate=True)},
        inputs={"clicks": Input(ids.GROUP_RUN, "n_clicks"), "tick": Input(ids.poll("groups"), "n_intervals"), "offered": Input(ids.GROUP_A, "data"), "look": Input("theme", "data"),
                "form": {"a": State(ids.GROUP_A, "value"), "b": State(ids.GROUP_B, "value"), "layer": State(ids.GROUP_LAYER, "value")},
                "how": {"permutations": State(VIEW.id("permutations"), "value"), "paired": State(VIEW.id("paired"), "checked")}, "groups": State(ids.GROUPS, "data"),
                "ready": State(ids.READY, "data")},
        prevent_initial_call=True,
    )  # fmt: skip
    def compare(
        *, clicks: Any, tick: Any, offered: Any, look: Any, form: Any, how: Any, groups: Any, ready: Any
    ) -> dict[str, Any]:
        pressed = ctx.triggered_id == ids.GROUP_RUN
        nothing_new = dict.fromkeys(("groups", "said", "figure", "words"), no_update) | {"idle": True}
        if not pressed and not groups:
            return nothing_new
        # What a link asks for and cannot be had leaves no picture; a press leaves the one that is there.
        failed = (
            nothing_new if pressed else {**nothing_new, "figure": words("", dark=look == "dark"), "words": ""}
        )
        try:
            # Groups of an address have no question yet; one that is not among the choices leaves its field empty.
            groups = form if pressed else groups
            if "question" not in groups:
                groups = {**groups, "question": groups_question({**groups, **how}, degree_of(ready))}
        except (RunError, ValueError) as problem:
            return {**failed, "said": sentence(problem)}
        answer = question("landscape_groups", groups["question"], again=pressed)
        if answer.state == "working":
            return {**nothing_new, "groups": groups, "said": answer.message or "computing", "idle": False}
        if answer.state == "failed":
            return {**failed, "groups": None, "said": sentence(answer.message)}
        row = answer.value
        return {
            "groups": groups,
            "said": "",
            "idle": True,
            "figure": landscape_null(row, dark=look == "dark"),
            "words": f"{sizes_words(row)}: {row_words(row)} {kind_words(row)}",
        }


def group_options() -> tuple[list[dict[str, Any]], list[str]]:
    """Groups of networks that can be compared, a study's moments together; and the names of all layers."""
    found, layers = [], {}
    for run, title, _ in studies()[:30]:
        try:
            with services().store.open(run) as reader:
                reader.artifact_checksum(RESULT)
                config = LandscapeConfig.from_json(without_workers(reader.meta.config))
        except (RunError, ValueError):
            continue
        items = [
            {"value": f"{run}:{k}", "label": f"{name} · {title}"} for k, name in enumerate(config.snapshots)
        ]
        found.append({"group": title, "items": items})
        layers |= dict.fromkeys(config.layers)
    order = sorted(layers, key=lambda name: (name != "input", name == "logits", len(name), name))
    return found, order


def degree_of(ready: Mapping[str, Any] | None) -> int:
    """The degree of homology that the page shows; 1 where it shows none."""
    view = ready_view(ready)
    return 1 if view is None else view.degree


def sizes_words(row: Mapping[str, Any]) -> str:
    """Who was compared: the same networks at two moments, or two groups."""
    a, b = row["sizes"]
    if not row["same"]:
        return f"{a} and {counted(b, 'network')}, taken as independent"
    have = "has one snapshot for both and is" if row["shared"] == 1 else "have one snapshot for both and are"
    left = f"; {row['shared']} more {have} left out" if row["shared"] else ""
    return (
        f"The same {counted(a, 'network')} at both{left}{'' if row['paired'] else '; taken as independent'}"
    )


def kind_words(row: Mapping[str, Any]) -> str:
    """On what the test looked, and what else is different than the networks."""
    layers = row["layers"]
    of = layers[0] if len(layers) == 1 else f"all {len(layers)} activation sets"
    said = f"Of {of}, degree {row['degree']}, as stored: {counted(row['functions'], 'function')}, grid step {row['step']:g}."
    if row["differences"]:
        found = "; ".join(f"{what} ({a}, {b})" for what, a, b in row["differences"])
        said += f" The two studies differ in {found}: the test tells that they differ, not which of these does it."
    return said


def groups_question(form: Mapping[str, Any], degree: int) -> dict[str, Any]:
    """The question for two groups `a` and `b`, each 'run:moment'; two moments of one study are paired where that is on.

    Raises
    ------
    RunError, ValueError
        When there are not two different groups, or a study is not there.
    """
    if not form["a"] or not form["b"] or form["a"] == form["b"]:
        raise ValueError("Choose two different groups.")

    def named(text: str) -> dict[str, Any]:
        run, moment = text.split(":")
        with services().store.open(run) as reader:
            stamp = reader.artifact_checksum(RESULT)
            last = len(LandscapeConfig.from_json(without_workers(reader.meta.config)).snapshots) - 1
        if int(moment) > last:
            raise ValueError(f"A group of run {run} must have a moment from 0 to {last}; it was {moment}.")
        return {"study": run, "stamp": stamp, "moment": int(moment)}

    a, b = named(form["a"]), named(form["b"])
    paired = bool(form["paired"]) and a["study"] == b["study"]
    return {
        "a": a,
        "b": b,
        "layer": form["layer"] or "all",
        "paired": paired,
        "permutations": permutations_of(form["permutations"]),
        "seed": 0,
        "degree": degree,
    }
