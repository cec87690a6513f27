"""The callbacks of the page: runs are started, steered and opened here; `assets/live_*.js` draws them.

Each change of a Dash property costs every component of the page a look, so what moves while a network trains (numbers,
slider, buttons, events) is the script's, and these callbacks answer to what a person does.
"""

from __future__ import annotations

import dash

from topodash.components.polling import register_polls
from topodash.pages.live import ids
from topodash.pages.live.clientside import register_clientside
from topodash.pages.live.looking import register_looking
from topodash.pages.live.opening import register_opening
from topodash.pages.live.own_file import register_own_file
from topodash.pages.live.settings import register_settings
from topodash.pages.live.steering import register_steering
from topodash.settings import Settings


def register(app: dash.Dash, settings: Settings) -> None:
    """Put the page's callbacks on the application."""
    register_clientside(app)
    register_steering(app, settings)
    register_opening(app)
    register_settings(app)
    register_own_file(app)
    register_looking(app)
    register_polls(app, ids.CSV_TICK, ids.CSV_POINTS_TICK)
