"""The studies that ship, at full scale: what the paper found must come out of them, and what they say they are they are."""

import numpy as np
import pytest

from topodash.resources import resource_dir
from topodash.runs import RunStore
from topodash.studies.activation_landscapes import (
    DISKS,
    MNIST,
    LandscapeConfig,
    LandscapeStudy,
    Reason,
    diagram_of,
    input_diagram_of,
    table,
)
from topodash.topology import landscape, landscape_norm

RUNS = {"782a30c8e52d2fac": DISKS, "616bcb3bce66ab37": MNIST}


def opened(run):
    return RunStore(resource_dir("data") / "runs").open(run)


def study_of(run):
    with opened(run) as reader:
        config = {name: value for name, value in reader.meta.config.items() if name != "workers"}
        return LandscapeStudy.from_arrays(LandscapeConfig.from_json(config), reader.artifact("study").arrays)


@pytest.fixture(scope="module")
def disks():
    return study_of("782a30c8e52d2fac")


@pytest.fixture(scope="module")
def mnist():
    return study_of("616bcb3bce66ab37")


@pytest.mark.parametrize(("run", "preset"), RUNS.items())
def test_a_shipped_study_is_the_finished_preset_and_says_how_it_was_made(run, preset):
    with opened(run) as reader:
        assert reader.status.state == "finished"
        assert reader.meta.provenance["command"].startswith("topodash landscapes")
        assert {"torch", "numpy", "gudhi", "topodash"} <= set(reader.meta.provenance["versions"])
        assert sum(each.name.startswith("network/") for each in reader.artifacts()) == preset.networks
    config = study_of(run).config
    assert (config.networks, config.hidden, config.thresholds, config.homology, config.degrees, config.batches) == (
        preset.networks, preset.hidden, preset.thresholds, preset.homology, preset.degrees, preset.batches,
    )  # fmt: skip
    assert (resource_dir("data") / "runs" / f"{run}.run").stat().st_size < 25 * 2**20


@pytest.mark.parametrize("run", RUNS)
def test_norms_and_averages_are_those_of_the_stored_bars(run):
    study = study_of(run)
    config, last = study.config, len(study.config.snapshots) - 1
    layer = len(config.layers) - 2
    with opened(run) as reader:
        parts = [reader.artifact(f"network/{number}").arrays for number in range(config.networks)]
    reached = [number for number in range(config.networks) if study.steps[number, last] >= 0]
    mean = np.zeros_like(study.mean_landscapes[last, layer, 0], dtype=float)
    for number in reached:
        norms = []
        for batch in range(config.batches):
            bars = diagram_of(parts[number], last, layer, batch=batch)
            norms.append(landscape_norm(bars))
            mean += landscape(bars, config.grid, config.depth) / (config.batches * len(reached))
        # Of the kept bars only, which leave out what is short.
        assert np.mean(norms) == pytest.approx(study.norms[number, last, layer, 0], rel=2e-2)
    np.testing.assert_allclose(study.mean_landscapes[last, layer, 0], mean, atol=1e-6)


def test_nine_bars_stand_out_in_the_input_layer_of_the_disks(disks):
    with opened("782a30c8e52d2fac") as reader:
        bars = input_diagram_of(reader.artifact("input").arrays)
    lengths = np.sort(bars[:, 1] - bars[:, 0])[::-1]
    assert lengths[8] >= 3 * lengths[9]
    assert len(disks.config.layers) == 12 and len(disks.config.snapshots) >= 7


def test_nearly_all_disk_networks_reach_the_highest_threshold_and_the_others_are_left_out(disks):
    reached = disks.steps[:, -1] >= 0
    assert reached.sum() >= 95
    assert (disks.networks_used[-1] == reached.sum()).all()
    assert (disks.reason[~reached, -1] == Reason.NOT_REACHED).all()


def test_norms_of_trained_disk_networks_are_not_monotone_in_depth(disks):
    relu = disks.mean_norm[-1, 1:-1, 0]
    assert (np.diff(relu) > 0.02 * relu.max()).any()


def test_norms_of_disk_networks_rise_over_the_thresholds_above_the_majority_share(disks):
    first = 1 + next(k for k, t in enumerate(disks.config.thresholds) if t > disks.majority_share)
    assert (disks.mean_norm[-1, 1:-1, 0] > disks.mean_norm[first, 1:-1, 0]).all()


def test_all_mnist_networks_reach_all_thresholds(mnist):
    assert mnist.config.networks >= 20 and len(mnist.config.thresholds) >= 4 and len(mnist.batch_sizes) == 3
    assert (mnist.steps >= 0).all() and (mnist.reason == Reason.FINE).all()
    assert (mnist.accuracy[:, 1:] >= np.array(mnist.config.thresholds)).all()
    assert (mnist.test_accuracy[:, -1] > 0.95).all()


def test_the_last_relu_layers_of_mnist_exceed_their_own_beginning_in_every_network(mnist):
    last = mnist.norms[:, -1, -3:-1, 0]
    assert (last > mnist.norms[:, 0, -3:-1, 0]).all()
    assert np.isfinite(
        mnist.norms[:, 0, [0, -1], 0]
    ).all()  # the input and the untrained logits stand beside them


def test_the_thresholds_of_mnist_differ_in_table_one(mnist):
    tests, adjusted = table(mnist)
    assert len(tests) == 15
    assert np.nanmax(adjusted) < 0.01
    assert all(test.test.paired for test in tests)
