"""The controls: every parameter of every data set has one, bounds hold, and a run shows the settings it was made with."""

import pytest

from topodash import datasets
from topodash.components.controls import Choice, ControlErrors, Number, Toggle
from topodash.pages.live.controls import (
    POINT_SETS,
    TABLE,
    data_table,
    dataset_parameters,
    from_text,
    run_config,
    to_text,
    values_of,
)

EVERY = [(name, parameter) for name in POINT_SETS for parameter in datasets.parameters(name)]


@pytest.mark.parametrize("name", POINT_SETS)
def test_every_parameter_of_a_data_set_is_a_control_and_nothing_else_is(name):
    controls = {control.id: control for control in data_table(name).controls()}
    assert set(controls) == {f"{name}-{p.name}" for p in datasets.parameters(name)}
    for parameter in datasets.parameters(name):
        control = controls[f"{name}-{parameter.name}"]
        assert control.help == parameter.help
        if isinstance(control, Number):
            assert (control.minimum, control.maximum) == (parameter.minimum, parameter.maximum)
            assert control.integer == (parameter.kind == "integer")


@pytest.mark.parametrize("name", POINT_SETS)
def test_untouched_controls_are_the_defaults_of_the_data_set(name):
    defaults = {p.name: p.check(p.default) for p in datasets.parameters(name)}
    assert dataset_parameters(name, {}) == defaults
    assert dataset_parameters(name, data_table(name).defaults()) == defaults


@pytest.mark.parametrize(("name", "parameter"), EVERY, ids=lambda v: v if isinstance(v, str) else v.name)
def test_bounds_are_allowed_and_what_is_past_them_is_refused_at_its_control(name, parameter):
    control = f"{name}-{parameter.name}"
    if parameter.kind in ("integer", "number"):
        past = [
            parameter.minimum - 1,
            parameter.maximum + 1,
            None,
            "",
            "x",
            "nan",
            float("nan"),
            float("inf"),
            "9" * 400,
            [],
            {},
            True,
        ]
        for bound in (parameter.minimum, parameter.maximum):
            assert dataset_parameters(name, {control: bound})[parameter.name] == bound
    elif parameter.kind == "toggle":
        past = ["yes", None, 3]
    elif parameter.kind == "choice":
        past = ["", None, "x", 3, []]
    else:
        past = ["", "x", "1 to", "nan", "1e999, 2", "1, 2, 3 to 4", "5 to 1", "0" * 300, None, 7, [], "1e300"]
        if parameter.maximum is not None:
            past += [to_text("numbers", [parameter.maximum + 1] * 2)]
    for wrong in past:
        with pytest.raises(ControlErrors) as caught:
            dataset_parameters(name, {control: wrong})
        assert [at for at, _ in caught.value.errors] == [control], wrong
        assert caught.value.errors[0][1]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("range", [0.8, 1.2]), ("range", [-1.5, 1e-7]), ("range", [0.123456789, 1234567.25]), ("intervals", [[0.0, 90.0], [180.5, 270.125]]),
        ("intervals", [[-30.0, -10.0]]), ("point", [0.1, -7.3333333333]), ("numbers", [1.0, 2.5, 1 / 3]), ("integers", [1, 3, 1234567]),
    ],
)  # fmt: skip
def test_lists_are_typed_as_they_are_read(kind, value):
    parameter = datasets.Parameter("p", value, kind)
    assert from_text(parameter, to_text(kind, value)) == value


@pytest.mark.parametrize("text", ["0 to 90", "0..90", "0–90", " 0  to  90 "])
def test_ranges_can_be_written_in_several_ways(text):
    assert from_text(datasets.Parameter("p", [0, 1], "range"), text) == [0, 90]


def raw_at(bound):
    """The table with every number at its lower or upper bound, every choice at its first or last."""
    values = {}
    for control in TABLE.controls():
        if isinstance(control, Number):
            values[control.id] = control.minimum if bound == 0 else control.maximum
        elif isinstance(control, Choice):
            values[control.id] = control.options[-bound][0]
        else:
            values[control.id] = bool(bound)
            assert isinstance(control, Toggle)
    return {**values, "dataset": "moons"}


@pytest.mark.parametrize("bound", [0, 1])
def test_a_config_at_the_bounds_is_one_that_the_training_takes(bound):
    from topodash.jobs.kinds.mlp import MlpDriver

    config = run_config(TABLE.parse(raw_at(bound)), {"name": "moons", "seed": 0, "parameters": {}})
    assert MlpDriver(config).total == config["epochs"]


@pytest.mark.parametrize("bound", [0, 1])
def test_a_run_shows_the_settings_it_was_made_with(bound):
    values = TABLE.parse(raw_at(bound))
    parameters = dataset_parameters("moons", {})
    shown, name, own = values_of(
        run_config(values, {"name": "moons", "seed": values["data_seed"], "parameters": parameters})
    )
    assert shown == values
    assert name == "moons"
    assert dataset_parameters("moons", own) == parameters


@pytest.mark.parametrize("name", POINT_SETS)
def test_odd_parameters_come_back_from_a_run_as_they_were(name):
    odd = {}
    for parameter in datasets.parameters(name):
        if parameter.kind == "intervals":
            odd[parameter.name] = [[0.123456789, 33.3333333333], [100.0, 200.0000001]]
        elif parameter.kind == "number":
            odd[parameter.name] = parameter.minimum + (parameter.maximum - parameter.minimum) / 3
    whole = dataset_parameters(name, {}) | odd
    _, _, own = values_of({"dataset": {"name": name, "seed": 0, "parameters": whole}})
    assert dataset_parameters(name, own) == whole


def test_speed_is_epochs_a_second_or_none():
    values = TABLE.defaults()
    assert run_config(values, {})["epochs_per_second"] == 30
    assert run_config({**values, "speed": "max"}, {})["epochs_per_second"] is None
    assert values_of({"epochs_per_second": 7.5})[0]["speed"] == "30"


def test_a_third_layer_needs_a_second():
    with pytest.raises(ControlErrors) as caught:
        run_config({**TABLE.defaults(), "hidden3": 2}, {})
    assert caught.value.errors[0][0] == "hidden2"
    assert run_config({**TABLE.defaults(), "hidden2": 4, "hidden3": 2}, {})["hidden"] == [3, 4, 2]


def test_a_config_without_anything_shows_the_defaults():
    values, name, _ = values_of({})
    assert name == "single_annulus"
    assert {k: v for k, v in values.items() if k != "speed"} == {
        k: v for k, v in TABLE.defaults().items() if k != "speed"
    }
    assert values_of({"dataset": {"name": "csv"}})[1:] == ("csv", {"upload": None})
