"""What the list of runs says about each run, put together from the catalogue and the run's own file."""

from __future__ import annotations

import math
import shutil
import time
from dataclasses import dataclass

from topodash.components import states
from topodash.datasets import counted
from topodash.jobs.answers.landscape_study import without_workers
from topodash.pages.context import Services
from topodash.runs import Entry, RunError, RunMeta, RunSummary
from topodash.studies.activation_landscapes import LandscapeConfig, networks_done

#: Opening a run's file costs about a millisecond; the list must not take seconds.
MOST = 200
#: Where a run of each kind is opened; other kinds stay on the Runs page.
_PAGES = {
    "mlp": "/live",
    "ensemble": "/landscapes",
    "landscapes": "/landscapes",
    "cnn": "/filters",
    "filters": "/filters",
    "mapper_sweep": "/mapper",
}
_NAMES = {
    "mlp": "live training",
    "ensemble": "ensemble",
    "landscapes": "landscapes",
    "cnn": "filter training",
    "filters": "filters",
    "mapper_sweep": "Mapper sweep",
}


@dataclass(frozen=True)
class Line:
    """One run in the list.

    Attributes
    ----------
    title, kind, sentence, created, metrics : str
        In words, ready to be shown.
    state : str
    step : int
    total : int or None
    size : int
        Bytes on disk.
    href : str
        Where it is opened.
    own : bool
        Whether the browser that asks may rename and delete it.
    """

    id: str
    title: str
    kind: str
    state: str
    sentence: str
    step: int
    total: int | None
    size: int
    created: str
    metrics: str
    href: str
    own: bool


def ago(then: float, now: float) -> str:
    """'just now', '5 min ago', '3 h ago', '4 days ago', or the date."""
    seconds = max(0.0, now - then)
    if seconds < 60:
        return "just now"
    if seconds < 3600:
        return f"{int(seconds // 60)} min ago"
    if seconds < 86400:
        return f"{int(seconds // 3600)} h ago"
    days = int(seconds // 86400)
    if days < 14:
        return f"{days} day{'' if days == 1 else 's'} ago"
    return time.strftime("%d %b %Y", time.gmtime(then))


def metrics(last: dict[str, float] | None) -> str:
    """The newest scalars, four at most: 'train loss 0.0123, train accuracy 0.99'."""
    said = []
    for name, value in list((last or {}).items())[:4]:
        number = f"{value:.4g}" if math.isfinite(value) else "not finite"
        said.append(f"{name.replace('_', ' ')} {number}")
    return ", ".join(said)


def networks(meta: RunMeta, step: int) -> str:
    """Of a study, whose scalars are only times: '40 of 100 networks trained, 12 measured'."""
    try:
        config = LandscapeConfig.from_json(without_workers(meta.config))
    except (ValueError, TypeError):
        return ""
    trained, measured = networks_done(config, step)
    return f"{trained} of {counted(config.networks, 'network')} trained, {measured} measured"


def _line(summary: RunSummary, entry: Entry | None, owner: str, queued: list[str], now: float) -> Line:
    meta, status = summary.meta, summary.status
    kind = meta.kind if meta else ""
    step = (status.step or 0) if status else 0
    total = status.total if status else None
    if summary.state == "damaged":
        said = summary.error
    else:
        first = int(meta.parent["step"]) if meta and meta.parent and "step" in meta.parent else 0
        left = None
        if status and total and summary.state == "running" and not status.message:
            left = states.time_left(step - first, total - first, status.seconds)
            left = (summary.last or {}).get("seconds_left", left)
        said = states.sentence(
            summary.state,
            step,
            total,
            word=states.unit(kind),
            verb=states.verb(kind),
            ahead=queued.index(summary.id) if summary.id in queued else None,
            seconds_left=left,
            message=status.message if status else "",
        )
    created = meta.created if meta else entry.added if entry else now
    return Line(
        id=summary.id,
        title=(entry.title if entry else "") or f"run {summary.id[:6]}",
        kind=_NAMES.get(kind, kind or "unknown"),
        state=summary.state,
        sentence=said,
        step=step,
        total=total,
        size=summary.size,
        created=ago(created, now),
        metrics=networks(meta, step) if kind == "landscapes" and meta else metrics(summary.last),
        href=f"{_PAGES.get(kind, '/runs')}?{'sweep' if kind == 'mapper_sweep' else 'run'}={summary.id}",
        own=entry is not None and entry.owner == owner,
    )


def lines(services: Services, owner: str, limit: int = MOST) -> list[Line]:
    """The runs of an owner, newest first; a run that cannot be read says why and hides no other."""
    queued = services.catalogue.queued()
    now = time.time()
    return [
        _line(services.store.summary(entry.id), entry, owner, queued, now)
        for entry in services.catalogue.entries(owner, limit)
    ]


def line(services: Services, owner: str, run_id: str) -> Line | None:
    """One run, anyone's; None when there is none of that id."""
    if not services.store.exists(run_id):
        return None
    try:
        entry = services.catalogue.entry(run_id)
    except RunError:
        entry = None
    return _line(services.store.summary(run_id), entry, owner, services.catalogue.queued(), time.time())


def disk(services: Services, rows: list[Line]) -> str:
    """How much room one's runs take, and how much there is."""
    free = shutil.disk_usage(services.settings.runs_dir).free
    used = states.size(sum(row.size for row in rows))
    return f"{len(rows)} run{'' if len(rows) == 1 else 's'}, {used} on disk; {states.size(free)} free."
