"""The whole study at small scale: same numbers whatever the workers, after a stop, and against a plain recomputation."""

import multiprocessing
from dataclasses import replace

import numpy as np
import pytest

from topodash.datasets import load
from topodash.networks.activations import activations
from topodash.studies.activation_landscapes import (
    LandscapeConfig,
    LandscapeStudy,
    Reason,
    combine,
    compare,
    diagram_of,
    input_diagram_of,
    run,
    table,
    units,
)
from topodash.studies.activation_landscapes.units import measure_network, study_data
from topodash.topology import (
    landscape,
    landscape_inner,
    landscape_norm,
    local_persistence_diagrams,
    normalise_activations,
    persistence_diagrams,
)

SMALL = LandscapeConfig(
    networks=4,
    group_size=2,
    points=600,
    hidden=(6, 5),
    max_steps=60,
    check_every=10,
    batch_size=64,
    learning_rate=0.01,
    thresholds=(0.5, 0.72, 0.99),
    every=2,
    grid_step=0.01,
    depth=12,
    kept_bars=0,
    kept_weights=4,
    permutations=50,
)


def parts_of(config, **options):
    return {part.name: part.arrays for part in run(config, **options)}


@pytest.fixture(scope="module")
def parts():
    return parts_of(SMALL)


@pytest.fixture(scope="module")
def study(parts):
    return combine(SMALL, parts.__getitem__)


def same(a, b):
    assert a.keys() == b.keys()
    for key in a:
        np.testing.assert_array_equal(a[key], b[key], err_msg=key)


def test_units_come_in_order_with_progress():
    seen = []
    for part in run(replace(SMALL, networks=2)):
        seen.append(part.name)
        assert (part.done, part.total) == (len(seen), 4)
        assert part.seconds_left >= 0
        assert part.message
    assert (
        tuple(seen) == units(replace(SMALL, networks=2)) == ("input", "weights/0", "network/0", "network/1")
    )


def test_two_workers_give_the_same_bits_even_when_one_is_killed_half_way(parts):
    trained = {"weights/0", "weights/1"}
    other, killed = {}, False
    weights = {0: parts["weights/0"], 1: parts["weights/1"]}
    for part in run(SMALL, finished=trained, load_weights=weights.__getitem__, workers=2):
        other[part.name] = part.arrays
        if not killed:
            multiprocessing.active_children()[0].kill()
            killed = True
    assert list(other) == [name for name in parts if name not in trained]
    for name, arrays in other.items():
        same(arrays, parts[name])


def test_a_stopped_study_goes_on_without_repeating_finished_units(parts):
    first = {}
    for part in run(SMALL):
        first[part.name] = part.arrays
        if part.name == "network/1":
            break
    rest = parts_of(SMALL, finished=set(first), load_weights=lambda group: first[f"weights/{group}"])
    assert not set(rest) & set(first)
    for name, arrays in (first | rest).items():
        same(arrays, parts[name])


def test_lost_weights_are_a_clear_error(parts):
    with pytest.raises(ValueError, match="load_weights must be given"):
        parts_of(SMALL, finished={"weights/0", "weights/1"})
    with pytest.raises(ValueError, match="workers must be 1 or more"):
        parts_of(SMALL, workers=0)


@pytest.mark.parametrize("homology", ["ordinary", "local"])
def test_a_diagram_is_that_of_the_layer_recomputed_in_plain_steps(parts, homology):
    config = replace(SMALL, homology=homology, grid_end=2.0)
    data = load("nine_disks", points=600)
    rows = study_data(config).batches[0]
    assert (data.labels[rows] == data.class_names.index("complement")).all()
    group = parts["weights/0"]
    weights = {key: value[1] for key, value in group.items() if key[0] in "Wb"}
    packed = measure_network(config, weights, group["steps"][1])
    sets = activations({key: value[0] for key, value in weights.items()}, data.points[rows])
    for layer in (1, 2, 3):
        if homology == "ordinary":
            bars = persistence_diagrams(normalise_activations(sets[layer]), engine="ripser")[1]
        else:
            bars = local_persistence_diagrams(sets[layer], ends_with_relu=layer < 3, engine="ripser")[1]
        found = diagram_of(packed, 0, layer)
        assert packed["norms"][0, layer - 1, 0, 0] == pytest.approx(landscape_norm(bars), rel=1e-4)
        assert found[0] == pytest.approx(bars[0], rel=1e-4)
        assert landscape_norm(found) == pytest.approx(landscape_norm(bars), rel=1e-4)


