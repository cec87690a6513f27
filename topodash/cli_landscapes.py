"""`topodash landscapes`: run the activation-landscape study here, in this process, into a run file.

topodash landscapes disks --workers 2               # the paper's scale; prints the run's id and goes on
topodash landscapes --resume 0123456789abcdef       # after Ctrl-C, a kill or a restart of the machine
topodash landscapes disks --set networks=10 --set every=4 --out small.run
"""

from __future__ import annotations

import argparse
import json
import platform
import shlex
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import Any

from topodash import __version__
from topodash.cli_files import FAILED, complain, make_folder, read_config, refuse_target
from topodash.durations import duration
from topodash.jobs.answers.landscape_study import without_workers
from topodash.jobs.driver import Note, Step
from topodash.jobs.kinds.landscapes import LandscapesDriver
from topodash.jobs.loop import Loop
from topodash.runs import Catalogue, Checkpoint, Control, Recorder, RunError, RunReader, RunStore, new_id
from topodash.settings import Settings
from topodash.studies.activation_landscapes import (
    PRESETS,
    LandscapeConfig,
    estimate_seconds,
    refuse_what_cannot_be_done,
    units,
)

_PACKAGES = ("numpy", "scipy", "scikit-learn", "gudhi", "ripser", "persim", "torch")
_SILENCE_SECONDS = 60.0


def main(arguments: Sequence[str]) -> int:
    """The command; 0 when the study is finished, 1 when it was interrupted or failed, 2 when it could not begin."""
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
        fields.update(read_config(config))
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals:
            raise ValueError(f"--set must be FIELD=VALUE; it was {change!r}")
        try:
            fields[name] = json.loads(value)
        except json.JSONDecodeError:
            fields[name] = value
    return LandscapeConfig.from_json(fields)


@dataclass(frozen=True)
class _Task:
    """A run that is open for writing, and where it stands; `fields` is its configuration."""

    recorder: Recorder
    fields: Mapping[str, Any]
    checkpoint: Checkpoint | None = None
    recorded: int | None = None


def run(options: argparse.Namespace) -> int:
    """Start or go on, show progress, and leave a finished run or one that can be resumed."""
    settings = Settings.from_env()
    store = RunStore(options.folder) if options.folder else RunStore.of(settings)
    try:
        if options.show:
            _show(configuration(options.preset, options.config, options.set))
            return 0
        refuse_target("--out", options.out)
        task = _reopen(store, options) if options.resume else _begin(settings, store, options)
    except (RunError, ValueError, OSError) as problem:
        return complain("landscapes", problem)
    with task.recorder as recorder:
        run_id = recorder.path.stem
        _say(f"run {run_id}; to go on after an interruption: {_resuming(run_id, options)}")
        fields = {**task.fields, "workers": options.workers}
        outcome = _drive(recorder, task.checkpoint, task.recorded, fields)
    _say(outcome)
    if outcome.startswith("finished") and options.out:
        store.export(run_id, options.out)
        _say(f"written to {options.out}, {options.out.stat().st_size / 2**20:.1f} MiB")
    return 0 if outcome.startswith("finished") else FAILED


def _show(config: LandscapeConfig) -> None:
    _say(json.dumps(config.to_json(), indent=1))
    _say(f"{len(units(config))} units of work, about {duration(estimate_seconds(config))} on one idle core")


def _begin(settings: Settings, store: RunStore, options: argparse.Namespace) -> _Task:
    """A new run; nothing is written before all of it is known to be possible."""
    config = configuration(options.preset, options.config, options.set)
    refuse_what_cannot_be_done(config, options.workers)
    make_folder("--folder" if options.folder else "TOPODASH_DATA_DIR", store.folder)
    fields, path = config.to_json(), store.path(new_id())
    recorder = Recorder.create(path, kind="landscapes", config=fields, provenance=_provenance(options))
    if not options.folder:
        Catalogue.of(settings).add(path.stem, "", options.title or f"landscapes: {options.preset}")
    return _Task(recorder, fields)


def _reopen(store: RunStore, options: argparse.Namespace) -> _Task:
    """A run that was begun before; it goes on as it is, with other workers if wanted."""
    if options.set or options.config:
        raise ValueError("--resume goes on with the run as it is; leave out --set and --config")
    with store.open(options.resume) as reader:
        if reader.meta.kind != "landscapes":
            raise ValueError(
                f"--resume must name a run of kind 'landscapes'; {options.resume} is {reader.meta.kind!r}"
            )
        fields = reader.meta.config
    refuse_what_cannot_be_done(LandscapeConfig.from_json(without_workers(fields)), options.workers)
    recorder = Recorder.resume(store.path(options.resume))
    with RunReader(recorder.path) as reader:
        return _Task(recorder, fields, reader.checkpoint(), reader.status.step)


def _resuming(run_id: str, options: argparse.Namespace) -> str:
    """The command that goes on with this run, as it was started."""
    command = ["topodash", "landscapes", "--resume", run_id]
    if options.folder:
        command += ["--folder", str(options.folder)]
    if options.workers != 1:
        command += ["--workers", str(options.workers)]
    if options.out:
        command += ["--out", str(options.out)]
    return shlex.join(command)


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
    """The driver, saying after every unit how far it is, and once a minute in the middle of one."""

    def start(self, recorder: Recorder, checkpoint: Checkpoint | None) -> Iterator[Step | Note | None]:
        said = time.monotonic()
        for step in super().start(recorder, checkpoint):
            if isinstance(step, Step) and step.scalars:
                left = duration(step.scalars["seconds_left"])
                _say(f"{_now()}  unit {step.step + 1} of {self.total}, about {left} left")
                said = time.monotonic()
            elif isinstance(step, Note) and time.monotonic() - said > _SILENCE_SECONDS:
                _say(f"{_now()}  {step.message}")
                said = time.monotonic()
            yield step


def _now() -> str:
    return time.strftime("%H:%M:%S")


def _provenance(options: argparse.Namespace) -> dict[str, Any]:
    command = ["topodash", "landscapes", options.preset]
    if options.config:
        command += ["--config", str(options.config)]
    for change in options.set:
        command += ["--set", change]
    return {
        "command": shlex.join(command),
        "versions": {"topodash": __version__, "python": platform.python_version()}
        | {name: version(name) for name in _PACKAGES},
        "machine": platform.machine(),
        "workers": options.workers,
    }


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
