"""The page's address: which run, which cell, which bar, which test; and from the controls to what is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from topodash.pages.landscapes.controls import STORED, VIEW

_ID = re.compile(r"[0-9a-f]{16}")
_GROUP = re.compile(r"[0-9a-f]{16}:\d{1,2}")
#: Controls that act when Compute is pressed.
RECOMPUTE = ("degree", "homology", "class", "networks", "depth", "grid_end", "grid_step")
#: The moments of a live run become others while it grows: `epoch` is the one that was chosen, and `moment` its place by now.
CURSOR: dict[str, Any] = {"layer": 0, "moment": None, "bar": 0, "test": None, "chosen": False, "epoch": None}


def read_address(query: Mapping[str, Any]) -> tuple[str | None, dict[str, Any], list[str]]:
    """The run, the cursor, and what of the address could not be read."""
    said: list[str] = []
    run = str(query.get("run") or "")
    if run and not _ID.fullmatch(run):
        said.append("The link names a run that cannot exist: an id has 16 letters and digits.")
        run = ""
    cursor = dict(CURSOR)
    for name in ("layer", "moment", "bar", "epoch"):
        text = str(query.get(name) or "")
        if text.isdecimal() and len(text) <= 9:
            cursor[name] = int(text)
            cursor["chosen"] = True
        elif text:
            said.append(f"The link says {name}={text[:20]}; it is a whole number.")
    test = str(query.get("test") or "")
    if re.fullmatch(r"\d{1,2}-\d{1,2}", test):
        cursor["test"] = test
    elif test:
        said.append(f"The link says test={test[:20]}; a test is two moments by number, like 0-2.")
    return run or None, cursor, said


def read_groups(query: Mapping[str, Any]) -> tuple[dict[str, str] | None, list[str]]:
    """The two groups of networks, each 'run:moment', and the layer, that the address compares, None without them; and what of
    them could not be read."""
    a, b = str(query.get("a") or ""), str(query.get("b") or "")
    if not a and not b:
        return None, []
    wrong = [f"{name}={text[:30]}" for name, text in (("a", a), ("b", b)) if not _GROUP.fullmatch(text)]
    if wrong:
        said = f"The link compares two groups and says {' and '.join(wrong)}; a group is a run and a moment by number, like 0123456789abcdef:0."
        return None, [said]
    return {"a": a, "b": b, "layer": str(query.get("of") or "all")[:20]}, []


def address(
    asked: Mapping[str, Any] | None,
    cursor: Mapping[str, Any],
    values: Mapping[str, Any],
    groups: Mapping[str, Any] | None = None,
) -> str:
    """The query that opens the page as it is."""
    pairs = {"run": asked["run"]} if asked and asked.get("run") else {}
    if cursor.get("chosen"):
        moment = "moment" if cursor.get("epoch") is None else "epoch"
        pairs |= {
            name: str(cursor[name]) for name in ("layer", moment, "bar") if cursor.get(name) is not None
        }
    if cursor.get("test"):
        pairs["test"] = cursor["test"]
    if groups:
        pairs |= {"a": groups["a"], "b": groups["b"], "of": groups["layer"]}
    # What Compute has not been pressed for is not what is shown.
    own = VIEW.query({**values, **((asked or {}).get("applied") or {})})
    return "?" + "&".join(part for part in (urlencode(pairs), own.removeprefix("?")) if part)


def changes_of(
    values: Mapping[str, Any], kind: str, class_names: Sequence[str]
) -> tuple[dict[str, Any], int | None]:
    """What the controls change of a stored study or ask of a live run, and the degree (None: its own).

    Raises
    ------
    ValueError
        For a class that the data have not.
    """
    changes: dict[str, Any] = {}
    if values["homology"] != STORED:
        changes["homology"] = values["homology"]
        # Local homology lives on [0, 2], normalised activations on [0, 1].
        changes["grid_end"] = 2.0 if values["homology"] == "local" else 1.0
        changes["grid_step"] = 0.005 if values["homology"] == "local" else 0.001
    if values["class"] == "all":
        changes["class_name"] = ""
    elif values["class"] != STORED:
        at = int(values["class"])
        if at >= len(class_names):
            raise ValueError(
                f"Points of must be one of the {len(class_names)} classes; it was class {at + 1}."
            )
        changes["class_name"] = class_names[at]
    for name in ("depth", "grid_end", "grid_step"):
        if values[name]:
            changes[name] = values[name]
    degree = None if values["degree"] == STORED else int(values["degree"])
    return changes, degree
