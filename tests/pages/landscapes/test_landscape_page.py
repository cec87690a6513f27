"""The page's own reckoning: views, sentences, addresses, files."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from topodash.figures.landscape_grid import landscape_grid
from topodash.figures.persistence_diagram import persistence_barcode, persistence_diagram
from topodash.pages.landscapes.caveats import caveats
from topodash.pages.landscapes.controls import VIEW
from topodash.pages.landscapes.findings import course, findings, rises_and_falls
from topodash.pages.landscapes.live_run import epochs_of
from topodash.pages.landscapes.looking import bar_words
from topodash.pages.landscapes.sources import provenance, shape_of
from topodash.pages.landscapes.state import address, read_address
from topodash.pages.landscapes.view import bar_count, diagram, load
from topodash.pages.landscapes.wanting import wanted
from topodash.pages.landscapes.words import grid_words
from topodash.pages.landscapes.working import followed, steady
from topodash.topology import landscape_norm

LAYERS = ("input", "ReLU 1", "ReLU 2", "logits")


@pytest.fixture
def view(study, request_context):
    return load(wanted(study, VIEW.defaults())).view


def test_the_norm_of_a_network_is_that_of_its_bars(view):
    bars, why = diagram(view, 1, 0, 2)
    assert not why
    assert landscape_norm(bars) == pytest.approx(view.study.norms[1, 0, 2, 0], rel=1e-5)


def test_bars_that_were_not_kept_are_counted(view, app):
    assert bar_count(view, 1, 0, 2) == len(diagram(view, 1, 0, 2)[0])  # this study kept all
    disks = load(wanted("616bcb3bce66ab37", VIEW.defaults())).view
    bars, _ = diagram(disks, 0, 5, 4)
    total = bar_count(disks, 0, 5, 4)
    assert total > len(bars) == disks.study.config.kept_bars
    assert f"Bar 1 of {len(bars)}" in bar_words(bars, 0, total)
    assert f"longest {len(bars)} of {total} bars are kept" in bar_words(bars, 0, total)
    assert (
        f"({total - 40} shorter bars not drawn)"
        in persistence_barcode(bars, total=total).layout.xaxis.title.text
    )
    assert bar_count(disks, 0, 5, 0) == len(diagram(disks, 0, 5, 0)[0])


def test_a_stored_study_is_ready_at_once(study, request_context):
    assert load(wanted(study, VIEW.defaults()), wait=0.0).state == "ready"


def test_the_grid_draws_each_value_in_its_cell():
    means = np.zeros((2, 3, 1, 5))
    means[1, 2, 0] = [0, 1, 4, 1, 0]
    means[0, 0, 0] = [0, 2, 0, 0, 0]
    figure = landscape_grid(
        means,
        np.linspace(0, 1, 5),
        np.ones((2, 3)),
        layers=LAYERS[:3],
        moments=("a", "b"),
        moment_title="threshold",
    )
    line = figure.data[1]
    told = np.asarray(line.customdata)
    highest = int(np.nanargmax(told[:, 1]))
    assert told[highest].tolist() == [0.5, 4.0]
    assert (int(line.x[highest]), int(line.y[highest])) == (2, 0)


def test_a_cell_without_networks_has_no_line():
    norms = np.array([[1.0, np.nan]])
    figure = landscape_grid(
        np.ones((1, 2, 1, 4)),
        np.linspace(0, 1, 4),
        norms,
        layers=LAYERS[:2],
        moments=("a",),
        moment_title="threshold",
    )
    assert np.nanmax(figure.data[1].x) < 1


def test_a_bar_tells_its_own_length():
    (trace,) = persistence_barcode(np.array([[0.1, 0.4]])).data
    assert "length %{customdata[3]" in trace.hovertemplate
    assert trace.customdata[0] == pytest.approx([0.1, 0.4, 1, 0.3])


@pytest.mark.parametrize("draw", [persistence_diagram, persistence_barcode])
def test_no_bar_and_infinite_bars_can_be_drawn(draw):
    options = {"degree": 0} if draw is persistence_diagram else {}
    figure = draw(np.empty((0, 2)), infinite=1, **options)
    told = [
        *(note.text or "" for note in figure.layout.annotations),
        *(str(note.arrowhead) for note in figure.layout.annotations),
    ]
    assert any("infinite: 1" in text for text in told) or "2" in told


@pytest.mark.parametrize(
    ("norms", "said"),
    [
        ([4, 3, 2, 1], "falls from input to logits (4 to 1)"),
        ([1, 3, 2, 2.01], "rises from input to ReLU 1 (1 to 3), falls from ReLU 1 to logits (3 to 2.01)"),
        ([1, 1, 1, 1], "stays level from input to logits (1 to 1)"),
        ([np.nan, 1, np.nan, np.nan], "is known in fewer than two layers"),
    ],
)
def test_the_course_of_a_curve_in_words(norms, said):
    assert rises_and_falls(np.array(norms, dtype=float), LAYERS) == said


def test_what_the_data_say_is_computed_from_them(view):
    said = " ".join([*(f.text for f in findings(view)), *caveats(view), course(view, 0)])
    assert f"{view.study.majority_share:.1%}" in said
    assert "0.6 says nothing as a threshold" in said
    assert "Nothing of the norms lies outside the grid" in said


def test_one_of_a_thing_is_said_as_one(view):
    one = replace(view, means=view.means[:, :, :1])
    assert "the grid and 1 function." in " ".join(caveats(one))
    assert shape_of((8,)) == "1 layer of 8 units"


def test_the_time_that_a_study_took_says_with_how_many_processes_where_that_is_known(study, request_context):
    assert provenance(study).endswith(" with 1 process.")
    assert provenance("782a30c8e52d2fac").endswith(" by 'topodash landscapes disks' in 46 min.")


def test_the_address_comes_back(study):
    cursor = {"layer": 2, "moment": 1, "bar": 3, "test": "0-2", "chosen": True, "epoch": None}
    values = {**VIEW.defaults(), "axes": "own", "depth": 3}
    query = address({"run": study}, cursor, values)
    pairs = dict(part.split("=") for part in query[1:].split("&"))
    run, found, said = read_address(pairs)
    assert (run, found, said) == (study, cursor, [])
    assert VIEW.values(pairs)[0] == values


def test_an_address_that_cannot_be_is_told():
    run, cursor, said = read_address({"run": "../../x", "layer": "-1", "test": "a-b"})
    assert run is None
    assert cursor["test"] is None
    assert len(said) == 3


def test_epochs_are_few_and_hold_first_and_last():
    found = epochs_of(np.arange(0, 3001))
    assert found[0] == 0
    assert found[-1] == 3000
    assert len(found) <= 14


def test_epochs_of_a_growing_run_stay_while_it_grows_a_little():
    before = epochs_of(np.arange(0, 300), growing=True)
    after = epochs_of(np.arange(0, 306), growing=True)
    assert before == after


def test_files_hold_what_the_study_holds(app, study, view):
    client = app.server.test_client()
    table = csv.DictReader(io.StringIO(client.get(f"/api/landscapes/norms.csv?run={study}").text))
    rows = list(table)
    np.testing.assert_array_equal([float(row["average_of_norms"]) for row in rows], view.mean_norm.ravel())
    with np.load(
        io.BytesIO(client.get(f"/api/landscapes/landscapes.npz?run={study}").data), allow_pickle=False
    ) as arrays:
        np.testing.assert_array_equal(arrays["mean_landscapes"], view.means)
        assert arrays["layers"].tolist() == list(view.layers)
    bars = list(
        csv.reader(io.StringIO(client.get(f"/api/landscapes/diagram.csv?run={study}&layer=2&moment=0").text))
    )[1:]
    np.testing.assert_array_equal(np.array(bars, dtype=float)[:, 1:3], diagram(view, 0, 0, 2)[0])
    assert {row[3] for row in bars} == {str(len(bars))}


def test_the_snippet_makes_as_many_permutations_as_the_table(app, study):
    url = f"/api/landscapes/snippet.py?run={study}&permutations=300"
    assert '"permutations": 300' in app.server.test_client().get(url).text


@pytest.mark.parametrize("layer", [0, 1])
def test_the_snippet_recomputes_what_is_shown(app, study, view, layer):
    text = app.server.test_client().get(f"/api/landscapes/snippet.py?run={study}&layer={layer}&moment=0").text
    printed = []
    held = {"print": lambda *values: printed.append(values)}
    exec(compile(text, "snippet", "exec"), held)
    np.testing.assert_array_equal(held["study"].mean_norm[:, :, 0], view.mean_norm)
    np.testing.assert_array_equal(held["study"].mean_landscapes[:, :, 0], view.means)
    np.testing.assert_array_equal(printed[-1][0], diagram(view, 0, 0, layer)[0])


@pytest.mark.parametrize(
    ("path", "status"), [("secrets.txt", 404), ("norms.csv", 404), ("norms.csv?run=0123456789abcdef", 422)]
)
def test_what_is_not_there_is_said(app, path, status):
    answer = app.server.test_client().get(f"/api/landscapes/{path}")
    assert answer.status_code == status
    assert answer.json["error"]


@pytest.mark.parametrize(
    ("done", "shown"), [(0, 0), (1, 1), (3, 3), (5, 4), (7, 6), (13, 12), (23, 16), (31, 24)]
)
def test_a_growing_study_is_put_together_less_and_less_often(done, shown):
    assert steady(done) == shown


def test_a_study_that_was_stopped_is_not_said_to_go_on(view):
    said = grid_words(replace(view, stamp="unfinished-2", changes={"networks": 2}))
    assert said.endswith("The study is not finished; these are the networks so far.")


def test_a_followed_study_ends_as_the_whole(study, request_context):
    asked = {"run": study, "changes": {"networks": 2}, "degree": None, "follow": True}
    assert followed(asked)["changes"] == {}


def test_an_address_names_the_source_before_it_has_a_picture(study):
    assert address({"run": study}, {}, VIEW.defaults()) == f"?run={study}"
