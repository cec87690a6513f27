"""How it stands with what is shown: the sentence beside the title, the buttons, and when to look again."""

from __future__ import annotations

from topodash.components import states
from topodash.datasets import counted
from topodash.pages.context import owner, services
from topodash.pages.landscapes.view import Loaded
from topodash.runs import RunError, RunSummary

#: Milliseconds to the next look at what is computed, and at a study that rests and may be resumed elsewhere.
SOON, NOW_AND_THEN = 700, 5000


def next_look(loaded: Loaded, state: str, *, following: bool = False) -> int | None:
    """Milliseconds until it is worth looking again; None when nothing can change."""
    if loaded.state == "running" or (following and state != "finished"):
        return NOW_AND_THEN if state == "paused" or state in states.FINAL else SOON
    if loaded.state == "working" or loaded.more.get("growing") or loaded.more.get("pending"):
        return SOON
    return None


def status_of(loaded: Loaded, run: str, *, following: bool = False) -> tuple[str, str]:
    """The sentence beside the title, and the class of the buttons; of a study that is followed, how it itself stands."""
    store = services().store
    summary = store.summary(run)
    if summary.shipped:
        where = "shipped"
    else:
        status = summary.status
        # What the run says of the unit under way tells the time that is left, too.
        silent = summary.state == "running" and not (status and status.message)
        left = (summary.last or {}).get("seconds_left") if silent else None
        kind = summary.meta.kind if summary.meta else ""
        where = states.sentence(
            summary.state if summary.state in states.STATES else "damaged", (status.step or 0) if status else 0, status.total if status else None,
            word=states.unit(kind), verb=states.verb(kind), seconds_left=left, message=status.message if status else summary.error,
        )  # fmt: skip
    if summary.state == "running" and own_study(run, summary):
        control = services().catalogue.control(run)
        if control.stop or control.pause:
            where += f"; {'stopping' if control.stop else 'pausing'}"
    if summary.state == "finished" and summary.meta is not None and summary.meta.kind == "landscapes":
        where = ("shipped with TopoDash" if summary.shipped else "finished") + (
            f"; {summary.status.message}" if summary.status and summary.status.message else ""
        )
    shown = f"land-actions land-{summary.state}" if own_study(run, summary) else "land-actions"
    if loaded.state == "running" and loaded.more.get("done"):
        shown += " land-partial"
        where += f"; {loaded.more['done']} of {counted(loaded.more['networks'], 'network')} measured"
    if not following and (loaded.state == "working" or loaded.progress is not None):
        share = "" if loaded.progress is None else f" {loaded.progress:.0%}"
        where = f"computing{share}: {loaded.message or 'waiting'}"
    return where, shown


def own_study(run: str, summary: RunSummary) -> bool:
    """Whether it is a study that the browser which asks can steer."""
    return bool(summary.meta and summary.meta.kind == "landscapes" and not summary.shipped and is_own(run))


def is_own(run: str) -> bool:
    """Whether the browser that asks made this run."""
    try:
        return services().catalogue.entry(run).owner == owner()
    except RunError:
        return False
