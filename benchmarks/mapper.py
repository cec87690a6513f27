"""The Mapper engine against kmapper 2.1.0 and tda-mapper 0.12: ratios beside their goals.

    python benchmarks/mapper.py [--quick] [--only paper dimensions nerve memory browser]

tda-mapper needs numpy < 2, so it runs in an environment of its own, made below the system's temporary folder
when it is not there yet. All three run one after the other in this one call, each with one thread, best of a
few repeats, in processor time (so that other work on the machine does not count). Points are of the paper's
kind: 3-D ReLU activations of a disk inside a ring; DBSCAN eps 0.1, min_samples 2; lens: the first one or two
principal components; 30 intervals, 50 % overlap.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")  # before numpy: threads of the three must not differ

import numpy as np  # noqa: E402

FOLDER = Path(tempfile.gettempdir()) / "topodash-benchmark-mapper"
REQUIREMENTS = ["tda-mapper==0.12.0", "numpy<2", "scikit-learn"]  # it leaves the clusterer to the caller


def activations(n: int, seed: int = 0) -> np.ndarray:
    """ReLU activations (n, 3) of a disk and a ring under three neurons whose lines surround the disk."""
    rng = np.random.default_rng(seed)
    inner = n // 2
    radius = np.sqrt(np.concatenate([rng.uniform(0, 0.25, inner), rng.uniform(0.64, 1.44, n - inner)]))
    angle = rng.uniform(0, 2 * np.pi, n)
    plane = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    directions = 0.3 + 2 * np.pi / 3 * np.arange(3)
    weights = 3 * np.column_stack([np.cos(directions), np.sin(directions)])
    return np.maximum(0, plane @ weights.T - 0.6)


def wide(n: int, kind: str, seed: int = 0) -> np.ndarray:
    """Points (n, 64): second-layer activations, clusters, or an isotropic Gaussian (the hardest: nothing can
    be pruned).
    """
    rng = np.random.default_rng(seed)
    if kind == "activations":
        first = np.maximum(0, rng.normal(size=(n, 2)) @ rng.normal(size=(2, 64)) + rng.normal(size=64))
        return np.maximum(0, first @ rng.normal(size=(64, 64)) / 8)
    if kind == "clusters":
        return 2 * rng.normal(size=(20, 64))[rng.integers(20, size=n)] + 0.3 * rng.normal(size=(n, 64))
    return rng.normal(size=(n, 64))


def principal(points: np.ndarray, components: int) -> np.ndarray:
    """The first principal components (n, components)."""
    centred = points - points.mean(axis=0)
    return centred @ np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :components]


def best(function: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """Shortest processor time in seconds, and the last result."""
    shortest, result = np.inf, None
    for _ in range(repeats):
        start = time.process_time()
        result = function()
        shortest = min(shortest, time.process_time() - start)
    return shortest, result


def ours(points: np.ndarray, lens: np.ndarray, eps: float) -> Any:
    """Our graph, edges included."""
    from topodash.topology import DBSCAN, CubicalCover, mapper_graph

    graph = mapper_graph(points, lens, cover=CubicalCover(30, 0.5), clusterer=DBSCAN(eps, 2))
    _ = graph.edges
    return graph


def theirs(points: np.ndarray, lens: np.ndarray, eps: float) -> Any:
    """kmapper's graph."""
    import kmapper
    from sklearn.cluster import DBSCAN

    mapper = kmapper.KeplerMapper(verbose=0)
    return mapper.map(lens, points, cover=kmapper.Cover(30, 0.5), clusterer=DBSCAN(eps=eps, min_samples=2))


def same(graph: Any, other: dict[str, Any]) -> bool:
    """Whether our graph has kmapper's nodes (as sets of points) and edges."""
    names = {name: k for k, name in enumerate(other["nodes"])}
    nodes = [tuple(sorted(points)) for points in other["nodes"].values()]
    links = sorted((names[a], names[b]) for a in other["links"] for b in other["links"][a])
    return nodes == [tuple(node.tolist()) for node in graph.nodes] and links == [
        tuple(e) for e in graph.edges.tolist()
    ]


OTHER = """
import json, sys, time
import numpy as np
from sklearn.cluster import DBSCAN
from tdamapper.core import MapperAlgorithm
from tdamapper.cover import CubicalCover
out = []
for path, eps, repeats in json.loads(sys.argv[1]):
    data = np.load(path)
    times = []
    for _ in range(repeats):
        start = time.process_time()
        cover = CubicalCover(n_intervals=30, overlap_frac=0.5)
        mapper = MapperAlgorithm(cover, DBSCAN(eps=eps, min_samples=2), verbose=False)
        graph = mapper.fit_transform(data["points"], data["lens"])
        times.append(time.process_time() - start)
    out.append([min(times), graph.number_of_nodes()])
print(json.dumps(out))
"""


def tda_mapper(
    cases: list[tuple[np.ndarray, np.ndarray, float]], repeats: int
) -> list[tuple[float, int]] | None:
    """Times and node counts of tda-mapper in its own environment; None when that cannot be made."""
    python = FOLDER / "venv" / "bin" / "python"
    try:
        if not python.exists():
            FOLDER.mkdir(parents=True, exist_ok=True)
            subprocess.run([sys.executable, "-m", "venv", str(FOLDER / "venv")], check=True)
            subprocess.run([str(python), "-m", "pip", "install", "--quiet", *REQUIREMENTS], check=True)
        with tempfile.TemporaryDirectory() as folder:
            jobs = []
            for k, (points, lens, eps) in enumerate(cases):
                path = Path(folder) / f"{k}.npz"
                np.savez(path, points=points, lens=lens)
                jobs.append((str(path), eps, repeats))
            done = subprocess.run(
                [str(python), "-c", OTHER, json.dumps(jobs)], check=True, capture_output=True, text=True
            )
    except (subprocess.CalledProcessError, OSError) as error:
        print(f"tda-mapper could not be run: {error}\n{getattr(error, 'stderr', '') or ''}")
        return None
    return [(seconds, nodes) for seconds, nodes in json.loads(done.stdout.splitlines()[-1])]


