"""Files of what is open on the page hold what the panels draw."""

import csv
import io

import numpy as np
import pytest

from topodash.jobs.answers.landscape_space import landscape_cycle, landscape_points
from topodash.jobs.answers.landscape_tests import landscape_tests
from topodash.jobs.sources import Sources
from topodash.pages.landscapes.controls import VIEW
from topodash.pages.landscapes.stage import views
from topodash.pages.landscapes.view import diagram, load
from topodash.pages.landscapes.working import wanted
from topodash.topology import bottleneck_distance
from topodash.topology.landscapes import landscape


@pytest.fixture
def table(app, study):
    """table(name, query) -> the rows of a file, each by the names of its columns."""

    def read(name, query):
        answer = app.server.test_client().get(f"/api/landscapes/{name}?run={study}&{query}")
        assert answer.status_code == 200, answer.text
        return list(csv.DictReader(io.StringIO(answer.text)))

    return read


@pytest.fixture
def view(study, request_context):
    return load(wanted(study, VIEW.defaults())).view


def test_the_points_of_figure_1_by_number_class_and_place(table, named, settings):
    rows = table("activations.csv", "moment=0&shown=0,2")
    place = {"place": {**named, "network": 0, "moment": 0}, "layers": [0, 2]}
    found = landscape_points(place, Sources(settings))
    assert [int(row["point"]) for row in rows] == found["numbers"].tolist()
    assert {row["class"] for row in rows} == {"disks", "complement"}
    told = [[float(row[f"ReLU 2 | {axis}"]) for axis in ("first", "second", "third")] for row in rows]
    np.testing.assert_array_equal(np.float32(told), found["scenes"][1]["points"])


def test_the_cycle_is_a_closed_walk_through_points_of_the_data(table, named, settings, view):
    rows = table("cycle.csv", "layer=0&moment=0&bar=1")
    assert [row["to"] for row in rows] == [*(row["from"] for row in rows[1:]), rows[0]["from"]]
    birth, death = diagram(view, 0, 0, 0)[0][1]
    tie = int(np.isclose(diagram(view, 0, 0, 0)[0][0], [birth, death]).all())
    asked = {"place": {**named, "network": 0, "moment": 0}, "layer": 0, "birth": float(birth), "death": float(death), "tie": tie}  # fmt: skip
    found = landscape_cycle(asked, Sources(settings))
    assert [int(row["from"]) for row in rows] == found["numbers"].tolist()


def test_one_network_against_the_mean_is_written_with_its_band(table, view):
    rows = table("band.csv", "layer=1&moment=1&network=2&functions=2")
    assert len(rows) == 2 * len(view.grid)
    second = [float(row["network_2"]) for row in rows if row["k"] == "2"]
    np.testing.assert_array_equal(second, landscape(diagram(view, 1, 1, 1)[0], view.grid, 2)[1])
    assert all(float(row["percentile_5"]) <= float(row["percentile_95"]) for row in rows)


def test_the_null_distribution_of_the_chosen_test(table, named, settings):
    rows = table("null.csv", "test=0-1&permutations=200")
    asked = {**named, "degree": 0, "paired": True, "permutations": 200, "seed": 0}
    test = landscape_tests(asked, Sources(settings))["rows"][0]
    assert [int(row["relabellings"]) for row in rows] == test["counts"].tolist()
    assert {float(row["observed"]) for row in rows} == {test["statistic"]}


@pytest.mark.parametrize("distance", ["bottleneck", "landscape"])
def test_the_distances_between_layers_and_between_moments(table, view, distance):
    rows = table("layer-distances.csv", f"moment=1&network=2&distance={distance}")
    assert [row[f"{distance} distance"] for row in rows] == list(view.layers)
    if distance == "bottleneck":
        pair = [diagram(view, 1, 1, layer)[0] for layer in (0, 2)]
        assert float(rows[0][view.layers[2]]) == bottleneck_distance(*pair)
    assert [float(row[name]) for row, name in zip(rows, view.layers, strict=True)] == [0.0] * len(rows)
    moments = table("moment-distances.csv", f"layer=1&network=2&distance={distance}")
    assert [row[f"{distance} distance"] for row in moments] == [
        "iteration 0",
        "threshold 0.6",
        "threshold 0.75",
    ]


@pytest.mark.parametrize(
    ("path", "said"),
    [("activations.csv", "shown=x"), ("band.csv", "layer=9"), ("cycle.csv", "layer=3&moment=2"), ("null.csv", "a=x")],
)  # fmt: skip
def test_what_is_not_there_is_said(app, study, path, said):
    answer = app.server.test_client().get(f"/api/landscapes/{path}?run={study}&{said}")
    assert answer.status_code in (409, 422)
    assert answer.json["error"]


def test_every_panel_of_the_page_offers_its_numbers():
    panels = [each.to_plotly_json() for each in views().children if "td-panel" in each.className]
    without = [each["props"]["aria-label"] for each in panels if "data-landscapes" not in str(each)]
    assert without == ["What the data say"]
