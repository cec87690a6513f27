"""The command `topodash mapper`."""

import argparse
import json

import numpy as np
import pytest

from topodash.cli_mapper import add_parser, main, read_table
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
        ("x,y\n1,2\n3,nan\n", [], "row 2, column 'y': 'nan' is not a finite number"),
        ("x,y\n1,2\n3\n", [], "row 2 must have 2 values, has 1"),
        ("x,y\n1,2\n", ["--columns", "z"], "must have a column 'z'"),
        ("x\n", [], "at least one row of values"),
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
    assert read_table(str(table[0])).columns == ("x", "y")
    with pytest.raises(ValueError, match="'a' is not a finite number"):
        read_table(str(table[0]), columns=["kind"])


def test_the_command_on_its_own_does_the_same(table, capsys):
    arguments = [str(table[0]), "--intervals", "4", "--eps", "0.5"]
    assert main(arguments) == call(*arguments) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == second
