"""`topodash landscapes`: run the activation-landscape study here, in this process, into a run file.

topodash landscapes disks --workers 2            # the paper's scale; prints the run's id and goes on
after Ctrl-C topodash landscapes --resume 0123456789abcdef    # after Ctrl-C, a kill or a restart of the
machine topodash landscapes disks --set networks=10 --set every=4 --out small.run
"""

from __future__ import annotations

import argparse
import json
import platform
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import Any

from topodash import __version__
from topodash.jobs.driver import Step
from topodash.jobs.kinds.landscapes import LandscapesDriver
from topodash.jobs.loop import Loop
from topodash.runs import Catalogue, Checkpoint, Control, Recorder, RunReader, RunStore, new_id
from topodash.settings import Settings
from topodash.studies.activation_landscapes import (
    PRESETS,
    LandscapeConfig,
    estimate_seconds,
    refuse_what_does_not_fit,
    units,
)

_PACKAGES = ("numpy", "scipy", "scikit-learn", "gudhi", "ripser", "persim", "torch")


def main(arguments: Sequence[str]) -> int:
    """The command; 0 when the study is finished, 1 when it was interrupted or failed."""
    parser = argparse.ArgumentParser(
        prog="topodash landscapes", description=(__doc__ or "").split("\n", 1)[0]
    )
    add_arguments(parser)
    return run(parser.parse_args(arguments))


def add_parser(subparsers: Any) -> None:
    """Add the command to a parser that has subcommands; `run` takes what it parses."""
    parser = subparsers.add_parser("landscapes", help="activation landscapes of many networks, as a run file")
    add_arguments(parser)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add = parser.add_argument
    add("preset", nargs="?", choices=sorted(PRESETS), default="disks", help="where to start from")
    add("--config", type=Path, help="a JSON file with fields of the configuration")
    add("--set", action="append", default=[], metavar="FIELD=VALUE", help="change a field; may be repeated")
    add("--workers", type=int, default=1, help="processes; the results do not depend on it")
    add("--folder", type=Path, help="where the run is kept; default the data folder")
    add("--resume", metavar="ID", help="go on with this run")
    add("--out", type=Path, help="write the finished run into this file")
    add("--title", default="", help="its name in the application")
    add("--show", action="store_true", help="print the configuration and the estimate, and stop")


def configuration(preset: str, config: Path | None, changes: Sequence[str]) -> LandscapeConfig:
    """The preset with a JSON file's fields and then single fields changed.

    Raises
    ------
    ValueError
        For a change without '=', and what `LandscapeConfig.from_json` refuses.
    """
    fields: dict[str, Any] = PRESETS[preset].to_json()
    if config is not None:
        fields.update(json.loads(config.read_text(encoding="utf-8")))
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals:
            raise ValueError(f"--set must be FIELD=VALUE; it was {change!r}")
        try:
            fields[name] = json.loads(value)
        except json.JSONDecodeError:
            fields[name] = value
    return LandscapeConfig.from_json(fields)


def run(options: argparse.Namespace) -> int:
    """Start or go on, show progress, and leave a finished run or one that can be resumed."""
    settings = Settings.from_env()
    store = RunStore(options.folder) if options.folder else RunStore.of(settings)
    if options.resume:
        recorder, checkpoint, recorded, fields = _reopen(store, options.resume)
    else:
        config = configuration(options.preset, options.config, options.set)
        if options.show:
            _say(json.dumps(config.to_json(), indent=1))
            _say(
                f"{len(units(config))} units of work, about {_duration(estimate_seconds(config))} on one idle core"
            )
            return 0
        refuse_what_does_not_fit(config, options.workers)
        store.folder.mkdir(parents=True, exist_ok=True)
        fields = config.to_json()
        path, checkpoint, recorded = store.path(new_id()), None, None
        recorder = Recorder.create(path, kind="landscapes", config=fields, provenance=_provenance(options))
        if not options.folder:
            Catalogue.of(settings).add(path.stem, "", options.title or f"landscapes: {options.preset}")
    with recorder:
        run_id = recorder.path.stem
        _say(f"run {run_id}; to go on after an interruption: topodash landscapes --resume {run_id}")
        outcome = _drive(recorder, checkpoint, recorded, {**fields, "workers": options.workers})
    _say(outcome)
    if outcome.startswith("finished") and options.out:
        store.export(run_id, options.out)
        _say(f"written to {options.out}, {options.out.stat().st_size / 2**20:.1f} MiB")
    return 0 if outcome.startswith("finished") else 1


def _reopen(
    store: RunStore, run_id: str
) -> tuple[Recorder, Checkpoint | None, int | None, Mapping[str, Any]]:
    recorder = Recorder.resume(store.path(run_id))
    with RunReader(recorder.path) as reader:
        if reader.meta.kind != "landscapes":
            recorder.close()
            raise ValueError(
                f"--resume must name a run of kind 'landscapes'; {run_id} is {reader.meta.kind!r}"
            )
        return recorder, reader.checkpoint(), reader.status.step, reader.meta.config


def _drive(
    recorder: Recorder, checkpoint: Checkpoint | None, recorded: int | None, config: Mapping[str, Any]
) -> str:
    """The outcome as a sentence. Ctrl-C or SIGTERM gives up the unit that is under way; all others are kept."""
    asked = False

    def ask(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True

    before = {each: signal.signal(each, ask) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        driver = _Telling(config)
        loop = Loop(driver, recorder, Control, asked_to_end=lambda: asked)
        outcome = loop.run(checkpoint, recorded)
        if outcome.state != "interrupted":
            recorder.status(outcome.state, message=outcome.message)
        return f"{outcome.state}{': ' if outcome.message else ''}{outcome.message}"
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


class _Telling(LandscapesDriver):
    """The driver, saying after every unit how far it is."""

    def start(self, recorder: Recorder, checkpoint: Checkpoint | None) -> Iterator[Step | None]:
        for step in super().start(recorder, checkpoint):
            if step is not None and step.scalars:
                left = _duration(step.scalars["seconds_left"])
                _say(f"{time.strftime('%H:%M:%S')}  unit {step.step + 1} of {self.total}, about {left} left")
            yield step


def _provenance(options: argparse.Namespace) -> dict[str, Any]:
    command = ["topodash", "landscapes", options.preset, *(f"--set {change}" for change in options.set)]
    return {
        "command": " ".join(command),
        "versions": {"topodash": __version__, "python": platform.python_version()}
        | {name: version(name) for name in _PACKAGES},
        "machine": platform.machine(),
    }


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return (
        f"{seconds:.0f} s"
        if seconds < 90
        else f"{minutes} min"
        if minutes < 90
        else f"{seconds / 3600:.1f} h"
    )


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
