"""The answers of the page's questions agree with the library called directly."""

import csv
import html.parser
import io
import json
import re

import numpy as np
import pytest

from topodash.datasets import load
from topodash.jobs.answers import mapper, mapper_data, mapper_export, mapper_selection, tables
from topodash.jobs.kinds.mapper_sweep import MapperSweepDriver
from topodash.jobs.sources import Sources
from topodash.runs import Recorder, RunStore
from topodash.runs.uploads import Uploads
from topodash.settings import Settings
from topodash.topology import DBSCAN, CubicalCover, mapper_graph
from topodash.topology.mapper import MapperGraph


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOPODASH_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        yield Sources(Settings.from_env())


def request(**changes):
    return {
        "source": {"dataset": "moons", "seed": 0, "parameters": {}}, "limit": 5000, "seed": 0, "lens": [{"name": "coordinate", "column": 0}],
        "cover": {"kind": "cubical", "n_intervals": 8, "overlap": 0.4},
        "clusterer": {"kind": "dbscan", "eps": 0.3, "min_samples": 2, "relative": False}, "metric": "euclidean", **changes,
    }  # fmt: skip


def test_the_answer_is_the_library_s_graph(sources):
    found = mapper.mapper({"request": request()}, sources)
    data = load("moons", seed=0)
    points = data.points.astype(np.float64)
    graph = mapper_graph(points, points[:, :1], cover=CubicalCover(8, 0.4), clusterer=DBSCAN(0.3, 2))
    assert np.array_equal(found["members"], graph.members)
    assert np.array_equal(found["edges"], graph.edges)
    assert (found["statistics"]["b0"], found["statistics"]["b1"]) == graph.betti
    assert np.array_equal(found["classes"].sum(axis=1), graph.sizes)


def test_a_relative_eps_is_a_share_of_the_scale(sources):
    clusterer = {"kind": "dbscan", "eps": 0.25, "min_samples": 2, "relative": True}
    found = mapper.mapper({"request": request(clusterer=clusterer)}, sources)
    assert found["eps"] == pytest.approx(0.25 * found["scale"])


def test_a_sample_says_that_it_is_one_and_keeps_the_numbers_of_its_points(sources):
    found = mapper.mapper({"request": request(limit=50)}, sources)
    assert found["n"] == 50
    assert any("50 of" in each for each in found["notices"])
    assert np.allclose(found["plane"], load("moons", seed=0).points[found["index"]], atol=1e-5)


def test_a_sample_of_a_long_file_is_said_once_and_of_the_whole_file(sources):
    body = b"x,y\n" + b"".join(b"%d,%d\n" % (k, k % 7) for k in range(400))
    upload = Uploads.of(Settings.from_env()).store(io.BytesIO(body), 100_000, "someone", "long.csv")
    source = {"upload": upload, "columns": ["x", "y"], "label": None, "limit": 200}
    found = mapper.mapper({"request": request(source=source, limit=50)}, sources)
    assert [each for each in found["notices"] if "drawn at random" in each] == ["50 of 400 points, drawn at random (seed 0)."]  # fmt: skip
    assert (found["n"], found["total"]) == (50, 400)
    whole = mapper.mapper({"request": request(source=source)}, sources)
    assert [each for each in whole["notices"] if "drawn at random" in each] == ["200 of 400 rows, drawn at random with seed 0."]  # fmt: skip


def test_a_selection_is_described_against_the_rest(sources):
    found = mapper_selection.mapper_selection({"request": request(), "points": [0, 1, 2, 3]}, sources)
    points = load("moons", seed=0).points.astype(np.float64)
    for each in found["columns"]:
        column = {"x": 0, "y": 1}[each["name"]]
        assert each["mean"] == pytest.approx(points[:4, column].mean())
        assert each["rest_mean"] == pytest.approx(points[4:, column].mean())


@pytest.mark.parametrize("kind", ["graphml", "json", "members"])
def test_exports_hold_every_member(sources, kind):
    text = mapper_export.mapper_export({"request": request(), "kind": kind, "points": None}, sources)["text"]
    graph = mapper_data.build(request(), mapper_data.prepare(request(), sources))
    if kind == "members":
        assert len(list(csv.reader(io.StringIO(text)))) == 1 + len(graph.members)
    elif kind == "json":
        again = type(graph).from_json(text)
        assert np.array_equal(again.members, graph.members)
    else:
        import networkx as nx

        read = nx.parse_graphml(text)
        assert (read.number_of_nodes(), read.number_of_edges()) == (len(graph), len(graph.edges))


