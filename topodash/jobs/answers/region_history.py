"""The topology of a network's decision over recorded epochs of a run."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from topodash.jobs.sources import Sources
from topodash.studies.live_view import LabelledSample
from topodash.studies.region_history import region_history


def region_history_chunk(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"run": id, "steps": [...], "before": [...]} -> steps, b0, b1, cells and events.

    `before` are the recorded steps before the first, which the first ones are compared with.
    """
    steps = [*parameters["before"], *parameters["steps"]]
    with sources.store.open(parameters["run"]) as run:
        arrays = run.artifact("dataset").arrays
        box = LabelledSample(
            np.asarray(arrays["points"], dtype=np.float64), arrays["labels"], np.zeros(0, dtype=bool), ()
        ).box
        found = region_history(run.snapshots(steps), box, known=len(parameters["before"]))
    return {
        "steps": found.steps,
        "b0": found.b0,
        "b1": found.b1,
        "cells": found.cells,
        "events": [{"step": e.step, "kind": e.kind, "label": e.label} for e in found.events],
    }
