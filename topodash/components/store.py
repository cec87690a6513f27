"""A value that the browser holds for the callbacks."""

from __future__ import annotations

from typing import Any

from dash import dcc
from dash.development.base_component import Component


def store(store_id: str | dict[str, Any], data: Any = None) -> Component:
    """A store that fires nothing when it is empty.

    Dash compares a new store with what it remembers, which is `undefined`: told `null`, it takes that for a change and
    asks every callback that listens.
    """
    return dcc.Store(id=store_id) if data is None else dcc.Store(id=store_id, data=data)
