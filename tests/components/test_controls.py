"""The table of controls: what it accepts, what it refuses and in which words, and the address it writes."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topodash.components import Choice, ControlErrors, Group, Number, Table, Text, Toggle

TABLE = Table(
    "test",
    [
        Group(
            "Training",
            [
                Number(
                    "learning_rate", "Learning rate", 0.5, 1e-5, 10, 0.01, "How far one step goes.", log=True
                ),
                Number("epochs", "Epochs", 1000, 1, 20000, 1, "How often all points are seen.", integer=True),
                Choice(
                    "optimiser",
                    "Optimiser",
                    "sgd",
                    [("sgd", "Gradient descent"), ("adam", "Adam")],
                    "The rule.",
                ),
            ],
        ),
        Group(
            "View", [Toggle("field", "Show field", False, "Shade."), Text("title", "Title", "", "A name.")]
        ),
    ],
)


def components(node):
    yield node
    children = getattr(node, "children", None)
    for child in children if isinstance(children, (list, tuple)) else [children]:
        if hasattr(child, "to_plotly_json"):
            yield from components(child)


def test_parse_returns_typed_values_in_the_order_of_the_page():
    values = TABLE.parse(
        {"learning_rate": "0.1", "epochs": 20.0, "optimiser": "adam", "field": True, "title": " a "}
    )
    assert list(values.items()) == [
        ("learning_rate", 0.1), ("epochs", 20), ("optimiser", "adam"), ("field", True), ("title", "a"),
    ]  # fmt: skip
    assert type(values["epochs"]) is int


def test_a_field_of_whole_numbers_takes_a_point_so_that_it_can_be_refused():
    fields = [each for each in components(TABLE.layout()) if type(each).__name__ == "NumberInput"]
    assert len(fields) == 2
    assert all(each.allowDecimal for each in fields)


def test_a_control_that_is_not_named_keeps_its_default():
    assert TABLE.parse({}) == TABLE.defaults()


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("learning_rate", "", "Learning rate must be a number from 1e-05 to 10; it was empty."),
        ("learning_rate", None, "it was empty."),
        ("learning_rate", 0, "it was 0."),
        ("learning_rate", "fast", 'it was "fast".'),
        ("learning_rate", math.nan, "it was nan."),
        ("learning_rate", math.inf, "it was inf."),
        ("learning_rate", True, "it was True."),
        ("learning_rate", [1], "it was [1]."),
        ("learning_rate", "9" * 5000, "…"),
        ("learning_rate", 10**400, "from 1e-05 to 10"),
        ("epochs", 20001, "Epochs must be a whole number from 1 to 20000; it was 20001."),
        ("epochs", 1.5, "it was 1.5."),
        ("optimiser", "lbfgs", 'Optimiser must be one of: Gradient descent, Adam; it was "lbfgs".'),
        ("optimiser", {"a": 1}, "one of"),
        ("field", "yes", 'Show field must be on (1) or off (0); it was "yes".'),
        ("title", "x" * 201, "at most 200 characters"),
        ("title", "a\x00b", "one line"),
        ("title", 3, "one line"),
    ],
)
def test_parse_refuses_and_says_what_it_must_be_and_what_it_was(name, raw, words):
    with pytest.raises(ControlErrors) as caught:
        TABLE.parse({name: raw})
    ((where, message),) = caught.value.errors
    assert where == name
    assert words in message
    assert TABLE.errors(caught.value)[name] == message


def test_parse_tells_every_problem_at_once():
    with pytest.raises(ControlErrors) as caught:
        TABLE.parse({"epochs": 0, "learning_rate": -1})
    assert [name for name, _ in caught.value.errors] == ["learning_rate", "epochs"]


def test_both_bounds_are_allowed():
    for bound in (1, 20000):
        assert TABLE.parse({"epochs": bound})["epochs"] == bound


def test_query_holds_only_what_differs_in_a_stable_order():
    assert TABLE.query(TABLE.defaults()) == ""
    values = TABLE.defaults() | {"field": True, "learning_rate": 0.1}
    assert TABLE.query(values) == TABLE.query(dict(reversed(values.items()))) == "?learning_rate=0.1&field=1"


VALUES = st.fixed_dictionaries(
    {
        "learning_rate": st.floats(1e-5, 10),
        "epochs": st.integers(1, 20000),
        "optimiser": st.sampled_from(["sgd", "adam"]),
        "field": st.booleans(),
        "title": st.text(st.characters(categories=["L", "N", "P"]), max_size=30),
    }
)


@given(VALUES)
def test_an_address_read_again_gives_the_same_values_bit_for_bit(values):
    assert TABLE.values(TABLE.query(values)) == (values, [])


def test_a_bad_value_in_an_address_gives_the_default_and_a_sentence():
    values, notices = TABLE.values("?epochs=-4&optimiser=adam&run=abc")
    assert values == TABLE.defaults() | {"optimiser": "adam"}
    assert notices == [
        'Epochs must be a whole number from 1 to 20000; it was "-4". The link is read with 1000 instead.'
    ]


def test_the_mapping_that_dash_hands_to_a_layout_reads_like_the_text():
    assert TABLE.values({"epochs": "7", "run": "x"}) == TABLE.values("?epochs=7&run=x")


def test_an_overlong_address_is_refused_in_a_sentence():
    values, notices = TABLE.values("?title=" + "x" * 10_000)
    assert values == TABLE.defaults()
    assert len(notices) == 1


@given(st.text(max_size=100))
def test_no_address_raises(search):
    values, _ = TABLE.values(search)
    assert TABLE.parse(values) == values


def test_every_control_is_drawn_labelled_and_described():
    drawn = {
        node.id["control"]: node
        for node in components(TABLE.layout({"epochs": 12}))
        if isinstance(getattr(node, "id", None), dict)
    }
    assert set(drawn) == set(TABLE.names())
    for item in TABLE.controls():
        assert drawn[item.id].label == item.label
        assert drawn[item.id].description == item.help
    assert drawn["epochs"].value == 12
    assert drawn["field"].checked is False


def test_a_table_refuses_a_wrong_default_two_equal_ids_and_crowded_groups():
    with pytest.raises(ValueError, match="must be a number"):
        Number("a", "A", 11, 0, 10, 1, "")
    with pytest.raises(ValueError, match="must be one of"):
        Choice("a", "A", "c", [("b", "B")], "")
    one = Toggle("a", "A", False, "")
    with pytest.raises(ValueError, match="different"):
        Table("p", [Group("x", [one]), Group("y", [one])])
    with pytest.raises(ValueError, match="1 to 5"):
        Group("x", [Toggle(str(k), "A", False, "") for k in range(6)])