def verdict(reached: bool) -> str:
    """A word for the table."""
    return "reached" if reached else "MISSED"


def paper(quick: bool) -> None:
    """3-D points at three sizes, one and two lens columns."""
    sizes = (1000, 10_000) if quick else (1000, 10_000, 100_000)
    settings = [(n, columns) for n in sizes for columns in (1, 2)]
    cases = []
    for n, columns in settings:
        points = activations(n)
        cases.append((points, principal(points, columns), 0.1))
    repeats = 2
    others = tda_mapper(cases, repeats)
    print("3-D, goal: at least 10 times kmapper, faster than tda-mapper, same graph as kmapper")
    for k, ((n, columns), case) in enumerate(zip(settings, cases, strict=True)):
        mine, graph = best(lambda case=case: ours(*case), 20 if n < 100_000 else 5)
        kmapper, other = best(lambda case=case: theirs(*case), 1 if n > 10_000 else 5)
        equal = same(graph, other)
        line = f"  {n:>7,} points, {columns}-D lens: ours {mine:7.4f} s, kmapper {kmapper:7.3f} s = {kmapper / mine:6.1f} x"
        good = kmapper / mine >= 10 and equal
        if others:
            line += f", tda-mapper {others[k][0]:7.3f} s = {others[k][0] / mine:5.1f} x"
            good &= others[k][0] > mine
        print(f"{line}, {'same graph' if equal else 'OTHER GRAPH'}: {verdict(good)}", flush=True)


def dimensions(quick: bool) -> None:
    """20,000 points in 64 dimensions."""
    n = 5000 if quick else 20_000
    print(f"64-D, {n:,} points, goal: at least 3 times kmapper, same graph")
    for kind, eps in (("activations", 0.3), ("clusters", 2.8), ("gaussian", 8.0)):
        points = wide(n, kind)
        for columns in (1, 2):
            lens = principal(points, columns)
            mine, graph = best(lambda case=(points, lens, eps): ours(*case), 3)
            kmapper, other = best(lambda case=(points, lens, eps): theirs(*case), 2)
            equal = same(graph, other)
            print(
                f"  {kind:>11}, {columns}-D lens: ours {mine:6.3f} s, kmapper {kmapper:6.3f} s = {kmapper / mine:5.1f} x, "
                f"{'same graph' if equal else 'OTHER GRAPH'}: {verdict(kmapper / mine >= 3 and equal)}",
                flush=True,
            )


def nerve(_: bool) -> None:
    """The nerve of about 10,000 nodes."""
    from topodash.topology import DBSCAN, CubicalCover, mapper_graph

    points = np.random.default_rng(0).uniform(size=(100_000, 2))
    graph = mapper_graph(points, points, cover=CubicalCover(100, 0.5), clusterer=DBSCAN(0.05, 2))
    seconds, edges = best(lambda: mapper_nerve(graph), 3)
    print(
        f"nerve, goal: 10,000 nodes under 0.3 s\n  {len(graph):,} nodes, {edges:,} edges, Betti {graph.betti}: "
        f"{seconds:.3f} s: {verdict(seconds < 0.3)}"
    )


def mapper_nerve(graph: Any) -> int:
    """Compute the nerve of a graph's nodes afresh; how many edges it has."""
    from topodash.topology.nerve import nerve_edges, patterns

    return len(nerve_edges(patterns(graph.starts, graph.members, graph.n_points))[0])


def memory(quick: bool) -> None:
    """A million 3-D points in a process of its own: time and greatest memory."""
    n = 200_000 if quick else 1_000_000
    done = subprocess.run(
        [sys.executable, __file__, "--child", str(n)],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ,
    )
    seconds, nodes, peak = json.loads(done.stdout)
    print(
        f"memory, goal: 1,000,000 points within 4 GB\n  {n:,} points, 2-D lens: {seconds:.2f} s, {nodes} nodes, "
        f"{peak / 2**30:.2f} GB: {verdict(peak < 4 * 2**30)}"
    )


def child(n: int) -> None:
    """Time, nodes and greatest memory of one large graph, as JSON."""
    points = activations(n)
    lens = principal(points, 2)
    seconds, graph = best(lambda: ours(points, lens, 0.1), 1)
    print(json.dumps([seconds, len(graph), peak_memory()]))


def peak_memory() -> int:
    """Greatest memory of this process in bytes; Linux's own count, for ru_maxrss begins with the parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def browser(quick: bool) -> None:
    """From a change of a setting to its graph on screen, and large graphs under the pointer, in Chromium."""
    import mapper_page

    mapper_page.run(activations(1000), quick=quick)


PARTS = {"paper": paper, "dimensions": dimensions, "nerve": nerve, "memory": memory, "browser": browser}


def main() -> None:
    """Run the parts that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="smaller sizes")
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        child(args.child)
        return
    for name in args.only:
        PARTS[name](args.quick)


if __name__ == "__main__":
    main()
