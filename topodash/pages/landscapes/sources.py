"""What can be looked at: shipped studies, one's own studies, one's live runs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from topodash.components.states import duration
from topodash.datasets import counted
from topodash.jobs.answers.landscape_study import without_workers
from topodash.pages.context import owner, services
from topodash.pages.titles import run_title, shipped_networks
from topodash.runs import RunError
from topodash.studies.activation_landscapes import LandscapeConfig

#: Live runs offered, the newest first.
LIVE_RUNS = 25


def title_of(config: LandscapeConfig) -> str:
    """A study in a few words: 'Nine disks: 100 networks, ordinary homology'."""
    data = "MNIST" if config.dataset == "mnist" else config.dataset.replace("_", " ").capitalize()
    return f"{data}: {counted(config.networks, 'network')}, {config.homology} homology"


def shape_of(widths: tuple[int, ...]) -> str:
    """'10 layers of 15 units' or 'layers of 128, 64, 64 units'."""
    if len(set(widths)) == 1:
        return f"{counted(len(widths), 'layer')} of {counted(widths[0], 'unit')}"
    return f"layers of {', '.join(map(str, widths))} units"


def provenance(run_id: str | None) -> str:
    """Where a study comes from, in a sentence or two; '' for what is none."""
    if not run_id:
        return ""
    try:
        with services().store.open(run_id) as reader:
            meta, status = reader.meta, reader.status
            if meta.kind != "landscapes":
                return ""
            config = LandscapeConfig.from_json(without_workers(meta.config))
    except (RunError, ValueError, TypeError):
        return ""
    day = datetime.fromtimestamp(meta.created, UTC)
    said = f"Hidden {shape_of(config.hidden)}. Made on {day.day} {day:%B %Y}"
    command = str((meta.provenance or {}).get("command", ""))
    if command.startswith("topodash "):
        said += f" by '{command}'"
    if status.state != "finished":
        return f"{said}."
    # On the page the number of processes is chosen in the form; a study made before it was recorded says none.
    workers = meta.config.get("workers") or (meta.provenance or {}).get("workers")
    by = f" with {counted(int(workers), 'process', 'processes')}" if workers else ""
    return f"{said} in {duration(status.seconds)}{by}."


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
        ("Shipped networks", shipped_networks()),
    ]
    listed = {run for _, items in groups for run, _ in items}
    if current and current not in listed:
        groups.append(("Opened by a link", [(current, _study_title(current) or run_title(current))]))
    return [
        {"group": name, "items": [{"value": run, "label": title} for run, title in items]}
        for name, items in groups
        if items
    ]


def first() -> str | None:
    """What the page opens on: the first shipped study, else the newest of one's own."""
    known = studies()
    disks = [run for run, title, shipped in known if shipped and title.startswith("Nine disks")]
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
