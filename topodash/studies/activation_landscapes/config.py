"""The frozen configuration of the activation-landscape study, and the two that ship with it.

Every field says in its metadata what it means and whose number its default is: 'paper' where paper B states
it, 'ours' where the paper leaves it out and we chose (FIELD_NOTES, section 1, says on what evidence).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from topodash.datasets import names

INITIALISATIONS = (
    "default", "xavier_uniform", "xavier_normal", "he_uniform", "he_normal", "orthogonal", "normal",
)  # fmt: skip
"""Names that the networks room knows; listed again because it needs torch and this file must not."""


def _setting(
    default: Any, whose: str, about: str, low: float | None = None, high: float | None = None
) -> Any:
    metadata = {"whose": whose, "help": about, "low": low, "high": high}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True)
class LandscapeConfig:
    """One study: networks of one architecture, trained on one data set, seen through one input batch.

    Attributes are documented in their metadata (``whose``, ``help``, ``low``, ``high``), which the pages
    read.

    Raises
    ------
    ValueError
        For a value out of its bounds, with its name, what it must be and what it was.
    """

    dataset: str = _setting("nine_disks", "paper", "The points that the networks learn to tell apart.")
    points: int = _setting(0, "ours", "Points of the data set; 0 is its own default.", 0, 10_000_000)
    dataset_seed: int = _setting(0, "ours", "Seed of the data set.", 0, 2**31 - 1)
    networks: int = _setting(
        100, "paper", "Independent networks, each with its own start and split.", 1, 2000
    )
    group_size: int = _setting(20, "ours", "Networks trained as one batch; the groups never change.", 1, 200)
    hidden: tuple[int, ...] = _setting((15,) * 10, "paper", "Widths of the hidden ReLU layers.", 1, 4096)
    train_share: float = _setting(0.8, "ours", "Share of the points that each network trains on.", 0.05, 1.0)
    initialisation: str = _setting(
        "he_uniform", "ours", "Where weights begin; torch's own leaves ten layers of 15 units stuck for long."
    )
    learning_rate: float = _setting(
        0.01,
        "ours",
        "Adam's first learning rate; the paper's may be 0.001, with which networks rarely end above an accuracy of 0.999.",
        1e-7,
        1.0,
    )
    decay: float = _setting(
        0.1,
        "ours",
        "Factor by which the learning rate falls in so many steps as decay_steps says.",
        1e-6,
        1.0,
    )
    decay_steps: int = _setting(
        4000,
        "ours",
        "Steps in which the learning rate falls to a tenth, or to another share named decay.",
        1,
        10_000_000,
    )
    batch_size: int = _setting(512, "ours", "Training batch.", 1, 100_000)
    max_steps: int = _setting(
        10_000, "ours", "Steps after which a network has had its chance.", 1, 10_000_000
    )
    check_every: int = _setting(
        10,
        "ours",
        "Steps between the first hundred looks at the training accuracy; then ten times.",
        1,
        100_000,
    )
    check_points: int = _setting(
        0, "ours", "Training points on which accuracy is looked at; 0 is all.", 0, 10_000_000
    )
    thresholds: tuple[float, ...] = _setting(
        (0.5, 0.6, 0.7, 0.8, 0.9, 0.999),
        "ours",
        "Training accuracies at which weights are kept; the paper's last is 1.0.",
        0.0,
        1.0,
    )
    batch: str = _setting(
        "sublattice", "paper", "Which points the activations are of: 'sublattice' or 'random'."
    )
    every: int = _setting(
        3, "ours", "The input batch is every so-many-th line of the lattice, each way.", 1, 100
    )
    batch_points: int = _setting(0, "ours", "Points of a random input batch.", 0, 100_000)
    batches: int = _setting(
        1, "ours", "Input batches; their landscapes are averaged network by network.", 1, 100
    )
    class_name: str = _setting("complement", "ours", "Only points of this class; empty takes all classes.")
    homology: str = _setting("ordinary", "paper", "'ordinary' (normalised) or 'local' (at the origin).")
    degrees: tuple[int, ...] = _setting((1,), "paper", "Degrees of homology.", 0, 2)
    grid_end: float = _setting(1.0, "ours", "The grid goes from 0 to here.", 1e-6, 1e6)
    grid_step: float = _setting(1e-3, "ours", "Step of the grid.", 1e-6, 1e6)
    depth: int = _setting(20, "ours", "Landscape functions kept; their share of the norm is stated.", 1, 1000)
    kept_bars: int = _setting(128, "ours", "Longest bars kept of each diagram; 0 keeps all.", 0, 1_000_000)
    kept_weights: int = _setting(20, "ours", "Networks whose snapshots are kept for pictures.", 0, 2000)
    permutations: int = _setting(10_000, "ours", "Random relabellings of a permutation test.", 1, 10_000_000)
    seed: int = _setting(0, "ours", "Seed of starts, splits, training, batches and tests.", 0, 2**31 - 1)

    def __post_init__(self) -> None:
        for each in fields(self):
            _check_bounds(each.name, getattr(self, each.name), each.metadata["low"], each.metadata["high"])
        _check_choice("dataset", self.dataset, tuple(names()))
        _check_choice("batch", self.batch, ("sublattice", "random"))
        _check_choice("homology", self.homology, ("ordinary", "local"))
        _check_choice("initialisation", self.initialisation, INITIALISATIONS)
        if self.batch == "random" and self.batch_points < 3:
            raise ValueError(f"batch_points must be 3 or more for a random batch; it was {self.batch_points}")
        if self.batch == "sublattice" and self.batches > self.every**2:
            raise ValueError(
                f"batches must be at most {self.every**2}: one line in {self.every} gives no more; it was {self.batches}"
            )
        for name in ("thresholds", "degrees"):
            values = getattr(self, name)
            if not values or list(values) != sorted(set(values)):
                raise ValueError(f"{name} must be increasing and not empty; it was {values}")
        if not self.hidden:
            raise ValueError("hidden must name at least one layer; it was empty")
        if self.grid_step > self.grid_end / 2 or self.grid_end / self.grid_step > 100_000:
            raise ValueError(
                f"grid_step must be from {self.grid_end / 100_000:g} to {self.grid_end / 2:g}"
                f" for a grid to {self.grid_end:g}; it was {self.grid_step:g}"
            )

    @property
    def grid(self) -> NDArray[np.float64]:
        """(g,) from 0 to ``grid_end``."""
        return np.linspace(0.0, self.grid_end, round(self.grid_end / self.grid_step) + 1)

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the activation sets, in order: the input, every ReLU layer, the logits."""
        return ("input", *(f"ReLU {k + 1}" for k in range(len(self.hidden))), "logits")

    @property
    def snapshots(self) -> tuple[str, ...]:
        """Names of the moments: the initialisation, then every threshold."""
        return ("iteration 0", *(f"{threshold:g}" for threshold in self.thresholds))

    @property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """Networks of each training group; they depend on nothing but the configuration."""
        numbers, size = range(self.networks), self.group_size
        return tuple(tuple(numbers[i : i + size]) for i in range(0, self.networks, size))

    def to_json(self) -> dict[str, Any]:
        """A JSON object that `from_json` reads."""
        return {key: list(v) if isinstance(v, tuple) else v for key, v in asdict(self).items()}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> LandscapeConfig:
        """The configuration of a JSON object; missing fields take their defaults.

        Raises
        ------
        ValueError
            For an unknown field, a wrong type, or a value out of its bounds.
        """
        known = {each.name: each for each in fields(cls)}
        unknown = sorted(set(values) - set(known))
        if unknown:
            raise ValueError(f"config must have only known fields; it had {', '.join(unknown)}")
        given: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
        return cls(**given)


