"""The command `topodash mapper`."""

import argparse
import json

import numpy as np
import pytest

from topodash.cli_mapper import add_parser, main, read_points
from topodash.topology import DBSCAN, CubicalCover, mapper_graph
from topodash.topology.mapper import MapperGraph


@pytest.fixture
def table(tmp_path):
    points = np.random.default_rng(0).normal(size=(80, 2)).round(6)
    path = tmp_path / "points.csv"
    rows = [f"{x},{y},{'ab'[k % 2]}" for k, (x, y) in enumerate(points.tolist())]
    path.write_text("\n".join(["x,y,kind", *rows]) + "\n", encoding="utf-8")
    return path, points


def call(*arguments):
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(["mapper", *map(str, arguments)])
    return args.run(args)


def test_one_setting_gives_the_graph_of_the_library(table, capsys):
    path, points = table
    assert call(path, "--label", "kind", "--lens", "column:x", "--intervals", 6, "--eps", 0.5) == 0
    written = capsys.readouterr().out
    expected = mapper_graph(points, points[:, 0], cover=CubicalCover(6, 0.5), clusterer=DBSCAN(0.5, 2))
    assert [n.tolist() for n in MapperGraph.from_json(written).nodes] == [n.tolist() for n in expected.nodes]
    assert json.loads(written)["class_names"] == ["a", "b"]
    assert 0 < json.loads(written)["statistics"]["purity"] <= 1


def test_a_grid_gives_one_graph_for_each_combination(table, tmp_path):
    out = tmp_path / "out.json"
    lenses = ["--lens", "pca:components=1", "density:k=3"]
    assert (
        call(table[0], *lenses, "--intervals", 3, 5, "--overlap", 0.2, 0.4, "--eps", 0.4, "--out", out) == 0
    )
    graphs = json.loads(out.read_text(encoding="utf-8"))["graphs"]
    covers = [(g["settings"]["cover"]["n_intervals"], g["settings"]["cover"]["overlap"]) for g in graphs]
    assert covers == [(3, 0.2), (3, 0.4), (5, 0.2), (5, 0.4)]


@pytest.mark.parametrize(
    ("text", "arguments", "message"),
    [
        ("x,y\n1,2\n3,nan\n4,5\n", [], 'Row 3, column "y": "nan" is not finite. 1 such row'),
        ("x,y\n1,2\n3\n", [], "Row 3 has 1 cell, the header has 2"),
        ("x,y\n1,2\n", ["--columns", "z"], "must have a column 'z'"),
        ("x\n", [], "column"),
        ("a;b\n\0\0", [], "bad.csv: The file is binary"),
        ("x,y\n1,2\n\n3,4\n5,\n", ["--columns", "y"], 'bad.csv: Row 5, column "y": the cell is empty'),
        (
            "x,y\n3,4\n1e300,2\n5,6\n",
            [],
            'bad.csv: Row 3, column "x": 1e+300 is out of range (at most 1e+150',
        ),
        ("x,y\n1,2\n2,3\n", ["--lens", "taste"], "lens must be one of"),
        ("x,y\n1,2\n2,3\n", ["--lens", "pca:k"], "name=number"),
        ("x,y\n1,2\n2,3\n", ["--overlap", "1"], "overlap must lie"),
    ],
)
def test_bad_input_ends_with_one_line_and_status_2(tmp_path, capsys, text, arguments, message):
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    assert call(path, *arguments) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_text_columns_are_left_out_unless_named(table):
    assert read_points(str(table[0])).columns == ("x", "y")
    with pytest.raises(ValueError, match='"a" is not a number'):
        read_points(str(table[0]), columns=["kind"])


def test_the_command_on_its_own_does_the_same(table, capsys):
    arguments = [str(table[0]), "--intervals", "4", "--eps", "0.5"]
    assert main(arguments) == call(*arguments) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == second


def test_it_reads_what_the_page_reads(tmp_path, capsys):
    path = tmp_path / "semicolons.csv"
    path.write_text("a;b;kind\n1;2;ü\nx;4;v\n5;6;ü\n", encoding="cp1252")
    assert main([str(path), "--label", "kind", "--eps", "9"]) == 2
    assert "--drop-bad-rows does" in capsys.readouterr().err
    assert main([str(path), "--label", "kind", "--eps", "9", "--drop-bad-rows"]) == 0
    written = capsys.readouterr()
    assert json.loads(written.out)["n_points"] == 2
    assert "1 bad row was left out" in written.err
