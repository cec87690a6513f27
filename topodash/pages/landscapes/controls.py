"""The controls of the page: how a study is shown, how it is recomputed, and what a new one is."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from topodash.components.controls import Choice, Group, Number, Table, Text, Toggle
from topodash.datasets import names
from topodash.pages.landscapes import ids
from topodash.studies.activation_landscapes import DISKS, LandscapeConfig

STORED = "stored"
#: The distances of two diagrams, as they are spoken of.
DISTANCES = {"landscape": "landscape", "bottleneck": "bottleneck", "wasserstein": "1-Wasserstein"}
#: Classes that can be chosen by number; their names come from the source.
CLASSES = 10

VIEW = Table(
    ids.PAGE,
    [
        Group(
            "Picture",
            [
                Number("network", "Network", 1, 1, 2000, 1, "Which network the layer's detail and the 3-D views show.", integer=True),
                Choice("axes", "Axes of the landscapes", "common", [("common", "Common to all cells"), ("own", "Each cell its own")],
                       "Common axes compare sizes; own axes show the shape of small landscapes too."),
                Choice("curves", "Axes of the curves", "all", [("all", "All layers"), ("hidden", "The ReLU layers")],
                       "What the landscape curves are drawn to fit: the ReLU layers may lie close together, far from the input."),
                Choice("distance", "Distance of diagrams", "landscape", [("landscape", "Landscape (L²)"), ("bottleneck", "Bottleneck"), ("wasserstein", "1-Wasserstein")],
                       "Between layers and between moments: of the landscapes in their Hilbert space, the greatest move of the best matching of bars, or the sum of its moves."),
                Number("functions", "Functions drawn", 3, 1, 8, 1, "How many of the landscape's functions k = 1, 2, 3, ... are drawn, one over the other.", integer=True),
            ],
        ),
        Group(
            "Tests",
            [
                Toggle("paired", "Paired tests", True, "Swap the labels within each network, because two thresholds of one network belong together. Off permutes "
                       "all networks freely, as the paper does."),
                Number("permutations", "Permutations", 10_000, 99, 1_000_000, 1000, "Random relabellings of a test; when there are fewer possible ones, all are looked at.",
                       integer=True, log=True),
            ],
        ),
        Group(
            "Homology",
            [
                Choice("degree", "Degree", STORED, [(STORED, "As the study"), ("0", "0, components"), ("1", "1, loops"), ("2", "2, voids (slow)")],
                       "Which holes are counted: components, loops or voids."),
                Choice("homology", "Kind", STORED, [(STORED, "As the study"), ("ordinary", "Ordinary"), ("local", "Local, at the origin")],
                       "Ordinary homology of the normalised activations, or local homology at the origin of activation space."),
                Choice("class", "Points of", STORED, [(STORED, "As the study"), ("all", "All classes"), *((str(k), f"Class {k + 1}") for k in range(CLASSES))],
                       "Whose activations are looked at. The nine holes are in one class."),
                Number("networks", "Networks", 3, 1, 200, 1, "How many networks are measured anew, for another degree, kind or class: those whose weights were kept. Of a live run, how many hundred points are looked at.", integer=True),
            ],
            open=False,
        ),
        Group(
            "Grid",
            [
                Number("depth", "Depth", 0, 0, 400, 1, "How many landscape functions are kept; 0 is the study's own number.", integer=True),
                Number("grid_end", "Grid to", 0, 0, 10, 0.1, "The landscapes are taken from 0 to here; 0 is the study's own grid. What lies beyond is lost, and its share is said."),
                Number("grid_step", "Grid step", 0, 0, 1, 0.001, "Distance of the grid's points; 0 is the study's own."),
            ],
            open=False,
        ),
    ],
)  # fmt: skip

NEW_PAGE = "landscapes-new"
#: What the form begins with: nine disks as the paper has them, so few networks and points that it takes minutes.
START = replace(DISKS, networks=10, max_steps=6000, every=4, batch_points=500)
_SETS = tuple(name for name in names() if name not in ("circles_squares",))
_SHOWN = {"nine_disks": "Nine disks (paper)", "mnist": "MNIST (paper)"}


def _whose(name: str) -> str:
    """The study's own help for a field, and whose number it is."""
    item = LandscapeConfig.__dataclass_fields__[name]
    if item.metadata["whose"] == "paper":
        return f"{item.metadata['help']} The paper has {written(item.default).replace('_', ' ')}."
    return f"{item.metadata['help']} Our default is {written(getattr(START, name))}; the paper does not say."


