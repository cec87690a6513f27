"""The callbacks of the page; everything that is computed is a question to worker processes."""

from __future__ import annotations

import dash

from topodash.components.polling import register_polls
from topodash.pages.filters import ids
from topodash.pages.filters.choosing import register_choosing
from topodash.pages.filters.clientside import register_clientside
from topodash.pages.filters.drawing import register_drawing
from topodash.pages.filters.painting import register_painting
from topodash.pages.filters.proving import register_proving
from topodash.pages.filters.training import register_training
from topodash.settings import Settings


def register(app: dash.Dash, settings: Settings) -> None:
    """Put the page's callbacks on the application."""
    register_choosing(app)
    register_drawing(app)
    register_painting(app)
    register_proving(app)
    register_training(app, settings)
    register_clientside(app)
    register_polls(
        app,
        ids.POLL,
        ids.HOMOLOGY_TICK,
        ids.EVIDENCE_TICK,
        ids.SENSITIVITY_TICK,
        ids.LAYERS_TICK,
        ids.TRAIN_TICK,
    )
