"""How each kind of control looks: a labelled Mantine input with a help mark beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

if TYPE_CHECKING:
    from topodash.components.controls import Control, Group, Table

#: A number is sent when typing pauses this long (milliseconds), not at every digit.
DEBOUNCE = 250


def value_property(control: Control) -> str:
    """The property of the component that holds the control's value."""
    return "checked" if type(control).__name__ == "Toggle" else "value"


def help_mark(text: str, name: str = "Help") -> Component:
    """A small question mark that says what a thing does, on hover, focus and touch."""
    return dmc.Tooltip(
        html.Button("?", type="button", className="td-help", **{"aria-label": name}),
        label=text,
        multiline=True,
        w=260,
        withArrow=True,
        boxWrapperProps={"className": "td-help-box"},
        events={"hover": True, "focus": True, "touch": True},
        position="top",
        # Above everything, fullscreen panels included.
        zIndex=4000,
    )


def searchable(
    select_id: str, label: str, said: str, *, multiple: bool = False, **properties: Any
) -> Component:
    """A choice that is no control of a table, its entries come and go (columns, runs): it can be searched, and has a help mark."""
    kind = dmc.MultiSelect if multiple else dmc.Select
    select = kind(
        id=select_id, label=label, size="xs", searchable=True, comboboxProps={"zIndex": 4000}, **properties
    )
    return html.Div([select, help_mark(said)], className="td-control")


def _number(control: Any, common: dict[str, Any], value: Any) -> Component:
    logarithmic = {"data-log": "1"} if control.log else {}
    return dmc.NumberInput(
        **common,
        value=value,
        min=control.minimum,
        max=control.maximum,
        step=control.step,
        # A decimal is said to be none of the whole numbers; a field that swallows the point would make 15 of 1.5.
        allowDecimal=True,
        suffix=f" {control.unit}" if control.unit else "",
        # Out of bounds is said, not changed behind one's back.
        clampBehavior="none",
        hideControls=control.log,
        debounce=DEBOUNCE,
        inputProps={"inputMode": "numeric" if control.integer else "decimal"},
        attributes={"input": logarithmic} if logarithmic else None,
    )


def _choice(control: Any, common: dict[str, Any], value: Any) -> Component:
    return dmc.Select(
        **common,
        value=value,
        data=[{"value": option, "label": label} for option, label in control.options],
        allowDeselect=False,
        searchable=len(control.options) > 12,
        withCheckIcon=False,
        comboboxProps={"zIndex": 4000},
    )


def _toggle(control: Any, common: dict[str, Any], value: Any) -> Component:
    return dmc.Switch(**common, checked=bool(value), classNames={"description": "td-visually-hidden"})


def _text(control: Any, common: dict[str, Any], value: Any) -> Component:
    return dmc.TextInput(**common, value=value, placeholder=control.placeholder, debounce=DEBOUNCE)


_KINDS = {"Number": _number, "Choice": _choice, "Toggle": _toggle, "Text": _text}


def control(page: str, item: Control, value: Any) -> Component:
    """One control: label, help mark, input, and a place for its error line."""
    kind = type(item).__name__
    common: dict[str, Any] = {
        "id": {"page": page, "control": item.id},
        "label": item.label,
        "size": "xs",
        # Mantine ties `description` to the input by aria-describedby; it is seen through the help mark.
        "description": item.help,
    }
    if kind != "Toggle":
        common["descriptionProps"] = {"className": "td-visually-hidden"}
    return html.Div(
        [_KINDS[kind](item, common, value), help_mark(item.help)],
        className=f"td-control td-control-{kind.lower()}",
        **{"data-control": item.id},
    )


def _group(page: str, group: Group, values: Mapping[str, Any]) -> Component:
    return html.Details(
        [
            html.Summary(group.title),
            html.Div(
                [control(page, item, values[item.id]) for item in group.controls], className="td-group-body"
            ),
        ],
        className="td-group",
        open=group.open,
    )


def table(table_: Table, values: Mapping[str, Any]) -> Component:
    """Every group of a table."""
    return html.Div(
        [_group(table_.page, group, values) for group in table_.groups],
        className="td-controls",
        role="group",
        **{"aria-label": "Settings"},
    )