def test_the_page_of_kmapper_fetches_nothing_and_holds_every_node(sources):
    text = mapper_export.mapper_export({"request": request(), "kind": "kmapper", "points": None}, sources)["text"]  # fmt: skip
    graph = mapper_data.build(request(), mapper_data.prepare(request(), sources))
    fetched = []

    class Reader(html.parser.HTMLParser):
        def handle_starttag(self, tag, attrs):
            fetched.extend((tag, value) for name, value in attrs if name in ("src", "href", "data"))

    Reader().feed(text)
    assert [each for each in fetched if each[0] != "a" and not each[1].startswith("data:")] == []
    assert not re.search(r"@import|url\(\s*['\"]?(https?:)?//", text)
    assert "d3js.org v6.1.1" in text
    assert "Mike Bostock" in text
    assert all(f'"{name}"' in text for name in graph.to_kmapper()["nodes"])


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"lens": [{"name": "probability", "class": 0}]}, "no network"), ({"metric": "far"}, "metric"), ({"lens": [{"name": "coordinate", "column": 7}]}, "column")],
)  # fmt: skip
def test_settings_that_do_not_fit_are_named(sources, changes, word):
    with pytest.raises(ValueError, match=word):
        mapper.mapper({"request": request(**changes)}, sources)


def test_a_sweep_that_was_stopped_goes_on_with_the_next_cell(sources, monkeypatch):
    monkeypatch.setattr("topodash.jobs.kinds.mapper_sweep.Sources", lambda settings: sources)
    config = {"request": request(), "n_intervals": [4, 8], "against": "eps", "values": [0.1, 0.2, 0.4]}
    whole = list(MapperSweepDriver(config).start(None, None))
    assert [each.step for each in whole] == list(range(7))

    class At:
        step = 4

    rest = list(MapperSweepDriver(config).start(None, At()))
    assert [(each.step, dict(each.scalars)) for each in rest] == [
        (each.step, dict(each.scalars)) for each in whole[5:]
    ]


@pytest.mark.parametrize(
    "broken", [{"request": {}}, {"against": "seed"}, {"values": []}, {"n_intervals": [0]}, {"more": 1}]
)
def test_a_sweep_with_a_wrong_setting_is_refused(broken):
    config = {"request": request(), "n_intervals": [4], "against": "overlap", "values": [0.1], **broken}
    with pytest.raises(ValueError, match=next(iter(broken))):
        MapperSweepDriver(config)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"limit": 150},
        {"lens": [{"name": "pca", "components": 2}], "metric": "cosine"},
        {"lens": [{"name": "density", "k": 7}, {"name": "coordinate", "column": 1}]},
        {"cover": {"kind": "ball", "radius": 0.3}},
        {"clusterer": {"kind": "dbscan", "eps": 0.25, "min_samples": 3, "relative": True}},
        {"clusterer": {"kind": "single", "eps": 0.2, "min_samples": 2, "relative": False}},
        {"clusterer": {"kind": "kmeans", "eps": 0.2, "min_samples": 2, "relative": False, "clusters": 3}},
    ],
)
def test_the_snippet_runs_and_makes_the_graph_of_the_page(sources, changes, capsys):
    asked = request(**changes)
    text = mapper_export.mapper_export({"request": asked, "kind": "snippet", "points": None}, sources)["text"]
    names: dict = {}
    exec(compile(text, "snippet", "exec"), names)
    shown = mapper.mapper({"request": asked}, sources)
    assert np.array_equal(names["graph"].members, shown["members"])
    assert np.array_equal(names["graph"].edges, shown["edges"])
    assert f"{len(shown['elements'])} nodes, {len(shown['edges'])} edges" in capsys.readouterr().out


def test_the_snippet_of_an_upload_reads_the_file_and_the_json_names_it(
    sources, tmp_path, monkeypatch, capsys
):
    rng = np.random.default_rng(0)
    lines = [
        "u;v;kind",
        *(f"{u:.5f};{v:.5f};{'ab'[k % 2]}" for k, (u, v) in enumerate(rng.normal(size=(60, 2)))),
    ]
    (tmp_path / "my points.csv").write_text("\n".join(lines))
    with (tmp_path / "my points.csv").open("rb") as file:
        upload = Uploads.of(Settings.from_env()).store(file, 10_000, "someone", "my points.csv")
    asked = request(source={"upload": upload, "columns": ["u", "v"], "label": "kind"})
    monkeypatch.chdir(tmp_path)
    text = mapper_export.mapper_export({"request": asked, "kind": "snippet", "points": None}, sources)["text"]
    exec(compile(text, "snippet", "exec"), {})
    shown = mapper.mapper({"request": asked}, sources)
    assert f"{len(shown['elements'])} nodes, {len(shown['edges'])} edges" in capsys.readouterr().out
    written = mapper_export.mapper_export({"request": asked, "kind": "json", "points": None}, sources)["text"]
    settings = json.loads(written)["settings"]
    assert settings["source"] == {"file": "my points.csv", "columns": ["u", "v"], "label": "kind"}
    assert upload not in written  # who has it can read the whole table
    assert (settings["lens"], settings["columns"]) == (asked["lens"], ["u", "v"])
    assert len(MapperGraph.from_json(written)) == len(shown["elements"])


def test_a_graph_that_was_saved_without_its_lens_and_source_is_still_read(sources):
    text = mapper_export.mapper_export({"request": request(), "kind": "json", "points": None}, sources)[
        "text"
    ]
    new = json.loads(text)
    assert new["settings"]["source"] == request()["source"]
    settings = {name: new["settings"][name] for name in ("cover", "clusterer")}
    old = MapperGraph.from_json(json.dumps({**new, "settings": settings}))
    assert np.array_equal(old.members, MapperGraph.from_json(text).members)


