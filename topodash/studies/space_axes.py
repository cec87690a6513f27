"""Which three axes the activation space is drawn in: the units themselves, three of them, or principal components."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SpaceAxes:
    """A linear map of the last hidden layer to three coordinates.

    Attributes
    ----------
    matrix : (3, width).
    centre : (width,), taken away first.
    labels : three names; '' for an axis that carries nothing.
    kind : 'units' or 'pca'.
    note : what must be said beside the picture; '' where nothing is left out.
    """

    matrix: Array
    centre: Array
    labels: tuple[str, str, str]
    kind: str
    note: str

    def project(self, values: Array) -> Array:
        """(..., width) -> (..., 3)."""
        return (values - self.centre) @ self.matrix.T

    @property
    def is_whole_space(self) -> bool:
        """Whether the three axes are the layer's three units in their order."""
        return bool(np.array_equal(self.matrix, np.eye(3)) and not self.centre.any())


def choose_axes(activations: Array, choice: str) -> SpaceAxes:
    """The axes for a layer.

    Parameters
    ----------
    activations : (n, width), for the principal components.
    choice : 'auto' (the units up to three, principal components above), 'pca', or three units as '1,2,3'.

    Raises
    ------
    ValueError
        When `choice` is none of these or names a unit that is not there.
    """
    width = activations.shape[1]
    if choice == "auto":
        choice = "pca" if width > 3 else ",".join(str(unit + 1) for unit in range(width))
    if choice == "pca":
        return _principal(activations)
    try:
        units = [int(word) for word in choice.split(",")]
    except ValueError:
        units = []
    if (
        not 1 <= len(units) <= 3
        or len(set(units)) < len(units)
        or not all(1 <= unit <= width for unit in units)
    ):
        raise ValueError(
            f"axes must be 'auto', 'pca' or up to three different units of 1 to {width}, was {choice!r}"
        )
    matrix = np.zeros((3, width))
    for row, unit in enumerate(units):
        matrix[row, unit - 1] = 1.0
    labels = [f"neuron {unit}" for unit in units] + [""] * (3 - len(units))
    verb = "is" if len(units) == 1 else "are"
    note = "" if len(units) == width else f"{len(units)} of the {width} units {verb} drawn."
    if width < 3 and not note:
        note = f"The layer has {width} unit{'s' if width > 1 else ''}: its activation space is drawn in {width} of 3 axes."
    return SpaceAxes(matrix, np.zeros(width), (labels[0], labels[1], labels[2]), "units", note)


def _principal(activations: Array) -> SpaceAxes:
    """Principal components; the sign makes each component's greatest loading positive, so that the same data give the same picture."""
    centre = activations.mean(axis=0)
    width = activations.shape[1]
    _, values, components = np.linalg.svd(activations - centre, full_matrices=False)
    matrix = np.zeros((3, width))
    kept = min(3, len(components))
    matrix[:kept] = components[:kept]
    matrix *= np.where(matrix[np.arange(3), np.abs(matrix).argmax(axis=1)] < 0, -1.0, 1.0)[:, None]
    total = float((values**2).sum())
    share = float((values[:3] ** 2).sum()) / total if total > 0 else 1.0
    labels = tuple(f"PC {k + 1}" if k < kept else "" for k in range(3))
    note = f"Principal components of the last hidden layer's {width} unit{'s' if width > 1 else ''}"
    note += f"; three of them hold {100 * share:.0f} % of the variance." if width > 3 else "."
    return SpaceAxes(matrix, centre, (labels[0], labels[1], labels[2]), "pca", note)
