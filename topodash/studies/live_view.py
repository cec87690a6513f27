"""Everything the live page shows of one network at one step: paper A, figures 1 and 3 to 6.

The steps, in the paper's order: cut the input plane into linear regions, map every region and every point into the
activation space, find the output plane there and the decision boundary in both spaces.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from topodash.geometry import (
    Boundary,
    PolyhedralComplex,
    RegionTopology,
    class_regions,
    decision_boundary,
    output_plane,
    polyhedral_complex,
)
from topodash.geometry import (
    layers as forward,
)
from topodash.geometry.prediction import predicted_pieces
from topodash.studies.space_axes import SpaceAxes, choose_axes

Array = npt.NDArray[np.float64]
Box = tuple[tuple[float, float], tuple[float, float]]

#: The box is the data's range plus this share on each side.
MARGIN = 0.15


@dataclass(frozen=True, eq=False)
class LabelledSample:
    """The points a network is watched on.

    Attributes
    ----------
    points : (n, 2), in the network's units.
    labels : (n,) int.
    train : (n,) bool, the others are held out.
    class_names : tuple of str.
    """

    points: Array
    labels: npt.NDArray[np.int64]
    train: npt.NDArray[np.bool_]
    class_names: tuple[str, ...]

    @cached_property
    def box(self) -> Box:
        """The data's range plus 15 % on each side; a constant column gets a width of 1."""
        low, high = self.points.min(axis=0).astype(float), self.points.max(axis=0).astype(float)
        spread = np.where(high > low, high - low, 1.0)
        low, high = low - MARGIN * spread, high + MARGIN * spread
        return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))


@dataclass(frozen=True, eq=False)
class LiveView:
    """One network over one sample; F cells, n points, C classes.

    Attributes
    ----------
    complex, boundary : the cells and the decision boundary, exact.
    regions : topology of each class's region; `regions[1]` of two is the positive region.
    activations : (n, width) of the last hidden layer.
    probabilities : (n, C).
    predicted : (n,) int.
    cell_of_point : (n,) int, -1 outside the box.
    counts : (F, C) points of each class in each cell.
    axes : which three axes the activation space is drawn in.
    plane : (k, 3) corners of the output plane in those axes, or None where there is none.
    dead : (layer, unit) pairs, from 1, that fire on no training point.
    confusion : {'train' | 'test': (C, C) int}, rows true, columns predicted.
    """

    complex: PolyhedralComplex
    boundary: Boundary
    regions: tuple[RegionTopology, ...]
    activations: Array
    probabilities: Array
    predicted: npt.NDArray[np.int64]
    cell_of_point: npt.NDArray[np.intp]
    counts: npt.NDArray[np.int64]
    axes: SpaceAxes
    plane: Array | None
    dead: tuple[tuple[int, int], ...]
    confusion: Mapping[str, npt.NDArray[np.int64]]


def split_weights(
    weights: Mapping[str, npt.ArrayLike],
) -> tuple[list[tuple[Array, Array]], tuple[Array, Array]]:
    """Hidden layers and the output layer of a snapshot `W1`, `b1`, ..., the last pair being the output.

    Raises
    ------
    ValueError
        When a pair is missing.
    """
    count = sum(1 for name in weights if name.startswith("W"))
    if count < 2:
        raise ValueError(
            f"weights must hold W1, b1 and at least one more pair, not {', '.join(sorted(weights)) or 'nothing'}"
        )
    pairs = []
    for index in range(1, count + 1):
        if f"W{index}" not in weights or f"b{index}" not in weights:
            raise ValueError(
                f"weights must hold W{index} and b{index}, but have {', '.join(sorted(weights))}"
            )
        pairs.append(
            (
                np.asarray(weights[f"W{index}"], dtype=np.float64),
                np.asarray(weights[f"b{index}"], dtype=np.float64),
            )
        )
    return pairs[:-1], pairs[-1]


