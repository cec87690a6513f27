"""The page: its address, its settings, its verdicts, its files."""

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest
from dash.development.base_component import Component
from planted_filters import CONFIG

from topodash.figures.filter_bars import SHOWN
from topodash.figures.filter_evidence_plot import LABELS
from topodash.pages.filters import looking
from topodash.pages.filters.choice import Source
from topodash.pages.filters.choosing import full_request
from topodash.pages.filters.controls import STUDY, TRAINING, preset_values, run_config, study_config
from topodash.pages.filters.drawing import subject
from topodash.pages.filters.null_banks import ENDS, pieces
from topodash.pages.filters.proving import askable, bars_words, grid, sensitivity_words
from topodash.pages.filters.snippet import snippet
from topodash.pages.filters.verdict import evidence_table
from topodash.studies.filter_topology import DESCRIPTION, ring_picture
from topodash.studies.filter_topology import EVIDENCE as THE_STUDY_S
from topodash.studies.filter_topology_bank import load_bank
from topodash.studies.filter_topology_config import IMPROVED, FilterTopologyConfig
from topodash.studies.filter_topology_verdict import EVIDENCE, Shown
from topodash.web.filter_exports import arrays_npz, evidence_json, members_csv, ring_html, ring_json

BANK = Source("bank:mnist_64_8_512", "M(64, 8, 512) on MNIST", (0, 100, 500, 1000, 2000), 6400)


def nested_lists(component, path="page"):
    """Places where a list lies in a list of children: the browser drops the whole page for one."""
    children = getattr(component, "children", None)
    found = []
    if isinstance(children, list | tuple):
        for k, child in enumerate(children):
            found += [path] if isinstance(child, list | tuple) else nested_lists(child, f"{path}.{k}")
    elif isinstance(children, Component):
        found += nested_lists(children, path + ".c")
    return found


def test_the_page_s_evidence_is_the_study_s():
    assert EVIDENCE == THE_STUDY_S
    assert set(LABELS) == {*THE_STUDY_S, *DESCRIPTION}


def test_the_fitted_density_filter_of_6400_filters_is_the_improved_model_s():
    config = FilterTopologyConfig(**study_config({**STUDY.defaults(), **preset_values("fit", 6400)}))
    assert (config.k, config.fraction, config.lens) == (IMPROVED.k, IMPROVED.fraction, IMPROVED.lens)


def test_the_fitted_cover_of_the_improved_bank_is_one_piece_whose_nodes_can_be_read():
    """On the networks on which it was chosen, before and after training."""
    bank = load_bank("mnist_64_8_512")
    of = bank.filters[bank.seeds < 77]
    config = FilterTopologyConfig(**study_config({**STUDY.defaults(), **preset_values("fit", 77 * 64)}))
    for moment in (0, -1):
        graph = ring_picture(of[:, moment].reshape(-1, 25), config).graph
        assert graph.betti[0] == 1
        assert len(graph.nodes) < 300


@pytest.mark.parametrize("filters", [2, 10, 64, 96, 448, 512, 6400, 51200, 2**20])
def test_fitted_settings_are_possible(filters):
    values = STUDY.parse(preset_values("fit", filters))
    assert values["k"] < filters
    assert int(values["share"] / 100 * filters + 1e-9) >= 1


@pytest.mark.parametrize("name", ["paper", "improved", "replication"])
def test_presets_are_values_of_the_controls(name):
    STUDY.parse(preset_values(name, 0))


def test_a_training_keeps_its_first_and_last_iteration():
    config = run_config({**TRAINING.defaults(), "iterations": 10})
    assert config["record"][0] == 0 and config["record"][-1] == 10
    assert config["record"] == sorted(set(config["record"]))


def test_both_rings_are_asked_under_the_same_settings():
    request = full_request(BANK, 2000, "0", STUDY.defaults())
    assert request["a"]["config"] == request["b"]["config"]
    assert (request["a"]["filters"]["iteration"], request["b"]["filters"]["iteration"]) == (2000, 0)
    assert full_request(BANK, 2000, "none", STUDY.defaults())["b"] is None


