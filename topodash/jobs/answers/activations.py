"""The points of a source as arrays: what a layer of a network gives for its data, or the data itself."""

from collections.abc import Mapping
from typing import Any

from topodash.jobs.sources import Sources


def activations(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"source": source} -> points (n, d), inputs, labels, class_names, columns, probabilities, notices.

    `inputs` are the points that the network was fed, `probabilities` (n, classes) what it predicts; both are
    None for a source that is no run.
    """
    data = sources.load(parameters["source"])
    return {
        "points": data.points,
        "inputs": data.inputs,
        "labels": data.labels,
        "class_names": list(data.class_names),
        "columns": list(data.columns),
        "probabilities": data.probabilities,
        "notices": list(data.notices),
    }
