"""What an address asks for and its source has not: a layer, a moment, a network, a class, a test. It is said and left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from topodash.jobs.answers.landscape_study import without_workers
from topodash.pages.context import services
from topodash.pages.landscapes.controls import STORED, VIEW
from topodash.pages.landscapes.live_run import epochs_of
from topodash.pages.landscapes.looking import network_of
from topodash.pages.landscapes.state import CURSOR
from topodash.pages.landscapes.view import View, diagram
from topodash.pages.landscapes.wanting import most_networks, usual_networks
from topodash.pages.landscapes.working import class_names, wanted
from topodash.runs import RunError, RunNotFound
from topodash.studies.activation_landscapes import LandscapeConfig

#: How the names of the address are called in a sentence.
_WHERE = {"layer": "layers", "moment": "moments"}


@dataclass(frozen=True)
class Source:
    """What can be asked of a source: the names of its layers, moments and classes, and how many networks it has.

    `moments` of a live run are its epochs by now, which have no names yet; `last` is the newest epoch that it recorded.
    """

    layers: tuple[str, ...]
    moments: tuple[str, ...]
    classes: tuple[str, ...]
    networks: int
    live: bool
    last: int = 0


def source_of(run: str) -> Source:
    """What a source has.

    Raises
    ------
    RunError, ValueError
    """
    store = services().store
    with store.open(run) as reader:
        config = reader.meta.config
        if reader.meta.kind != "mlp":
            study = LandscapeConfig.from_json(without_workers(config))
            return Source(study.layers, study.snapshots, class_names(study.dataset), study.networks, False)
        steps = reader.snapshot_steps()
        epochs = epochs_of(steps, growing=store.state(run) in ("running", "queued"))
        try:
            names = tuple(reader.artifact("dataset").meta.get("class_names", ()))
        except RunNotFound:  # queued: its data are not made yet
            names = ()
    layers = ("input", *(f"ReLU {k + 1}" for k in range(len(config.get("hidden", [3])))), "logits")
    return Source(
        layers, tuple(f"epoch {epoch}" for epoch in epochs), names, 1, True, max(steps.tolist(), default=0)
    )


def fitted(
    run: str | None, cursor: Mapping[str, Any], values: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """Cursor and controls without what the source has not, and a sentence for each that was left out.

    A source that cannot be read has its own notice; nothing is changed for it.
    """
    cursor, values, said = dict(cursor), dict(values), list[str]()
    try:
        source = source_of(run) if run else None
    except (RunError, ValueError, TypeError):
        source = None
    if run is None or source is None:
        return cursor, values, said
    for name, names, shown in (
        ("layer", source.layers, "The input is shown."),
        ("moment", source.moments, "The last is shown."),
    ):
        # A live run that has just begun has no epochs yet: nothing can be said of one.
        if names and cursor[name] is not None and cursor[name] >= len(names):
            last = f"0 ({names[0]}) to {len(names) - 1} ({names[-1]})"
            said.append(f"The link says {name}={cursor[name]}; the {_WHERE[name]} are {last}. {shown}")
            cursor[name] = CURSOR[name]
    if cursor["epoch"] is not None and (wrong := _no_epoch(cursor["epoch"], source)):
        said.append(wrong)
        cursor["epoch"] = None
    if cursor["test"] and not _is_test(cursor["test"], source):
        said.append(_no_test(cursor["test"], source))
        cursor["test"] = None
    if values["class"].isdecimal() and source.classes and int(values["class"]) >= len(source.classes):
        last = f"0 ({source.classes[0]}) to {len(source.classes) - 1} ({source.classes[-1]})"
        said.append(
            f"The link says class={values['class']}; the classes are {last}. The source's own choice is shown."
        )
        values["class"] = STORED
    if values["networks"] == VIEW.defaults()["networks"]:
        values["networks"] = usual_networks(most_networks(run))
    count = 1 if source.live else int(wanted(run, values)["changes"].get("networks", source.networks))
    if values["network"] > count:
        said.append(f"The link says network={values['network']}; {many_networks(count)}. Network 1 is shown.")
        values["network"] = 1
    return cursor, values, said


def fitted_bar(
    cursor: Mapping[str, Any], view: View, values: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """The cursor without a bar that the open diagram has not, and the sentence about it. The cursor's place is in the view."""
    cursor = dict(cursor)
    if not cursor["bar"]:
        return cursor, []
    bars, why = diagram(view, network_of(values["network"], view), cursor["moment"], cursor["layer"])
    if cursor["bar"] < len(bars):
        return cursor, []
    has = (
        "this diagram has no bar"
        if why or not len(bars)
        else f"the bars are 0 (the longest) to {len(bars) - 1}"
    )
    said = f"The link says bar={cursor['bar']}; {has}."
    return {**cursor, "bar": 0}, [said]


def many_networks(count: int) -> str:
    """How many networks there are to choose from, in a clause."""
    return "there is one network" if count == 1 else f"there are {count} networks"


def _no_epoch(epoch: int, source: Source) -> str:
    """What is wrong with an epoch of the address; '' where nothing is."""
    if not source.live:
        return f"The link says epoch={epoch}; a study has moments, by number. The last is shown."
    if source.moments and epoch > source.last:
        return f"The link says epoch={epoch}; the run has epochs from 0 to {source.last}. The last is shown."
    return ""


def _is_test(test: str, source: Source) -> bool:
    a, b = (int(each) for each in test.split("-"))
    return not source.live and a < b < len(source.moments)


def _no_test(test: str, source: Source) -> str:
    if source.live:
        return f"The link says test={test}; a live run is one network and has no tests."
    last = len(source.moments) - 1
    return f"The link says test={test}; a test is of two different moments from 0 to {last}, the smaller one first, like 0-{last}."
