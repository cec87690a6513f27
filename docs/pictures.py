"""Draw the pictures of the Home page, `assets/pictures/*.svg`, with the library: `python docs/pictures.py`.

Nothing is drawn by hand: cells, boundary, Mapper graph, landscapes and patches are what the library
computes for the settings below. The colours are chosen to stand on a light and on a dark ground.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import rustworkx

from topodash.datasets import load
from topodash.figures.theme import class_colour, neuron_colour
from topodash.geometry import polyhedral_complex
from topodash.geometry.boundary import decision_boundary
from topodash.geometry.klein import patch
from topodash.geometry.lines import neuron_lines
from topodash.networks import MLPConfig, train
from topodash.topology import DBSCAN, CubicalCover, landscape, mapper_graph, persistence_diagrams

WIDTH, HEIGHT = 320, 220
FOLDER = Path(__file__).resolve().parent.parent / "assets" / "pictures"
LINE = "#8A93A5"


def write(name: str, shapes: Iterable[str]) -> None:
    """One SVG file."""
    FOLDER.mkdir(exist_ok=True)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
    (FOLDER / f"{name}.svg").write_text("\n".join([head, *shapes, "</svg>", ""]), encoding="utf-8")


def path(points: np.ndarray, *, closed: bool = False) -> str:
    """The data of a path through the points, with one decimal."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + ("Z" if closed else "")


def fitted(points: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    """The points in the picture: the box (xmin, xmax, ymin, ymax) fills it, y upwards, equal axes."""
    xmin, xmax, ymin, ymax = box
    scale = min((WIDTH - 8) / (xmax - xmin), (HEIGHT - 8) / (ymax - ymin))
    middle = np.array([(xmin + xmax) / 2, (ymin + ymax) / 2])
    return np.array([WIDTH / 2, HEIGHT / 2]) + (np.asarray(points) - middle) * scale * np.array([1, -1])


def trained() -> tuple[object, list, tuple]:
    """The three-neuron network of paper A after 1000 epochs, and its data."""
    data = load("single_annulus", seed=0)
    for seed in range(20):
        *_, last = train(MLPConfig(learning_rate=0.5, seed=seed), data)
        if last.accuracy > 0.995:
            weights = last.weights
            layers = [(weights["W1"], weights["b1"])]
            return data, layers, (weights["W2"], weights["b2"])
    raise RuntimeError("no seed from 0 to 19 separates the classes")


def live(data, layers, output) -> list[str]:
    """The input plane: cells, hyperplanes, boundary, points."""
    box = ((-1.6, 1.6), (-1.1, 1.1))
    frame = (*box[0], *box[1])
    cells = polyhedral_complex(layers, box)
    shapes = []
    for cell in cells.cells:
        opacity = 0.05 + 0.09 * sum(cell.pattern)
        shapes.append(
            f'<path d="{path(fitted(cell.polygon, frame), closed=True)}" fill="#6C7FD8" '
            f'fill-opacity="{opacity:.2f}"/>'
        )
    inside = (np.abs(data.points) < [1.6, 1.1]).all(axis=1)
    for k in np.flatnonzero(inside)[:420]:
        x, y = fitted(data.points[k], frame)
        shapes.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.7" fill="{class_colour(data.labels[k])}"/>')
    for k, line in enumerate(neuron_lines(layers, box)):
        if line.segment is not None:
            shapes.append(
                f'<path d="{path(fitted(line.segment, frame))}" stroke="{neuron_colour(k)}" '
                'stroke-width="1.8"/>'
            )
    for segment in decision_boundary(cells, output).segments:
        shapes.append(
            f'<path d="{path(fitted(segment, frame))}" stroke="{LINE}" stroke-width="2.6" '
            'stroke-linecap="round"/>'
        )
    return shapes


def mapper(data, layers) -> list[str]:
    """The Mapper graph of the three activations under their first two principal components."""
    weight, bias = layers[0]
    activations = np.maximum(data.points @ weight.T + bias, 0).astype(float)
    activations /= np.abs(activations).max()
    centred = activations - activations.mean(axis=0)
    lens = centred @ np.linalg.svd(centred, full_matrices=False)[2][:2].T
    graph = mapper_graph(activations, lens, cover=CubicalCover(10, 0.4), clusterer=DBSCAN(0.15, 2))
    drawn = rustworkx.PyGraph()
    drawn.add_nodes_from(range(len(graph)))
    drawn.add_edges_from_no_data([(int(a), int(b)) for a, b in graph.edges])
    start = {k: tuple(lens[members].mean(axis=0) * 4) for k, members in enumerate(graph.nodes)}
    layout = rustworkx.spring_layout(drawn, pos=start, k=0.12, num_iter=60, seed=1)
    places = np.array([layout[k] for k in range(len(graph))])
    low, high = places.min(axis=0) - 0.05, places.max(axis=0) + 0.05
    places = np.array([16, 16]) + (places - low) / (high - low) * np.array([WIDTH - 32, HEIGHT - 32])
    shapes = [
        f'<path d="{path(places[[a, b]])}" stroke="{LINE}" stroke-opacity=".7"/>' for a, b in graph.edges
    ]
    for place, members in zip(places, graph.nodes, strict=True):
        share = data.labels[members].mean()
        x, y = place
        radius = 2.0 + 0.8 * np.sqrt(len(members))
        shapes.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{class_colour(int(share > 0.5))}"/>'
        )
        if 0 < share < 1:
            minor = class_colour(int(share <= 0.5))
            shapes.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius * min(share, 1 - share):.1f}" fill="{minor}"/>'
            )
    return shapes


