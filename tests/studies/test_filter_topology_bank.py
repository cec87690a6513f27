"""Banks and uploads: what is read is what was written, and what is broken says so."""

import json
import pickle
import zipfile

import numpy as np
import pytest
import safetensors.numpy

from topodash.studies.filter_topology_bank import BankError, load_bank
from topodash.studies.filter_topology_upload import conv_layers, read_filters


@pytest.fixture
def bank(tmp_path):
    rng = np.random.default_rng(0)
    arrays = {
        "filters": rng.normal(size=(2, 3, 4, 5, 5)).astype(np.float32),
        "biases": rng.normal(size=(2, 3, 4)).astype(np.float32),
        "iterations": np.array([0, 40, 2000]),
        "seeds": np.array([11, 12]),
        "accuracy": rng.random((2, 3)),
        "loss": rng.random((2, 3)),
    }
    path = tmp_path / "tiny.npz"
    np.savez(path, **arrays)
    path.with_suffix(".json").write_text(json.dumps({"about": "a tiny bank"}), encoding="utf-8")
    return path, arrays


def test_a_bank_gives_its_filters_by_iteration(bank):
    path, arrays = bank
    loaded = load_bank(path)
    assert (loaded.name, loaded.about) == ("tiny", "a tiny bank")
    at = loaded.at(40)
    np.testing.assert_array_equal(at.filters, arrays["filters"][:, 1].reshape(8, 5, 5))
    np.testing.assert_array_equal(at.biases, arrays["biases"][:, 1].ravel())
    assert at.networks.tolist() == [11] * 4 + [12] * 4
    assert at.channels.tolist() == [0, 1, 2, 3] * 2
    assert (len(at), at.size, at.flat.shape) == (8, 5, (8, 25))
    np.testing.assert_array_equal(loaded.at().filters, loaded.at(2000).filters)
    np.testing.assert_array_equal(loaded.history(12, 2), arrays["filters"][1, :, 2])
    with pytest.raises(ValueError, match=r"iteration must be one of \[0, 40, 2000\]; it was 41"):
        loaded.at(41)
    with pytest.raises(ValueError, match="seed must be"):
        loaded.history(1, 0)
    with pytest.raises(ValueError, match="channel must be"):
        loaded.history(11, 4)


def test_a_missing_bank_is_said():
    with pytest.raises(BankError, match="it was 'no_such_bank'"):
        load_bank("no_such_bank")


