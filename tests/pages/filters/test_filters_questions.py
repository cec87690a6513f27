"""The questions of the page against the library that they ask, and against what was planted."""

import numpy as np
import pytest
import torch
from planted_filters import CONFIG, planted

from topodash.compute import decode, encode
from topodash.jobs.answers.filter_source import bank_stamp, filters_of
from topodash.jobs.sources import Sources
from topodash.runs import RunError
from topodash.runs.uploads import Uploads
from topodash.studies.filter_topology import filter_topology
from topodash.studies.filter_topology_config import FilterTopologyConfig
from topodash.studies.filter_topology_evidence import gather_evidence

#: A weight 0 in each, and the others in pairs of opposite sign: that one is 0 after centring too.
SAME_CENTRE = np.random.default_rng(0).normal(size=(30, 5, 5))
SAME_CENTRE -= SAME_CENTRE[:, ::-1, ::-1]


@pytest.fixture(scope="module")
def study():
    return filter_topology(planted(), FilterTopologyConfig(**CONFIG))


def test_the_ring_is_the_study_s(ring, study):
    graph = study.picture.graph
    assert np.array_equal(ring["rows"], study.picture.dense.indices)
    assert np.array_equal(ring["members"], graph.members)
    assert np.array_equal(ring["edges"], graph.edges)
    assert tuple(ring["betti"]) == graph.betti
    assert ring["total"] == 120
    means = np.stack([study.picture.dense.values[node].mean(axis=0) for node in graph.nodes])
    assert ring["means"] == pytest.approx(means, abs=1e-5)


def test_planted_edges_turn_once_around_and_have_a_circular_coordinate(homology, study):
    assert homology["statistics"] == study.statistics
    assert abs(homology["wheels"]["circular"]["turns"]) == 1
    assert homology["correlations"]["circular"]["direction"]["value"] > 0.98
    assert np.allclose(homology["circular"], study.circular.angles, atol=1e-5)


def test_no_bar_is_cut_off(ask, upload):
    """Filters without structure have hundreds; files are made from this answer."""
    noise = np.random.default_rng(0).normal(size=(700, 3, 3)).astype(np.float32)
    config = {**CONFIG, "k": 5, "fraction": 1.0}
    found = ask("filter_homology", filters=upload(filters=noise), config=config)
    every = filter_topology(noise, FilterTopologyConfig(**config)).bars
    assert len(every) > 400 and np.array_equal(found["bars"], every)


def test_the_patches_of_a_sector_are_those_of_its_filters(homology, ring):
    wheel = homology["wheels"]["pca"]
    for members, box in zip(wheel["members"], wheel["patch_box"], strict=True):
        assert np.array_equal(box, (ring["weights"][members].mean(axis=0) > 0).astype(np.float32))


def test_pieces_of_null_banks_are_the_same_banks_as_all_at_once(ask, edges):
    alone = ask("filter_nulls", **edges, seed=3, first=1, count=2)
    steps = {
        step.number: step.statistics
        for step in gather_evidence(planted(), FilterTopologyConfig(**CONFIG), nulls=3, seed=3)
    }
    for name, values in alone["statistics"].items():
        assert values.tolist() == pytest.approx([steps[1][name], steps[2][name]], nan_ok=True)
    longest = (alone["bars"][:, 1] - alone["bars"][:, 0]).max()
    assert longest == pytest.approx(max(steps[1]["longest_bar"], steps[2]["longest_bar"]))


def test_a_row_of_the_grid_says_why_a_setting_is_impossible(ask, edges):
    cells = ask("filter_sensitivity", **edges, k=500, fractions=[0.5, 1.0])["cells"]
    assert [cell["kept"] for cell in cells] == [0, 0]
    assert "k" in cells[0]["reason"]
    good = ask("filter_sensitivity", **edges, k=5, fractions=[0.8])["cells"][0]
    assert good["ring"] and good["kept"] == 96


def test_an_opened_filter_has_its_weights_and_its_nearest_neighbours(ask, edges):
    found = ask("filter_detail", **edges, row=60)
    assert found["weights"] == pytest.approx(planted()[60].ravel())
    # directions were planted in order: neighbours are near in number
    assert set(np.abs(np.asarray(found["near"]) - 60) % 120 <= 25) == {True}
    assert (np.diff(found["near_distances"]) >= 0).all()
    assert found["r2"] > 0.9


