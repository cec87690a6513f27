"""The page's address: source, moments, settings, what is shown. Nothing in it is trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from topodash.pages.filters.choice import Source, first_source, read_source
from topodash.pages.filters.controls import STUDY, VIEW, preset_values
from topodash.runs import RunError

NONE = "none"
LAYER_LENGTH = 200


@dataclass(frozen=True)
class Address:
    """What an address asks for; `notices` say what of it could not be read.

    `given` names the settings of the study that it holds and that can be used: those are not fitted to a file.
    """

    source: Source | None
    step: int | None
    beside: str
    layer: str | None
    channels: str
    study: dict[str, Any]
    view: dict[str, Any]
    row: int | None
    notices: list[str] = field(default_factory=list)
    problem: str = ""
    given: tuple[str, ...] = ()


def beside_options(source: Source | None, step: int | None) -> list[dict[str, str]]:
    """What can stand on the left of the ring: another iteration of the same networks, or nothing."""
    steps = source.steps if source else ()
    found = [
        {"value": str(k), "label": f"iteration {k}" + (" (untrained)" if k == 0 else "")} for k in _few(steps)
    ]
    return [*found, {"value": NONE, "label": "nothing"}]


def _few(steps: tuple[int, ...], most: int = 60) -> tuple[int, ...]:
    if len(steps) <= most:
        return steps
    return tuple(sorted({steps[round(k * (len(steps) - 1) / (most - 1))] for k in range(most)}))


def first_beside(source: Source | None) -> str:
    """Iteration 0, or 40 for the circles and squares as in the paper; nothing where there is one moment only."""
    if source is None or len(source.steps) < 2:
        return NONE
    if source.data == "circles_squares" and source.kind == "bank" and 40 in source.steps:
        return "40"
    return str(source.steps[0])


def read_address(query: Mapping[str, Any]) -> Address:
    """Read the query of an address."""
    said: list[str] = []
    source, problem = None, ""
    if query.get("run") and not query.get("source"):
        query = {**query, "source": f"run:{query['run']}"}  # what the list of runs links to
    if query.get("source"):
        try:
            source = read_source(str(query["source"]))
        except (ValueError, RunError) as trouble:
            why = str(trouble)
            said.append(
                f"The source of this link cannot be shown. {why[:1].upper()}{why[1:].removesuffix('.')}."
            )
            # What it says besides was fitted to that source: k and share of 16 filters are none for 6400.
            query = {name: value for name, value in query.items() if name in VIEW.names()}
    if source is None:
        source, problem = first_source()
    step = _whole(query, "at", said)
    beside = str(query.get("beside", first_beside(source)))
    if beside not in [one["value"] for one in beside_options(source, None)]:
        if "beside" in query:
            said.append(f"The link says beside={beside[:20]}, which is not recorded.")
        beside = first_beside(source)
    study, more = STUDY.values(query, usual_study(source))
    view, others = VIEW.values(query)
    channels = str(query.get("channels", "mean"))
    if channels not in ("mean", "each"):
        said.append("The link's channels must be mean or each; mean is used.")
        channels = "mean"
    layer = str(query["layer"])[:LAYER_LENGTH] if query.get("layer") else None
    at = source.nearest(step) if source else None
    if step is not None and at != step and source is not None and source.steps:
        said.append(f"The link says at={step}, which is not recorded; iteration {at} is shown.")
    return Address(
        source,
        at,
        beside,
        layer,
        channels,
        study,
        view,
        _whole(query, "filter", said),
        [*said, *more, *others],
        problem,
        tuple(name for name in STUDY.names() if name in query and _holds(name, query[name])),
    )


def usual_study(source: Source | None) -> Mapping[str, Any]:
    """The study's settings without a word in the address: fitted to the filters, as soon as these are counted."""
    if source is None:
        return {}
    return preset_values("fit", source.filters) if source.filters else dict.fromkeys(STUDY.names())


def _holds(name: str, text: Any) -> bool:
    return not STUDY.values({name: text})[1]


def _whole(query: Mapping[str, Any], name: str, said: list[str]) -> int | None:
    text = str(query.get(name) or "")
    if text.isdecimal() and len(text) <= 9:
        return int(text)
    if text:
        said.append(f"The link says {name}={text[:20]}; it must be a whole number.")
    return None


def write_address(
    source: Source,
    step: int | None,
    beside: str,
    *,
    layer: str | None,
    channels: str,
    study: Mapping[str, Any],
    view: Mapping[str, Any],
) -> str:
    """The query that `read_address` reads. Study settings are all written: their defaults depend on the source."""
    pairs: list[tuple[str, str]] = [("source", source.value)]
    if step is not None and source.steps and step != source.steps[-1]:
        pairs.append(("at", str(step)))
    if beside != first_beside(source):
        pairs.append(("beside", beside))
    if layer:
        pairs.append(("layer", layer))
    if channels != "mean":
        pairs.append(("channels", channels))
    pairs += [(control.id, control.write(study[control.id])) for control in STUDY.controls()]
    return "?" + urlencode(pairs) + VIEW.query(view).replace("?", "&", 1)
