"""Small still pictures of a network as SVG: its input plane, and its activation space from the octant camera.

They fill the snapshot strip (paper A, figures 3 and 5), the data set's preview and the cards: vectors, a few kilobytes,
drawn on the server and kept by the browser.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from topodash.figures import theme

#: A still picture shows at most this many points.
STILL_POINTS = 600


@dataclass(frozen=True, eq=False)
class Still:
    """What a still picture draws; every array in the units of the axes.

    Attributes
    ----------
    box : ((xmin, xmax), (ymin, ymax)).
    points (n, 2), labels (n,).
    polygons : cells, each (k, 2); empty for data alone.
    firing : how many units fire in each cell; units : how many there are.
    lines : hyperplanes, (2, 2) each, with the unit's number.
    boundary (m, 2, 2).
    """

    box: tuple[tuple[float, float], tuple[float, float]]
    points: np.ndarray
    labels: np.ndarray
    polygons: Sequence[np.ndarray] = ()
    firing: Sequence[int] = ()
    units: int = 0
    lines: Sequence[tuple[int, np.ndarray]] = ()
    boundary: np.ndarray | None = None


def thin(count: int, most: int = STILL_POINTS) -> np.ndarray:
    """Row numbers of at most `most` of `count` points, the same each time."""
    if count <= most:
        return np.arange(count)
    return np.sort(np.random.default_rng(0).choice(count, most, replace=False))


def _path(points: np.ndarray, closed: bool = True) -> str:
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points) + ("Z" if closed else "")


def _dots(points: np.ndarray, labels: np.ndarray, radius: float) -> list[str]:
    parts = []
    for label in np.unique(labels):
        # A zero-length stroke with round ends is a dot: one element a class instead of one a point.
        dots = "".join(f"M{x:.1f},{y:.1f}h0" for x, y in points[labels == label])
        parts.append(
            f'<path d="{dots}" stroke="{theme.class_colour(int(label))}" stroke-width="{2 * radius:g}" stroke-linecap="round" fill="none"/>'
        )
    return parts


def _svg(parts: Sequence[str], width: int, height: int, title: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def plane_svg(still: Still, *, size: int = 220, dark: bool = False, title: str = "Input plane") -> str:
    """The input plane: cells by how many units fire, hyperplanes, decision boundary, points."""
    colours = theme.palette(dark)
    (left, right), (bottom, top) = still.box
    scale = min((size - 4) / (right - left), (size - 4) / (top - bottom))
    middle = np.array([(left + right) / 2, (bottom + top) / 2])

    def place(points: np.ndarray) -> np.ndarray:
        return (np.asarray(points) - middle) * (scale, -scale) + size / 2

    tints = theme.pattern_tints(still.units, dark)
    parts = []
    for polygon, firing in zip(still.polygons, still.firing, strict=True):
        parts.append(
            f'<path d="{_path(place(polygon))}" fill="{tints[firing]}" stroke="{colours["line"]}" stroke-width=".5"/>'
        )
    parts += _dots(place(still.points), still.labels, 1.5)
    for unit, line in still.lines:
        parts.append(
            f'<path d="{_path(place(line), closed=False)}" stroke="{theme.neuron_colour(unit)}" stroke-width="1.6" fill="none"/>'
        )
    if still.boundary is not None and len(still.boundary):
        path = "".join(_path(place(segment), closed=False) for segment in still.boundary)
        parts.append(
            f'<path d="{path}" stroke="{colours["text"]}" stroke-width="2.2" fill="none" stroke-linecap="round"/>'
        )
    return _svg(parts, size, size, title)


def space_svg(
    points: np.ndarray,
    labels: np.ndarray,
    images: Sequence[np.ndarray],
    firing: Sequence[int],
    units: int,
    *,
    plane: np.ndarray | None = None,
    size: int = 220,
    dark: bool = False,
    title: str = "Activation space",
) -> str:
    """The activation space from the octant camera, without perspective; far cells are drawn first."""
    colours = theme.palette(dark)
    everything = np.concatenate([points, *images, np.zeros((1, 3))])
    low, high = everything.min(axis=0), everything.max(axis=0)
    centre, reach = (low + high) / 2, max(float((high - low).max()), 1e-9)
    eye = np.array([theme.OCTANT_CAMERA["eye"][axis] for axis in "xyz"])
    eye = eye / np.linalg.norm(eye)
    across = np.cross([0.0, 0.0, 1.0], eye)
    across /= np.linalg.norm(across)
    up = np.cross(eye, across)

    def flat(values: np.ndarray) -> np.ndarray:
        moved = (np.asarray(values) - centre) / reach
        return np.stack([moved @ across, -(moved @ up)], axis=-1) * (0.72 * size) + size / 2

    tints = theme.pattern_tints(units, dark)
    parts = []
    length = 1.05 * high
    for axis in range(3):
        end = np.zeros(3)
        end[axis] = length[axis]
        parts.append(
            f'<path d="{_path(flat(np.array([np.zeros(3), end])), closed=False)}" stroke="{colours["line"]}" stroke-width="1"/>'
        )
    order = sorted(range(len(images)), key=lambda cell: float(images[cell].mean(axis=0) @ eye))
    for cell in order:
        parts.append(
            f'<path d="{_path(flat(images[cell]))}" fill="{tints[firing[cell]]}" fill-opacity=".75" stroke="{colours["quiet"]}" stroke-width=".8"/>'
        )
    if plane is not None:
        parts.append(
            f'<path d="{_path(flat(plane))}" fill="{colours["quiet"]}" fill-opacity=".22" stroke="{colours["text"]}" stroke-width=".8"/>'
        )
    parts += _dots(flat(points), labels, 1.3)
    return _svg(parts, size, size, title)
