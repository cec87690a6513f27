"""The page's address: which runs, which epoch, what is shown. Written by `assets/live_page.js`, read here."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_ID = re.compile(r"[0-9a-f]{16}")
STRIP = "1, 100, 500, 1000"
#: More stills than this are a film, not a strip.
MOST_STILLS = 12
VIEW: dict[str, Any] = {
    "cells": True, "lines": True, "labels": True, "field": False, "axes": "auto", "layer": "last", "colour": "class", "smoothing": 0.0, "log": False,
}  # fmt: skip


@dataclass(frozen=True)
class Address:
    """What an address asks for; `notices` say what of it could not be read."""

    store: dict[str, Any]
    view: dict[str, Any]
    strip: str
    notices: list[str] = field(default_factory=list)


def epochs_of(text: str) -> list[int]:
    """The epochs of the strip, ascending and each once; ValueError in words."""
    found = [part.strip() for part in text.split(",") if part.strip()]
    if not found or not all(part.isdecimal() and len(part) <= 7 for part in found):
        raise ValueError(
            f'Epochs must be whole numbers with commas between, like "1, 100, 500, 1000"; it was "{text[:60]}".'
        )
    if len(found) > MOST_STILLS:
        raise ValueError(f"The strip holds at most {MOST_STILLS} epochs; {len(found)} were given.")
    return sorted({int(part) for part in found})


def _view(query: Mapping[str, Any], said: list[str]) -> dict[str, Any]:
    view = dict(VIEW)
    for name, plain in VIEW.items():
        if name not in query:
            continue
        text = str(query[name])
        good: Any = None
        if isinstance(plain, bool):
            good = {"0": False, "1": True}.get(text)
        elif isinstance(plain, float):
            good = float(text) if text in ("0", "0.6", "0.9") else None
        elif name == "colour":
            good = text if text in ("class", "correct") else None
        elif re.fullmatch(r"auto|pca|[1-8](,[1-8]){0,2}" if name == "axes" else r"last|[1-3]", text):
            good = text
        if good is None:
            said.append(f'The link says {name}={text[:40]}, which is not possible; "{plain}" is used.')
        else:
            view[name] = good
    return view


def read_address(query: Mapping[str, Any]) -> Address:
    """Read the query of an address; nothing in it is trusted."""
    said: list[str] = []
    store: dict[str, Any] = {
        "a": None,
        "b": None,
        "epoch": None,
        "pattern": None,
        "edit": None,
        "push": False,
    }
    for slot, name in (("a", "run"), ("b", "with")):
        text = str(query.get(name) or "")
        if _ID.fullmatch(text):
            store[slot] = text
        elif text:
            said.append("The link names a run that cannot exist: an id has 16 letters and digits.")
    epoch = str(query.get("epoch") or "")
    if epoch.isdecimal() and len(epoch) <= 9:
        store["epoch"] = int(epoch)
    elif epoch:
        said.append(f"The link says epoch={epoch[:20]}; an epoch is a whole number.")
    pattern = str(query.get("cell") or "")
    if pattern and re.fullmatch(r"[01.]{1,40}", pattern):
        store["pattern"] = pattern.replace(".", " ")
    if query.get("edit"):
        store["edit"] = _edit(str(query["edit"]), store["epoch"], said)
    strip = str(query.get("strip") or STRIP)
    try:
        epochs_of(strip)
    except ValueError as problem:
        said.append(str(problem))
        strip = STRIP
    view = _view(query, said)
    store["view"] = view
    return Address(store, view, strip, said)


def _edit(text: str, epoch: int | None, said: list[str]) -> dict[str, Any] | None:
    try:
        changes = json.loads(text) if len(text) <= 6000 else None
    except (ValueError, RecursionError):
        changes = None
    if not isinstance(changes, list) or epoch is None:
        said.append("The link's edited weights cannot be read; the network is shown as it was recorded.")
        return None
    return {"step": epoch, "changes": changes}
