"""Where the filters of a shipped bank come from: read from the bank's document, never written down here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from dash import html
from dash.development.base_component import Component

from topodash.compute.cache import SHIPPED
from topodash.resources import resource_dir
from topodash.studies.filter_topology_bank import FilterBank

UNKNOWN = "not recorded"
PRECISIONS = {"float32": "in float32", "bfloat16": "with bfloat16 products in the convolutions"}


def bank_words(bank: FilterBank) -> str:
    """What must be known before the picture is believed: an incomplete bank, networks trained in two ways."""
    networks = len(bank.seeds)
    wanted = int(bank.provenance.get("networks_wanted", networks))
    said = []
    if wanted > networks:
        said.append(
            f"{networks} of the {wanted} networks of this bank are trained so far; what follows is theirs."
        )
    groups = accuracy_by_precision(bank)
    if len(groups) > 1 or (groups and next(iter(groups)) != "float32"):
        said.append("; ".join(_group(name, values) for name, values in groups.items()) + ".")
    return " ".join(said)


def _group(precision: str, accuracy: np.ndarray) -> str:
    count = len(accuracy)
    return (
        f"{count} network{'' if count == 1 else 's'} trained {PRECISIONS.get(precision, precision)}:"
        f" mean test accuracy {accuracy.mean():.4f}"
    )


def accuracy_by_precision(bank: FilterBank) -> dict[str, np.ndarray]:
    """Test accuracy at the last iteration of the networks trained in each precision, float32 first.

    Networks of a bank that says nothing of precision were trained in float32.
    """
    each = _each(bank)
    names = [str(each.get(int(seed), {}).get("precision", "float32")) for seed in bank.seeds]
    last = bank.accuracy[:, -1]
    return {
        name: last[[one == name for one in names]]
        for name in sorted(set(names), key=lambda name: (name != "float32", name))
    }


def _each(bank: FilterBank) -> dict[int, Mapping[str, Any]]:
    return {
        int(one["seed"]): one
        for one in bank.provenance.get("each", ())
        if isinstance(one, Mapping) and str(one.get("seed", "")).isdecimal()
    }


def bank_facts(bank: FilterBank) -> list[tuple[str, str]]:
    """(name, value) lines of the panel, from the bank and its document."""
    document, last = bank.provenance, bank.accuracy[:, -1]
    facts = [
        ("About", bank.about),
        ("Networks", f"{len(bank.seeds)} of {document.get('networks_wanted', len(bank.seeds))}"),
        ("Seeds", ranges(bank.seeds.tolist())),
        ("Iterations", ", ".join(map(str, bank.iterations.tolist()))),
        ("Test accuracy", f"mean {last.mean():.4f}, smallest {last.min():.4f}, largest {last.max():.4f}"),
    ]
    groups = accuracy_by_precision(bank)
    for name, values in groups.items():
        said = f"{len(values)}: mean {values.mean():.4f}, smallest {values.min():.4f}, largest {values.max():.4f}"
        trained = f"Trained {PRECISIONS.get(name, name)}"
        facts.append((trained, said if len(groups) > 1 else f"all {len(values)}"))
    config = document.get("config") or {}
    if config:
        facts.append(
            (
                "Optimiser",
                f"{config.get('optimiser', 'adam')}, learning rate {config.get('learning_rate')}, batches of {config.get('batch_size')}",
            )
        )
    versions = sorted(
        {", ".join(f"{k} {v}" for k, v in one.get("versions", {}).items()) for one in _each(bank).values()}
    )
    facts += [
        ("Versions", "; ".join(versions) or "not recorded"),
        ("Images", _images(bank)),
        ("Evaluated on", str(document.get("evaluated_on", "not recorded"))),
        ("Command", str(document.get("command", "not recorded"))),
        ("Null banks", null_words(bank.name)),
    ]
    return [(name, value) for name, value in facts if value]


def null_words(name: str) -> str:
    """Which null banks of a bank were computed beforehand; '' where none were."""
    path = resource_dir("data") / SHIPPED
    try:
        document = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        found = document["banks"][name]
        settings = " and for ".join(
            f"k = {each['k']}, {each['fraction']:.0%} kept" for each in found["settings"]
        )
        return f"{found['null_banks']} at each iteration for {settings}, computed beforehand by {document['command']} ({document['made'][:10]})"
    except (OSError, ValueError, LookupError, TypeError):
        return ""


def _images(bank: FilterBank) -> str:
    """Which data set, and for which networks its fingerprint was written down when they were trained."""
    name = str((bank.provenance.get("dataset") or {}).get("name", ""))
    marks: dict[str, list[int]] = {}
    for seed, one in sorted(_each(bank).items()):
        marks.setdefault(str(one.get("data_sha256", UNKNOWN)), []).append(seed)
    said = [
        (f"SHA-256 {mark[:12]}…" if mark != UNKNOWN else "fingerprint not recorded")
        + (f" (networks {ranges(seeds)})" if len(marks) > 1 else "")
        for mark, seeds in marks.items()
    ]
    return ", ".join([*([name] if name else []), *said])


def ranges(numbers: list[int]) -> str:
    """'0 to 10, 12' of whole numbers."""
    parts: list[list[int]] = []
    for number in sorted(numbers):
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ", ".join(str(a) if a == b else f"{a} to {b}" for a, b in parts)


def provenance(bank: FilterBank | None, words: str) -> list[Component]:
    """The note under Source, and what folds out below it."""
    said: list[Component] = [html.P(words)] if words else []
    if bank is None:
        return said
    lines = [
        part
        for name, value in bank_facts(bank)
        for part in (html.Dt(name), html.Dd(html.Code(value) if name == "Command" else value))
    ]
    return [
        *said,
        html.Details(
            [html.Summary("Where it comes from"), html.Dl(lines, className="filters-facts td-number")]
        ),
    ]