def test_a_group_answers_without_real_images_where_none_are_known(ask, edges):
    found = ask("filter_group", filters=edges["filters"], rows=[1, 2, 3], data=None)
    assert found["real"] is None
    assert found["box"].tolist() == (planted()[1:4].reshape(3, -1).mean(axis=0) > 0).astype(float).tolist()


@pytest.mark.parametrize("rows", [[], [-1], [120], ["a"], [[1]], 5])
def test_rows_that_are_no_filters_are_refused(ask, edges, rows):
    with pytest.raises(ValueError, match="rows must be"):
        ask("filter_group", filters=edges["filters"], rows=rows, data=None)


def test_answers_can_be_cached(ring, homology):
    for value in (ring, homology):
        assert np.array_equal(decode(encode(value)).get("rows", 0), value.get("rows", 0))


def test_a_constant_filter_is_left_out_and_named(ask, upload):
    filters = planted()
    filters[7] = 0.25
    ring = ask("filter_ring", filters=upload(filters=filters), config=CONFIG)
    assert ring["constant"].tolist() == [7]
    assert ask("filter_detail", filters=upload(filters=filters), config=CONFIG, row=7)["constant"]


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"w": np.zeros((4, 1, 1, 1), np.float32)}, "1 x 1"),
        ({"w": np.zeros((4, 1, 13, 13), np.float32)}, "13 x 13"),
        ({"w": np.zeros((4, 6), np.float32)}, "must hold a convolution"),
        ({"w": np.full((40, 5, 5), np.nan, np.float32)}, "finite"),
        ({"w": planted(10)[:4]}, "k must be"),
        ({"w": np.ones((30, 5, 5), np.float32)}, "^all 30 filters are constant"),
        (
            {"w": np.repeat(planted(1), 30, axis=0)},
            "^all 30 filters are the same up to brightness and contrast",
        ),
        ({"w": planted(1) * np.linspace(1, 9, 30)[:, None, None]}, "^all 30 filters are the same"),
        ({"w": planted(2)}, "^there are only 2 filters: a ring takes at least 3"),
        (
            {"w": np.concatenate([planted(1), np.ones((4, 5, 5))])},
            "^there is only one filter; 4 more are constant",
        ),
        (
            {"w": np.ones((50_001, 3, 3), np.float32)},
            "^there are 50,001 filters; at most 50,000 are compared",
        ),
        (
            {"w": np.random.default_rng(0).normal(size=(13_000, 3, 3))},
            "at most 10,000 filters; there are 13,000",
        ),
        ({"w": SAME_CENTRE}, "weight in row 2, column 2 is the same in all filters .* the Euclidean metric"),
    ],
)
def test_filters_that_cannot_be_used_are_refused_in_words(ask, upload, arrays, words):
    with pytest.raises(ValueError, match=words):
        ask("filter_ring", filters=upload(**arrays), config=CONFIG)


def test_pickled_code_is_refused_and_never_runs(ask, settings, tmp_path):
    class Evil:
        def __reduce__(self):
            return (open, (str(tmp_path / "ran"), "w"))

    torch.save({"w": Evil()}, tmp_path / "evil.pt")
    with (tmp_path / "evil.pt").open("rb") as file:
        found = Uploads.of(settings).store(file, 10_000, "nobody", "evil.pt")
    with pytest.raises(ValueError, match=r"^evil.pt must be a plain state dict; it holds pickled objects"):
        ask("filter_layers", **{"from": {"upload": found}}, name="evil.pt")
    assert not (tmp_path / "ran").exists()


def test_the_layers_of_a_file_are_listed(ask, upload):
    source = upload(**{"conv.weight": np.zeros((8, 3, 5, 5), np.float32), "fc": np.zeros((3, 3), np.float32)})
    found = ask("filter_layers", **{"from": source["from"]}, name=source["name"])
    assert found["layers"] == [["conv.weight", [8, 3, 5, 5]]]


def test_a_source_that_is_none_is_refused(settings):
    with pytest.raises(ValueError, match="filters must name"):
        filters_of({"nothing": 1}, Sources(settings))
    with pytest.raises(RunError):
        filters_of({"run": "0" * 16, "step": 0, "layer": "filters"}, Sources(settings))
    with pytest.raises(ValueError, match="written anew"):
        filters_of({"bank": "no_such_bank", "iteration": 0, "stamp": "1-1"}, Sources(settings))
    assert bank_stamp("no_such_bank") == ""
