"""The address is written: what is shown, so that a link or a reload brings it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash
from dash import Input, Output, ctx, no_update

from topodash.components.controls import ControlErrors
from topodash.pages.landscapes import ids
from topodash.pages.landscapes.controls import VIEW
from topodash.pages.landscapes.drawing import ready_view
from topodash.pages.landscapes.fitting import many_networks
from topodash.pages.landscapes.looking import network_of
from topodash.pages.landscapes.state import address
from topodash.pages.landscapes.view import View


def register_addressing(app: dash.Dash) -> None:
    """Register the callback that writes the address, and judges the controls that act at once."""

    @app.callback(
        output={"query": Output(ids.QUERY, "data"),
                "errors": {name: Output(VIEW.id(name), "error", allow_duplicate=True) for name in VIEW.names()}},
        inputs={"ready": Input(ids.READY, "data"), "cursor": Input(ids.CURSOR, "data"), "asked": Input(ids.VIEW, "data"), "groups": Input(ids.GROUPS, "data"),
                "raw": VIEW.inputs()},
        prevent_initial_call=True,
    )  # fmt: skip
    def written(*, ready: Any, cursor: Any, asked: Any, groups: Any, raw: dict[str, Any]) -> dict[str, Any]:
        # A control that acts at once is judged at once; what moves the cursor alone writes to no control.
        typed = isinstance(ctx.triggered_id, dict)
        errors: dict[str, Any] = dict.fromkeys(VIEW.names(), no_update)
        values, problem = drawn_with(raw)
        if typed:
            errors = VIEW.errors(problem)
        view = ready_view(ready)
        if view is not None:
            fresh = typed or any(each["prop_id"].startswith(ids.READY) for each in ctx.triggered)
            if fresh and "network" not in dict(problem.errors if problem else ()):
                errors["network"] = too_many(values["network"], view)
            values = {**values, "network": network_of(values["network"], view) + 1}
        # A study that is still computed has no picture, and yet a reload must come back to it.
        shown = ready if ready and (not asked or asked["run"] == ready["run"]) else asked
        return {"query": address(shown, cursor or {}, values, groups), "errors": errors}


def drawn_with(raw: Mapping[str, Any]) -> tuple[dict[str, Any], ControlErrors | None]:
    """What the page is drawn with, and what is wrong with what stands in the controls: those count as not touched."""
    try:
        return VIEW.parse(raw), None
    except ControlErrors as problem:
        plain = VIEW.defaults()
        return VIEW.parse({**raw, **{name: plain[name] for name, _ in problem.errors}}), problem


def too_many(network: Any, view: View) -> str | None:
    """The error line of the control Network where the source has fewer: which one is shown instead."""
    if network <= view.networks:
        return None
    return f"Network is {network}, but {many_networks(view.networks)}; network {view.networks} is shown."
