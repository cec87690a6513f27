"""The state of a run in words, the same words on every page."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from topodash.durations import duration

#: What each state is called and the colour of its mark; the word always stands beside the mark.
STATES = {
    "queued": ("queued", "gray"),
    "running": ("training", "blue"),
    "paused": ("paused", "yellow"),
    "finished": ("finished", "teal"),
    "stopped": ("stopped", "gray"),
    "interrupted": ("interrupted", "orange"),
    "failed": ("failed", "red"),
    "damaged": ("damaged", "red"),
}
FINAL = frozenset({"finished", "stopped", "interrupted", "failed", "damaged"})
#: What one step of a kind of run is called; anything else is counted in steps.
UNITS = {
    "mlp": "epoch",
    "cnn": "iteration",
    "filters": "iteration",
    "landscapes": "piece",
    "mapper_sweep": "cell",
}


def unit(kind: str) -> str:
    """What one step of a run of that kind is called."""
    return UNITS.get(kind, "step")


def verb(kind: str) -> str:
    """What a run of that kind does while it runs."""
    return "computing" if kind in ("landscapes", "mapper_sweep") else "training"


def time_left(step: int, total: int | None, seconds_so_far: float) -> float | None:
    """Seconds that are left at the pace so far, or None where that is not known."""
    if not total or step <= 0 or seconds_so_far <= 0:
        return None
    return max(0.0, (total - step) * seconds_so_far / step)


def _progress(step: int, total: int | None, word: str) -> str:
    return f"{word} {step}" if not total else f"{word} {step} of {total}"


def _ahead(ahead: int | None) -> str:
    if ahead is None:
        return ""
    return f", {ahead} run{'' if ahead == 1 else 's'} ahead" if ahead else ", next to start"


def sentence(
    state: str,
    step: int = 0,
    total: int | None = None,
    *,
    word: str = "epoch",
    verb: str = "training",
    ahead: int | None = None,
    seconds_left: float | None = None,
    message: str = "",
) -> str:
    """A state in words.

    Parameters
    ----------
    state : str
        One of `STATES`.
    step, total : int
        Where the run is; `total` None when it has no end.
    word : str
        What a step is called.
    verb : str
        What the run does.
    ahead : int, optional
        How many queued runs come before this one.
    seconds_left : float, optional
        As `time_left` gives it.
    message : str
        Why it failed or stopped, or how far the step under way is, where the run says so.

    Examples
    --------
    >>> sentence("queued", ahead=1)
    'queued, 1 run ahead'
    >>> sentence("running", 412, 1000, seconds_left=20)
    'training, epoch 412 of 1000, about 20 s left'
    >>> sentence("interrupted", 412, 1000)
    'interrupted at epoch 412; Resume goes on from there'
    """
    if state not in STATES:
        raise ValueError(f"state must be one of {', '.join(STATES)}; it was {state!r}")
    because = f": {message}" if message else ""
    left = "" if seconds_left is None else f", about {duration(seconds_left)} left"
    where = _progress(step, total, word)
    said = {
        "queued": "queued" + _ahead(ahead),
        "running": f"{verb}, {where}{because}{left}",
        "paused": f"paused at {where}",
        "finished": f"finished, {word} {step}{because}",
        "stopped": f"stopped at {where}{because}",
        "interrupted": f"interrupted at {word} {step}; Resume goes on from there",
        "failed": f"failed at {word} {step}{because}",
        "damaged": f"damaged{because}",
    }
    return said[state]


def badge(state: str) -> Component:
    """A small mark with the state's word."""
    word, colour = STATES[state]
    return dmc.Badge(word, color=colour, variant="dot", size="md", className=f"td-state td-state-{state}")


def progress(step: int, total: int | None, label: str) -> Component:
    """A thin bar with its own name; without a total, only the step."""
    if not total:
        return html.Span(f"{step}", className="td-number")
    percent = min(100.0, 100.0 * step / total)
    return dmc.ProgressRoot(
        dmc.ProgressSection(value=percent, **{"aria-label": f"{label}: {percent:.0f} %"}),
        size="sm",
        className="td-progress",
    )


def size(count: int) -> str:
    """A file size as one would say it: '812 B', '34 kB', '5.1 MB'."""
    amount = float(count)
    for name in ("B", "kB", "MB", "GB"):
        if amount < 1000 or name == "GB":
            return f"{amount:.0f} {name}" if name in ("B", "kB") or amount >= 100 else f"{amount:.1f} {name}"
        amount /= 1000
    raise AssertionError("unreachable")