def test_one_moment_on_both_sides_is_one_source_of_evidence():
    values = STUDY.defaults()
    assert askable(full_request(BANK, 2000, "0", values)) == ["a", "b"]
    assert askable(full_request(BANK, 0, "0", values)) == ["a"]
    assert askable(full_request(BANK, 0, "none", values)) == ["a"] and askable(None) == []


def test_evidence_of_other_settings_is_taken_away_and_that_of_another_moment_or_cover_is_not():
    values = STUDY.defaults()
    here = subject(full_request(BANK, 2000, "0", values))
    for same in (
        full_request(BANK, 500, "0", values),
        full_request(BANK, 2000, "none", {**values, "intervals": 9}),
    ):
        assert subject(same) == here
    other = replace(BANK, value="bank:mnist_512_128_1024")
    for another in (
        full_request(BANK, 2000, "0", {**values, "k": 150}),
        full_request(other, 2000, "0", values),
    ):
        assert subject(another) != here


def test_one_null_bank_has_and_two_have():
    found = {"bars": [[0.0, 1.0]]}
    assert "1 of 3 null banks has one" in bars_words(found, np.array([0.1, 0.2, 1.0]), 3)
    assert "0 of 1 null banks so far (of 3) have one" in bars_words(found, np.array([0.1]), 3)


@pytest.mark.parametrize("total", [19, 99, 199])
def test_pieces_cover_all_null_banks_once_and_are_shared(total):
    numbers = [n for first, count in pieces(total) for n in range(first, first + count)]
    assert numbers == list(range(total))
    assert pieces(total) == pieces(ENDS[-1])[: len(pieces(total))]


def test_the_grid_holds_the_setting_of_the_page():
    request = full_request(BANK, 2000, "none", STUDY.defaults())["a"]
    questions = grid(request, 6400)
    assert [question["k"] for question in questions] == [5, 25, 50, 100, 200, 400]
    assert all(0.3 in question["fractions"] for question in questions)
    assert "Compute" in sensitivity_words([], 6, False)


def test_the_table_counts_so_far_and_gives_p_values_when_all_null_banks_are_there():
    null = {name: np.linspace(0, 1, 12) for name in LABELS}
    source = Shown("iteration 9", dict.fromkeys(LABELS, 2.0), null)

    def column(total):
        rows = evidence_table([source], total).children[1].children
        return {row.children[1].children: row.children[5].children for row in rows}

    assert column(99)[LABELS["longest_bar"]] == "so far 0 of 12 as large"
    assert column(12)[LABELS["longest_bar"]] == "0.077"
    assert {column(total)[LABELS[name]] for total in (12, 99) for name in DESCRIPTION} == {"–"}
    bars = {"bars": [[0.0, 2.0]]}
    assert "0 of 12 null banks so far (of 99) have" in bars_words(bars, null["longest_bar"], 99)
    assert "so far" not in bars_words(bars, null["longest_bar"], 12)


def test_bars_that_are_not_drawn_are_counted():
    bars = np.stack([np.zeros(SHOWN + 7), np.linspace(2, 1, SHOWN + 7)], axis=1)
    assert f"{SHOWN + 7} bars ({SHOWN} of them drawn, the longest)" in bars_words({"bars": bars}, None, 99)
    assert "drawn" not in bars_words({"bars": bars[:SHOWN]}, None, 99)


def test_the_inspector_has_no_nested_lists(ask, edges, ring, monkeypatch):
    monkeypatch.setattr(looking, "known", lambda *_: ring)
    one = ask("filter_detail", **edges, row=int(ring["rows"][0]))
    some = ask("filter_group", filters=edges["filters"], rows=[1, 2], data=None)
    parts = [
        looking.one_filter({"title": "x"}, [int(ring["rows"][0])], one, edges),
        looking.several({"title": "x"}, [1, 2], some, edges),
    ]
    assert [nested_lists(part) for part in parts] == [[], []]
    assert "network" not in str(parts[0].children[0])  # a file's filter has no seed


