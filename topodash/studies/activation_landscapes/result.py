"""Step 6 of the study: landscapes, averages over networks, norms, the two Gram matrices, and the typed
result.

Everything on the grid comes from the kept bars, so that a page recomputes exactly what is stored; how much
of the exact norm that leaves out is stated in `LandscapeStudy.retained_share`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from topodash.studies.activation_landscapes.config import LandscapeConfig
from topodash.studies.activation_landscapes.units import Reason, study_data
from topodash.topology import landscape, landscape_gram

Floats = NDArray[np.float64]
Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class LandscapeStudy:
    """Result of the study: n networks, s moments, l layers, d degrees, b input batches, g grid points.

    Attributes
    ----------
    config : LandscapeConfig
        ``config.layers``, ``config.snapshots`` and ``config.grid`` name the axes.
    mean_landscapes : (s, l, d, depth, g) float32
        Average over the networks that have the layer at that moment, of their averages over input batches.
    networks_used : (s, l) int64
        How many those are.
    norms : (n, s, l, d) float64
        Exact L2 norms at full depth, averaged over input batches; NaN where there is no diagram.
    norm_of_mean : (s, l, d) float64
        Norm of ``mean_landscapes``: figure 4 in its first reading. NaN where no network has the layer.
    retained_share : (s, l, d) float64
        Least share, over networks and batches, of a squared exact norm that is left after the cuts (grid,
        depth, kept bars).
    lost_share : (s, l, d) float64
        Greatest share, over networks and batches, of a squared norm that lies outside the grid.
    gram : (d, n s, n s) float64
        Inner products of networks at moments (row network * s + moment), summed over layers: for tests. Rows
        that are not ``usable`` are 0.
    usable : (n, s) bool
        The network has every layer at that moment.
    curve_gram : (d, s l, s l) float64
        Inner products of the average landscapes (row moment * l + layer): for the curves.
    steps : (n, s) int64
        Training step of the snapshot; -1 where the threshold was never reached.
    accuracy, test_accuracy : (n, s) float64
        On the training points and the others.
    reason : (n, s, l, b) int8
        Why there is no diagram, a `Reason`.
    batch_sizes : (b,) int64
        Points of each input batch.
    majority_share : float
        Share of the largest class; thresholds up to here mean nothing.
    """

    config: LandscapeConfig
    mean_landscapes: NDArray[np.float32]
    networks_used: NDArray[np.int64]
    norms: Floats
    norm_of_mean: Floats
    retained_share: Floats
    lost_share: Floats
    gram: Floats
    usable: NDArray[np.bool_]
    curve_gram: Floats
    steps: NDArray[np.int64]
    accuracy: Floats
    test_accuracy: Floats
    reason: NDArray[np.int8]
    batch_sizes: NDArray[np.int64]
    majority_share: float

    @property
    def mean_norm(self) -> Floats:
        """(s, l, d) average over networks of their norms: figure 4, second reading. NaN without any."""
        return _nan_mean(self.norms)

    @property
    def sd_norm(self) -> Floats:
        """(s, l, d) standard deviation (ddof=0) over networks of their norms: the band of figure 4."""
        return np.sqrt(_nan_mean((self.norms - self.mean_norm) ** 2))

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Arrays to store; of the Gram matrix only the upper triangle."""
        rows, columns = np.triu_indices(self.gram.shape[1])
        scalar = ("config", "majority_share")
        arrays = {e.name: getattr(self, e.name) for e in fields(self) if e.name not in scalar}
        arrays["gram"] = self.gram[:, rows, columns]
        arrays["majority_share"] = np.array([self.majority_share])
        return arrays

    @classmethod
    def from_arrays(cls, config: LandscapeConfig, arrays: Arrays) -> LandscapeStudy:
        """What `to_arrays` stored.

        Raises
        ------
        ValueError
            When an array is missing or does not fit the configuration.
        """
        given = dict(arrays)
        missing = sorted({e.name for e in fields(cls)} - {"config"} - set(given))
        items = config.networks * len(config.snapshots)
        if missing or given["gram"].shape != (len(config.degrees), items * (items + 1) // 2):
            raise ValueError(f"arrays must be those of a study of this config; missing: {', '.join(missing)}")
        rows, columns = np.triu_indices(items)
        gram = np.empty((len(config.degrees), items, items))
        gram[:, rows, columns] = gram[:, columns, rows] = given["gram"]
        given["gram"] = gram
        share = float(given.pop("majority_share")[0])
        known = {e.name for e in fields(cls)}
        return cls(config=config, majority_share=share, **{k: v for k, v in given.items() if k in known})


def combine(config: LandscapeConfig, part: Callable[[str], Arrays]) -> LandscapeStudy:
    """Step 6: everything that looks at many networks at once.

    Parameters
    ----------
    part : function of a name
        Gives the arrays of the parts 'input' and 'network/<number>'.
    """
    with threadpool_limits(1):
        networks = [part(f"network/{number}") for number in range(config.networks)]
        return _combine(config, networks, part("input"))


def _combine(config: LandscapeConfig, networks: list[Arrays], first: Arrays) -> LandscapeStudy:
    moments, layers, degrees = len(config.snapshots), len(config.layers), len(config.degrees)
    data, grid = study_data(config), config.grid
    items = config.networks * moments
    reason = np.stack([_with_input(first["reason"], net["reason"]) for net in networks])
    norms = np.stack([_with_input(first["norms"], net["norms"]) for net in networks])
    lost = np.stack([_with_input(first["lost_share"], net["lost_share"]) for net in networks])
    # A snapshot that was never taken has no input layer either.
    reason[(reason[:, :, 1] == Reason.NOT_REACHED).any(axis=-1)] = Reason.NOT_REACHED
    fine = (reason == Reason.FINE).all(axis=-1)
    norms = np.where(fine[..., None, None], norms, np.nan)
    means = np.zeros((moments, layers, degrees, config.depth, len(grid)), dtype=np.float32)
    retained = np.ones((moments, layers, degrees))
    gram = np.zeros((degrees, items, items))
    usable = fine.all(axis=2)
    for degree in range(degrees):
        for layer in range(layers):
            exact = norms[:, :, layer, degree]
            stack, share = _layer_landscapes(config, networks, first, (layer, degree), exact)
            for moment in range(moments):
                chosen = fine[:, moment, layer]
                if chosen.any():
                    means[moment, layer, degree] = stack[chosen, moment].mean(axis=0)
                    retained[moment, layer, degree] = share[chosen, moment].min()
            stack[~usable] = 0.0
            gram[degree] += landscape_gram(stack.reshape(items, config.depth, len(grid)), grid)
    curve_gram = np.stack(
        [
            landscape_gram(means[:, :, d].reshape(moments * layers, config.depth, -1), grid)
            for d in range(degrees)
        ]
    )
    diagonal = np.diagonal(curve_gram, axis1=1, axis2=2).reshape(degrees, moments, layers)
    known = fine[..., None, None]
    return LandscapeStudy(
        config=config,
        mean_landscapes=means,
        networks_used=fine.sum(axis=0),
        norms=norms.mean(axis=-1),
        norm_of_mean=np.where(
            fine.any(axis=0)[..., None], np.sqrt(np.maximum(diagonal, 0.0)).transpose(1, 2, 0), np.nan
        ),
        retained_share=retained,
        lost_share=np.where(known, lost, 0.0).max(axis=(0, -1)),
        gram=gram,
        usable=usable,
        curve_gram=curve_gram,
        steps=np.stack([net["steps"] for net in networks]).astype(np.int64),
        accuracy=np.stack([net["accuracy"] for net in networks]).astype(np.float64),
        test_accuracy=np.stack([net["test_accuracy"] for net in networks]).astype(np.float64),
        reason=reason,
        batch_sizes=np.array([len(rows) for rows in data.batches]),
        majority_share=data.majority_share,
    )


def _layer_landscapes(
    config: LandscapeConfig, networks: list[Arrays], first: Arrays, place: tuple[int, int], exact: Floats
) -> tuple[Floats, Floats]:
    """One layer's landscapes (n, s, depth, g) averaged over batches, and least retained shares (n, s)."""
    layer, degree = place
    moments, grid = len(config.snapshots), config.grid
    stack = np.zeros((len(networks), moments, config.depth, len(grid)))
    share = np.ones((len(networks), moments))
    for number, net in enumerate(networks):
        if layer == 0 and number > 0:
            stack[number], share[number] = stack[0], share[0]
            continue
        for moment in range(moments):
            same = 0 if layer == 0 else int(net["same_as"][moment])
            if same != moment:
                stack[number, moment], share[number, moment] = stack[number, same], share[number, same]
                continue
            for batch in range(config.batches):
                bars = (
                    _stored(first, (0, 0, degree, batch))
                    if layer == 0
                    else _stored(net, (moment, layer - 1, degree, batch))
                )
                values = landscape(bars, grid, config.depth)
                stack[number, moment] += values / config.batches
                whole = exact[number, moment, batch] ** 2
                if whole > 0:
                    held = float(landscape_gram(values[None], grid)[0, 0]) / whole
                    share[number, moment] = min(share[number, moment], held)
    return stack, share


def diagram_of(part: Arrays, moment: int, layer: int, *, degree: int = 0, batch: int = 0) -> Floats:
    """The kept bars (k, 2), longest first, of a 'network/<number>' part.

    Parameters
    ----------
    part : dict of arrays
        As `units.measure_network` gives it.
    moment, layer, degree, batch : int
        Positions in ``config.snapshots``, ``config.layers``, ``config.degrees`` and the input batches.

    Raises
    ------
    ValueError
        For layer 0: the input has a part of its own.
    """
    if layer < 1:
        raise ValueError(f"layer must be 1 or more in the part of a network; it was {layer}")
    return _stored(part, (int(part["same_as"][moment]), layer - 1, degree, batch))


def input_diagram_of(part: Arrays, *, degree: int = 0, batch: int = 0) -> Floats:
    """The kept bars (k, 2) of the input layer, from the part 'input'."""
    return _stored(part, (0, 0, degree, batch))


def _stored(part: Arrays, at: tuple[int, int, int, int]) -> Floats:
    first = int(np.ravel_multi_index(at, np.asarray(part["norms"]).shape))
    low, high = part["offsets"][first : first + 2]
    return np.asarray(part["bars"][low:high], dtype=np.float64)


def _with_input(first: NDArray[Any], later: NDArray[Any]) -> NDArray[Any]:
    """The input's numbers, the same at every moment, in front of those of the later layers."""
    return np.concatenate([np.repeat(first, len(later), axis=0), later], axis=1)


def _nan_mean(values: Floats) -> Floats:
    known = ~np.isnan(values)
    count = known.sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
