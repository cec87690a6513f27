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

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from dash import Input, Output, State
from dash.development.base_component import Component

from topodash.components import control_layout
from topodash.components.control_types import Choice, Control, Number, Text, Toggle, Value, plain, said

__all__ = [
    "Choice",
    "Control",
    "ControlErrors",
    "Group",
    "Number",
    "Table",
    "Text",
    "Toggle",
    "Value",
    "plain",
]

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
        messages = dict(problem.errors) if problem else {}
        return {name: messages.get(name) for name in self.names()}

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

    def values(
        self, search: str | Mapping[str, Any] | None, usual: Mapping[str, Value | None] | None = None
    ) -> tuple[dict[str, Value], list[str]]:
        """Read an address: its query as text (`?a=1`) or as the mapping that Dash hands to a layout.

        Parameters
        ----------
        usual : mapping, optional
            What a control shows when the address does not name it, where that is not its default; None when it is
            found out later, and the default stands until then.

        Returns
        -------
        values : dict
            Every control; the usual value where the address says nothing or something wrong.
        notices : list of str
            A sentence for each wrong value. Names that the table does not know are left to others.
        """
        if isinstance(search, Mapping):
            given = dict(search)
        elif len(search or "") > SEARCH_LIMIT:
            return self.defaults(), ["The link is too long to be read; the default settings are used."]
        else:
            given = dict(parse_qsl((search or "").removeprefix("?"), keep_blank_values=True))
        usual = usual or {}
        values = self.defaults() | {name: value for name, value in usual.items() if value is not None}
        notices = []
        for control in self.controls():
            if control.id not in given:
                continue
            try:
                values[control.id] = control.check(given[control.id])
            except ValueError as problem:
                known = usual.get(control.id, control.default)
                how = "without it" if known is None else f"with {said(known)} instead"
                notices.append(f"{problem} The link is read {how}.")
        return values, notices