def test_every_kind_of_damage_is_a_clear_error(bank):
    path, _ = bank
    whole = path.read_bytes()
    rng = np.random.default_rng(1)
    for cut in (0, 10, len(whole) // 2, len(whole) - 5):
        path.write_bytes(whole[:cut])
        with pytest.raises(BankError, match="damaged or no bank"):
            load_bank(path)
    caught = 0
    for _ in range(40):
        damaged = bytearray(whole)
        at = int(rng.integers(len(whole)))
        damaged[at] ^= 0xFF
        path.write_bytes(damaged)
        try:
            load_bank(path)
        except BankError:
            caught += 1
    assert caught > 20  # zip checks its members; what it does not catch changes no filter (names, dates)


@pytest.mark.parametrize(
    "key, value, message",
    [
        ("filters", np.zeros((2, 3, 4, 5, 6)), "must hold filters"),
        ("biases", np.zeros((2, 3)), r"biases of shape \(2, 3, 4\)"),
        ("iterations", np.array([0, 40, 40]), "ascending iterations"),
        ("filters", np.full((2, 3, 4, 5, 5), np.nan), "finite filters; network 0, iteration 0, filter 0"),
        ("seeds", np.array([{}, {}], dtype=object), "damaged or no bank"),
    ],
)
def test_wrong_contents_are_named(bank, key, value, message):
    path, arrays = bank
    np.savez(path, **{**arrays, key: value}, allow_pickle=True)
    with pytest.raises(BankError, match=message):
        load_bank(path)


def test_damaged_provenance_is_named(bank):
    path, _ = bank
    path.with_suffix(".json").write_text("{", encoding="utf-8")
    with pytest.raises(BankError, match=r"provenance tiny.json is missing or damaged"):
        load_bank(path)
    path.with_suffix(".json").write_text("[]", encoding="utf-8")
    with pytest.raises(BankError, match="must be a JSON object"):
        load_bank(path)
    path.with_suffix(".json").unlink()
    with pytest.raises(BankError, match="missing or damaged"):
        load_bank(path)


@pytest.fixture
def weights():
    rng = np.random.default_rng(2)
    return {
        "fc.weight": rng.normal(size=(10, 20)).astype(np.float32),
        "conv1.weight": rng.normal(size=(6, 3, 5, 5)).astype(np.float32),
        "conv1.bias": rng.normal(size=6).astype(np.float32),
        "conv2.weight": rng.normal(size=(4, 6, 3, 3)).astype(np.float32),
    }


@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
def test_uploads_of_both_kinds(tmp_path, weights, suffix):
    path = tmp_path / f"w{suffix}"
    if suffix == ".npz":
        np.savez(path, **weights)
    else:
        safetensors.numpy.save_file(weights, path)
    mean = read_filters(path)
    np.testing.assert_allclose(mean.filters, weights["conv1.weight"].mean(axis=1))
    np.testing.assert_array_equal(mean.biases, weights["conv1.bias"])
    assert "conv1.weight, 3 channels averaged" in mean.source
    each = read_filters(path, layer="conv2.weight", channels="each")
    np.testing.assert_array_equal(each.filters, weights["conv2.weight"].reshape(24, 3, 3))
    assert not each.biases.any()


def test_the_layers_that_can_be_chosen(weights):
    assert conv_layers(weights) == ("conv1.weight", "conv2.weight")


@pytest.mark.parametrize(
    "arrays, message",
    [
        ({"fc": np.zeros((3, 4), np.float32)}, "must hold a convolution"),
        ({"c": np.zeros((3, 2, 1, 1), np.float32)}, "1 x 1 .*no Klein bottle"),
        ({"c": np.zeros((3, 2, 12, 12), np.float32)}, "they were 12 x 12"),
        ({"c": np.zeros((3, 2, 3, 5), np.float32)}, "kernels must be square, they were 3 x 5"),
        ({"c": np.zeros((3, 2, 5, 5), np.int64)}, "floating-point"),
        (
            {"c": np.full((3, 2, 5, 5), np.nan, np.float32)},
            r"weights of w.npz must be finite; in 'c' .* the first at \[0, 0, 0, 0\]",
        ),
        ({}, "holds no arrays"),
    ],
)
def test_what_is_no_convolution_is_refused_with_its_reason(tmp_path, arrays, message):
    path = tmp_path / "w.npz"
    np.savez(path, **arrays)
    with pytest.raises(ValueError, match=message):
        read_filters(path)


def test_eleven_by_eleven_is_taken(tmp_path):
    path = tmp_path / "w.npz"
    np.savez(path, c=np.ones((2, 1, 11, 11), np.float32))
    assert read_filters(path).size == 11


def test_a_chosen_layer_must_exist_and_fit(tmp_path, weights):
    path = tmp_path / "w.npz"
    np.savez(path, **weights)
    with pytest.raises(ValueError, match=r"layer must be one of fc.weight, conv1.weight"):
        read_filters(path, layer="conv9")
    with pytest.raises(ValueError, match=r"layer 'fc.weight' cannot be used"):
        read_filters(path, layer="fc.weight")
    with pytest.raises(ValueError, match="channels must be"):
        read_filters(path, channels="max")


class Payload:
    def __reduce__(self):
        return (pytest.fail, ("the pickled code ran",))


def test_pickled_code_in_an_npz_never_runs(tmp_path):
    path = tmp_path / "evil.npz"
    with zipfile.ZipFile(path, "w") as archive, archive.open("c.npy", "w") as member:
        np.lib.format.write_array(member, np.array([Payload()], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match="plain arrays"):
        read_filters(path)
    path.write_bytes(pickle.dumps(Payload()))
    with pytest.raises(ValueError, match="plain arrays"):
        read_filters(path)


def test_files_of_other_kinds_are_refused(tmp_path):
    for name, content in (("a.safetensors", b"not one"), ("a.npz", b"not one"), ("a.h5", b"")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ValueError, match=r"a\.\w+ must|path must"):
            read_filters(tmp_path / name)
    np.save(tmp_path / "bare.npy", np.zeros(3))
    (tmp_path / "bare.npy").rename(tmp_path / "bare.npz")
    with pytest.raises(ValueError, match="bare array"):
        read_filters(tmp_path / "bare.npz")