def confusion_matrix(labels: np.ndarray, predicted: np.ndarray, classes: int) -> npt.NDArray[np.int64]:
    """Counts (C, C): rows are the true classes, columns the predicted ones."""
    return np.bincount(labels * classes + predicted, minlength=classes * classes).reshape(classes, classes)


def live_view(
    weights: Mapping[str, npt.ArrayLike],
    sample: LabelledSample,
    *,
    axes: str = "auto",
    cell_limit: int = 20_000,
) -> LiveView:
    """Compute a view.

    Parameters
    ----------
    weights : {'W1': (out, in), 'b1': (out,), ...}; the last pair is the output layer.
    sample : the points.
    axes : 'auto', 'pca', or three units as '1,2,3' (numbered from 1).
    cell_limit : refuse networks that cut the box into more cells.

    Raises
    ------
    ValueError
        When weights do not fit the points or are not finite, `axes` names no such units, or the limit is passed.
    """
    hidden, output = split_weights(weights)
    classes = len(sample.class_names)
    complex_ = polyhedral_complex(hidden, sample.box, cell_limit=cell_limit)
    every = forward.activations(hidden, sample.points)
    logits = every[-1] @ output[0].T + output[1]
    predicted = forward.predicted(logits)
    cell_of_point = complex_.locate(sample.points)
    inside = cell_of_point >= 0
    counts = np.bincount(
        cell_of_point[inside] * classes + sample.labels[inside], minlength=len(complex_) * classes
    ).reshape(len(complex_), classes)
    chosen = choose_axes(every[-1], axes)
    plane = None
    if len(output[0]) == 1 and chosen.is_whole_space and every[-1].shape[1] == 3:
        top = np.maximum(complex_.vertex_images.max(axis=0), 1e-9)
        plane = output_plane(output[0], output[1], tuple((0.0, float(1.05 * t)) for t in top))
    dead = tuple(
        (layer, int(unit) + 1)
        for layer, values in enumerate(every, 1)
        for unit in np.flatnonzero(~(values[sample.train] > 0).any(axis=0))
    )
    pieces = predicted_pieces(complex_, output)
    return LiveView(
        complex=complex_,
        boundary=decision_boundary(complex_, output, pieces=pieces),
        regions=class_regions(complex_, output, pieces=pieces),
        activations=every[-1],
        probabilities=forward.probabilities(logits),
        predicted=predicted,
        cell_of_point=cell_of_point,
        counts=counts,
        axes=chosen,
        plane=plane,
        dead=dead,
        confusion={
            name: confusion_matrix(sample.labels[rows], predicted[rows], classes)
            for name, rows in (("train", sample.train), ("test", ~sample.train))
        },
    )


def probability_field(weights: Mapping[str, npt.ArrayLike], box: Box, size: int) -> Array:
    """Predicted probability at the centres of a size x size grid over the box, rows from low y to high y.

    Of class 1 where there are two classes, else of the predicted class.
    """
    hidden, output = split_weights(weights)
    probabilities = forward.probabilities(forward.logits(hidden, output, grid_points(box, size)))
    field = probabilities[:, 1] if probabilities.shape[1] == 2 else probabilities.max(axis=1)
    return field.reshape(size, size)


def layer_field(weights: Mapping[str, npt.ArrayLike], box: Box, size: int, layer: int) -> Array:
    """Activation of every unit of hidden layer `layer` (from 1) on the same grid: (units, size, size)."""
    hidden, _ = split_weights(weights)
    values = forward.activations(hidden[:layer], grid_points(box, size))[-1]
    return values.T.reshape(-1, size, size)


def grid_points(box: Box, size: int) -> Array:
    """The centres of a size x size grid over the box, (size * size, 2), x running fastest."""
    centres = [(np.arange(size) + 0.5) / size * (high - low) + low for low, high in box]
    x, y = np.meshgrid(*centres)
    return np.column_stack([x.ravel(), y.ravel()])


def hidden_widths(weights: Mapping[str, npt.ArrayLike]) -> Sequence[int]:
    """Units of each hidden layer."""
    return [len(bias) for _, bias in split_weights(weights)[0]]
