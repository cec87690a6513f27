"""Compute beforehand what the Filters page shows as evidence of the shipped banks, so that it opens on it.

    python -m topodash.cli_answers            every recorded iteration of every shipped bank, 99 null banks each

The answers are the page's own, at the settings that it begins with and at the paper's; they go into `data/answers.zip`, with where
they come from in `data/answers.json`. Those that are there already are kept, so that the command can be stopped
and started again. A changed bank, setting or algorithm asks other questions: run it again after such a change.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import Any

from topodash.compute import codec, write_shipped
from topodash.compute.cache import SHIPPED
from topodash.jobs.questions import question, question_key
from topodash.jobs.sources import Sources
from topodash.pages.filters.choice import read_source
from topodash.pages.filters.choosing import full_request
from topodash.pages.filters.controls import preset_values
from topodash.pages.filters.null_banks import null_question, pieces
from topodash.pages.filters.proof import USUAL
from topodash.resources import resource_dir
from topodash.settings import Settings
from topodash.studies.filter_topology_bank import bank_names

QUESTION = "filter_nulls"
#: The settings that the page begins with, and those of the paper for a bank of its size.
_PRESETS = {False: ("fit", "paper"), True: ("fit", "improved")}
_MANY = 1000
_LIBRARIES = ("numpy", "scipy", "gudhi", "scikit-learn")


def asked() -> Iterator[tuple[str, int, dict[str, Any]]]:
    """(bank, iteration, question) of all that is shipped."""
    for name in bank_names():
        source = read_source(f"bank:{name}")
        for preset, step in product(_PRESETS[source.filters >= _MANY], source.steps):
            request = full_request(source, step, "", preset_values(preset, source.filters))
            assert request is not None
            for piece in pieces(USUAL):
                yield name, step, null_question(request["a"], piece)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 when everything is there."""
    parser = argparse.ArgumentParser(prog="python -m topodash.cli_answers", description=__doc__)
    parser.parse_args(arguments)
    target = resource_dir("data") / SHIPPED
    before = _read(target)
    with tempfile.TemporaryDirectory() as folder:
        sources = Sources(Settings(data_dir=Path(folder)))
        keys = {question_key(QUESTION, each, sources): (name, step, each) for name, step, each in asked()}
        kept = {key: data for key, data in before.items() if key in keys}
        for number, (key, (name, step, each)) in enumerate(keys.items(), 1):
            if key not in kept:
                kept[key] = codec.encode(question(QUESTION)(each, sources))
                write_shipped(target, kept)
                sys.stderr.write(
                    f"{number} of {len(keys)}: {name}, iteration {step}, {each['count']} null banks\n"
                )
    write_shipped(target, kept)
    told = target.with_suffix(".json")
    if kept.keys() != before.keys() or not told.is_file():
        _tell(told, keys.values())
    return 0


def _read(path: Path) -> dict[str, bytes]:
    if not path.is_file():
        return {}
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def _tell(path: Path, places: Iterable[tuple[str, int, dict[str, Any]]]) -> None:
    """Write where the answers come from."""
    banks: dict[str, Any] = {}
    for name, step, each in places:
        found = banks.setdefault(
            name, {"iterations": [], "null_banks": USUAL, "seed": each["seed"], "settings": []}
        )
        for many, one in (("iterations", step), ("settings", each["config"])):
            if one not in found[many]:
                found[many].append(one)
    document = {
        "what": "statistics and longest bars of Gaussian null banks, as the Filters page asks for them",
        "command": "python -m topodash.cli_answers",
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {"topodash": version("topodash"), **{name: version(name) for name in _LIBRARIES}},
        "banks": banks,
    }
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