def test_the_layout_stands_without_nested_lists(settings, monkeypatch):
    from topodash.web import background, create_app

    monkeypatch.setattr(background.Background, "start", lambda self: None)
    app = create_app(settings)
    from topodash.pages.filters.layout import layout

    with app.server.test_request_context("/filters"):
        app.server.preprocess_request()
        assert nested_lists(layout()) == []
        assert nested_lists(layout(source="upload:" + "a" * 32 + ":x.npz", k="nonsense")) == []
    client = app.server.test_client()
    assert client.get("/api/filters/members.csv?request=nonsense").status_code == 422
    request = json.dumps({"filters": {"bank": "x", "iteration": 0}, "config": CONFIG})
    assert client.get("/api/filters/other", query_string={"request": request}).status_code == 404
    assert b"load_bank('x')" in client.get("/api/filters/snippet.py", query_string={"request": request}).data


def test_files_hold_what_is_on_screen(ring, homology, edges):
    rows = list(csv.DictReader(io.StringIO(members_csv(ring, homology))))
    assert [int(row["filter"]) for row in rows] == ring["rows"].tolist()
    assert np.float32(rows[3]["w_0_0"]) == ring["weights"][3, 0]
    arrays = np.load(io.BytesIO(arrays_npz(ring, homology)))
    assert arrays["filters"].shape == (len(ring["rows"]), 5, 5)
    document = json.loads(ring_json(edges, ring, homology))
    assert document["mapper"]["betti"] == list(ring["betti"])
    assert document["statistics"].keys() == homology["statistics"].keys()
    null = {name: np.linspace(0, 1, 9) for name in LABELS}
    some, all_ = (json.loads(evidence_json(edges, homology, null, total)) for total in (99, 9))
    assert (some["null_banks"], some["null_banks_wanted"]) == (9, 99)
    assert some["statistics"]["klein_r2"]["p_value"] is None and "so far" in some["conclusion"][0]
    assert all_["statistics"]["bar_ratio"]["p_value"] is None
    assert all_["statistics"]["klein_r2"]["p_value"] > 0
    assert "&lt;x&gt;" in ring_html("<svg></svg>", "<x>")


@pytest.mark.parametrize(
    "source",
    [
        {"bank": "a'b", "iteration": 3},
        {"run": "0" * 16, "step": 3, "layer": "filters"},
        {"from": {"upload": "x"}, "name": "a\"'\n.pt", "layer": "w", "channels": "each"},
        {"from": {"upload": "x"}, "name": "a.npz", "layer": None, "channels": "mean"},
    ],
)
def test_the_snippet_is_python_whatever_the_names(source):
    compile(snippet({"filters": source, "config": CONFIG}), "snippet", "exec")


def test_the_snippet_runs_on_a_file(tmp_path, monkeypatch, capsys):
    from planted_filters import planted

    monkeypatch.chdir(tmp_path)
    np.savez("edges.npz", filters=planted())
    source = {"from": {"upload": "x"}, "name": "edges.npz", "layer": None, "channels": "mean"}
    text = snippet({"filters": source, "config": CONFIG}).replace("nulls=99", "nulls=2")
    exec(compile(text, "snippet", "exec"), {"__name__": "snippet"})
    assert "p-values" in capsys.readouterr().out


def test_the_snippet_runs_on_a_shipped_bank(capsys):
    source = {"bank": "mnist_512_128_1024", "iteration": 1000, "stamp": "x"}
    config = {**CONFIG, "fraction": 0.2}
    text = snippet({"filters": source, "config": config}).replace("nulls=99", "nulls=1")
    exec(compile(text, "snippet", "exec"), {"__name__": "snippet"})
    assert "102 filters kept" in capsys.readouterr().out
