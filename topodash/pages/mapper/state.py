"""What the page knows besides its table: the run and its layers, the uploaded file, the address."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from topodash.components.controls import Value
from topodash.jobs.sources import is_source
from topodash.pages.context import owner, services
from topodash.pages.mapper.controls import TABLE
from topodash.pages.titles import run_title, shipped_networks
from topodash.runs import RunError

_ID = re.compile(r"[0-9a-f]{16}")
KINDS = ("mlp", "cnn")
#: The list of runs to choose from is no longer than this.
MOST_RUNS = 60
LONGEST_ADDRESS = 6000


@dataclass(frozen=True)
class Chosen:
    """What an address chooses besides the table; `notices` say what of it could not be read."""

    values: dict[str, Value]
    run: str | None = None
    layer: str | None = None
    step: int | None = None
    upload: str | None = None
    columns: tuple[str, ...] = ()
    label: str | None = None
    lens_column: str | None = None
    colour: str = "class"
    other: dict[str, Any] | None = None
    sweep: str | None = None
    notices: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class RunChoice:
    """A run to look at: its layers as (value, label) and its recorded steps, ascending."""

    id: str
    kind: str
    layers: tuple[tuple[str, str], ...]
    default_layer: str
    steps: tuple[int, ...]
    state: str
    unit: str


def run_choice(run_id: str) -> RunChoice:
    """What can be looked at of a run.

    Raises
    ------
    RunError
        When it is not there or damaged.
    ValueError
        When this kind of run has no layers.
    """
    store = services().store
    with store.open(run_id) as run:
        kind, config, steps = run.meta.kind, run.meta.config, run.snapshot_steps().tolist()
    if kind == "cnn":
        return RunChoice(
            run_id,
            kind,
            (("filters", "First-layer filters"),),
            "filters",
            tuple(steps),
            store.state(run_id),
            "iteration",
        )
    if kind != "mlp":
        raise ValueError(f"run must be a trained network; this one is of the kind {kind!r}")
    hidden = list(config.get("hidden", []))
    layers = [("input", "Input")]
    layers += [(str(k), f"Hidden layer {k} ({width} neurons)") for k, width in enumerate(hidden, 1)]
    layers.append(("output", "Output (logits)"))
    return RunChoice(run_id, kind, tuple(layers), str(len(hidden) or "input"), tuple(steps), store.state(run_id), "epoch")  # fmt: skip


def own_runs(chosen: str | None = None) -> list[dict[str, str]]:
    """Options of the run select: one's own networks, newest first, those that travel with the code, and the one that a link names."""
    found = []
    for entry in services().catalogue.entries(owner(), limit=MOST_RUNS):
        summary = services().store.summary(entry.id)
        if summary.meta is not None and summary.meta.kind in KINDS:
            found.append({"value": entry.id, "label": entry.title or f"run {entry.id[:6]}"})
    found += [{"value": run, "label": f"{title} (shipped)"} for run, title in shipped_networks()]
    if chosen and chosen not in [each["value"] for each in found]:
        found.append({"value": chosen, "label": f"{run_title(chosen)} (from a link)"})
    return found


def nearest_step(steps: tuple[int, ...] | list[int], step: int | None) -> int | None:
    """The newest recorded step that is not after `step`; the last for None."""
    if not steps:
        return None
    before = [each for each in steps if step is None or each <= step]
    return before[-1] if before else steps[0]


def activation_columns(numeric: list[str]) -> list[str]:
    """The columns to start with: activations of the live page's export (n1_1, ...), else all but obvious ids."""
    last = sorted({int(found.group(1)) for name in numeric if (found := re.fullmatch(r"n(\d+)_\d+", name))})
    if last:
        return [name for name in numeric if re.fullmatch(rf"n{last[-1]}_\d+", name)]
    return [name for name in numeric if name.lower() not in ("point", "id", "index", "row", "held_out")][:100]


