"""The kinds of controls that a page's table holds: each checks what came back and writes itself into an address."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Value = float | int | bool | str


def said(raw: object) -> str:
    """A raw value as it may stand in a message: quoted where it is text, and never long."""
    if raw is None or raw == "":
        return "empty"
    text = f'"{raw}"' if isinstance(raw, str) else str(raw)
    return text if len(text) <= 40 else text[:39] + "…"


def plain(number: float) -> str:
    """A number as a person writes it: no trailing zeros, exact when read again."""
    if isinstance(number, int) or (math.isfinite(number) and number == int(number) and abs(number) < 1e15):
        return str(int(number))
    return repr(float(number))


@dataclass(frozen=True)
class Number:
    """A number between two bounds, both allowed.

    `log` is for values that people change by factors: the arrow keys go 1, 2, 5, 10 instead of adding `step`.
    """

    id: str
    label: str
    default: float
    minimum: float
    maximum: float
    step: float
    help: str
    integer: bool = False
    log: bool = False
    unit: str = ""

    def __post_init__(self) -> None:
        self.check(self.default)

    @property
    def bounds(self) -> str:
        """The bounds in words."""
        kind = "a whole number" if self.integer else "a number"
        unit = f" {self.unit}" if self.unit else ""
        return f"{kind} from {plain(self.minimum)} to {plain(self.maximum)}{unit}"

    def check(self, raw: object) -> float:
        """`raw` as a number within the bounds; ValueError with what it must be and what it was."""
        number = math.nan
        if isinstance(raw, (int, float, str)) and not isinstance(raw, bool):
            try:
                number = float(raw)
            except (ValueError, OverflowError):
                number = math.nan
        whole = number.is_integer() or not self.integer
        if not (math.isfinite(number) and self.minimum <= number <= self.maximum and whole):
            raise ValueError(f"{self.label} must be {self.bounds}; it was {said(raw)}.")
        return int(number) if self.integer else number

    def write(self, value: Value) -> str:
        return plain(float(value))


@dataclass(frozen=True)
class Choice:
    """One of a few named values; `options` are (value, label) pairs of text."""

    id: str
    label: str
    default: str
    options: Sequence[tuple[str, str]]
    help: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", tuple((str(value), label) for value, label in self.options))
        self.check(self.default)

    def check(self, raw: object) -> str:
        if raw in [value for value, _ in self.options]:
            return str(raw)
        names = ", ".join(label for _, label in self.options)
        raise ValueError(f"{self.label} must be one of: {names}; it was {said(raw)}.")

    def write(self, value: Value) -> str:
        return str(value)


@dataclass(frozen=True)
class Toggle:
    """On or off."""

    id: str
    label: str
    default: bool
    help: str

    def check(self, raw: object) -> bool:
        if isinstance(raw, bool):
            return raw
        if raw in ("0", "1"):
            return raw == "1"
        raise ValueError(f"{self.label} must be on (1) or off (0); it was {said(raw)}.")

    def write(self, value: Value) -> str:
        return "1" if value else "0"


@dataclass(frozen=True)
class Text:
    """A short text."""

    id: str
    label: str
    default: str
    help: str
    max_length: int = 200
    placeholder: str = ""

    def check(self, raw: object) -> str:
        text = "" if raw is None else raw
        if not isinstance(text, str) or len(text) > self.max_length or not text.isprintable():
            raise ValueError(
                f"{self.label} must be one line of at most {self.max_length} characters; it was {said(raw)}."
            )
        return text.strip()

    def write(self, value: Value) -> str:
        return str(value)


Control = Number | Choice | Toggle | Text
