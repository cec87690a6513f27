"""Table I: permutation tests between moments of one study, and between any two groups of networks."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np

from topodash.jobs.answers.landscape_study import load_study, without_workers
from topodash.jobs.sources import Sources
from topodash.runs import RunReader
from topodash.studies.activation_landscapes import (
    LandscapeConfig,
    LandscapeStudy,
    Reason,
    compare,
    diagram_of,
    input_diagram_of,
)
from topodash.topology import PermutationTest, holm, landscape, landscape_gram, permutation_test

_BINS = 48


def landscape_tests(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"study", "stamp", "changes", "degree", "paired", "permutations", "seed"} -> rows, one a pair of moments.

    A row: a, b (moments), networks, shared, why, and where there is a test statistic, p, smallest_p, holm, count,
    permutations, exhaustive and the null distribution as histogram: edges (49,), counts (48,).
    """
    study = load_study(parameters, sources)
    pairs = list(combinations(range(len(study.config.snapshots)), 2))
    rows = []
    for done, (a, b) in enumerate(pairs):
        sources.progress(done / len(pairs), f"test {done + 1} of {len(pairs)}")
        found = compare(
            study,
            a,
            b,
            degree=int(parameters["degree"]),
            paired=bool(parameters["paired"]),
            permutations=int(parameters["permutations"]),
            seed=int(parameters["seed"]),
        )
        row: dict[str, Any] = {
            "a": a,
            "b": b,
            "networks": found.networks,
            "shared": found.shared,
            "why": found.why,
        }
        rows.append({**row, **(_numbers(found.test) if found.test else {"p": None})})
    adjusted = holm([np.nan if row["p"] is None else row["p"] for row in rows])
    for row, corrected in zip(rows, adjusted.tolist(), strict=True):
        row["holm"] = None if np.isnan(corrected) else corrected
    return {"rows": rows, "means": _means(study, int(parameters["degree"]))}


