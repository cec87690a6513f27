"""The few labelled controls and panels that pages share."""

from topodash.components.controls import Choice, ControlErrors, Group, Number, Table, Text, Toggle

__all__ = ["Choice", "ControlErrors", "Group", "Number", "Table", "Text", "Toggle"]
