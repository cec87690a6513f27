"""What stands where on the Landscapes page."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from topodash.components.inspector import inspector
from topodash.components.notices import notices
from topodash.components.page import page
from topodash.components.polling import poll
from topodash.components.store import store
from topodash.components.timeline import timeline
from topodash.components.waiting import waiting_stores
from topodash.pages.context import dark
from topodash.pages.landscapes import ids, sources
from topodash.pages.landscapes.controls import VIEW
from topodash.pages.landscapes.drawing import at, average_grid
from topodash.pages.landscapes.fitting import fitted, fitted_bar
from topodash.pages.landscapes.setup import setup
from topodash.pages.landscapes.stage import views
from topodash.pages.landscapes.standing import SOON
from topodash.pages.landscapes.state import read_address, read_groups
from topodash.pages.landscapes.view import load
from topodash.pages.landscapes.wanting import wanted
from topodash.runs import RunError

HINT = "Click a cell of the average landscapes to open its layer, a bar to see its cycle."


def layout(**query: Any) -> Component:
    """The page for an address."""
    run, cursor, said = read_address(query)
    values, more = VIEW.values(query)
    groups, wrong = read_groups(query)
    run = run or sources.first()
    cursor, values, missing = fitted(run, cursor, values)
    asked = {"run": run, "changes": None, "values": values} if run else None
    grid, key, cursor, none = at_once(run, values, cursor)
    return html.Div(
        [
            store(ids.VIEW, asked),
            dcc.Store(id=ids.CURSOR, data=cursor),
            dcc.Store(id=ids.MOMENT, data={name: cursor[name] for name in ("moment", "epoch")}),
            store(ids.GROUPS, groups),
            *(dcc.Store(id=name) for name in (ids.READY, ids.QUERY, ids.TESTS, ids.TEST, ids.SHAPE)),
            *(store(ids.key(name), key if name == "grid" else None) for name in ids.KEYS),
            *waiting_stores(*ids.IN_TURN, ids.SPACE),
            *(poll(ids.poll(name), SOON) for name in ids.POLLS),
            page(
                ids.PAGE,
                "Landscapes",
                views(grid, groups),
                setup=setup(run, values),
                inspector=inspector(ids.INSPECTOR, HINT),
                timeline=timeline(ids.PAGE, unit="threshold", last=None, follow=None, play=False),
                subtitle=html.Span(id=ids.STATUS, className="land-status td-number", role="status"),
                actions=html.Div(_actions(), id=ids.ACTIONS, className="land-actions"),
                notices=[
                    *notices([*said, *more, *missing, *none, *wrong]),
                    html.Div(id=ids.ANSWER, role="alert"),
                ],
            ),
        ]
    )


def at_once(
    run: str | None, values: Mapping[str, Any], cursor: dict[str, Any]
) -> tuple[Any, Any, dict[str, Any], list[str]]:
    """Figure 2 of what is stored, for what it is drawn, the cursor in it, and what is wrong with the cursor's bar: it comes with
    the page, not after it.

    The figure is None where it takes a computation, or cannot be shown; the page then says so when it asks again.
    """
    if run:
        with suppress(RunError, ValueError, KeyError, TypeError):
            view = load(wanted(run, values), wait=0.0).view
            if view is not None:
                layer, moment = at(cursor, view)
                cursor, said = fitted_bar({**cursor, "layer": layer, "moment": moment}, view, values)
                options = {"axes": values["axes"], "functions": values["functions"], "cursor": cursor}
                return *average_grid(view, dark=dark(), **options), cursor, said
    return None, None, cursor, []


def _actions() -> list[Component]:
    words = (
        (ids.PEEK, "Show what is finished", "Show the averages of the networks that are measured by now."),
        (ids.PAUSE, "Pause", "Hold the study where it is."),
        (ids.RESUME, "Resume", "Go on with the study; nothing that is finished is repeated."),
        (ids.STOP, "Stop", "End the study; finished units stay, the one under way is given up."),
    )
    return [
        dmc.Button(label, id=name, size="xs", variant="default", attributes={"root": {"title": about}})
        for name, label, about in words
    ]