def landscapes() -> list[str]:
    """The landscape functions of the class with the holes of the nine disks."""
    data = load("nine_disks", seed=0)
    points = data.points
    sizes = np.bincount(data.labels)
    chosen = points[data.labels == int(np.argmax(sizes))][::9].astype(float)
    diagram = persistence_diagrams(chosen, max_degree=1)[1]
    grid = np.linspace(0, float(np.sort(diagram[:, 1])[-1]) * 1.02, 140)
    values = landscape(diagram, grid, depth=9)
    top = values.max()
    shapes = [f'<path d="M14 {HEIGHT - 16}H{WIDTH - 10}" stroke="{LINE}" stroke-width="1"/>']
    for k in range(len(values)):
        xs = 14 + (WIDTH - 24) * grid / grid[-1]
        ys = HEIGHT - 16 - (HEIGHT - 34) * values[k] / top
        colour = f"hsl({232 - 18 * k} 62% {44 + 3 * k}%)"
        line = np.stack([xs, ys], axis=1)
        shapes.append(
            f'<path d="{path(line)}" stroke="{colour}" stroke-width="1.7" stroke-linejoin="round"/>'
        )
        shapes.append(f'<path d="{path(line, closed=True)}" fill="{colour}" fill-opacity=".05"/>')
    return shapes


def filters() -> list[str]:
    """Patches along the primary circle of the Klein bottle, edges of all directions, around two lines."""
    shapes = []
    count, side = 14, 5
    for k in range(count):
        angle = 2 * np.pi * k / count
        shapes += _patch(
            patch(angle, np.pi / 2, side),
            WIDTH / 2 + 124 * np.cos(angle),
            HEIGHT / 2 - 86 * np.sin(angle),
            6.2,
        )
    for k in range(4):
        angle = np.pi * k / 4
        shapes += _patch(patch(angle, 0.0, side), WIDTH / 2 - 66 + 44 * k, HEIGHT / 2, 6.2)
    return shapes


def _patch(values: np.ndarray, x: float, y: float, pixel: float) -> list[str]:
    square = np.asarray(values, dtype=float).reshape(5, 5)
    square = (square - square.min()) / (square.max() - square.min())
    corner = 2.5 * pixel
    frame = f'x="{x - corner:.1f}" y="{y - corner:.1f}" width="{5 * pixel:.1f}" height="{5 * pixel:.1f}"'
    return [f'<rect {frame} fill="#808080" stroke="{LINE}" stroke-width="2"/>'] + [
        f'<rect x="{x - corner + column * pixel:.1f}" y="{y - corner + row * pixel:.1f}" '
        f'width="{pixel + 0.2:.1f}" '
        f'height="{pixel + 0.2:.1f}" fill="rgb({level},{level},{level})"/>'
        for row in range(5)
        for column in range(5)
        for level in [int(24 + 214 * square[row, column])]
    ]


def main() -> None:
    """Write all four."""
    data, layers, output = trained()
    for name, shapes in (
        ("live", live(data, layers, output)),
        ("mapper", mapper(data, layers)),
        ("landscapes", landscapes()),
        ("filters", filters()),
    ):
        body = [
            shape.replace("<path ", '<path fill="none" ') if "fill=" not in shape else shape
            for shape in shapes
        ]
        write(name, body)


if __name__ == "__main__":
    main()
