"""Callbacks of the Loops panel: loops of the graph held against the persistent homology of its points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash
from dash import Input, Output, ctx, html, no_update
from dash.development.base_component import Component

from topodash.components.notices import notice
from topodash.components.panel import empty
from topodash.pages.asking import asked as question
from topodash.pages.asking import progress_words
from topodash.pages.mapper import ids
from topodash.pages.mapper.words import table

MOST = 30
STATUS = {
    "matched": "matched",
    "no loop": "no loop of the graph goes around it",
    "undecided": "undecided: it depends on which shared points are taken",
    "inside a node": "inside a node: one cluster goes around it",
    "not visible at this eps": "not visible at this eps",
}


def loops_view(found: Mapping[str, Any]) -> Component:
    """The bars with what became of them, then the loops."""
    parts: list[Any] = []
    if found["bars"] is None:
        parts.append(html.P(found["why"]))
    elif not found["bars"]:
        parts.append(html.P("The points have no degree-1 bar."))
    else:
        lines = [
            [
                f"{bar['birth']:.3g} to {bar['death']:.3g}",
                STATUS.get(bar["status"], bar["status"]),
                ", ".join(str(k + 1) for k in bar["loops"]) or "–",
                _cycle(bar),
            ]
            for bar in found["bars"]
        ]
        parts.append(table(("Bar", "Status", "Loops", "Cycle"), lines, "Long degree-1 bars of the points"))
    unmatched = set(found["unmatched"])
    lines = []
    for k, loop in enumerate(found["loops"][:MOST]):
        said = (
            "" if found["bars"] is None else "around no long bar" if k in unmatched else "around a long bar"
        )
        gesture = {"how": "loop", "slot": "a", "ks": loop.tolist(), "number": k}
        lines.append([{"select": gesture, "label": f"Loop {k + 1}"}, f"{len(loop)} nodes", said])
    if lines:
        parts.append(table(("Loop", "Length", "Homology"), lines, "Loops of the nerve"))
    else:
        parts.append(html.P("The nerve has no loop that triangles do not fill."))
    if len(found["loops"]) > MOST:
        parts.append(
            html.P(f"{MOST} of {len(found['loops'])} loops, shortest first.", className="mapper-quiet")
        )
    return html.Div(parts)


def _cycle(bar: Mapping[str, Any]) -> Any:
    if not len(bar["cycle"]):
        return "–"
    title = f"Cycle of the bar {bar['birth']:.3g} to {bar['death']:.3g}"
    return {
        "select": {"how": "points", "slot": "a", "rows": bar["cycle"].tolist(), "title": title},
        "label": "Show",
    }


def register(app: dash.Dash) -> None:
    """Put the callbacks on the application."""

    @app.callback(
        Output(ids.LOOPS, "children"),
        Output(ids.LOOPS_TICK, "disabled"),
        Input(ids.LOOPS_BUTTON, "n_clicks"),
        Input(ids.LOOPS_TICK, "n_intervals"),
        Input(ids.answer("a"), "data"),
        prevent_initial_call=True,
    )
    def loops(clicks: int | None, _tick: Any, shown: Any) -> tuple[Any, bool]:
        if not shown or ctx.triggered_id == ids.answer("a"):
            return empty("Press Match: the loops of this graph are held against the persistent homology of its points."), True  # fmt: skip
        if not clicks:
            return no_update, True
        answer = question("mapper_loops", {"request": shown["request"]})
        if answer.state == "working":
            return empty(f"{progress_words(answer)} …"), False
        if answer.state == "failed":
            return notice(answer.message, kind="error"), True
        return loops_view(answer.value), True
