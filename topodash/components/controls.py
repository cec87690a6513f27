"""One typed table a page: layout, URL, validation and configuration all come from it.

A page declares its controls once:

    TABLE = Table("live", [
        Group("Training", [
            Number("learning_rate", "Learning rate", 0.5, 1e-5, 10, 0.01, "How far a step goes.", log=True),
            Choice("optimiser", "Optimiser", "sgd", [("sgd", "Gradient descent"), ("adam", "Adam")], "..."),
        ]),
    ])

`TABLE.layout()` draws them, `TABLE.parse(raw)` checks what came back, `TABLE.query(values)` writes the
address and `TABLE.values(search)` reads it again. Nothing is clamped in silence: `parse` raises
`ControlErrors`, and a bad value in an address gives the default together with a notice in words.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from dash import Input, Output, State
from dash.development.base_component import Component

from topodash.components import control_layout

Value = float | int | bool | str

#: More controls than this in one group are not taken in at a glance.
GROUP_LIMIT = 5
#: Longer addresses are cut by some servers, and nobody's settings are this long.
SEARCH_LIMIT = 8_000


class ControlErrors(ValueError):
    """What is wrong with the raw values of a table.

    Attributes
    ----------
    errors : tuple of (id, message)
        In the table's order; every message names the control, what it must be and what it was.
    """

    def __init__(self, errors: Iterable[tuple[str, str]]) -> None:
        self.errors = tuple(errors)
        super().__init__(" ".join(message for _, message in self.errors))


def _said(raw: object) -> str:
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
            raise ValueError(f"{self.label} must be {self.bounds}; it was {_said(raw)}.")
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
        raise ValueError(f"{self.label} must be one of: {names}; it was {_said(raw)}.")

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
        raise ValueError(f"{self.label} must be on (1) or off (0); it was {_said(raw)}.")

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
                f"{self.label} must be one line of at most {self.max_length} characters; it was {_said(raw)}."
            )
        return text.strip()

    def write(self, value: Value) -> str:
        return str(value)


Control = Number | Choice | Toggle | Text


@dataclass(frozen=True)
class Group:
    """At most five controls under one title; `open` tells whether it starts unfolded."""

    title: str
    controls: Sequence[Control]
    open: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "controls", tuple(self.controls))
        if not 1 <= len(self.controls) <= GROUP_LIMIT:
            raise ValueError(
                f"controls of {self.title!r} must be 1 to {GROUP_LIMIT}; they were {len(self.controls)}"
            )


@dataclass(frozen=True)
class Table:
    """All controls of a page; `page` keeps the ids of different pages apart."""

    page: str
    groups: Sequence[Group]

    def __post_init__(self) -> None:
        object.__setattr__(self, "groups", tuple(self.groups))
        names = self.names()
        double = sorted({name for name in names if names.count(name) > 1})
        if double:
            raise ValueError(f"control ids of {self.page!r} must be different; twice: {', '.join(double)}")

    def controls(self) -> tuple[Control, ...]:
        """Every control, in the order of the page."""
        return tuple(control for group in self.groups for control in group.controls)

    def names(self) -> tuple[str, ...]:
        return tuple(control.id for control in self.controls())

    def id(self, name: str) -> dict[str, str]:
        """The component id of one control."""
        return {"page": self.page, "control": name}

    def ids(self) -> dict[str, dict[str, str]]:
        """{control: component id}, in the order of the page."""
        return {name: self.id(name) for name in self.names()}

    def inputs(self) -> dict[str, Input]:
        """{control: Input}: with `inputs={"raw": TABLE.inputs()}` a callback gets {control: raw value}."""
        return {c.id: Input(self.id(c.id), control_layout.value_property(c)) for c in self.controls()}

    def states(self) -> dict[str, State]:
        """{control: State}, for callbacks that a button starts."""
        return {c.id: State(self.id(c.id), control_layout.value_property(c)) for c in self.controls()}

    def outputs(self) -> dict[str, Output]:
        """{control: Output} of the values, to set them all."""
        return {c.id: Output(self.id(c.id), control_layout.value_property(c)) for c in self.controls()}

    def error_outputs(self) -> dict[str, Output]:
        """{control: Output} of the error line under each control."""
        return {name: Output(self.id(name), "error") for name in self.names()}

    def errors(self, problem: ControlErrors | None = None) -> dict[str, str | None]:
        """{control: error line or None}, what `error_outputs` takes; without a problem all are cleared."""
        said = dict(problem.errors) if problem else {}
        return {name: said.get(name) for name in self.names()}

    def defaults(self) -> dict[str, Value]:
        return {control.id: control.default for control in self.controls()}

    def layout(self, values: Mapping[str, Value] | None = None) -> Component:
        """The controls, labelled and each with its help mark; `values` overrides defaults."""
        return control_layout.table(self, {**self.defaults(), **(values or {})})

    def parse(self, raw: Mapping[str, Any]) -> dict[str, Value]:
        """Check raw values; a control that `raw` does not name keeps its default.

        Raises
        ------
        ControlErrors
            With every problem at once, in the table's order.
        """
        values: dict[str, Value] = {}
        problems = []
        for control in self.controls():
            try:
                values[control.id] = control.check(raw.get(control.id, control.default))
            except ValueError as problem:
                problems.append((control.id, str(problem)))
        if problems:
            raise ControlErrors(problems)
        return values

    def query(self, values: Mapping[str, Value]) -> str:
        """`?a=1&b=2` of what differs from the defaults, in the table's order; empty when nothing does."""
        pairs = [
            (control.id, control.write(values[control.id]))
            for control in self.controls()
            if control.id in values and values[control.id] != control.default
        ]
        return "?" + urlencode(pairs) if pairs else ""

    def values(self, search: str | Mapping[str, Any] | None) -> tuple[dict[str, Value], list[str]]:
        """Read an address: its query as text (`?a=1`) or as the mapping that Dash hands to a layout.

        Returns
        -------
        values : dict
            Every control; the default where the address says nothing or something wrong.
        notices : list of str
            A sentence for each wrong value. Names that the table does not know are left to others.
        """
        if isinstance(search, Mapping):
            given = dict(search)
        elif len(search or "") > SEARCH_LIMIT:
            return self.defaults(), ["The link is too long to be read; the default settings are used."]
        else:
            given = dict(parse_qsl((search or "").removeprefix("?"), keep_blank_values=True))
        values = self.defaults()
        notices = []
        for control in self.controls():
            if control.id not in given:
                continue
            try:
                values[control.id] = control.check(given[control.id])
            except ValueError as problem:
                notices.append(f"{problem} The link is read with {_said(control.default)} instead.")
        return values, notices
