"""What can be looked at: shipped studies, one's own studies, one's live runs."""

from __future__ import annotations

from typing import Any

from topodash.jobs.answers.landscape_study import without_workers
from topodash.pages.context import owner, services
from topodash.runs import RunError
from topodash.studies.activation_landscapes import LandscapeConfig

#: Live runs offered, the newest first.
LIVE_RUNS = 25


def title_of(config: LandscapeConfig) -> str:
    """A study in a line: '100 networks 2-15x10 on nine disks'."""
    widths = config.hidden
    shape = f"{widths[0]}x{len(widths)}" if len(set(widths)) == 1 else "-".join(map(str, widths))
    data = "MNIST" if config.dataset == "mnist" else config.dataset.replace("_", " ")
    return f"{data}, {config.networks} networks {shape}, {config.homology}"


def studies() -> list[tuple[str, str, bool]]:
    """(id, title, shipped) of every study that the asking browser may see: shipped, then its own, newest first."""
    found = []
    store = services().store
    for run_id in store.shipped_ids():
        title = _study_title(run_id)
        if title:
            found.append((run_id, title, True))
    for entry in services().catalogue.entries(owner(), limit=200):
        title = _study_title(entry.id)
        if title:
            found.append((entry.id, entry.title or title, False))
    for entry in services().catalogue.entries("", limit=50):  # made on the command line of this machine
        title = _study_title(entry.id)
        if title:
            found.append((entry.id, entry.title or title, False))
    return found


def options(current: str | None) -> list[dict[str, Any]]:
    """The choices of the Source control, in groups; a run that is open by a link is among them."""
    known = studies()
    groups = [
        ("Shipped", [(run, title) for run, title, shipped in known if shipped]),
        ("Your studies", [(run, title) for run, title, shipped in known if not shipped]),
        ("Your live runs", _live()),
    ]
    listed = {run for _, items in groups for run, _ in items}
    if current and current not in listed:
        groups.append(("Opened by a link", [(current, _study_title(current) or f"run {current[:6]}")]))
    return [
        {"group": name, "items": [{"value": run, "label": title} for run, title in items]}
        for name, items in groups
        if items
    ]


def first() -> str | None:
    """What the page opens on: the first shipped study, else the newest of one's own."""
    known = studies()
    disks = [run for run, title, shipped in known if shipped and "nine disks" in title]
    return disks[0] if disks else known[0][0] if known else None


def _study_title(run_id: str) -> str:
    try:
        with services().store.open(run_id) as reader:
            if reader.meta.kind != "landscapes":
                return ""
            return title_of(LandscapeConfig.from_json(without_workers(reader.meta.config)))
    except (RunError, ValueError, TypeError):
        return ""


def _live() -> list[tuple[str, str]]:
    found = []
    for entry in services().catalogue.entries(owner(), limit=200):
        try:
            with services().store.open(entry.id) as reader:
                if reader.meta.kind == "mlp":
                    found.append((entry.id, entry.title or f"run {entry.id[:6]}"))
        except RunError:
            continue
        if len(found) >= LIVE_RUNS:
            break
    return found
