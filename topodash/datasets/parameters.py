"""What a generator can be asked for: described once, checked once, and readable by a page.

A page builds its controls from `Parameter`; `resolve` turns what came back into the full, checked set of
values. Nothing is clamped: a value outside its bounds is refused by name.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Kind = Literal["integer", "number", "choice", "toggle", "point", "range", "intervals", "numbers", "integers"]


@dataclass(frozen=True)
class Parameter:
    """One thing that can be chosen of a data set.

    Attributes
    ----------
    name : str
        As `load` takes it.
    default : JSON value
        What holds when nothing is said.
    kind : str
        `integer` | `number` | `choice` | `toggle` | `point` ([x, y]) | `range` ([low, high], low < high) |
        `intervals` (a list of ranges) | `numbers` and `integers` (lists without repetition rules).
    minimum, maximum : float or None
        Inclusive bounds of every number in the value; None is unbounded.
    choices : tuple of str
        The values of a `choice`; otherwise empty.
    help : str
        What it does, in a sentence, with its unit.
    """

    name: str
    default: Any
    kind: Kind
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    help: str = ""

    def check(self, value: Any) -> Any:
        """The value in its JSON form (int, float, str, bool or lists of them).

        Raises
        ------
        ValueError
            Names the parameter, what it must be and what it was.
        """
        if self.kind == "toggle":
            if not isinstance(value, (bool, np.bool_)):
                raise ValueError(f"{self.name} must be true or false, was {value!r}")
            return bool(value)
        if self.kind == "choice":
            if value not in self.choices:
                raise ValueError(f"{self.name} must be one of {', '.join(self.choices)}, was {value!r}")
            return str(value)
        if self.kind in ("integer", "number"):
            return self._scalar(value, self.name)
        return self._sequence(value)

    def _sequence(self, value: Any) -> list[Any]:
        if isinstance(value, np.ndarray):
            value = value.tolist()
        if not isinstance(value, (list, tuple)):
            raise ValueError(f"{self.name} must be {self._shape()}, was {value!r}")
        if self.kind == "intervals":
            if not value:
                raise ValueError(f"{self.name} must be {self._shape()}, was empty")
            return [self._pair(each, f"{self.name}[{i}]", ordered=True) for i, each in enumerate(value)]
        if self.kind in ("point", "range"):
            return self._pair(value, self.name, ordered=self.kind == "range")
        if not value:
            raise ValueError(f"{self.name} must be {self._shape()}, was empty")
        return [self._scalar(each, f"{self.name}[{i}]") for i, each in enumerate(value)]

    def _pair(self, value: Any, name: str, *, ordered: bool) -> list[Any]:
        if not isinstance(value, (list, tuple)) or len(value) != 2:
            raise ValueError(f"{name} must be two numbers, was {value!r}")
        first, second = (self._scalar(each, f"{name}[{i}]") for i, each in enumerate(value))
        if ordered and not first < second:
            raise ValueError(f"{name} must be [low, high] with low < high, was {value!r}")
        return [first, second]

    def _scalar(self, value: Any, name: str) -> int | float:
        whole = self.kind in ("integer", "integers")
        accepted = (int, np.integer) if whole else (int, float, np.integer, np.floating)
        if isinstance(value, bool) or not isinstance(value, accepted):
            raise ValueError(f"{name} must be {'a whole number' if whole else 'a number'}, was {value!r}")
        number = int(value) if whole else float(value)
        too_small = self.minimum is not None and number < self.minimum
        too_large = self.maximum is not None and number > self.maximum
        if not math.isfinite(number) or too_small or too_large:
            raise ValueError(f"{name} must be {self._bounds()}, was {value!r}")
        return number

    def _bounds(self) -> str:
        match (self.minimum, self.maximum):
            case (None, None):
                return "finite"
            case (low, None):
                return f"finite and at least {low:g}"
            case (None, high):
                return f"finite and at most {high:g}"
            case (low, high):
                return f"between {low:,g} and {high:,g}"

    def _shape(self) -> str:
        return {
            "point": "two numbers [x, y]",
            "range": "two numbers [low, high]",
            "intervals": "a list of ranges [[from, to], ...]",
            "numbers": "a list of numbers",
            "integers": "a list of whole numbers",
        }[self.kind]


HELD_OUT = Parameter(
    "held_out", 0.2, "number", 0.0, 0.9, help="Share of the points kept aside for testing, 0 to 0.9."
)


def resolve(name: str, declared: tuple[Parameter, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """Every declared parameter with its checked value, defaults filled in.

    Parameters
    ----------
    name : str
        The data set, for messages.
    declared : tuple of Parameter
    given : mapping
        What the caller chose.

    Raises
    ------
    ValueError
        On a name that is not declared, and on a bad value.
    """
    known = {parameter.name for parameter in declared}
    for key in given:
        if key not in known:
            raise ValueError(f"{name} has no parameter {key!r}; it must be one of {', '.join(sorted(known))}")
    return {each.name: each.check(given.get(each.name, each.default)) for each in declared}


def check_seed(seed: Any) -> int:
    """A seed is a whole number of 0 or more; anything else is refused with ValueError."""
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        raise ValueError(f"seed must be a whole number of at least 0, was {seed!r}")
    return int(seed)
