"""What the filter study must reach: `python benchmarks/filters.py [section ...]`; ratios below 1 are good.

Runs on the shipped bank of 6400 filters when it is complete, else on planted ones (edges, lines and noise),
and says which. Processor time of this process, one thread, except for the null banks, which run in two
processes on the wall's clock. `nulls` computes 8 banks and scales to 99; `all-nulls` computes all 99.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass

import filters_page
import numpy as np
from scipy.spatial.distance import pdist, squareform

from topodash.compute import Cache
from topodash.geometry.klein import patch
from topodash.studies.filter_topology import dense_filters, ring_picture
from topodash.studies.filter_topology_bank import BankError, load_bank
from topodash.studies.filter_topology_config import IMPROVED, REPLICATION
from topodash.studies.filter_topology_evidence import gather_evidence
from topodash.topology import circular_coordinates, density_filter, persistence_diagrams
from topodash.topology.long_bars import degree_one_bars


@dataclass(frozen=True)
class Row:
    """One line: a value, the most it may be (None where nothing was promised), a remark."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    remark: str = ""


def bank() -> tuple[np.ndarray, str]:
    """6400 filters (n, 25) and what they are."""
    try:
        filters = load_bank("mnist_64_8_512").at()
        if len(filters) >= 6400:
            return filters.flat[:6400], filters.source
    except BankError:
        pass
    rng = np.random.default_rng(0)
    lines = rng.random(6400) < 0.3
    phi = np.where(lines, rng.uniform(0, 2 * np.pi, 6400), np.pi / 2)
    planted = patch(rng.uniform(0, 2 * np.pi, 6400), phi, 5) * rng.uniform(0.1, 1, (6400, 1))
    return planted + rng.normal(size=(6400, 25)) * 0.12, "planted edges, lines and noise"


def seconds(function: Callable[[], object], repeats: int = 1) -> float:
    """The median processor time of a call."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        function()
        times.append(time.process_time() - start)
    return float(np.median(times))


def picture_section() -> list[Row]:
    """From bank to ring picture, cold and from the cache."""
    filters, _ = bank()
    cold = seconds(lambda: ring_picture(filters, REPLICATION))
    picture = ring_picture(filters, REPLICATION)
    tree = {
        "scores": picture.scores,
        "values": picture.dense.values,
        "indices": picture.dense.indices,
        "starts": picture.graph.starts,
        "members": picture.graph.members,
        "edges": picture.graph.edges,
        "theta": picture.klein.theta,
        "phi": picture.klein.phi,
        "r2": picture.klein.r2,
    }
    with tempfile.TemporaryDirectory() as folder:
        cache = Cache(folder, 64)
        cache.put("picture", tree)
        cached = seconds(lambda: cache.get("picture"), 9)
    scaled = filters - filters.mean(axis=1, keepdims=True)
    scaled /= scaled.std(axis=1, keepdims=True)
    density = seconds(lambda: density_filter(scaled, k=200, fraction=0.3, metric="variance_normalised"), 3)
    return [
        Row("bank to ring picture, cold", cold, "s", 3.0, f"{len(picture.graph)} nodes"),
        Row("the same from the cache's folder", cached, "s", 0.2),
        Row("density filter of 6400 x 25", density, "s", 1.0, "no n x n matrix"),
    ]


def homology_section() -> list[Row]:
    """Exact degree-1 bars against the general engine, and the circular coordinate."""
    filters, _ = bank()
    rows = []
    for config, against in ((IMPROVED, True), (REPLICATION, False)):
        points = dense_filters(filters, config).points
        distances = squareform(pdist(points))
        ours = seconds(lambda d=distances: degree_one_bars(d))
        rows.append(Row(f"all degree-1 bars of {len(points)}", ours, "s"))
        if against:
            theirs = seconds(lambda d=distances: persistence_diagrams(d, metric="precomputed"))
            rows.append(Row("over gudhi on the same", ours / theirs, "", 1.0, f"gudhi {theirs:.1f} s"))
    time_taken = seconds(lambda: circular_coordinates(points, landmarks=300))
    return [*rows, Row("circular coordinate, 300 landmarks", time_taken, "s")]


def mapper_section() -> list[Row]:
    """Mapper against kmapper: same points, lens, cover and single linkage."""
    import kmapper
    from sklearn.cluster import AgglomerativeClustering

    from topodash.topology import CubicalCover, SingleLinkage, mapper_graph

    filters, _ = bank()
    picture = ring_picture(filters, REPLICATION)
    points, lens = picture.dense.points, picture.lens

    def ours() -> object:
        graph = mapper_graph(
            points,
            lens,
            cover=CubicalCover(REPLICATION.intervals, REPLICATION.overlap),
            clusterer=SingleLinkage(picture.linkage),
        )
        return graph.edges

    def theirs() -> object:
        return kmapper.KeplerMapper(verbose=0).map(
            lens,
            points,
            cover=kmapper.Cover(REPLICATION.intervals, REPLICATION.overlap),
            # kmapper skips cubes with fewer points than n_clusters or min_samples; this clusterer needs two
            clusterer=AgglomerativeClustering(
                n_clusters=None, linkage="single", distance_threshold=np.nextafter(picture.linkage, np.inf)
            ),
        )

    a, b = seconds(ours, 3), seconds(theirs)
    return [Row("Mapper over kmapper", a / b, "", 1.0, f"{a:.2f} s against {b:.2f} s")]


def nulls(count: int) -> list[Row]:
    """Null banks in two processes, on the wall's clock, scaled to 99."""
    filters, _ = bank()
    rows = []
    for name, config in (("IMPROVED, 1280 kept", IMPROVED), ("REPLICATION, 1920 kept", REPLICATION)):
        start = None
        for step in gather_evidence(filters, config, nulls=count, workers=2):
            if step.number == -1:
                start = time.perf_counter()
        taken = (time.perf_counter() - start) * 99 / count
        rows.append(
            Row(f"99 null banks, {name}", taken, "s", 120.0, "" if count == 99 else f"scaled from {count}")
        )
    return rows


def page_section() -> list[Row]:
    """Headless Chromium: the ring of the shipped bank on screen, and clicks on its nodes, alone and beside two trainings."""
    found = filters_page.measured()
    return [
        Row("page opened to ring, cached", found["ring"], "s", 3.0),
        Row("page opened, first time on an empty cache", found["first"], "s", None),
        Row("click to inspector, median", found["click"], "s", None),
        Row("click to inspector, 95th percentile", found["click p95"], "s", 0.3),
        Row("the same beside two trainings, median", found["busy click"], "s", None),
        Row("the same beside two trainings, 95th pct.", found["busy click p95"], "s", 0.3),
    ]


SECTIONS = {
    "picture": picture_section,
    "homology": homology_section,
    "mapper": mapper_section,
    "page": page_section,
    "nulls": lambda: nulls(8),
    "all-nulls": lambda: nulls(99),
}


def main() -> None:
    """Print the sections named, or all but 'all-nulls'."""
    print(f"filters: {bank()[1]}; load of the machine {os.getloadavg()[0]:.1f}")
    for name in sys.argv[1:] or [name for name in SECTIONS if name != "all-nulls"]:
        for row in SECTIONS[name]():
            goal = "" if row.goal is None else f"  goal {row.goal:g}, ratio {row.value / row.goal:.2f}"
            print(f"{row.name:42} {row.value:8.3f} {row.unit:2}{goal}  {row.remark}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
