"""`topodash filters` on a file."""

import argparse
import json
from dataclasses import replace

import numpy as np
import pytest

from topodash import cli_filters, cli_filters_evidence
from topodash.cli_filters import add_parser, run
from topodash.geometry.klein import patch
from topodash.studies.filter_topology_config import REPLICATION
from topodash.studies.filter_topology_evidence import DESCRIPTION, EVIDENCE, EvidenceStep
from topodash.studies.filter_topology_upload import read_filters

REPLACED = replace(REPLICATION, k=5, fraction=0.4)


def call(*arguments):
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    args = parser.parse_args(["filters", *map(str, arguments)])
    assert args.run is run
    return run(args)


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("TOPODASH_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def upload(tmp_path):
    rng = np.random.default_rng(0)
    filters = patch(rng.uniform(0, 2 * np.pi, 90), np.pi / 2, 5) + rng.normal(size=(90, 25)) * 0.1
    path = tmp_path / "w.npz"
    np.savez(path, filters=filters.reshape(90, 5, 5))
    return path


def test_a_file_gives_statistics_p_values_and_json(upload, tmp_path, capsys):
    out = tmp_path / "out.json"
    assert call(upload, "--k", 5, "--fraction", 0.4, "--nulls", 3, "--json", out) == 0
    said = capsys.readouterr()
    assert "90 filters, 36 densest kept" in said.out
    assert "averaged filters turn once" in said.out
    assert "p = " in said.out and "no evidence" in said.out
    document = json.loads(out.read_text(encoding="utf-8"))
    assert len(document["kept"]) == 36
    assert len(document["evidence"]["null"]["klein_r2"]) == 3
    assert document["evidence"]["conclusion"][0] in said.out
    assert document["statistics"]["klein_r2"] > 0.8
    # three null banks cannot give a p-value of 0.05 or less
    assert document["circular_coordinate"] is None and "not beaten its null" in said.out


def test_a_circular_coordinate_needs_a_bar_that_beats_its_null(upload, tmp_path, capsys):
    out = tmp_path / "out.json"
    settings = (upload, "--k", 5, "--fraction", 0.8, "--json", out)
    assert call(*settings) == 0
    assert json.loads(out.read_text(encoding="utf-8"))["circular_coordinate"] is None
    assert "--nulls 99" in capsys.readouterr().out


@pytest.mark.parametrize(("null", "drawn"), [(0.0, True), (9.0, False)])
def test_its_null_decides(monkeypatch, upload, tmp_path, null, drawn):
    def gather(*_args, **_options):
        for number in range(19):
            values = dict.fromkeys((*EVIDENCE, *DESCRIPTION), null)
            yield EvidenceStep(number, values, number + 2, 20)

    monkeypatch.setattr(cli_filters_evidence, "gather_evidence", gather)
    out = tmp_path / "out.json"
    assert call(upload, "--k", 5, "--fraction", 0.8, "--json", out, "--nulls", 19) == 0
    document = json.loads(out.read_text(encoding="utf-8"))
    assert (document["circular_coordinate"] is not None) == drawn
    assert f"p = {0.05 if drawn else 1:.3f}" in document["circular_coordinate_said"]


def test_refusals_are_one_line_on_stderr(upload, tmp_path, capsys):
    assert call(upload) == 2  # k = 200 of 90 filters
    assert "k must be" in capsys.readouterr().err
    assert call("no_such_bank") == 2
    assert call(tmp_path / "missing.npz") == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--json", "no such folder/out.json"], "--json must name a file in a folder"),
        (["--json", "."], "--json must name a file"),
        (["--nulls", "-3"], "--nulls must be at least 0; it was -3"),
        (["--workers", "0"], "--workers must be at least 1; it was 0"),
        (["--seed", "-1"], "--seed must be at least 0"),
        (["--fraction", "nan"], "fraction must be in"),
        (["--iteration", "3"], "--iteration is for banks"),
    ],
)
def test_arguments_are_looked_at_before_any_work(upload, monkeypatch, capsys, arguments, said):
    monkeypatch.setattr(cli_filters, "filter_topology", None)
    assert call(upload, *arguments) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith(f"topodash filters: {said}") and printed.err.count("\n") == 1
    assert printed.out == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("w.npy", "a file must end in .npz, .safetensors, .pt, .pth; it was w.npy"),
        ("no.NPZ", "there is no file"),
    ],
)
def test_a_file_that_is_none_is_said(name, said, capsys):
    assert call(name) == 2
    assert capsys.readouterr().err.startswith(f"topodash filters: {said}")


def test_null_banks_that_are_done_outlive_an_interruption(upload, tmp_path, monkeypatch, capsys):
    asked = []
    whole = cli_filters_evidence.gather_evidence

    def gather(filters, config, *, done, **options):
        asked.append(sorted(done))
        for step in whole(filters, config, done=done, **options):
            yield step
            if len(asked) == 1 and step.number == 1:
                raise KeyboardInterrupt

    monkeypatch.setattr(cli_filters_evidence, "gather_evidence", gather)
    out = tmp_path / "out.json"
    settings = (upload, "--k", 5, "--fraction", 0.4, "--nulls", 5, "--json", out)
    assert call(*settings) == 130
    said = capsys.readouterr().err
    assert "2 of 5 null banks so far" in said and "the same command goes on" in said
    assert "Traceback" not in said and not out.exists()
    assert call(*settings) == 0
    assert asked == [[-1], [-1, 0, 1]]
    steps = {step.number: step.statistics for step in whole(read_filters(upload).flat, REPLACED, nulls=5)}
    null = json.loads(out.read_text(encoding="utf-8"))["evidence"]["null"]
    assert null["longest_bar"] == [steps[number]["longest_bar"] for number in range(5)]


def test_without_a_source_it_lists_the_banks(capsys):
    assert call() == 0
    assert capsys.readouterr().out.strip()


def test_what_does_not_exist_is_null_in_the_file(tmp_path):
    """Two filters have no second bar and no correlation, and their null banks neither: NaN is no JSON."""
    np.savez(tmp_path / "few.npz", filters=np.random.default_rng(0).normal(size=(10, 5, 5)))
    path = tmp_path / "out.json"
    call(tmp_path / "few.npz", "--k", 3, "--fraction", 0.2, "--nulls", 3, "--json", path)

    def refuse(constant):
        raise AssertionError(f"{constant} in the file")

    document = json.loads(path.read_text(), parse_constant=refuse)
    assert document["statistics"]["bar_ratio"] is None
    assert document["evidence"]["null"]["bar_ratio"] == [None] * 3
