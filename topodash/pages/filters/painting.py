"""Colours the rings and filters, and lays them out around the circle: what waits for homology and its proof."""

from __future__ import annotations

from typing import Any

import dash
import numpy as np
from dash import Input, Output, State, ctx, no_update

from topodash.components.waiting import waiting
from topodash.figures.filter_angles import POSITIONS, angle_figure, correlation_words
from topodash.figures.filter_plane import plane_figure
from topodash.figures.plain import words
from topodash.figures.ring_colours import angle_colours, filter_numbers, hexes, node_colours, used_colour
from topodash.figures.theme import SEQUENTIAL, class_colour
from topodash.figures.wheel import UNCERTAIN, wheel_figure
from topodash.pages.asking import known
from topodash.pages.filters import ids
from topodash.pages.filters.controls import VIEW
from topodash.pages.filters.proof import Proof, judged
from topodash.pages.filters.words import legend

HOMOLOGY_WAITS = "persistent homology is being computed"


def register_painting(app: dash.Dash) -> None:
    """Register the callbacks that paint."""
    how = {
        "look": Input("theme", "data"),
        "asked_for": Input(VIEW.id("circular"), "value"),
        "proof": Input(ids.PROOF, "data"),
        "nulls": State(ids.NULLS, "value"),
    }

    @app.callback(
        Output(ids.PAINT, "data"), Output(waiting(ids.PLANE), "data"), Output(ids.LEGEND, "children"),
        inputs={"ready": Input(ids.READY, "data"), "homology": Input(ids.HOMOLOGY, "data"), "colour": Input(VIEW.id("colour"), "value"), **how}, prevent_initial_call=True,
    )  # fmt: skip
    def paint(
        *, ready: Any, homology: Any, colour: str, look: str, asked_for: str, proof: Any, nulls: str
    ) -> tuple[Any, Any, Any]:
        if not ready and ctx.triggered_id != ids.READY:
            return (no_update,) * 3
        if not ready:
            return {}, words("", dark=look == "dark"), []
        painted, stand, why = {}, bool(homology and homology == ready), HOMOLOGY_WAITS
        for slot in ids.SLOTS:
            ring = ready[slot] and known("filter_ring", ready[slot])
            found, judgement = judged(ready[slot], int(nulls), asked_for) if ring and stand else (None, None)
            if ring:
                painted[slot] = node_colours(ring, found, colour)
            if slot == "a":
                shades, name = filter_shades(ring, found, colour) if ring else ([], "")
                why = HOMOLOGY_WAITS if judgement is None else judgement.words
        ring = known("filter_ring", ready["a"])
        if ring is None or "a" not in painted:
            return (no_update,) * 3
        figure = plane_figure(ring, shades, name=name, dark=look == "dark")
        return painted, figure, legend(painted["a"], painted.get("b"), why if colour == "circular" else "")

    @app.callback(
        Output(waiting(ids.WHEEL), "data"), Output(ids.WHEEL_SAID, "children"), Output(waiting(ids.ANGLES), "data"), Output(ids.ANGLES_SAID, "children"),
        inputs={"request": Input(ids.HOMOLOGY, "data"), "position": Input(VIEW.id("position"), "value"), "patch": Input(VIEW.id("patch"), "value"), **how}, prevent_initial_call=True,
    )  # fmt: skip
    def around(
        *, request: Any, position: str, patch: str, look: str, asked_for: str, proof: Any, nulls: str
    ) -> tuple[Any, ...]:
        if not request and ctx.triggered_id != ids.HOMOLOGY:
            return (no_update,) * 4
        if not request:
            bare = words("", dark=look == "dark")
            return bare, "", bare, ""
        ring = known("filter_ring", request["a"])
        found, judgement = judged(request["a"], int(nulls), asked_for) if ring else (None, None)
        if not ring or found is None or judgement is None:
            return (no_update,) * 4
        used = position if position in found["wheels"] else "pca"
        wheel = found["wheels"][used]
        doubt = (
            f" Neighbouring averages differ by up to {np.degrees(wheel['largest_step']):.0f}°: the count of turns is uncertain."
            if wheel["largest_step"] > UNCERTAIN
            else ""
        )
        shades, _ = filter_shades(ring, found, "circular" if used == "circular" else "pca_angle")
        return (
            wheel_figure(wheel, ring["rows"], patch=patch, dark=look == "dark"),
            f"{position_words(position, used, judgement)} {len(wheel['centres'])} sectors hold filters.{doubt}",
            angle_figure(ring, found, position=used, shades=shades, dark=look == "dark"),
            f"{position_words(position, used, judgement)} {correlation_words(found, used)}",
        )


def position_words(asked_for: str, used: str, proof: Proof) -> str:
    """Which position on the ring is used, and why it is not the one that was asked for."""
    name = dict(POSITIONS)[used]
    if used == "circular":
        return f"Position: {name}; {proof.words}."
    if asked_for == "circular":
        return f"Position: {name}. {proof.words[:1].upper()}{proof.words[1:]}."
    return f"Position: {name}."


def filter_shades(ring: Any, homology: Any, colour: str) -> tuple[list[str], str]:
    """Colours of the kept filters, and of what."""
    colour = used_colour(homology, colour)
    numbers = filter_numbers(ring, homology, colour)
    if numbers is None or not len(numbers):
        return ["#888888"] * len(ring["rows"]), colour
    if colour in ("circular", "pca_angle", "direction", "orientation"):
        return angle_colours(numbers), colour
    if colour == "network":
        order = {seed: k for k, seed in enumerate(np.unique(numbers).tolist())}
        if len(order) <= 10:
            return [class_colour(order[seed]) for seed in numbers.tolist()], colour
    spread = float(np.nanmax(numbers) - np.nanmin(numbers)) or 1.0
    return hexes(SEQUENTIAL, np.nan_to_num((numbers - np.nanmin(numbers)) / spread)), colour
