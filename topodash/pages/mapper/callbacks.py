"""The callbacks of the Mapper page, one file a concern."""

from __future__ import annotations

import dash

from topodash.components.polling import register_polls
from topodash.pages.mapper import (
    clientside,
    computing,
    drawing,
    homology,
    ids,
    selection_callbacks,
    sourcing,
    sweeping,
)
from topodash.settings import Settings


def register(app: dash.Dash, settings: Settings) -> None:
    """Put the page's callbacks on the application."""
    clientside.register(app)
    sourcing.register(app)
    computing.register(app)
    drawing.register(app)
    selection_callbacks.register(app)
    homology.register(app)
    sweeping.register(app, settings)
    register_polls(
        app,
        ids.UPLOAD_TICK,
        ids.SUGGEST_TICK,
        ids.INSPECT_TICK,
        ids.LOOPS_TICK,
        ids.SWEEP_TICK,
        ids.FOLLOW_TICK,
    )
