"""The timeline: play, step, slider, speed, follow, event marks; in the same place on every page with time.

It draws only; a page's callbacks or script decide what the parts do. Every part has the id
`{"page": page, "timeline": part}` with one of `PARTS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from topodash.components.icons import icon

PARTS = ("root", "back", "play", "step", "readout", "slider", "events", "speed", "follow")
SPEEDS = (("0.25", "¼×"), ("0.5", "½×"), ("1", "1×"), ("2", "2×"), ("4", "4×"), ("8", "8×"))


@dataclass(frozen=True)
class Mark:
    """An event on the timeline: at `step`, `label` says what happened, `kind` is one word for its look."""

    step: int
    label: str
    kind: str = "event"


def part_id(page: str, part: str) -> dict[str, str]:
    """The component id of a part of a page's timeline."""
    if part not in PARTS:
        raise ValueError(f"part must be one of {', '.join(PARTS)}; it was {part!r}")
    return {"page": page, "timeline": part}


def mark_id(page: str, step: int) -> dict[str, str | int]:
    """The component id of an event's mark: match it with `{"page": page, "mark": ALL}`."""
    return {"page": page, "mark": step}


def marks(page: str, events: Iterable[Mark], first: int, last: int) -> list[Component]:
    """A button for each step that has events, at its place along the slider; its name tells all of them."""
    together: dict[int, list[Mark]] = {}
    for event in events:
        if first <= event.step <= last:
            together.setdefault(event.step, []).append(event)
    span = max(1, last - first)
    return [
        html.Button(
            id=mark_id(page, step),
            type="button",
            className=f"td-mark td-mark-{group[0].kind}",
            style={"left": f"{100 * (step - first) / span:.3f}%"},
            title=f"{step}: " + "; ".join(event.label for event in group),
            **{"aria-label": f"Go to {step}: " + "; ".join(event.label for event in group)},
        )
        for step, group in sorted(together.items())
    ]


def readout(step: int, last: int, unit: str = "epoch") -> str:
    """'epoch 412 / 1000'."""
    return f"{unit} {step} / {last}"


def _button(page: str, part: str, name: str, icon_name: str) -> Component:
    return html.Button(
        icon(icon_name, 18),
        id=part_id(page, part),
        type="button",
        className=f"td-time-button td-time-{part}",
        **{"aria-label": name, "title": name},
    )


def timeline(
    page: str,
    *,
    unit: str = "epoch",
    first: int = 0,
    last: int | None = 0,
    value: int | None = None,
    events: Sequence[Mark] = (),
    speed: str = "1",
    total: int | None = None,
    follow: bool | None = True,
    play: bool = True,
    scripted: bool = False,
) -> Component:
    """A page's timeline.

    Parameters
    ----------
    unit : str
        What a step is called ('epoch', 'iteration', 'threshold').
    first, last, value : int
        The ends of the slider and where it stands (the last step when None). `last` None: not known yet, and nothing is read out.
    total : int
        What the readout counts to, where more steps are planned than there are (the last step when None).
    follow : bool or None
        Whether it follows the latest step; None where nothing is being computed, and the switch is left out.
    play : bool
        Whether Play and its speed are offered.
    scripted : bool
        Leave the slider to the page's script, which puts a native range into the part's place: each change of a Dash
        property costs every component of the page a look, too much for a slider that moves many times a second.
    """
    told = (
        ""
        if last is None
        else readout(last if value is None else value, last if total is None else total, unit)
    )
    last = first if last is None else last
    value = last if value is None else value
    parts: list[Component] = []
    if play:
        parts.append(_button(page, "play", "Play", "play"))
    parts += [
        _button(page, "back", f"One {unit} back", "back"),
        _button(page, "step", f"One {unit} on", "step"),
        html.Output(
            told,
            id=part_id(page, "readout"),
            className="td-readout td-number",
        ),
        html.Div(
            [
                html.Div(id=part_id(page, "slider"), className="td-range")
                if scripted
                else dmc.Slider(
                    id=part_id(page, "slider"),
                    min=first,
                    max=max(last, first + 1),
                    value=value,
                    step=1,
                    size="sm",
                    updatemode="drag",
                    thumbLabel=unit.capitalize(),
                    label=None,
                    disabled=last <= first,
                ),
                html.Div(marks(page, events, first, last), id=part_id(page, "events"), className="td-marks"),
            ],
            className="td-track",
        ),
    ]
    if play:
        parts.append(
            dmc.Select(
                id=part_id(page, "speed"),
                data=[{"value": value_, "label": label} for value_, label in SPEEDS],
                value=speed,
                allowDeselect=False,
                withCheckIcon=False,
                size="xs",
                w=72,
                className="td-speed",
                attributes={"input": {"aria-label": "Play-back speed"}},
            )
        )
    if follow is not None:
        parts.append(
            dmc.Switch(
                id=part_id(page, "follow"),
                label="Follow latest",
                checked=follow,
                size="xs",
                className="td-follow",
            )
        )
    return html.Div(
        parts, id=part_id(page, "root"), className="td-timeline", role="group", **{"aria-label": "Timeline"}
    )
