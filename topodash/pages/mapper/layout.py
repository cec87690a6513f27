"""What stands where on the Mapper page."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from topodash.components.inspector import inspector
from topodash.components.notices import notices, sentence
from topodash.components.page import page
from topodash.components.polling import poll
from topodash.components.store import store
from topodash.components.timeline import timeline
from topodash.pages.context import services
from topodash.pages.mapper import ids
from topodash.pages.mapper.setup import setup
from topodash.pages.mapper.stage import views
from topodash.pages.mapper.state import first_choice, nearest_step, read_address, run_choice
from topodash.runs import RunError
from topodash.runs.uploads import Uploads

HINT = (
    "Click a node of the graph, or drag a lasso in the input or the lens plane. Shift-click adds nodes; "
    "Path joins two clicks; drag with Shift to take a box."
)


def layout(**query: Any) -> Component:
    """The page for an address."""
    chosen = first_choice(read_address(query), query)
    run, said = None, list(chosen.notices)
    if chosen.run:
        try:
            run = run_choice(chosen.run)
        except (RunError, ValueError) as problem:
            said.append(f"The run of this link cannot be shown. {sentence(problem)}")
    if chosen.upload:
        try:
            Uploads.of(services().settings).path(chosen.upload)
        except RunError:
            said.append("The file of this link is not on this server any more; choose it again in Setup.")
    steps = run.steps if run else ()
    time = timeline(
        ids.PAGE,
        unit=run.unit if run else "epoch",
        first=steps[0] if steps else 0,
        last=steps[-1] if steps else 0,
        value=nearest_step(steps, chosen.step) if steps else 0,
        follow=False,
    )
    return html.Div(
        [
            *_stores(chosen, run),
            page(
                ids.PAGE,
                "Mapper",
                views(chosen),
                setup=setup(chosen, run, services().settings.upload_mb),
                inspector=inspector(ids.INSPECTOR, HINT),
                timeline=time,
                subtitle=html.Div(
                    [
                        html.Span(id=ids.SELECTED, className="mapper-selected td-number", role="status"),
                        html.Span(id=ids.WORDS, className="mapper-words", role="status"),
                    ],
                    className="mapper-subtitle",
                ),
                actions=_actions(),
                notices=[*notices(said), html.Div(id=ids.SAID, role="alert")],
            ),
        ]
    )


def _stores(chosen: Any, run: Any) -> list[Component]:
    info = {"run": run.id, "steps": list(run.steps), "state": run.state} if run else None
    return [
        dcc.Store(id=ids.COMPOSED),
        store(ids.RUN_INFO, info),
        dcc.Store(id=ids.REQUEST, data={"a": None, "b": chosen.other}),
        dcc.Store(id=ids.SEARCH),
        *(dcc.Store(id=ids.answer(slot)) for slot in ids.SLOTS),
        *(dcc.Store(id=ids.paint(slot)) for slot in ids.SLOTS),
        dcc.Store(id=ids.GESTURE),
        dcc.Store(id=ids.SELECTION),
        dcc.Store(id=ids.SUGGESTED),
        store(ids.SWEEP_RUN, chosen.sweep),
        poll(ids.UPLOAD_TICK, 400),
        poll(ids.SUGGEST_TICK, 400),
        poll(ids.INSPECT_TICK, 350),
        poll(ids.LOOPS_TICK, 500),
        poll(ids.SWEEP_TICK, 1000),
        poll(ids.FOLLOW_TICK, 1000),
    ]


def _actions() -> list[Component]:
    def button(
        button_id: str, label: str, said: str, *, filled: bool = False, shown: bool = True
    ) -> Component:
        # The browser's own title goes when the button is pressed; a tooltip would stay, over what stands below.
        return dmc.Button(
            label,
            id=button_id,
            size="xs",
            variant="filled" if filled else "default",
            display=None if shown else "none",
            attributes={"root": {"title": said}},
        )

    return [
        html.Span(id=ids.PROGRESS, className="mapper-progress", role="status"),
        html.Div(button(f"{ids.CANCEL}-button", "Cancel", "Stop what is being computed."), id=ids.CANCEL, hidden=True),
        button(ids.SWAP, "Close second", "Show one graph again.", shown=False),
        button(ids.COMPARE, "Keep beside", "Keep this graph on the right, and change the settings of the left one: another epoch, run or parameter."),
        button(ids.COMPUTE, "Compute", "Compute the Mapper graph of these settings.", filled=True),
    ]  # fmt: skip
