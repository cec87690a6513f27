"""The callbacks of the page: what is asked for is loaded, drawn, looked at more closely, tested; studies are started."""

from __future__ import annotations

import dash

from topodash.components.polling import register_polls
from topodash.pages.landscapes import ids
from topodash.pages.landscapes.addressing import register_addressing
from topodash.pages.landscapes.apart import register_apart
from topodash.pages.landscapes.clientside import register_clientside
from topodash.pages.landscapes.comparing import register_comparing
from topodash.pages.landscapes.drawing import register_drawing
from topodash.pages.landscapes.looking import register_looking
from topodash.pages.landscapes.spaces import register_spaces
from topodash.pages.landscapes.starting import register_starting
from topodash.pages.landscapes.testing import register_testing
from topodash.pages.landscapes.working import register_choosing, register_working
from topodash.settings import Settings


def register(app: dash.Dash, settings: Settings) -> None:
    """Put the page's callbacks on the application."""
    register_clientside(app)
    register_polls(app, *(ids.poll(name) for name in ids.POLLS))
    register_working(app, settings)
    register_choosing(app, settings)
    register_drawing(app)
    register_addressing(app)
    register_looking(app)
    register_apart(app)
    register_spaces(app)
    register_testing(app)
    register_comparing(app)
    register_starting(app, settings)
