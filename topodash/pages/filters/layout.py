"""What stands where on the Filters page."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from topodash.components.inspector import inspector
from topodash.components.notices import notice, notices
from topodash.components.page import page
from topodash.components.polling import poll
from topodash.components.store import store
from topodash.components.timeline import Mark, timeline
from topodash.components.waiting import waiting_stores
from topodash.pages.filters import ids
from topodash.pages.filters.address import Address, read_address
from topodash.pages.filters.choosing import full_request
from topodash.pages.filters.setup import setup
from topodash.pages.filters.stage import views

HINT = "Click a node of a ring, a place on the wheel, or a filter in the plane: what it responds to, where it comes from and who is near stand here."


def layout(**query: Any) -> Component:
    """The page for an address."""
    address = read_address(query)
    said = notices(address.notices)
    if address.problem:
        said.append(notice(address.problem, kind="warning"))
    return html.Div(
        [
            *_stores(address),
            page(
                ids.PAGE,
                "Filters",
                views(),
                setup=setup(address),
                inspector=inspector(ids.INSPECTOR, HINT),
                timeline=_timeline(address),
                subtitle=[html.Span(id=ids.WORDS, className="filters-words td-number", role="status"), html.Span(id=ids.PROGRESS, className="filters-progress", role="status")],
                actions=dmc.Button("Cancel", id=ids.CANCEL, size="xs", variant="default", display="none"),
                notices=[*said, html.Div(id=ids.SAID, role="alert")],
            ),
        ]
    )  # fmt: skip


def moments(address: Address) -> dict[str, Any] | None:
    """What the callbacks and the script know of the source's recorded iterations."""
    source = address.source
    return (
        None
        if source is None
        else {
            "source": source.value,
            "steps": list(source.steps),
            "live": source.live,
            "given": address.given,
        }
    )


def first_request(address: Address) -> dict[str, Any] | None:
    """What the rings are asked with when the page opens: known already, so that nothing need ask for it first."""
    source = address.source
    if source is None or source.kind == "upload":  # an upload's layer is looked up first
        return None
    return full_request(
        source, address.step, address.beside, address.study, layer=address.layer, channels=address.channels
    )


def _stores(address: Address) -> list[Component]:
    chosen = (
        None
        if address.row is None
        else {"slot": "a", "title": f"Filter {address.row}", "rows": [address.row], "one": True}
    )
    kind = address.source.kind if address.source else ""
    return [
        store(ids.MOMENTS, moments(address)),
        store(ids.REQUEST, first_request(address)),
        dcc.Store(id=ids.READY),
        dcc.Store(id=ids.HOMOLOGY),
        dcc.Store(id=ids.RINGS),
        dcc.Store(id=ids.TOTAL),
        dcc.Store(id=ids.PAINT),
        *waiting_stores(*ids.IN_TURN),
        store(ids.SELECTION, chosen),
        dcc.Store(id=ids.SEARCH),
        *(dcc.Store(id=told) for told in ids.TOLD.values()),
        dcc.Store(id=ids.PROOF, data={}),
        poll(ids.POLL, 350),
        poll(ids.HOMOLOGY_TICK, 450),
        poll(ids.EVIDENCE_TICK, 900),
        poll(ids.SENSITIVITY_TICK, 900),
        # What a run does and which layers a file has is asked at once; a bank's ring need not wait for either.
        poll(ids.LAYERS_TICK, 500, at_once=kind == "upload"),
        poll(ids.TRAIN_TICK, 1000, at_once=kind == "run"),
    ]


def _timeline(address: Address) -> Component:
    steps = address.source.steps if address.source else ()
    marks = [Mark(step, "recorded") for step in steps] if len(steps) <= 30 else []
    return timeline(
        ids.PAGE,
        unit="iteration",
        first=steps[0] if steps else 0,
        last=steps[-1] if steps else 0,
        value=address.step or 0,
        total=address.source.total if address.source else None,
        events=marks,
        follow=True,
        play=True,
    )
