"""What can be looked at: shipped banks, one's own trainings, uploads; their moments; the questions they become."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from dash.development.base_component import Component

from topodash.pages.context import owner, services
from topodash.pages.filters.provenance import bank_words, provenance
from topodash.pages.titles import run_title
from topodash.resources import resource_dir
from topodash.studies.filter_topology_bank import BankError, FilterBank, bank_names, load_bank

_RUN = re.compile(r"[0-9a-f]{16}")
_UPLOAD = re.compile(r"[0-9a-f]{32}")
MOST_RUNS = 40

BANKS = {
    "mnist_64_8_512": "M(64, 8, 512) on MNIST",
    "mnist_512_128_1024": "M(512, 128, 1024) on MNIST",
    "shapes_512_128_1024": "M(512, 128, 1024) on circles and squares",
}


@dataclass(frozen=True)
class Source:
    """A source of filters.

    Attributes
    ----------
    value : str
        'bank:<name>', 'run:<id>' or 'upload:<id>:<file name>'.
    label : str
    steps : tuple of int
        Recorded iterations, ascending; empty for an upload.
    filters : int
        How many at one moment; 0 where that is not known before it is opened.
    data : str or None
        The data set of images that its networks learnt.
    live : bool
        Whether it still grows.
    planned : int
        The last iteration of a training when it is done; 0 where nothing is planned.
    note : str
        What must be said of it.
    """

    value: str
    label: str
    steps: tuple[int, ...] = ()
    filters: int = 0
    data: str | None = "mnist"
    live: bool = False
    planned: int = 0
    note: str = ""

    @property
    def kind(self) -> str:
        return self.value.split(":", 1)[0]

    @property
    def total(self) -> int:
        """What its iterations count to: the planned ones while it grows."""
        newest = self.steps[-1] if self.steps else 0
        return max(self.planned, newest) if self.live else newest

    def at(self, step: int | None, layer: str | None = None, channels: str = "mean") -> dict[str, Any]:
        """The source of a question (`topodash.jobs.answers.filter_source`) at one moment."""
        kind, _, name = self.value.partition(":")
        if kind == "bank":
            return {"bank": name, "iteration": step, "stamp": _stamp(name)}
        if kind == "run":
            return {"run": name, "step": step, "layer": "filters"}
        upload, _, file_name = name.partition(":")
        return {"from": {"upload": upload}, "name": file_name, "layer": layer, "channels": channels}

    def nearest(self, step: int | None) -> int | None:
        """The recorded iteration nearest to `step`; the last for None."""
        if not self.steps:
            return None
        return (
            self.steps[-1] if step is None else min(self.steps, key=lambda known: (abs(known - step), known))
        )


def _stamp(name: str) -> str:
    from topodash.jobs.answers.filter_source import bank_stamp

    return bank_stamp(name)


def read_source(value: str) -> Source:
    """What a value of the Source control stands for.

    Raises
    ------
    ValueError
        For a value that is none, a damaged bank, or a run that is no training of a convolutional network.
    RunError
        For a run that is not there.
    """
    kind, _, name = str(value).partition(":")
    if kind == "bank":
        return _bank(name)
    if kind == "run" and _RUN.fullmatch(name):
        return _run(name)
    upload, _, file_name = name.partition(":")
    if kind == "upload" and _UPLOAD.fullmatch(upload) and 0 < len(file_name) <= 120:
        return Source(value, file_name, data=None)
    raise ValueError(f'Source must be a bank, a training or an upload; it was "{str(value)[:60]}".')


def _bank(name: str) -> Source:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,60}", name):
        raise ValueError(f'Source must name a shipped bank; it was "{name[:60]}".')
    bank = _opened(name, _stamp(name))
    networks, _, channels = bank.filters.shape[:3]
    return Source(
        f"bank:{name}",
        BANKS.get(name, name),
        tuple(bank.iterations.tolist()),
        networks * channels,
        str((bank.provenance.get("dataset") or {}).get("name", "mnist")),
        note=bank_words(bank),
    )


def told(source: Source | None) -> list[Component]:
    """What must be said of a source, and for a bank where it comes from."""
    if source is None:
        return []
    name = source.value.partition(":")[2]
    return provenance(_opened(name, _stamp(name)) if source.kind == "bank" else None, source.note)


@lru_cache(maxsize=4)
def _opened(name: str, _stamp: str) -> FilterBank:
    return load_bank(name)


def _run(run_id: str) -> Source:
    with services().store.open(run_id) as run:
        if run.meta.kind != "cnn":
            raise ValueError(
                f"Source must be a training of a convolutional network; this run is of the kind {run.meta.kind!r}."
            )
        config, steps = run.meta.config, tuple(run.snapshot_steps().tolist())
    live = services().store.state(run_id) in ("queued", "running", "paused")
    return Source(
        f"run:{run_id}",
        run_title(run_id),
        steps,
        int(config.get("c1", 64)),
        str(config["dataset"]["name"]),
        live,
        int(config.get("iterations", 0)),
    )


def options(chosen: str | None = None) -> list[dict[str, Any]]:
    """Groups of the Source control: shipped banks, one's own trainings, and the chosen upload."""
    banks = [{"value": f"bank:{name}", "label": BANKS.get(name, name)} for name in bank_names()]
    groups: list[dict[str, Any]] = [{"group": "Shipped banks", "items": banks}] if banks else []
    runs = []
    for entry in services().catalogue.entries(owner(), limit=MOST_RUNS):
        summary = services().store.summary(entry.id)
        if summary.meta is not None and summary.meta.kind == "cnn":
            runs.append({"value": f"run:{entry.id}", "label": entry.title or f"run {entry.id[:6]}"})
    known = {item["value"] for item in [*banks, *runs]}
    if chosen and chosen.startswith("run:") and chosen not in known:
        runs.append({"value": chosen, "label": f"run {chosen[4:10]} (from a link)"})
    if runs:
        groups.append({"group": "Trainings", "items": runs})
    if chosen and chosen.startswith("upload:"):
        groups.append({"group": "Upload", "items": [{"value": chosen, "label": chosen.split(":", 2)[2]}]})
    return groups


def missing_words() -> str:
    """Which of the banks that the papers call for are not shipped (yet); empty when all are."""
    there = set(bank_names())
    gone = [label for name, label in BANKS.items() if name not in there]
    if not gone:
        return ""
    return f"Not shipped with this version: {'; '.join(gone)}. `python -m topodash.networks.banks` trains them; it takes hours."


def first_source() -> tuple[Source | None, str]:
    """The source that the page begins with, and why there is none."""
    problems = []
    for name in sorted(bank_names(), key=lambda name: (name != "mnist_64_8_512", name)):
        try:
            return read_source(f"bank:{name}"), ""
        except BankError as problem:
            problems.append(str(problem))
    folder = Path(resource_dir("data")) / "banks"
    return (
        None,
        " ".join(problems)
        or f"No bank of filters is shipped ({folder.name}/ is empty). Train a network in Setup, or upload filters.",
    )


def moment_name(source: Source, step: int | None) -> str:
    """'iteration 2000' in words that a picture's title can carry."""
    if step is None:
        return source.label
    return "iteration 0, untrained" if step == 0 else f"iteration {step}"


def request_of(
    source: Source, step: int | None, config: Mapping[str, Any], layer: str | None, channels: str
) -> dict[str, Any]:
    """What the questions of a slot are asked with."""
    return {"filters": source.at(step, layer, channels), "config": dict(config)}
