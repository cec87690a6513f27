"""What the live page must reach: `python benchmarks/live.py [section ...]`.

Each section is one function that returns its rows; `SECTIONS` names them. Computations are timed as processor time of
this process, one thread, the median of repeats: what else the machine does is left out.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import live_server
import numpy as np
import page_clock

from topodash.geometry import decision_boundary, polyhedral_complex, positive_region

BOX = ((-1.3, 1.3), (-1.3, 1.3))  # gives about as many cells as the field counts in such networks


@dataclass(frozen=True)
class Row:
    """One line of the table: a value, the most it may be (None where nothing was promised), a remark."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    remark: str = ""


def median_ms(function: Callable[[], object], repeats: int) -> float:
    """The median processor time of a call in milliseconds, after one to warm up."""
    function()
    times = []
    for _ in range(repeats):
        start = time.process_time()
        function()
        times.append(time.process_time() - start)
    return 1e3 * float(np.median(times))


def network(widths: tuple[int, ...], seed: int = 0) -> list[tuple[np.ndarray, np.ndarray]]:
    """Random layers of He's scale, with biases that spread the lines."""
    rng = np.random.default_rng(seed)
    return [
        (rng.normal(size=(out, inputs)) * np.sqrt(2 / inputs), rng.normal(size=out))
        for inputs, out in pairwise(widths)
    ]


def complex_section() -> list[Row]:
    """The exact complex with all that a frame draws: polygons, images, maps, ranks, areas, the boundary."""

    def whole(widths: tuple[int, ...], seed: int) -> Callable[[], int]:
        *layers, output = network((*widths, 1), seed)

        def run() -> int:
            complex = polyhedral_complex(layers, BOX, cell_limit=50_000)
            assert len(complex.polygons) == len(complex.images)
            assert complex.A.shape[0] == complex.area.size == complex.rank.size == complex.magnification.size
            decision_boundary(complex, output)
            return len(complex)

        return run

    rows = []
    deep = (2, *(10,) * 15)
    for name, widths, seed, goal, plain, repeats in (
        ("2-3", (2, 3), 1, 1.0, None, 500),
        ("2-16-16", (2, 16, 16), 0, None, 9.0, 50),
        ("2-15x10", deep, 0, 50.0, 140.0, 20),
        ("2-64-64", (2, 64, 64), 0, 150.0, 380.0, 10),
        ("2-128-128", (2, 128, 128), 0, None, 2600.0, 3),
    ):
        run = whole(widths, seed)
        cells = run()
        took = median_ms(run, repeats)
        remark = f"{cells} cells, {1e3 * took / cells:.1f} us a cell"
        if plain:
            remark += f"; the field's plain Python: {plain:g} ms"
        rows.append(Row(f"complex, image, boundary of {name}", took, "ms", goal, remark))

    *layers, output = network((2, 3, 1))
    complex = polyhedral_complex(layers, BOX)
    rows.append(Row("Betti numbers of 2-3", median_ms(lambda: positive_region(complex, output), 500), "ms"))
    points = np.random.default_rng(0).uniform(-1, 1, size=(1000, 2))
    rows.append(Row("locate 1000 points in 2-3", median_ms(lambda: complex.locate(points), 200), "ms"))
    return rows


def recording_section() -> list[Row]:
    """1000 full-batch epochs, each evaluated and recorded, against the bare loop; Start to the first recorded epoch."""
    with page_clock.data_folder() as settings:
        bare = float(np.median([live_server.bare_loop() for _ in range(3)]))
        recorded = float(np.median([live_server.recorded_run(settings)[1] for _ in range(3)]))
        start = live_server.first_epoch(settings)
    return [
        Row(
            "recorded over bare, 1000 epochs",
            recorded / bare,
            "x",
            3.0,
            f"{recorded:.3f} s against {bare:.3f} s",
        ),
        Row("Start to first recorded epoch", start, "s", 1.0),
    ]


def frame_section() -> list[Row]:
    """A frame of 1000 points and the three-neuron network."""
    with page_clock.data_folder() as settings:
        run_id, _ = live_server.recorded_run(settings)
        size, fresh, known = live_server.frame_cost(settings, run_id)
    return [
        Row("frame on the wire", size / 1000, "kB", 20.0),
        Row("frame on the server", fresh, "ms", 3.0, "a step that nobody has asked for before"),
        Row("frame on the server, known", known, "ms"),
    ]


def viewers_section() -> list[Row]:
    """Twenty viewers of one run that trains on the same machine."""
    with page_clock.data_folder() as settings:
        lag, errors, frames = live_server.viewers(settings)
    return [
        Row("lag of 20 viewers, 95th percentile", lag, "s", 0.5, f"{frames} frames in 20 s"),
        Row("errors", errors, "", 0.0),
    ]


def browser_section() -> list[Row]:
    """Headless Chromium with software WebGL, input plane and 3-D view in sight."""
    with page_clock.data_folder() as settings:
        found = live_server.drawn_frames(settings)
    return [
        Row("first picture of the page", found["first picture"], "s", 3.0),
        Row("Start to first drawn frame", found["start to first frame"], "s", 1.0),
        Row(
            "seconds a frame in training",
            1 / max(found["training"], 1e-9),
            "s",
            1 / 6,
            f"{found['training']:.1f} frames a second",
        ),
        Row(
            "seconds a frame in play-back",
            1 / max(found["play-back"], 1e-9),
            "s",
            1 / 10,
            f"{found['play-back']:.1f} frames a second",
        ),
        Row("lag on screen, 95th percentile", found["lag"], "s", 0.5),
    ]


SECTIONS: dict[str, Callable[[], list[Row]]] = {
    "complex": complex_section,
    "recording": recording_section,
    "frame": frame_section,
    "viewers": viewers_section,
    "browser": browser_section,
}


def print_table(title: str, rows: list[Row]) -> bool:
    """Print the rows; whether every goal is reached."""
    print(f"\n{title}")
    print(f"{'':44}{'measured':>14}{'goal':>12}{'of goal':>9}")
    reached = True
    for row in rows:
        goal = "" if row.goal is None else f"{row.goal:g} {row.unit}"
        ratio = "" if not row.goal else f"{row.value / row.goal:.2f}"
        reached &= row.goal is None or row.value <= row.goal
        print(f"{row.name:44}{row.value:>10.3g} {row.unit:<3}{goal:>12}{ratio:>9}  {row.remark}")
    return reached


def main(names: list[str]) -> int:
    """Run the named sections, all without a name; 1 when a goal is missed."""
    unknown = sorted(set(names) - set(SECTIONS))
    if unknown:
        print(f"no section {', '.join(unknown)}; there are {', '.join(SECTIONS)}", file=sys.stderr)
        return 2
    results = [print_table(name, SECTIONS[name]()) for name in names or SECTIONS]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
