"""What holds for every data set, whichever it is."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topodash.datasets import betti, describe, load, load_images, load_points, names, parameters
from topodash.datasets.seeded import shares_to_counts, split

SMALL = {
    "mnist": {"train_images": 300, "test_images": 100},
    "circles_squares": {"train_images": 60, "test_images": 20},
}


def small(name, seed=0, **more):
    return load(name, seed=seed, **{**SMALL.get(name, {}), **more})


def array(data):
    return data.points if hasattr(data, "points") else data.images


def test_the_nine_names_of_the_design():
    expected = "single_annulus double_annulus nine_disks moons spirals xor blobs mnist circles_squares"
    assert names() == tuple(expected.split())
    assert names("points") + names("images") == names()
    with pytest.raises(ValueError, match="kind"):
        names("sounds")


@pytest.mark.parametrize("name", names())
class TestEvery:
    def test_types_and_shapes(self, name):
        data = small(name)
        values = array(data)
        assert values.dtype == np.float32
        assert np.isfinite(values).all()
        assert data.labels.dtype == np.int64
        assert data.labels.shape == (len(values),)
        assert set(np.unique(data.labels)) == set(range(len(data.class_names)))
        assert data.name == name
        if values.ndim == 3:
            assert values.min() >= 0
            assert values.max() <= 1

    def test_train_and_test_share_out_all_points(self, name):
        data = small(name)
        assert data.train.dtype == data.test.dtype == np.int64
        both = np.concatenate([data.train, data.test])
        assert np.array_equal(np.sort(both), np.arange(len(data.labels)))
        assert np.all(np.diff(data.train) > 0)
        assert np.all(np.diff(data.test) > 0)
        for part in (data.train, data.test):
            assert set(data.labels[part]) == set(range(len(data.class_names)))

    def test_same_seed_same_data_whatever_came_before(self, name):
        first = small(name, seed=3)
        small(name, seed=4)
        np.random.default_rng().random(5)
        second = small(name, seed=3)
        for field in ("labels", "train", "test"):
            assert np.array_equal(getattr(first, field), getattr(second, field))
        assert np.array_equal(array(first), array(second))
        other = small(name, seed=4)
        assert not (np.array_equal(array(first), array(other)) and np.array_equal(first.train, other.train))

    def test_its_own_record_gives_it_again_after_json(self, name):
        data = small(name, seed=5)
        record = json.loads(json.dumps({"parameters": dict(data.parameters), "seed": data.seed}))
        again = load(name, seed=record["seed"], **record["parameters"])
        assert np.array_equal(array(data), array(again))
        assert again.parameters == data.parameters

    def test_parameters_are_described_and_complete(self, name):
        declared = parameters(name)
        assert {each.name for each in declared} == set(small(name).parameters)
        for each in declared:
            assert each.help.endswith(".")
            assert each.check(each.default) == each.default
            json.dumps(each.default)

    def test_unknown_and_bad_parameters_are_refused_by_name(self, name):
        with pytest.raises(ValueError, match=r"no parameter 'colour'"):
            load(name, colour=3)
        for each in parameters(name):
            for bad in (None, "many", float("nan"), [], {}, 10**9, -(10**9)):
                with pytest.raises(ValueError, match=each.name):
                    load(name, **{each.name: bad})

    def test_arrays_are_read_only(self, name):
        data = small(name)
        with pytest.raises(ValueError, match="read-only"):
            array(data)[0] = 0
        with pytest.raises(ValueError, match="read-only"):
            data.labels[0] = 0

    def test_betti_is_that_of_the_data(self, name):
        data = small(name)
        assert betti(name) == getattr(data, "betti", None)


@pytest.mark.parametrize("seed", [-1, 1.5, "0", None, True])
def test_bad_seeds_are_refused(seed):
    with pytest.raises(ValueError, match="seed must be"):
        load("moons", seed=seed)


@pytest.mark.parametrize("name", ["", "Moons", None, 3, ["moons"]])
def test_unknown_data_sets_are_refused(name):
    with pytest.raises(ValueError, match="name must be one of single_annulus"):
        load(name)


def test_load_points_and_load_images_refuse_the_other_kind():
    assert load_points("moons").points.shape == (1000, 2)
    assert load_images("circles_squares", train_images=2, test_images=0).images.shape == (2, 28, 28)
    with pytest.raises(ValueError, match="data set of points"):
        load_points("mnist")
    with pytest.raises(ValueError, match="data set of images"):
        load_images("moons")


@pytest.mark.parametrize("name", names("points"))
def test_held_out_share_moves_no_point(name):
    none, some = load(name, held_out=0), load(name, held_out=0.5)
    assert np.array_equal(none.points, some.points)
    assert len(none.test) == 0
    assert len(some.test) == round(0.5 * len(some.points))
    assert len(load(name).test) == round(0.2 * len(some.points))
    assert describe(name).kind == "points"


@given(
    labels=st.lists(st.integers(0, 5), min_size=1, max_size=80),
    held_out=st.floats(0, 0.9),
    seed=st.integers(0, 10),
)
@settings(max_examples=150, deadline=None)
def test_the_split_is_fair(labels, held_out, seed):
    labels = np.array(labels, dtype=np.int64)
    train, test = split(labels, held_out, seed, "any")
    assert np.array_equal(np.sort(np.concatenate([train, test])), np.arange(len(labels)))
    assert set(labels[train]) == set(labels), "every class is trained on"
    classes, sizes = np.unique(labels, return_counts=True)
    wanted = round(len(labels) * held_out)
    assert len(test) <= wanted
    if sizes.min() >= 12:  # no class is so small that it limits the split
        assert len(test) == wanted
        held = np.array([np.sum(labels[test] == each) for each in classes])
        assert np.all(np.abs(held - held_out * sizes) <= 1.5)


@given(total=st.integers(0, 10_000), shares=st.lists(st.floats(0.01, 100), min_size=1, max_size=10))
@settings(max_examples=100, deadline=None)
def test_counts_follow_shares(total, shares):
    shares = np.array(shares)
    counts = shares_to_counts(total, shares)
    assert counts.sum() == total
    assert np.all(np.abs(counts - total * shares / shares.sum()) < 1 + 1e-6)
