"""Python that recomputes what the page shows, with the library alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topodash.jobs.answers.snippet_files import run_file, uploaded_file


def snippet(request: Mapping[str, Any]) -> str:
    """The code for a request of the page; values are written with `repr`, so that no text becomes code."""
    config = ",\n    ".join(f"{name}={value!r}" for name, value in request["config"].items())
    return "\n".join(
        [
            "# The filter circle, recomputed with topodash as a library.",
            "import numpy as np",
            "",
            "from topodash.studies.filter_topology import filter_topology",
            "from topodash.studies.filter_topology_config import FilterTopologyConfig",
            "from topodash.studies.filter_topology_evidence import conclude, gather_evidence",
            "from topodash.studies.filter_topology_wheel import wheel",
            *_source(request["filters"]),
            "",
            f"config = FilterTopologyConfig(\n    {config},\n)",
            "result = filter_topology(filters.flat, config)",
            "picture = result.picture",
            'print(filters.source, "-", len(picture.dense), "filters kept")',
            'print("Mapper: nodes", len(picture.graph), "Betti numbers", picture.graph.betti)',
            'print("statistics", result.statistics)',
            "around = wheel(picture.pca_angle, picture.dense.values)",
            'print("averaged filters", around.said, "around the principal plane")',
            "",
            "# Evidence: the same statistics of Gaussian banks with the same mean and covariance.",
            "steps = {}",
            "for step in gather_evidence(filters.flat, config, nulls=99):",
            "    steps[step.number] = step.statistics",
            'print("p-values", conclude(steps).p_values)',
            "",
        ]
    )


def _source(source: Mapping[str, Any]) -> list[str]:
    if "bank" in source:
        return [
            "from topodash.studies.filter_topology_bank import load_bank",
            "",
            f"filters = load_bank({source['bank']!r}).at({source.get('iteration')!r})",
        ]
    if "run" in source:
        return [
            "from topodash.runs import RunReader",
            "from topodash.studies.filter_topology_bank import FilterSet",
            "",
            *run_file(source["run"]),
            "with RunReader(RUN_FILE) as run:",
            f"    weights = run.snapshot({source['step']!r})",
            'n = len(weights["filters"])',
            'filters = FilterSet(weights["filters"], weights["biases"], np.zeros(n, int), np.arange(n), "the run")',
        ]
    name, layer, channels = source.get("name"), source.get("layer"), source.get("channels", "mean")
    if str(name).lower().endswith((".pt", ".pth")):
        return [
            "from topodash.jobs.state_dicts import read_state_dict",
            "",
            *uploaded_file(str(name)),
            f"filters = read_state_dict(OWN_FILE, {layer!r}, {channels!r})  # weights only",
        ]
    return [
        "from topodash.studies.filter_topology_upload import read_filters",
        "",
        *uploaded_file(str(name)),
        f"filters = read_filters(OWN_FILE, {layer!r}, {channels!r})",
    ]
