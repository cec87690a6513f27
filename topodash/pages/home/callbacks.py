"""Home has no controls, so it has no callbacks."""

from __future__ import annotations

import dash

from topodash.settings import Settings


def register(_app: dash.Dash, _settings: Settings) -> None:
    """Nothing to put on the application."""