def test_averages_norms_and_gram_matrices_agree_with_a_plain_recomputation(parts, study):
    grid, moment, layer = SMALL.grid, 1, 2
    networks = [parts[f"network/{k}"] for k in range(4)]
    used = [k for k in range(4) if networks[k]["steps"][moment] >= 0]
    each = [landscape(diagram_of(networks[k], moment, layer), grid, SMALL.depth) for k in used]
    np.testing.assert_allclose(study.mean_landscapes[moment, layer, 0], np.mean(each, axis=0), atol=1e-7)
    assert study.networks_used[moment, layer] == len(used)
    mean = np.mean(each, axis=0)
    assert study.norm_of_mean[moment, layer, 0] == pytest.approx(
        np.sqrt(landscape_inner(mean, mean, grid)), rel=1e-5
    )
    exact = [landscape_norm(diagram_of(networks[k], moment, layer)) for k in used]
    assert study.mean_norm[moment, layer, 0] == pytest.approx(np.mean(exact), rel=1e-5)
    assert study.sd_norm[moment, layer, 0] == pytest.approx(np.std(exact), rel=1e-4)
    first = landscape(input_diagram_of(parts["input"]), grid, SMALL.depth)

    def stacked(k):
        later = [landscape(diagram_of(networks[k], moment, j), grid, SMALL.depth) for j in (1, 2, 3)]
        return np.concatenate([first, *later])

    a, b = used[0], used[-1]
    assert study.gram[0, a * 4 + moment, b * 4 + moment] == pytest.approx(
        landscape_inner(stacked(a), stacked(b), grid)
    )


def test_stored_arrays_give_the_study_back(study):
    again = LandscapeStudy.from_arrays(SMALL, study.to_arrays())
    for name, values in vars(study).items():
        np.testing.assert_array_equal(getattr(again, name), values) if name != "config" else None
    with pytest.raises(ValueError, match="missing: norms"):
        LandscapeStudy.from_arrays(SMALL, {k: v for k, v in study.to_arrays().items() if k != "norms"})


def test_a_network_that_never_reaches_a_threshold_is_left_out_of_its_average(study):
    assert (study.steps[:, -1] == -1).all()
    assert (study.networks_used[-1] == 0).all()
    assert (study.reason[:, -1] == Reason.NOT_REACHED).all()
    assert np.isnan(study.mean_norm[-1]).all()
    assert np.isnan(study.norm_of_mean[-1]).all()
    assert not study.usable[:, -1].any()
    assert np.isfinite(study.mean_norm[0]).all()


def test_no_p_value_where_moments_share_snapshots_or_were_not_reached(study):
    tests, corrected = table(study)
    assert len(tests) == 6
    for each, p in zip(tests, corrected, strict=True):
        if 3 in (each.a, each.b):
            assert each.test is None and " reached both" in each.why and np.isnan(p)
    alone = study.usable.copy()
    alone[1:, 1] = False
    assert compare(replace(study, usable=alone), 0, 1).why == "1 network reached both"
    steps = study.steps.copy()
    steps[:, 2] = steps[:, 1]
    shared = compare(replace(study, steps=steps), 1, 2)
    assert shared.test is None
    assert shared.shared == shared.why.startswith("4 of 4") * 4


def test_bad_weights_dead_layers_and_balls_without_radius_are_said():
    group = {
        "W1": np.ones((2, 3, 2)), "b1": np.full((2, 3), -9.0),
        "W2": np.ones((2, 2, 3)), "b2": np.zeros((2, 2)),
    }  # fmt: skip
    group = {key: value.astype(np.float32) for key, value in group.items()}
    group["W1"][1] = np.nan
    config = replace(SMALL, hidden=(3,), thresholds=(0.9,))
    ordinary = measure_network(config, group, np.array([0, 5]))
    np.testing.assert_array_equal(ordinary["reason"][:, :, 0], [[0, 0], [Reason.NOT_FINITE] * 2])
    assert (ordinary["norms"][0] == 0).all()
    local = measure_network(replace(config, homology="local"), group, np.array([0, -1]))
    np.testing.assert_array_equal(local["reason"][0, :, 0], [Reason.NO_RADIUS] * 2)
    np.testing.assert_array_equal(local["reason"][1, :, 0], [Reason.NOT_REACHED] * 2)


def test_the_kept_bars_are_the_longest_and_their_share_is_stated(parts):
    group = parts["weights/0"]
    weights = {key: value[0] for key, value in group.items() if key[0] in "Wb"}
    whole = measure_network(SMALL, weights, group["steps"][0])
    cut = measure_network(replace(SMALL, kept_bars=5), weights, group["steps"][0])
    bars = diagram_of(whole, 0, 1)
    np.testing.assert_array_equal(diagram_of(cut, 0, 1), bars[:5])
    assert cut["kept_share"][0, 0, 0, 0] == pytest.approx(
        (landscape_norm(bars[:5]) / landscape_norm(bars)) ** 2, rel=1e-4
    )
    np.testing.assert_array_equal(cut["norms"], whole["norms"])
