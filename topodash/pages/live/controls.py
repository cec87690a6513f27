"""The controls of the page: one table for the network and its training, one for each data set, from its own description."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from topodash import datasets
from topodash.components.controls import (
    Choice,
    Control,
    ControlErrors,
    Group,
    Number,
    Table,
    Text,
    Toggle,
    Value,
    plain,
)
from topodash.datasets import Parameter
from topodash.pages.live.ids import PAGE

CSV = "csv"
#: All data sets' tables have this page in their ids; only the chosen one's controls are on the page.
DATA_PAGE = f"{PAGE}-data"
POINT_SETS = datasets.names("points")
TITLES = {name: datasets.describe(name).title for name in POINT_SETS} | {CSV: "Your own CSV file"}

TABLE = Table(
    PAGE,
    [
        Group(
            "Data",
            [
                Choice("dataset", "Data set", "single_annulus", list(TITLES.items()), "Which labelled points the network learns. The paper uses the two annuli."),
                Number("data_seed", "Data seed", 0, 0, 2**31 - 1, 1, "The same seed gives the same points.", integer=True),
            ],
        ),
        Group(
            "Network",
            [
                Number("hidden1", "Units, layer 1", 3, 1, 8, 1, "Hidden ReLU units of the first layer. Three is the paper's network: its activation space can be drawn as it is.", integer=True),
                Number("hidden2", "Units, layer 2", 0, 0, 8, 1, "Hidden units of a second layer; 0 for none.", integer=True),
                Number("hidden3", "Units, layer 3", 0, 0, 8, 1, "Hidden units of a third layer; 0 for none. It needs a second.", integer=True),
                Choice(
                    "initialisation",
                    "Initialisation",
                    "default",
                    [("default", "Uniform (PyTorch's default)"), ("xavier_uniform", "Xavier uniform"), ("xavier_normal", "Xavier normal"), ("he_uniform", "He uniform"), ("he_normal", "He normal"), ("orthogonal", "Orthogonal"), ("normal", "Normal, std 1")],
                    "How the weights are drawn before training; it decides which neurons die.",
                ),
                Number("seed", "Network seed", 0, 0, 2**31 - 1, 1, "The same seed gives the same weights before training. Some seeds leave a neuron dead: worth seeing.", integer=True),
            ],
        ),
        Group(
            "Training",
            [
                Choice("optimiser", "Optimiser", "sgd", [("sgd", "Gradient descent"), ("momentum", "Momentum"), ("adam", "Adam")], "How a gradient becomes a step. The paper uses plain gradient descent."),
                Number("learning_rate", "Learning rate", 0.5, 1e-5, 100, 0.01, "How far a step goes. Change it while a network trains: it acts at the next epoch.", log=True),
                Number("batch_size", "Batch size", 0, 0, 200_000, 1, "Points a step looks at; 0 takes all of them.", integer=True),
                Number("epochs", "Epochs", 1000, 1, 100_000, 1, "How often the network sees all training points.", integer=True),
                Choice("speed", "Speed", "30", [("1", "1 epoch a second"), ("5", "5 epochs a second"), ("30", "30 epochs a second"), ("100", "100 epochs a second"), ("max", "As fast as possible")], "How fast to train. Every epoch is recorded at any speed."),
            ],
        ),
        Group(
            "More",
            [
                Number("momentum", "Momentum", 0.9, 0, 0.999, 0.05, "How much of the last step goes on into the next; only for the optimiser Momentum."),
                Number("l2", "L2 penalty", 0, 0, 1, 0.001, "Pulls weights towards zero: the loss gains this times half of their squares.", log=True),
            ],
            open=False,
        ),
    ],
)  # fmt: skip

_UNSIGNED = r"\s*(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*"
_RANGE = re.compile(rf"{_UNSIGNED}(?:to|–|\.\.){_UNSIGNED}")
_PLAIN_WORDS = re.compile(r"_")


def _label(name: str) -> str:
    return _PLAIN_WORDS.sub(" ", name).capitalize()


def to_text(kind: str, value: Any) -> str:
    """A list-valued parameter as one types it: '0 to 90, 180 to 270', '0.5, 0', '1, 3'."""
    if kind == "intervals":
        return ", ".join(to_text("range", pair) for pair in value)
    if kind == "range":
        return f"{plain(value[0])} to {plain(value[1])}"
    return ", ".join(plain(number) for number in value)


def from_text(parameter: Parameter, text: str) -> Any:
    """The inverse; ValueError in words when the text is no such list."""
    parts = [part for part in text.split(",") if part.strip()]
    if parameter.kind in ("range", "intervals"):
        pairs = []
        for part in parts:
            found = _RANGE.fullmatch(part)
            if not found:
                raise ValueError(
                    f'{_label(parameter.name)} must be written like "0 to 90, 180 to 270"; it was "{text}".'
                )
            pairs.append([float(found[1]), float(found[2])])
        if parameter.kind == "range" and len(pairs) != 1:
            raise ValueError(
                f'{_label(parameter.name)} must be one range, like "0.8 to 1.2"; it was "{text}".'
            )
        return pairs[0] if parameter.kind == "range" else pairs
    try:
        return [int(part) if parameter.kind == "integers" else float(part) for part in parts]
    except ValueError as problem:
        raise ValueError(
            f'{_label(parameter.name)} must be numbers with commas between; it was "{text}".'
        ) from problem


def _control(dataset: str, parameter: Parameter) -> Control:
    name, label = f"{dataset}-{parameter.name}", _label(parameter.name)
    if parameter.kind in ("integer", "number"):
        whole = parameter.kind == "integer"
        low, high = (
            float(parameter.minimum or 0.0),
            float(parameter.maximum if parameter.maximum is not None else 1e9),
        )
        step = 1 if whole else 0.05 if high <= 1.5 else 0.1
        return Number(
            name,
            label,
            parameter.default,
            low,
            high,
            100 if parameter.name == "points" else step,
            parameter.help,
            integer=whole,
        )
    if parameter.kind == "choice":
        return Choice(
            name, label, parameter.default, [(c, c.capitalize()) for c in parameter.choices], parameter.help
        )
    if parameter.kind == "toggle":
        return Toggle(name, label, parameter.default, parameter.help)
    return Text(name, label, to_text(parameter.kind, parameter.default), parameter.help)


def _groups(dataset: str) -> list[Group]:
    """General parameters first, then one group a class where their names say so."""
    named: dict[str, list[Control]] = {}
    for parameter in datasets.parameters(dataset):
        head = parameter.name.split("_")[0]
        title = (
            f"Class {head}" if head in ("inner", "outer") and parameter.name != "outer_share" else "Points"
        )
        named.setdefault(title, []).append(_control(dataset, parameter))
    return [Group(title, controls[:5], open=title == "Points") for title, controls in named.items()]


@cache
def data_table(dataset: str) -> Table:
    """The table of one data set's own parameters."""
    return Table(DATA_PAGE, _groups(dataset))