def _check_bounds(name: str, value: Any, low: float | None, high: float | None) -> None:
    default: Any = LandscapeConfig.__dataclass_fields__[name].default
    many = isinstance(default, tuple)
    kind = type(default[0]) if many else type(default)
    if many and not isinstance(value, tuple):
        raise ValueError(f"{name} must be a list of numbers; it was {value!r}")
    for item in value if many else (value,):
        wrong = isinstance(item, bool) or not isinstance(item, (int, float) if kind is float else kind)
        if wrong:
            raise ValueError(f"{name} must be of type {kind.__name__}; it was {item!r}")
        # NaN compares with nothing; a whole number may be larger than any float.
        if low is not None and high is not None and not low <= item <= high:
            raise ValueError(f"{name} must be from {low:g} to {high:g}; it was {str(item)[:40]}")


def _check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}; it was {value!r}")


DISKS = LandscapeConfig()
"""Nine disks at the paper's scale: 100 networks 2 -> 15 x 10 -> 2, homology of the class with the holes."""

MNIST = LandscapeConfig(
    dataset="mnist",
    networks=20,
    group_size=10,
    hidden=(128, 64, 64, 64, 64, 64),
    learning_rate=1e-3,
    decay=0.1,
    batch_size=16,
    max_steps=40_000,
    check_every=25,
    check_points=5000,
    decay_steps=20_000,
    thresholds=(0.7, 0.8, 0.9, 0.95, 0.99),
    batch="random",
    batch_points=1000,
    batches=3,
    class_name="",
    homology="local",
    grid_end=2.0,
    grid_step=5e-3,
    depth=40,
    kept_bars=256,
    kept_weights=1,
)
"""MNIST: 20 networks 784-128-64-64-64-64-64-10, local homology in degree 1 of three random subsamples.

Subsamples of 1000 points, not 1500: a diagram takes 0.25 s instead of 0.6 s, and there are 2,520 of them.
"""

PRESETS = {"disks": DISKS, "mnist": MNIST}
