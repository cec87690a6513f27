"""Any two groups of networks compared by one permutation test: two moments, two architectures, two data sets, two studies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from topodash.jobs.answers.landscape_study import without_workers
from topodash.jobs.answers.landscape_tests import numbers
from topodash.jobs.sources import Sources
from topodash.studies.activation_landscapes import LandscapeConfig, Reason, diagram_of, input_diagram_of
from topodash.topology import landscape, landscape_gram, permutation_test


@dataclass(frozen=True, eq=False)
class _Group:
    """The networks of a study at one moment: their parts by number, and which of them have every layer then."""

    config: LandscapeConfig
    moment: int
    first: Mapping[str, np.ndarray]
    parts: Mapping[int, Mapping[str, np.ndarray]]
    whole: tuple[int, ...]


def landscape_groups(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"a", "b": {"study", "stamp", "moment"}, "layer", "degree", "paired", "permutations", "seed"} -> the row of one test.

    The networks of two studies are independent and are permuted freely. Two moments of one study hold the same networks:
    those whose moments share a snapshot are left out (`shared`), and with `paired` labels are swapped within networks.
    `layer` is a layer's name that both have, or 'all' where their layers are the same. Landscapes are taken on one grid over
    both, of the finer step (`step`) and the greater depth (`functions`); `differences` are the settings that differ.
    """
    a, b = _group(parameters["a"], sources), _group(parameters["b"], sources)
    same = parameters["a"]["study"] == parameters["b"]["study"]
    degree = int(parameters["degree"])
    layers = _common_layers(a.config, b.config, parameters["layer"])
    for which, group in (("first", a), ("second", b)):
        if degree not in group.config.degrees:
            has = " and ".join(str(each) for each in group.config.degrees)
            raise ValueError(f"The {which} group has no homology of degree {degree}, only of degree {has}")
    chosen, shared = (a.whole, b.whole), 0
    if same:
        both = sorted(set(a.whole) & set(b.whole))
        apart = tuple(n for n in both if a.parts[n]["steps"][a.moment] != a.parts[n]["steps"][b.moment])
        chosen, shared = (apart, apart), len(both) - len(apart)
        if 2 * len(apart) < len(both):
            raise ValueError(
                f"There is no test: {shared} of {len(both)} networks have one snapshot for both moments"
            )
    if min(map(len, chosen)) < 2:
        left = " with a snapshot for each" if same else ""
        raise ValueError(
            f"Each group must have at least 2 networks that reached its moment{left}; "
            f"they have {len(chosen[0])} and {len(chosen[1])}"
        )
    grid, depth = _common_grid(a.config, b.config), max(a.config.depth, b.config.depth)
    gram = np.zeros((sum(map(len, chosen)),) * 2)
    for done, layer in enumerate(layers):
        sources.progress(done / len(layers), f"landscapes of {layer}")
        stacks = [
            _landscapes(group, members, layer=layer, degree=degree, grid=grid, depth=depth)
            for group, members in zip((a, b), chosen, strict=True)
        ]
        gram += landscape_gram(np.concatenate(stacks), grid)
    sources.progress(1.0, "permutations")
    test = permutation_test(
        gram=gram,
        groups=np.repeat([0, 1], [len(each) for each in chosen]),
        paired=same and bool(parameters["paired"]),
        permutations=int(parameters["permutations"]),
        seed=int(parameters["seed"]),
    )
    return {
        "sizes": [len(each) for each in chosen],
        "layers": list(layers),
        "same": same,
        "shared": shared,
        "degree": degree,
        "functions": depth,
        "step": float(grid[1] - grid[0]),
        "differences": differences(a.config, b.config),
        **numbers(test),
    }


def differences(a: LandscapeConfig, b: LandscapeConfig) -> list[list[str]]:
    """[what, of the first, of the second] of the settings in which two studies differ and that a test between them mixes."""
    told = {
        "data": lambda c: c.dataset,
        "homology": lambda c: c.homology,
        "class": lambda c: c.class_name or "all classes",
        "hidden layers": lambda c: " ".join(map(str, c.hidden)),
        "input points": lambda c: f"every {c.every}" if c.batch == "sublattice" else str(c.batch_points),
    }
    pairs = [[what, str(tell(a)), str(tell(b))] for what, tell in told.items()]
    return [pair for pair in pairs if pair[1] != pair[2]]


def _group(named: Mapping[str, Any], sources: Sources) -> _Group:
    moment = int(named["moment"])
    with sources.store.open(named["study"]) as reader:
        config = LandscapeConfig.from_json(without_workers(reader.meta.config))
        parts = {number: reader.artifact(f"network/{number}").arrays for number in range(config.networks)}
        first = reader.artifact("input").arrays
    whole = tuple(
        number
        for number, part in parts.items()
        if part["steps"][moment] >= 0 and (part["reason"][int(part["same_as"][moment])] == Reason.FINE).all()
    )
    return _Group(config, moment, first, parts, whole)


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


def _common_grid(a: LandscapeConfig, b: LandscapeConfig) -> np.ndarray:
    """The grid of both where it is the same, else one to the greater end with the finer step."""
    end, step = max(a.grid_end, b.grid_end), min(a.grid_step, b.grid_step)
    if (a.grid_end, a.grid_step) == (b.grid_end, b.grid_step):
        return a.grid
    return np.linspace(0.0, end, round(end / step) + 1)


def _landscapes(
    group: _Group, chosen: tuple[int, ...], *, layer: str, degree: int, grid: np.ndarray, depth: int
) -> np.ndarray:
    """Landscapes (networks, depth, g) of one layer, averaged over input batches."""
    config, at = group.config, group.config.layers.index(layer)
    place = config.degrees.index(degree)
    found = np.zeros((len(chosen), depth, len(grid)))
    for row, number in enumerate(chosen):
        if at == 0 and row:  # the input is the same for all networks
            found[row] = found[0]
            continue
        for batch in range(config.batches):
            bars = (
                input_diagram_of(group.first, degree=place, batch=batch)
                if at == 0
                else diagram_of(group.parts[number], group.moment, at, degree=place, batch=batch)
            )
            found[row] += landscape(bars, grid, depth) / config.batches
    return found