def write_address(values: Mapping[str, Value], chosen: Mapping[str, Any]) -> str:
    """The query that brings this page back."""
    text = TABLE.query(values).removeprefix("?")
    pairs: list[tuple[str, str]] = []
    if values["source"] == "run":
        pairs += [
            (name, str(chosen[name])) for name in ("run", "layer", "step") if chosen.get(name) is not None
        ]
    if values["source"] == "upload" and chosen.get("upload"):
        pairs.append(("upload", str(chosen["upload"])))
        pairs.append(("columns", json.dumps(list(chosen.get("columns") or []), separators=(",", ":"))))
        pairs += [(name, str(chosen[name])) for name in ("label", "lens_column") if chosen.get(name)]
    if chosen.get("colour") and chosen["colour"] != "class":
        pairs.append(("colour", str(chosen["colour"])))
    if chosen.get("sweep"):
        pairs.append(("sweep", str(chosen["sweep"])))
    if chosen.get("other"):
        pairs.append(("beside", json.dumps(chosen["other"], separators=(",", ":"))))
    query = "&".join(part for part in (text, urlencode(pairs)) if part)
    return f"?{query}" if query else ""


def read_address(query: Mapping[str, Any]) -> Chosen:
    """Read the query of an address; nothing in it is trusted."""
    values, said = TABLE.values({name: text for name, text in query.items() if name in TABLE.names()})
    ids_: dict[str, str | None] = {}
    for name in ("run", "sweep"):
        text = str(query.get(name) or "")
        ids_[name] = text if _ID.fullmatch(text) else None
        if text and ids_[name] is None:
            said.append("The link names a run that cannot exist: an id has 16 letters and digits.")
    step = str(query.get("step") or "")
    if step and not (step.isdecimal() and len(step) <= 9):
        said.append(f"The link says step={step[:20]}; a step is a whole number.")
        step = ""
    layer = str(query.get("layer") or "")
    upload = str(query.get("upload") or "")
    if upload and not re.fullmatch(r"[0-9a-f]{8,128}", upload):
        said.append("The link names a file that cannot exist.")
        upload = ""
    columns = _columns(str(query.get("columns") or ""), said)
    colour = str(query.get("colour") or "class")[:120]
    return Chosen(
        values, ids_["run"], layer if re.fullmatch(r"input|output|filters|\d{1,2}", layer) else None, int(step) if step else None,
        upload or None, columns, str(query["label"])[:200] if query.get("label") else None,
        str(query["lens_column"])[:200] if query.get("lens_column") else None, colour, _other(str(query.get("beside") or ""), said), ids_["sweep"], said,
    )  # fmt: skip


def _columns(text: str, said: list[str]) -> tuple[str, ...]:
    if not text:
        return ()
    try:
        found = json.loads(text) if len(text) <= LONGEST_ADDRESS else None
    except ValueError:
        found = None
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        said.append("The link's columns cannot be read; choose them again.")
        return ()
    return tuple(found)


def _other(text: str, said: list[str]) -> dict[str, Any] | None:
    """The request of the second graph; anything that is no request is refused here, not in a worker."""
    if not text:
        return None
    try:
        request = json.loads(text) if len(text) <= LONGEST_ADDRESS else None
        good = (
            isinstance(request, dict)
            and is_source(request["source"])
            and all(isinstance(each["name"], str) for each in request["lens"])
            and request["cover"]["kind"] in ("ball", "cubical")
            and isinstance(request["clusterer"]["kind"], str)
            and isinstance(request["clusterer"]["eps"], int | float)
            and isinstance(request["clusterer"]["relative"], bool)
            and isinstance(request["metric"], str)
            and (isinstance(request["cover"]["radius"], int | float) if request["cover"]["kind"] == "ball"
                 else isinstance(request["cover"]["n_intervals"], int) and isinstance(request["cover"]["overlap"], int | float))
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        good = False
    if not good:
        said.append("The link's second graph cannot be read; only the first is shown.")
        return None
    return request


def first_choice(chosen: Chosen, query: Mapping[str, Any]) -> Chosen:
    """What the page shows when an address names no source: the newest own run, or a data set without one."""
    from dataclasses import replace

    if chosen.run and "source" not in query:
        return replace(chosen, values={**chosen.values, "source": "run"})
    if "source" in query or chosen.upload:
        kind = "upload" if chosen.upload else chosen.values["source"]
        chosen = replace(chosen, values={**chosen.values, "source": kind})
        if kind != "run" or chosen.run:
            return chosen
    runs = own_runs()
    for each in runs:
        try:
            if run_choice(each["value"]).steps:
                return replace(chosen, run=each["value"])
        except (RunError, ValueError):
            continue
    if "source" in query:
        return chosen
    return replace(chosen, values={**chosen.values, "source": "dataset"})
