"""The command `topodash`: serve the application, train, look after runs, and every study as a command of its
own.

A study's command is a module with `main(arguments) -> int`; it is imported only when it is asked for, so that
`topodash --help` does not wait for torch.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import shlex
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from topodash import __version__
from topodash.cli_files import EXIT_CODES, FAILED, complain, read_config, refuse_target
from topodash.jobs import create_run, delete_run
from topodash.runs import FINAL, Catalogue, RunError, RunNotFound, RunStore
from topodash.settings import Settings

#: name -> (module with `main(arguments)`, what it does).
STUDIES = {
    "mapper": (
        "topodash.cli_mapper",
        "a CSV in, Mapper graphs as JSON out, a grid of settings in one call",
    ),
    "landscapes": (
        "topodash.cli_landscapes",
        "activation landscapes of many networks, as a run file",
    ),
    "filters": ("topodash.cli_filters", "the topology of a bank of filters, with its evidence"),
    "banks": ("topodash.networks.banks", "train and pack banks of convolutional filters"),
}
_MLP = {
    "dataset": {"name": "single_annulus", "seed": 0, "parameters": {}},
    "hidden": [3],
    "initialisation": "default",
    "optimiser": "sgd",
    "learning_rate": 0.5,
    "momentum": 0.9,
    "l2": 0.0,
    "batch_size": 0,
    "epochs": 1000,
    "seed": 0,
    "epochs_per_second": None,
}


def _serve(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="topodash serve", description="Serve the application.")
    parser.parse_args(arguments)
    from topodash.web.serving import serve

    return serve()


def _settings(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="topodash settings", description="The environment variables that are read."
    )
    parser.parse_args(arguments)
    values = Settings.from_env().environment()
    for name, default, meaning in Settings.table():
        now = "" if values[name] == default else f"  now {values[name]}"
        print(f"{name}={default}{now}\n    {meaning}")
    return 0


def _refuse_what_cannot_be_trained(config: Mapping[str, Any]) -> None:
    """ValueError for a configuration that would only make a failed run."""
    from topodash.datasets import load
    from topodash.jobs.kinds import make_driver

    make_driver("mlp", config)
    dataset = config["dataset"]
    if "upload" in dataset or config.get("branch"):
        raise ValueError(
            "an uploaded data set and a branch of a run are trained on the page Live training only"
        )
    load(dataset["name"], seed=dataset.get("seed", 0), **dataset.get("parameters", {}))


def _train(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="topodash train", description="Train a network as the page Live training does, and wait for it."
    )
    parser.add_argument("--dataset", default="single_annulus", help="a name of topodash.datasets.names()")
    parser.add_argument("--hidden", type=int, nargs="+", default=[3], help="units of each hidden layer")
    parser.add_argument("--epochs", type=int, default=1000)
    parser.add_argument("--learning-rate", type=float, default=0.5)
    parser.add_argument("--optimiser", default="sgd", choices=("sgd", "momentum", "adam"))
    parser.add_argument("--seed", type=int, default=0, help="of the data, the initialisation and the batches")
    parser.add_argument(
        "--config", type=Path, help="a JSON file with a whole configuration; the rest is ignored"
    )
    parser.add_argument("--title", default="from the command line")
    parser.add_argument("--export", type=Path, help="write the finished run into this file")
    options = parser.parse_args(arguments)
    config = {
        **_MLP,
        "dataset": {"name": options.dataset, "seed": options.seed, "parameters": {}},
        "hidden": options.hidden,
        "epochs": options.epochs,
        "learning_rate": options.learning_rate,
        "optimiser": options.optimiser,
        "seed": options.seed,
    }
    try:
        if options.config:
            config = read_config(options.config)
        _refuse_what_cannot_be_trained(config)
        refuse_target("--export", options.export)
    except ValueError as problem:
        return complain("train", problem)
    settings = Settings.from_env()
    run_id = create_run(settings, kind="mlp", config=config, title=options.title, command=_command(options))
    print(run_id, flush=True)
    store = RunStore.of(settings)
    while (summary := store.summary(run_id)).state not in FINAL and not summary.error:
        time.sleep(0.2)
    last = ", ".join(f"{name} {value:.4g}" for name, value in (summary.last or {}).items())
    message = summary.status.message if summary.status else summary.error
    print(f"{summary.state}: {last or message}")
    if options.export:
        store.export(run_id, options.export)
    return 0 if summary.state == "finished" else FAILED


def _command(options: argparse.Namespace) -> str:
    """The command that trains the same network again."""
    if options.config:
        return shlex.join(["topodash", "train", "--config", options.config.name])
    hidden = map(str, options.hidden)
    return shlex.join(
        ["topodash", "train", "--dataset", options.dataset, "--hidden", *hidden, "--epochs", str(options.epochs), "--learning-rate",
         f"{options.learning_rate:g}", "--optimiser", options.optimiser, "--seed", str(options.seed)]
    )  # fmt: skip


def _runs(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="topodash runs", description="List, export, import and delete runs."
    )
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("list", help="every run in the data folder")
    export = actions.add_parser("export", help="write a run into one file")
    export.add_argument("id")
    export.add_argument("file", type=Path)
    take = actions.add_parser("import", help="take an exported run in")
    take.add_argument("file", type=Path)
    delete = actions.add_parser("delete", help="stop a run and remove it")
    delete.add_argument("id")
    options = parser.parse_args(arguments)
    settings = Settings.from_env()
    store = RunStore.of(settings)
    if options.action == "list":
        titles = {entry.id: entry.title for entry in Catalogue.of(settings).entries()}
        for run_id in sorted(store.ids()):
            line = store.summary(run_id)
            step = line.status.step if line.status else None
            print(
                f"{run_id}  {line.state:<12} {step if step is not None else '-':>6}  {titles.get(run_id, '')}"
            )
    elif options.action == "export":
        store.export(options.id, options.file)
    elif options.action == "import":
        run_id = store.import_file(options.file)
        Catalogue.of(settings).add(run_id, "", options.file.stem)
        print(run_id)
    else:
        if not store.exists(options.id) and Catalogue.of(settings).entry(options.id) is None:
            raise RunNotFound(f"there is no run {options.id}")
        delete_run(settings, options.id)
    return 0


_OWN: dict[str, tuple[Callable[[Sequence[str]], int], str]] = {
    "serve": (_serve, "the application in the browser"),
    "train": (_train, "one network, as on the page Live training"),
    "runs": (_runs, "list, export, import and delete runs"),
    "settings": (_settings, "every setting, its default and what it is now"),
}


def commands() -> dict[str, str]:
    """{name: what it does}, of the commands that this installation has."""
    found = {name: meaning for name, (_, meaning) in _OWN.items()}
    for name, (module, meaning) in STUDIES.items():
        if importlib.util.find_spec(module) is not None:
            found[name] = meaning
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code of the process. Errors of one's own making are a sentence, not a
    traceback.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    known = commands()
    listing = "\n".join(f"  {name:<12}{meaning}" for name, meaning in known.items())
    parser = argparse.ArgumentParser(
        prog="topodash",
        description="See the topology of a neural network while it learns.",
        epilog=f"commands:\n{listing}\n\n{EXIT_CODES}\n`topodash COMMAND --help` tells more.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"topodash {__version__}")
    parser.add_argument("command", choices=tuple(known), metavar="COMMAND")
    if not given:
        parser.print_help()
        return 0
    command = parser.parse_args(given[:1]).command
    try:
        if command in _OWN:
            return _OWN[command][0](given[1:])
        return importlib.import_module(STUDIES[command][0]).main(given[1:])
    except BrokenPipeError:
        return 0  # whoever read the output has seen enough
    except (RunError, ValueError, OSError) as problem:
        return complain(command, problem)


if __name__ == "__main__":
    raise SystemExit(main())
