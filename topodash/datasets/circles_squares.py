"""Images of one circle or one square, of random size and place (paper C's synthetic data).

The paper gives 28 x 28 pixels, 10,000 and 2,500 images; sizes, the line and antialiasing are ours. A square
has the area of the circle of the same size, so that the number of bright pixels does not give the class
away.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .labelled import LabelledImages
from .parameters import Parameter
from .seeded import stream
from .source import Source, Values

_NAME = "circles_squares"
_SIDE = 28
_BATCH = 1000  # images drawn at once: bounds the memory of the intermediate float64 arrays
_PARAMETERS = (
    Parameter("train_images", 10_000, "integer", 2, 100_000, help="Number of training images."),
    Parameter("test_images", 2_500, "integer", 0, 100_000, help="Number of test images."),
    Parameter(
        "style",
        "mixed",
        "choice",
        choices=("mixed", "outline", "filled"),
        help="Outlines, filled figures, or each with probability one half.",
    ),
    Parameter(
        "radii",
        [3.0, 11.0],
        "range",
        2.0,
        11.0,
        help="Smallest and largest radius of the circles, in pixels.",
    ),
    Parameter("line_width", 2.0, "number", 1.0, 4.0, help="Width of an outline, in pixels."),
)


@dataclass(frozen=True)
class _Figures:
    """n figures: square or circle, filled or not, radius and centre (x, y) in pixels from the upper left."""

    square: NDArray[np.bool_]
    filled: NDArray[np.bool_]
    radius: NDArray[np.float64]
    centre: NDArray[np.float64]


def _draw_figures(count: int, seed: int, part: str, values: Values) -> _Figures:
    rng = stream(seed, _NAME, part)
    square = rng.permutation(np.arange(count) % 2 == 1)
    low, high = values["radii"]
    radius = low + (high - low) * rng.random(count)
    place = rng.random((count, 2))
    either = rng.random(count) < 0.5
    filled = either if values["style"] == "mixed" else np.full(count, values["style"] == "filled")
    room = np.where(square, half_side(radius), radius) + np.where(filled, 0.0, values["line_width"] / 2)
    centre = room[:, None] + (_SIDE - 2 * room[:, None]) * place
    return _Figures(square, filled, radius, centre)


def half_side(radius: NDArray[np.float64]) -> NDArray[np.float64]:
    """Half the side of the square whose area is that of the circle."""
    return radius * math.sqrt(math.pi) / 2


def disk_coverage(centre: NDArray[np.float64], radius: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of each pixel that a disk covers, (n, 28, 28).

    From the distance of the pixel's centre to the circle, as if the edge were straight across a pixel.
    """
    pixel = np.arange(_SIDE) + 0.5
    x = pixel[None, None, :] - centre[:, 0, None, None]
    y = pixel[None, :, None] - centre[:, 1, None, None]
    return np.clip(radius[:, None, None] - np.hypot(x, y) + 0.5, 0.0, 1.0)


def square_coverage(centre: NDArray[np.float64], half: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of each pixel that a square parallel to the axes covers, exact, (n, 28, 28)."""
    left = np.arange(_SIDE, dtype=np.float64)

    def along(middle: NDArray[np.float64]) -> NDArray[np.float64]:
        low, high = (middle - half)[:, None], (middle + half)[:, None]
        return np.clip(np.minimum(high, left + 1) - np.maximum(low, left), 0.0, 1.0)

    return along(centre[:, 1])[:, :, None] * along(centre[:, 0])[:, None, :]


def _render(figures: _Figures, line_width: float) -> NDArray[np.float32]:
    images = np.zeros((len(figures.radius), _SIDE, _SIDE), dtype=np.float32)
    for start in range(0, len(images), _BATCH):
        batch = np.arange(start, min(start + _BATCH, len(images)))
        for square, coverage in ((False, disk_coverage), (True, square_coverage)):
            of = batch[figures.square[batch] == square]
            size = half_side(figures.radius[of]) if square else figures.radius[of]
            margin = np.where(figures.filled[of], 0.0, line_width / 2)
            outer = coverage(figures.centre[of], size + margin)
            inner = coverage(figures.centre[of], size - margin)
            hollow = ~figures.filled[of]
            outer[hollow] -= inner[hollow]
            images[of] = outer
    return images


def _make(seed: int, values: Values) -> LabelledImages:
    counts = values["train_images"], values["test_images"]
    parts = [
        _draw_figures(count, seed, part, values)
        for count, part in zip(counts, ("train", "test"), strict=True)
    ]
    return LabelledImages(
        images=np.concatenate([_render(part, values["line_width"]) for part in parts]),
        labels=np.concatenate([part.square for part in parts]).astype(np.int64),
        class_names=("circle", "square"),
        train=np.arange(counts[0], dtype=np.int64),
        test=np.arange(counts[0], sum(counts), dtype=np.int64),
        name=_NAME,
        parameters=dict(values),
        seed=seed,
    )


CIRCLES_SQUARES = Source(
    name=_NAME,
    title="Circles and squares",
    help="One circle or one square of random size and place, 28 x 28 pixels.",
    kind="images",
    parameters=_PARAMETERS,
    make=_make,
    betti=lambda values: None,
)
