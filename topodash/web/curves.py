"""GET /api/runs/<id>/curves: what has been recorded since the last answer, for the curves and the event marks.

Scalars come from the run. The topology of the decision is computed beside the training, in chunks of epochs by the
question `region_history`, so that training never waits for it; the answer says up to which epoch it is known.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from flask import Flask, Response, jsonify

from topodash.components.states import FINAL
from topodash.jobs import ask
from topodash.pages.context import Services
from topodash.pages.live.samples import Memory
from topodash.runs import Event, RunReader
from topodash.studies.region_history import FLIP_EPOCHS
from topodash.web.query import whole

#: Recorded epochs that one computation of the region's topology covers.
CHUNK = 64
#: Rows of scalars in one answer; the script asks again at once while there are more.
MOST_ROWS = 5_000
NAMES = ("loss", "test_loss", "accuracy", "test_accuracy")


def event_label(event: Event) -> str:
    """An event of the training in words."""
    data = event.data
    if event.kind == "dead":
        return f"neuron {data.get('unit', '?')} of layer {data.get('layer', 1)} died: it fires on no training point"
    if event.kind == "revived":
        return f"neuron {data.get('unit', '?')} of layer {data.get('layer', 1)} fires again"
    if event.kind == "learning_rate":
        return f"learning rate set to {data.get('after', 0):g}"
    if event.kind == "diverged":
        return "the loss diverged"
    if event.kind == "thinned":
        return f"more snapshots than are kept: from here on every {data.get('stride')}th"
    return str(data.get("label") or event.kind.replace("_", " "))


def _number(value: float) -> float | None:
    return float(f"{value:.6g}") if math.isfinite(value) else None


def scalar_rows(reader: RunReader, after: int) -> tuple[dict[str, Any], bool]:
    """Scalars after a step as columns over common steps, and whether there are more."""
    found = reader.scalars(NAMES, after=after)
    steps = (
        np.unique(np.concatenate([s for s, _ in found.values()])) if found else np.zeros(0, dtype=np.int64)
    )
    more = len(steps) > MOST_ROWS
    steps = steps[:MOST_ROWS]
    columns = {}
    for name, (at, values) in found.items():
        known = dict(zip(at.tolist(), values.tolist(), strict=True))
        columns[name] = [_number(known.get(step, math.nan)) for step in steps.tolist()]
    return {"steps": steps.tolist(), "scalars": columns}, more


class RegionChunks:
    """The topology of the decision of many runs, as far as it is known."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._ready = Memory(4096)

    def known(self, run_id: str, steps: np.ndarray, ended: bool, after: int) -> tuple[dict[str, Any], bool]:
        """(columns and events after a step, whether everything is known); starts what is missing."""
        columns: dict[str, Any] = {"steps": [], "b0": [], "b1": [], "events": []}
        steps = steps.tolist()
        for start in range(0, len(steps), CHUNK):
            part = steps[start : start + CHUNK]
            if len(part) < CHUNK and not ended:
                return columns, False
            chunk = self._chunk(run_id, part, steps[max(0, start - FLIP_EPOCHS - 1) : start])
            if chunk is None:
                return columns, False
            if part[-1] <= after:
                continue
            # A chunk may have been sent in part: while its run was paused it ended earlier.
            known = sum(step <= after for step in chunk["steps"])
            for name in ("steps", "b0", "b1"):
                columns[name] += chunk[name][known:]
            columns["events"] += [event for event in chunk["events"] if event["step"] > after]
        return columns, True

    def _chunk(self, run_id: str, part: list[int], before: list[int]) -> dict[str, Any] | None:
        key = (run_id, part[0], part[-1], len(part))
        found = self._ready.peek(key)
        if found is not None:
            return found
        answer = ask(
            "region_history",
            {"run": run_id, "steps": part, "before": before},
            wait=0.0,
            settings=self._services.settings,
        )
        if answer.state == "working":
            return None
        if answer.state == "failed":
            # Said once as an event: the curve has a gap there, and everything else goes on.
            gap = [None] * len(part)
            value = {
                "steps": part,
                "b0": gap,
                "b1": gap,
                "events": [{"step": part[0], "kind": "event", "label": answer.message}],
            }
        else:
            value = {name: np.asarray(answer.value[name]).tolist() for name in ("steps", "b0", "b1")}
            value["events"] = answer.value["events"]
        return self._ready.get(key, lambda: value)


def register(server: Flask, services: Services) -> None:
    """Put the route on the server."""
    chunks = RegionChunks(services)

    @server.get("/api/runs/<run_id>/curves", endpoint="api.curves")
    def curves(run_id: str) -> Response:
        after, events_after, region_after = whole("after", -1), whole("events", 0), whole("region", -1)
        with services.store.open(run_id) as reader:
            state = services.store.state_of(reader)
            answer, more = scalar_rows(reader, after)
            events = reader.events(events_after)
            steps = reader.snapshot_steps()
            plane = any(artifact.name == "dataset" for artifact in reader.artifacts())
        ended = state in FINAL or state == "paused"
        region, complete = (
            chunks.known(run_id, steps, ended, region_after) if plane else ({"steps": []}, True)
        )
        answer |= {
            "state": state,
            "more": more,
            "events": [{"step": e.step, "kind": e.kind, "label": event_label(e)} for e in events],
            "events_after": events[-1].id if events else events_after,
            "region": region,
            "region_complete": complete,
        }
        response = jsonify(answer)
        response.headers["Cache-Control"] = "no-store"
        return response
