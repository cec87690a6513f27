"""The controls of the Filters page: the study's settings, what is shown, what is trained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from topodash.components.controls import Choice, Group, Number, Table
from topodash.figures.filter_angles import POSITIONS
from topodash.figures.ring_colours import COLOURS
from topodash.figures.wheel import PATCHES
from topodash.studies.filter_topology_config import IMPROVED, PAPER, REPLICATION, FilterTopologyConfig

PRESETS = {"paper": PAPER, "improved": IMPROVED, "replication": REPLICATION}

MOST_K = 20_000

STUDY = Table(
    "filters",
    [
        Group(
            "Density filter",
            [
                Number("k", "k, neighbour", 200, 1, MOST_K, 1, "A filter is dense when its k-th nearest neighbour is near. Must be below the number of filters.", integer=True),
                Number("share", "p, share kept", 30, 0.5, 100, 1, "Only this share of the filters is kept, the densest.", unit="%"),
                Choice("metric", "Metric", "variance_normalised", [("variance_normalised", "variance-normalised"), ("euclidean", "Euclidean")],
                       "Euclidean distance of centred filters of variance 1; variance-normalised scales each of the weights to variance 1 over all filters first (the paper's)."),
            ],
        ),
        Group(
            "Mapper",
            [
                Choice("lens", "Lens", "pca", [("pca", "two principal components"), ("neighbourhood", "neighbourhood graph")],
                       "What the cover is laid over: principal components (improved model), or the embedding of the nearest-neighbour graph (the paper's first figures)."),
                Number("intervals", "Intervals", 30, 2, 60, 1, "Pieces of the cover on each of the two lens coordinates (resolution).", integer=True),
                Number("gain", "Gain", 3, 1.1, 10, 0.5, "Neighbouring pieces overlap by 1 - 1/gain: 3 is two thirds."),
                Number("linkage", "Linkage", 1.5, 0.2, 10, 0.1, "Single linkage joins filters that are this many typical gaps apart (ours; the gap is the median distance to the fifth neighbour)."),
            ],
            open=False,
        ),
    ],
)  # fmt: skip

VIEW = Table(
    "filters-view",
    [
        Group(
            "Show",
            [
                Choice("colour", "Colour", "circular", COLOURS, "Colour of the nodes' rims and of the filters. Angles have a cyclic map: its ends are one colour."),
                Choice("layout", "Place nodes by", "spring", [("spring", "springs (seeded)"), ("plane", "principal plane")], "Springs show what is joined; the principal plane shows where the filters are."),
                Choice("position", "Position on the ring", "circular", POSITIONS,
                       "What 'around the circle' means in the wheel and the angle plots: the circular coordinate of the longest bar, or the angle in the PCA plane, which a Gaussian without a ring has too."),
                Choice("circular", "Circular coordinate", "proved", [("proved", "once its bar beats its null"), ("always", "always, and say so")],
                       "Every longest bar gives a circular coordinate, that of noise too. It is drawn when the bar is longer than those of the null banks (p at most 0.05); until then the PCA angle stands in."),
                Choice("patch", "Patch that maximises", "relu", PATCHES, "Which response the patches of the wheel make greatest."),
            ],
        ),
    ],
)  # fmt: skip

TRAINING = Table(
    "filters-train",
    [
        Group(
            "Train a network",
            [
                Choice("data", "Images", "mnist", [("mnist", "MNIST digits"), ("circles_squares", "Circles and squares")], "What the network learns to tell apart."),
                Number("c1", "First-layer filters", 64, 4, 512, 1, "5 x 5 filters of the first convolution: the ones that are shown.", integer=True, log=True),
                Number("dense", "Dense units", 128, 8, 1024, 1, "Units of the dense layer. M(c1, 8, dense) of the paper's improved model has 512.", integer=True, log=True),
                Number("iterations", "Iterations", 400, 10, 20_000, 10, "Batches of 100 images. 400 take about a minute, and 10,000 are the paper's improved model.", integer=True, log=True),
                Number("seed", "Seed", 0, 0, 2**31, 1, "Of the initialisation, the batches and the dropout.", integer=True),
            ],
            open=False,
        ),
    ],
)  # fmt: skip


def study_config(values: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of the study from parsed values of `STUDY`; those that it does not show keep their defaults."""
    config = FilterTopologyConfig(
        k=int(values["k"]),
        fraction=float(values["share"]) / 100,
        metric=values["metric"],
        lens=values["lens"],
        intervals=int(values["intervals"]),
        gain=float(values["gain"]),
        linkage=float(values["linkage"]),
    )
    return asdict(config)


def preset_values(name: str, filters: int) -> dict[str, Any]:
    """Values of `STUDY` for a preset; 'fit' scales the improved model's rho(200, 20 %) of 6400 to the number of filters.

    The fitted k is the same share of the filters, at least 5. The cover is ours, so coarse that every node's picture can be
    read and that trained and untrained filters are one piece each. Its loops are no ring: on 77 networks of the improved
    bank the direction of the nodes' mean filters turns once around the middle, but at none of 128 settings (k 38 to 300, share
    10 to 30 %, 10 to 26 intervals, linkage 1 to 2) around a hole of a connected nerve; three of 19 Gaussian null banks have a loop too.
    """
    if name == "fit":
        root = (0.2 * filters if filters >= 200 else 0.6 * filters) ** 0.5
        return {
            "k": max(1, min(max(5, round(filters / 32)), filters - 1, MOST_K)),
            "share": 20 if filters >= 200 else 60,
            "metric": "variance_normalised",
            "lens": "pca",
            "intervals": int(min(30, max(4, min(10, round(root)), round(0.45 * root)))),
            "gain": 3,
            "linkage": 2,
        }
    config = PRESETS[name]
    return {
        "k": config.k,
        "share": round(100 * config.fraction, 6),
        "metric": config.metric,
        "lens": config.lens,
        "intervals": config.intervals,
        "gain": config.gain,
        "linkage": config.linkage,
    }


def run_config(values: Mapping[str, Any]) -> dict[str, Any]:
    """The config of a run of kind `cnn`; filters are kept often in the beginning, where they move most."""
    last = int(values["iterations"])
    share = [(i / 40) ** 2 for i in range(41)]
    return {
        "dataset": {"name": values["data"], "seed": 0, "parameters": {}},
        "c1": int(values["c1"]),
        "c2": 8,
        "dense": int(values["dense"]),
        "iterations": last,
        "record": sorted({round(last * each) for each in share}),
        "test_images": 1000,
        "seed": int(values["seed"]),
    }