def landscape_groups(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"a", "b": {"study", "stamp", "moment"}, "layer", "paired", "permutations", "seed", "depth"} -> the row of one test.

    The networks of two studies are independent and are permuted freely. Two moments of one study hold the same
    networks: with `paired` their labels are swapped within networks, of those that have a snapshot for each. `layer` is
    a layer's name that both have, or 'all' where their layers are the same. Landscapes are taken on one grid over both.
    """

    def opened(which: str) -> tuple[RunReader, LandscapeConfig]:
        reader = sources.store.open(parameters[which]["study"])
        return reader, LandscapeConfig.from_json(without_workers(reader.meta.config))

    (first, config_a), (second, config_b) = opened("a"), opened("b")
    moments = [int(parameters[which]["moment"]) for which in "ab"]
    paired = bool(parameters.get("paired")) and parameters["a"]["study"] == parameters["b"]["study"]
    with first, second:
        layers = _common_layers(config_a, config_b, parameters["layer"])
        if 1 not in config_a.degrees or 1 not in config_b.degrees:
            raise ValueError("both studies must have homology in degree 1")
        end = max(config_a.grid_end, config_b.grid_end)
        grid = np.linspace(0.0, end, 401)
        depth = int(parameters["depth"])
        chosen = [_whole(first, config_a, moments[0]), _whole(second, config_b, moments[1])]
        if paired:
            chosen = [_apart(first, chosen, moments)] * 2
        stacks: list[np.ndarray] = []
        for reader, config, networks, moment in zip(
            (first, second), (config_a, config_b), chosen, moments, strict=True
        ):
            sources.progress(len(stacks) / 2, f"landscapes of {len(networks)} networks")
            stacks.append(_stack(reader, config, networks, moment, layers=layers, grid=grid, depth=depth))
    sources.progress(1.0, "permutations")
    sizes = [len(stack) for stack in stacks]
    if min(sizes) < 2:
        raise ValueError(
            f"each group must have at least 2 networks that reached its moment"
            f"{' with a snapshot for each' if paired else ''}; they had {sizes}"
        )
    gram = np.zeros((sum(sizes), sum(sizes)))
    for layer in range(len(layers)):
        gram += landscape_gram(np.concatenate([stack[:, layer] for stack in stacks]), grid)
    test = permutation_test(
        gram=gram,
        groups=np.repeat([0, 1], sizes),
        paired=paired,
        permutations=int(parameters["permutations"]),
        seed=int(parameters["seed"]),
    )
    return {"sizes": sizes, "layers": list(layers), **_numbers(test)}


def _whole(reader: RunReader, config: LandscapeConfig, moment: int) -> list[int]:
    """The networks that have every layer at this moment."""
    found = []
    for number in range(config.networks):
        part = reader.artifact(f"network/{number}").arrays
        if part["steps"][moment] >= 0 and (part["reason"][int(part["same_as"][moment])] == Reason.FINE).all():
            found.append(number)
    return found


def _apart(reader: RunReader, chosen: list[list[int]], moments: list[int]) -> list[int]:
    """The networks of both lists whose two moments do not share a snapshot."""
    a, b = moments
    found = []
    for number in sorted(set(chosen[0]) & set(chosen[1])):
        steps = reader.artifact(f"network/{number}").arrays["steps"]
        if steps[a] != steps[b]:
            found.append(number)
    return found


def _common_layers(a: LandscapeConfig, b: LandscapeConfig, layer: str) -> tuple[str, ...]:
    if layer == "all":
        if a.layers != b.layers:
            raise ValueError(
                f"All layers can be compared only where both studies have the same: the first has {len(a.layers)} "
                f"activation sets, the second {len(b.layers)}. Choose one layer that both have"
            )
        return a.layers
    if layer not in a.layers or layer not in b.layers:
        raise ValueError(f"layer must be in both studies; {layer!r} is not")
    return (layer,)


def _stack(
    reader: RunReader,
    config: LandscapeConfig,
    networks: list[int],
    moment: int,
    *,
    layers: tuple[str, ...],
    grid: np.ndarray,
    depth: int,
) -> np.ndarray:
    """Landscapes (networks, layers, depth, g) in degree 1, averaged over input batches."""
    degree = config.degrees.index(1)
    first = reader.artifact("input").arrays
    found = []
    for number in networks:
        part = reader.artifact(f"network/{number}").arrays
        values = np.zeros((len(layers), depth, len(grid)))
        for place, name in enumerate(layers):
            layer = config.layers.index(name)
            for batch in range(config.batches):
                bars = (
                    input_diagram_of(first, degree=degree, batch=batch)
                    if layer == 0
                    else diagram_of(part, moment, layer, degree=degree, batch=batch)
                )
                values[place] += landscape(bars, grid, depth) / config.batches
        found.append(values)
    return np.stack(found) if found else np.zeros((0, len(layers), depth, len(grid)))


def _numbers(test: PermutationTest) -> dict[str, Any]:
    counts, edges = (
        np.histogram(test.null, bins=_BINS) if len(test.null) else (np.zeros(_BINS), np.zeros(_BINS + 1))
    )
    return {
        "statistic": test.statistic,
        "p": test.p_value,
        "smallest_p": test.smallest_p,
        "count": test.count,
        "permutations": len(test.null),
        "exhaustive": test.exhaustive,
        "paired": test.paired,
        "edges": edges.astype(np.float64),
        "counts": counts.astype(np.int64),
    }


def _means(study: LandscapeStudy, degree: int) -> list[float | None]:
    """Mean over usable networks of the norm of a network's landscapes over all layers, one a moment."""
    norms = np.sqrt((study.norms[:, :, :, degree] ** 2).sum(axis=2))
    return [
        float(norms[chosen, moment].mean()) if (chosen := study.usable[:, moment]).any() else None
        for moment in range(norms.shape[1])
    ]