def written(value: Any) -> str:
    if isinstance(value, tuple):
        repeated = len(value) > 2 and len(set(value)) == 1
        return f"{value[0]} x {len(value)}" if repeated else ", ".join(f"{item:g}" for item in value)
    return str(value) if value != "" else "all"


NEW = Table(
    NEW_PAGE,
    [
        Group(
            "Networks",
            [
                Choice("dataset", "Data set", START.dataset, [(name, _SHOWN.get(name, name.replace("_", " ").capitalize())) for name in _SETS], _whose("dataset")),
                Number("networks", "Networks", START.networks, 2, 500, 1, _whose("networks"), integer=True),
                Text("hidden", "Hidden layers", written(START.hidden), _whose("hidden") + " Write 15 x 10, or widths with commas."),
                Number("max_steps", "Training steps at most", START.max_steps, 100, 200_000, 500, _whose("max_steps"), integer=True, log=True),
                Text("thresholds", "Accuracy thresholds", written(START.thresholds), _whose("thresholds")),
            ],
        ),
        Group(
            "Input batch",
            [
                Number("every", "Every so-many-th line", START.every, 1, 20, 1, _whose("every") + " For the lattice of nine disks only.", integer=True),
                Number("batch_points", "Points of a random batch", START.batch_points, 20, 5000, 50, _whose("batch_points") + " For all other data sets.", integer=True),
                Number("batches", "Batches", START.batches, 1, 20, 1, _whose("batches"), integer=True),
                Text("class_name", "Class", START.class_name, _whose("class_name")),
            ],
        ),
        Group(
            "Homology",
            [
                Choice("homology", "Kind", START.homology, [("ordinary", "Ordinary"), ("local", "Local, at the origin")], _whose("homology")),
                Choice("degrees", "Degrees", written(START.degrees), [("0", "0"), ("1", "1"), ("0,1", "0 and 1"), ("1,2", "1 and 2 (slow)")], _whose("degrees")),
                Number("grid_end", "Grid to", START.grid_end, 0.01, 10, 0.1, _whose("grid_end")),
                Number("grid_step", "Grid step", START.grid_step, 1e-4, 0.5, 0.001, _whose("grid_step")),
                Number("depth", "Depth", START.depth, 1, 400, 1, _whose("depth"), integer=True),
            ],
            open=False,
        ),
        Group(
            "More",
            [
                Number("learning_rate", "Learning rate", START.learning_rate, 1e-6, 1, 0.001, _whose("learning_rate"), log=True),
                Number("batch_size", "Training batch", START.batch_size, 1, 4096, 16, _whose("batch_size"), integer=True, log=True),
                Number("decay_steps", "Decay steps", START.decay_steps, 1, 200_000, 500, _whose("decay_steps"), integer=True, log=True),
                Number("seed", "Seed", START.seed, 0, 2**31 - 1, 1, _whose("seed"), integer=True),
                Number("workers", "Processes", 1, 1, 16, 1, "Processes that work on it at once; the numbers do not depend on it.", integer=True),
            ],
            open=False,
        ),
    ],
)  # fmt: skip


def whose_defaults(config: LandscapeConfig) -> tuple[list[str], list[str], list[str]]:
    """What the study sets, as 'name: value': defaults of the paper, defaults of ours, and what was changed."""
    paper, ours, other = [], [], []
    for item in fields(LandscapeConfig):
        value = getattr(config, item.name)
        line = f"{item.name.replace('_', ' ')}: {written(value)}"
        if value != item.default:
            other.append(line)
        else:
            (paper if item.metadata["whose"] == "paper" else ours).append(line)
    return paper, ours, other