def dataset_parameters(dataset: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Checked parameters of a data set, from the raw values of its table.

    Raises
    ------
    ControlErrors
        With the id and the message of every wrong value.
    """
    values = data_table(dataset).parse(raw)
    found, problems = {}, []
    for parameter in datasets.parameters(dataset):
        name = f"{dataset}-{parameter.name}"
        try:
            value: Any = values[name]
            if parameter.kind not in ("integer", "number", "choice", "toggle"):
                value = from_text(parameter, str(value))
            found[parameter.name] = parameter.check(value)
        except ValueError as problem:
            problems.append((name, str(problem)))
    if problems:
        raise ControlErrors(problems)
    return found


def run_config(values: Mapping[str, Value], dataset: Mapping[str, Any]) -> dict[str, Any]:
    """The config of a run of kind `mlp`.

    Raises
    ------
    ControlErrors
        For a third layer without a second.
    """
    widths = [int(values[f"hidden{layer}"]) for layer in (1, 2, 3)]
    if widths[2] and not widths[1]:
        raise ControlErrors([("hidden2", "Layer 2 needs units when layer 3 has some.")])
    return {
        "dataset": dict(dataset),
        "hidden": [width for width in widths if width],
        "initialisation": values["initialisation"],
        "optimiser": values["optimiser"],
        "learning_rate": values["learning_rate"],
        "momentum": values["momentum"],
        "l2": values["l2"],
        "batch_size": values["batch_size"],
        "epochs": values["epochs"],
        "seed": values["seed"],
        "epochs_per_second": pace(values["speed"]),
    }


def pace(speed: Value) -> float | None:
    """Epochs a second of a choice of the control Speed; None is as fast as possible."""
    return None if speed == "max" else float(speed)


def values_of(config: Mapping[str, Any]) -> tuple[dict[str, Any], str, dict[str, Any]]:
    """What the controls show for a run: values of the table, its data set, values of that data set's table."""
    hidden = [*config.get("hidden", [3]), 0, 0, 0]
    dataset = config.get("dataset", {})
    name = dataset.get("name", "single_annulus")
    rate = config.get("epochs_per_second")
    values: dict[str, Any] = {
        **TABLE.defaults(),
        "dataset": name if name in TITLES else "single_annulus",
        "data_seed": dataset.get("seed", 0),
        **{f"hidden{layer}": hidden[layer - 1] for layer in (1, 2, 3)},
        "speed": "max" if rate is None else f"{rate:g}" if f"{rate:g}" in ("1", "5", "30", "100") else "30",
    }
    for key in (
        "initialisation",
        "seed",
        "optimiser",
        "learning_rate",
        "batch_size",
        "epochs",
        "momentum",
        "l2",
    ):
        values[key] = config.get(key, values[key])
    if name not in POINT_SETS:
        return values, name, {"upload": dataset.get("upload"), **dataset.get("parameters", {})}
    own = {}
    given = dataset.get("parameters") or {}
    for parameter in datasets.parameters(name):
        value = given.get(parameter.name, parameter.default)
        simple = parameter.kind in ("integer", "number", "choice", "toggle")
        own[f"{name}-{parameter.name}"] = value if simple else to_text(parameter.kind, value)
    return values, name, own