@pytest.mark.parametrize("limit", [5000, 20])
def test_the_snippet_and_the_json_of_a_lens_column_know_the_column(
    sources, tmp_path, monkeypatch, capsys, limit
):
    rng = np.random.default_rng(0)
    lines = ["u,v,w", *(",".join(f"{value:.5f}" for value in row) for row in rng.normal(size=(60, 3)))]
    lines[7] = "1,,2"  # a row that is left out: the lens must not slip by one
    path = tmp_path / "three.csv"
    path.write_text("\n".join(lines))
    with path.open("rb") as file:
        # A browser sends the bare name; whoever sends another must not choose where the snippet reads.
        upload = Uploads.of(Settings.from_env()).store(file, 10_000, "someone", "../up/three.csv")
    table = {"upload": upload, "label": None, "drop_bad_rows": True}
    asked = request(
        source={**table, "columns": ["u", "v"]},
        lens_source={**table, "columns": ["w"]},
        lens=[{"name": "column"}],
        limit=limit,
    )
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    text = mapper_export.mapper_export({"request": asked, "kind": "snippet", "points": None}, sources)["text"]
    exec(compile(text, "snippet", "exec"), names)
    shown = mapper.mapper({"request": asked}, sources)
    assert np.array_equal(names["graph"].members, shown["members"])
    written = mapper_export.mapper_export({"request": asked, "kind": "json", "points": None}, sources)["text"]
    assert json.loads(written)["settings"]["lens_source"]["columns"] == ["w"]
    assert upload not in written


@pytest.mark.parametrize(
    "changes",
    [{}, {"lens": [{"name": "probability", "class": 1}]}, {"lens": [{"name": "probability"}], "limit": 40}],
)
def test_the_snippet_of_a_run_reads_its_exported_file(tmp_path, monkeypatch, capsys, changes):
    settings = Settings(data_dir=tmp_path / "data")
    data, run_id = load("moons", seed=0), "0123456789abcdef"
    settings.runs_dir.mkdir(parents=True)
    weights = {
        "W1": np.eye(3, 2, dtype=np.float32),
        "b1": np.zeros(3, np.float32),
        "W2": np.ones((1, 3), np.float32),
        "b2": np.zeros(1, np.float32),
    }
    with Recorder.create(
        RunStore.of(settings).path(run_id), kind="mlp", config={}, total=1, run_id=run_id
    ) as recorder:
        arrays = {"points": data.points, "labels": data.labels, "train": data.train, "test": data.test}
        recorder.artifact(
            "dataset",
            arrays,
            meta={"class_names": ["a", "b"], "columns": ["x", "y"], "centre": [0, 0], "scale": [1, 1]},
        )
        recorder.record(0, snapshot=weights)
        recorder.status("finished")
    RunStore.of(settings).export(run_id, tmp_path / f"{run_id}.run")
    asked = request(source={"run": run_id, "step": 0, "layer": 1}, **changes)
    text = mapper_export.mapper_export(
        {"request": asked, "kind": "snippet", "points": None}, Sources(settings)
    )["text"]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOPODASH_DATA_DIR", str(tmp_path / "elsewhere"))
    assert str(settings.data_dir) not in text
    exec(compile(text, "snippet", "exec"), {})
    shown = mapper.mapper({"request": asked}, Sources(settings))
    assert f"{len(shown['elements'])} nodes, {len(shown['edges'])} edges" in capsys.readouterr().out


@pytest.mark.parametrize("cover", [(1, 0.0), (10_000, 0.5), (30, 0.0), (30, 0.99)])
@pytest.mark.parametrize("eps", [0.0, 0.3, 1e9])
def test_extreme_settings_give_a_graph_or_a_hint(sources, cover, eps):
    asked = request(
        cover={"kind": "cubical", "n_intervals": cover[0], "overlap": cover[1]},
        clusterer={"kind": "dbscan", "eps": eps, "min_samples": 2, "relative": False},
    )
    found = mapper.mapper({"request": asked}, sources)
    assert len(found["elements"]) > 0 or "No node" in found["hint"]
    assert np.isfinite(found["positions"]).all()


def test_a_table_says_its_columns_and_the_rows_that_cannot_be_used(sources):
    body = b"x,y,label\n1,2,a\nnan,3,b\n4,inf,b\n5,6,a\n"
    upload = Uploads.of(Settings.from_env()).store(io.BytesIO(body), 1000, "someone", "points.csv")
    found = tables.table_columns({"upload": upload}, sources)
    assert found["numeric"] == ["x", "y"]
    assert "label" in found["labels"]
    assert (found["rows"], found["unusable"]) == (4, 2)
    assert found["bad"][0] == 'Row 3, column "x": "nan" is not finite.'
    source = {"upload": upload, "columns": ["x", "y"], "label": "label"}
    with pytest.raises(ValueError, match=r'Row 3, column "x"'):
        mapper.mapper({"request": request(source={**source, "drop_bad_rows": False})}, sources)
    assert mapper.mapper({"request": request(source={**source, "drop_bad_rows": True})}, sources)["n"] == 2
