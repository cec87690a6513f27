"""The list of runs as a table; on a phone each row becomes a card (by style alone)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from topodash.components import states
from topodash.components.icons import icon
from topodash.components.panel import empty
from topodash.pages.runs import ids
from topodash.pages.runs.lines import Line

COLUMNS = ("Run", "Kind", "State", "Size", "Created", "Last values", "Actions")

RESUMABLE = ("interrupted", "stopped")
"""States in which a run of any kind can go on from its checkpoint."""


def _button(name: str, label: str, icon_name: str, **properties: Any) -> Component:
    return html.Button(
        icon(icon_name, 16),
        type="button",
        className="td-tool",
        title=name,
        **{"aria-label": label},
        **properties,
    )


def _actions(row: Line) -> list[Component]:
    found = [
        _button("Copy link", f"Copy link to {row.title}", "link", **{"data-copy": row.href}),
    ]
    if row.state != "damaged":
        found.append(
            html.A(
                icon("export", 16),
                href=f"/api/runs/{row.id}/export",
                className="td-tool",
                title="Export",
                **{"aria-label": f"Export {row.title}"},
            )
        )
    if row.own and row.state in RESUMABLE:
        found.append(_button("Resume", f"Resume {row.title}", "play", id=ids.action("resume", row.id)))
    if row.own:
        found += [
            _button("Rename", f"Rename {row.title}", "rename", id=ids.action("rename", row.id)),
            _button("Delete", f"Delete {row.title}", "delete", id=ids.action("delete", row.id)),
        ]
    return found


def _state(row: Line) -> list[Component]:
    parts: list[Component] = [html.Span(row.sentence, className=f"td-state-words td-state-{row.state}")]
    if row.total and row.state in ("running", "paused"):
        parts.append(states.progress(row.step, row.total, f"Progress of {row.title}"))
    return parts


def _row(row: Line) -> Component:
    name: Component = (
        html.Span(row.title)
        if row.href.startswith("/runs")
        else dcc.Link(row.title, href=row.href, title="Open")
    )
    cells: list[Any] = [
        name,
        row.kind,
        _state(row),
        states.size(row.size),
        row.created,
        row.metrics or "–",
        html.Div(_actions(row), className="td-row-actions"),
    ]
    return html.Tr(
        [
            html.Td(
                cell,
                **{"data-name": column},
                className="td-number" if column in ("Size", "Last values") else "",
            )
            for column, cell in zip(COLUMNS, cells, strict=True)
        ],
        **{"data-run": row.id},
    )


def table(rows: Sequence[Line], hint: str) -> Component:
    """The table, or `hint` when there is nothing to show."""
    if not rows:
        return empty(hint)
    return html.Table(
        [
            html.Thead(html.Tr([html.Th(column, scope="col") for column in COLUMNS])),
            html.Tbody([_row(row) for row in rows]),
        ],
        className="td-table",
    )


def recent(rows: Sequence[Line]) -> Component:
    """The short form for Home: name, state, when."""
    if not rows:
        return empty(
            "No runs yet. Open Live training and press Start: the first network learns within a minute."
        )
    return html.Ul(
        [
            html.Li(
                [
                    dcc.Link(row.title, href=row.href, className="td-recent-name"),
                    html.Span(row.sentence, className=f"td-recent-state td-state-{row.state}"),
                    html.Span(row.created, className="td-recent-when"),
                ]
            )
            for row in rows
        ],
        className="td-recent",
    )
