"""What the page asks of worker processes, against the study itself."""

from importlib import import_module

import numpy as np
import pytest

from topodash.jobs.answers.landscape_space import landscape_band, landscape_cycle, landscape_points
from topodash.jobs.answers.landscape_study import landscape_study, load_study
from topodash.jobs.answers.landscape_tests import landscape_tests
from topodash.jobs.sources import Sources
from topodash.studies.activation_landscapes import LandscapeConfig, LandscapeStudy, input_diagram_of, table
from topodash.topology import landscape_gram


@pytest.fixture(scope="module")
def sources(settings):
    return Sources(settings)


@pytest.fixture(scope="module")
def stored(named, sources):
    return load_study(named, sources)


def test_measuring_the_kept_weights_again_gives_the_stored_study(named, sources, stored):
    again = landscape_study({**named, "changes": {"homology": "ordinary", "networks": 3}}, sources)["arrays"]
    np.testing.assert_array_equal(again["norms"], stored.norms)
    np.testing.assert_array_equal(again["mean_landscapes"], stored.mean_landscapes)


def test_measuring_again_tells_how_far_it_is_within_a_network(named, settings):
    told = []
    hearing = Sources(settings, lambda share, message: told.append((share, message)))
    landscape_study({**named, "changes": {"degrees": [0], "networks": 2}}, hearing)
    shares = [share for share, message in told if message == "network 2 of 2"]
    assert shares == sorted(shares) and len(set(shares)) > 3
    assert shares[0] == 0.5 and shares[-1] < 1


def test_a_smaller_depth_keeps_the_first_functions(named, sources, stored):
    fewer = landscape_study({**named, "changes": {"depth": 2}}, sources)["arrays"]
    np.testing.assert_array_equal(fewer["mean_landscapes"], stored.mean_landscapes[:, :, :, :2])
    expected = landscape_gram(stored.mean_landscapes[0, 1, 0, :2][None].astype(float), stored.config.grid)
    assert fewer["norm_of_mean"][0, 1, 0] == pytest.approx(float(np.sqrt(expected[0, 0])))


def test_a_shorter_grid_states_what_it_loses(named, sources, stored):
    cut = landscape_study({**named, "changes": {"grid_end": 0.1}}, sources)["arrays"]
    assert stored.lost_share.max() < 1e-6 < cut["lost_share"].max() <= 1
    np.testing.assert_allclose(cut["norms"], stored.norms)


def test_another_class_is_another_study(named, sources, stored):
    other = landscape_study({**named, "changes": {"class_name": "disks", "networks": 1}}, sources)["arrays"]
    assert other["batch_sizes"][0] < stored.batch_sizes[0]


def test_more_networks_than_there_are_is_refused(named, sources):
    with pytest.raises(ValueError, match="changes"):
        landscape_study({**named, "changes": {"seed": 1}}, sources)


@pytest.mark.parametrize("paired", [True, False])
def test_the_table_is_that_of_the_study(named, sources, stored, paired):
    rows = landscape_tests({**named, "degree": 0, "paired": paired, "permutations": 200, "seed": 0}, sources)[
        "rows"
    ]
    tests, adjusted = table(stored, paired=paired)
    for row, test, p in zip(rows, tests, adjusted, strict=True):
        assert row["p"] == (test.test.p_value if test.test else None)
        assert row["holm"] == (None if np.isnan(p) else p)
        if test.test:
            assert row["counts"].sum() == len(test.test.null) == row["permutations"]


def test_the_input_in_3d_is_the_data_turned(named, sources, stored):
    found = landscape_points({"place": {**named, "network": 0, "moment": 0}, "layers": [0, 1]}, sources)
    flat, hidden = found["scenes"]
    assert flat["explained"][:2].sum() == pytest.approx(1)
    assert np.abs(flat["points"][:, 2]).max() < 1e-6
    assert hidden["width"] == 5
    assert found["batch"] == stored.batch_sizes[0] < found["total"] == len(found["labels"])


def test_the_longest_bar_of_the_input_goes_around_a_disk(named, settings, sources):
    with sources.store.open(named["study"]) as reader:
        birth, death = input_diagram_of(reader.artifact("input").arrays)[0]
    place = {**named, "network": 0, "moment": 0}
    asked = {"place": place, "layer": 0, "birth": float(birth), "death": float(death), "tie": 0}
    cycle = landscape_cycle(asked, sources)["cycle"]
    assert len(cycle) >= 4
    assert np.linalg.norm(cycle - np.roll(cycle, -1, axis=0), axis=1).max() < np.ptp(cycle, axis=0).max()


def test_the_band_is_around_the_mean_of_the_study(named, sources, stored):
    band = landscape_band({**named, "moment": 0, "layer": 1, "degree": 0, "functions": 3}, sources)
    np.testing.assert_allclose(band["mean"], stored.mean_landscapes[0, 1, 0, :3], atol=1e-6)
    assert (band["low"] <= band["high"]).all()
    assert band["networks"] == 3


def test_what_was_measured_anew_is_measured_once_for_all_that_is_asked_of_it(named, sources, monkeypatch):
    units = import_module("topodash.studies.activation_landscapes.units")
    measured, measure = [], units.measure_network
    monkeypatch.setattr(units, "measure_network", lambda *a: measured.append(a) or measure(*a))
    anew = {**named, "changes": {"class_name": "disks", "networks": 2}}
    study = LandscapeStudy.from_arrays(*_config_and_arrays(sources.answer("landscape_study", anew)))
    assert len(measured) == 2
    band = landscape_band({**anew, "moment": 0, "layer": 1, "degree": 0, "functions": 3}, sources)
    np.testing.assert_allclose(band["mean"], study.mean_landscapes[0, 1, 0, :3], atol=1e-6)
    landscape_tests({**anew, "degree": 0, "paired": True, "permutations": 200, "seed": 0}, sources)
    assert len(measured) == 2


def _config_and_arrays(answer):
    return LandscapeConfig.from_json(answer["config"]), answer["arrays"]
