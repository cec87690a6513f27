"""Banks: the finished is never trained again, the cut goes on bit for bit, the packed is what was trained."""

import json

import filelock
import numpy as np
import pytest
from small_cnn import SMALL, images

from topodash.networks import banks
from topodash.networks.cnn import CNNConfig
from topodash.networks.cnn_training import CNNTraining

TOY = banks.Bank("circles_squares", CNNConfig(**{**SMALL.__dict__, "seed": 0}), 3, "a toy")


@pytest.fixture
def toy(monkeypatch):
    monkeypatch.setitem(banks.BANKS, "toy", TOY)
    monkeypatch.setattr(banks, "load_images", lambda name: images())


def arrays(path):
    with np.load(path, allow_pickle=False) as file:
        return dict(file)


def test_a_network_killed_after_a_checkpoint_ends_as_if_it_had_not_been(toy, tmp_path, monkeypatch):
    whole = arrays(banks.train_network(TOY, 1, tmp_path / "whole"))
    monkeypatch.setattr(banks, "_CHECKPOINT_SECONDS", 0.0)

    def killed(self):
        if self.iteration == 9:
            raise KeyboardInterrupt
        advance(self)

    advance = CNNTraining.advance
    monkeypatch.setattr(CNNTraining, "advance", killed)
    with pytest.raises(KeyboardInterrupt):
        banks.train_network(TOY, 1, tmp_path / "cut")
    monkeypatch.setattr(CNNTraining, "advance", advance)
    assert not (tmp_path / "cut" / "net_0001.npz").exists()
    cut = arrays(banks.train_network(TOY, 1, tmp_path / "cut"))
    assert cut["iterations"].tolist() == [0, 3, 7, 12]
    for name in ("filters", "biases", "accuracy", "loss", "train_loss"):
        np.testing.assert_array_equal(cut[name], whole[name])
    assert [path.suffix for path in sorted((tmp_path / "cut").iterdir())] == [".lock", ".npz"]


def test_a_finished_network_is_not_trained_again(toy, tmp_path, monkeypatch):
    path = banks.train_network(TOY, 0, tmp_path)
    monkeypatch.setattr(CNNTraining, "__init__", None)
    assert banks.train_network(TOY, 0, tmp_path) == path


def test_a_network_that_another_process_trains_is_refused(toy, tmp_path):
    with filelock.FileLock(tmp_path / "net_0000.lock"), pytest.raises(filelock.Timeout):
        banks.train_network(TOY, 0, tmp_path)


def test_a_packed_bank_holds_what_was_trained_and_says_how(toy, tmp_path):
    for number in (0, 2):
        banks.train_network(TOY, number, tmp_path / "work")
    assert banks.pack("toy", TOY, tmp_path / "work", tmp_path / "packed") == 2
    packed = arrays(tmp_path / "packed" / "toy.npz")
    assert packed["filters"].shape == (2, 4, 6, 5, 5)
    assert packed["filters"].dtype == np.float32
    assert packed["biases"].shape == (2, 4, 6)
    assert packed["seeds"].tolist() == [0, 2]
    assert packed["iterations"].tolist() == [0, 3, 7, 12]
    direct = list(CNNTraining(CNNConfig(**{**SMALL.__dict__, "seed": 2}), images()))
    np.testing.assert_array_equal(packed["filters"][1, -1], direct[-1].filters)
    assert packed["accuracy"][1, -1] == direct[-1].accuracy
    said = json.loads((tmp_path / "packed" / "toy.json").read_text())
    assert (said["networks"], said["networks_wanted"]) == (2, 3)
    assert said["each"][1]["seed"] == 2
    assert said["each"][1]["accuracy"] == pytest.approx(packed["accuracy"][1].tolist(), abs=1e-6)
    assert said["each"][0]["versions"]["torch"]
    assert said["command"].endswith("--bank toy --count 3")


def test_networks_of_another_configuration_are_not_packed(toy, tmp_path):
    banks.train_network(TOY, 0, tmp_path)
    other = CNNConfig(**{**SMALL.__dict__, "learning_rate": 0.5})
    with pytest.raises(ValueError, match="another configuration"):
        banks.pack("toy", banks.Bank("circles_squares", other, 3, "a toy"), tmp_path, tmp_path)


def test_a_packed_bank_grows_on_another_machine_and_keeps_what_it_had(toy, tmp_path):
    for number in (0, 2):
        banks.train_network(TOY, number, tmp_path / "first")
    banks.pack("toy", TOY, tmp_path / "first", tmp_path / "packed")
    before = arrays(tmp_path / "packed" / "toy.npz")
    each = json.loads((tmp_path / "packed" / "toy.json").read_text())["each"]
    assert banks.unpack("toy", tmp_path / "packed", tmp_path / "second") == 2
    assert banks.unpack("toy", tmp_path / "packed", tmp_path / "second") == 0
    banks.train_network(TOY, 1, tmp_path / "second", "bfloat16")
    assert banks.pack("toy", TOY, tmp_path / "second", tmp_path / "packed") == 3
    after = arrays(tmp_path / "packed" / "toy.npz")
    for name in ("filters", "biases", "accuracy", "loss"):
        np.testing.assert_array_equal(after[name][[0, 2]], before[name])
    said = json.loads((tmp_path / "packed" / "toy.json").read_text())["each"]
    assert [said[0], said[2]] == each
    assert [one["precision"] for one in said] == ["float32", "bfloat16", "float32"]


def test_the_command_packs_nothing_when_nothing_is_finished(toy, tmp_path):
    command = ["--bank", "toy", "--work", str(tmp_path), "--target", str(tmp_path / "packed"), "--pack-only"]
    assert banks.main(command) == 0
    assert not (tmp_path / "packed").exists()


def test_the_command_trains_one_network(toy, tmp_path):
    assert banks.main(["--bank", "toy", "--work", str(tmp_path), "--network", "1"]) == 0
    assert (tmp_path / "toy" / "net_0001.npz").exists()


@pytest.mark.parametrize(
    "wrong", [["--count", "-1"], ["--count", "0"], ["--network", "-1"], ["--bank", "none"]]
)
def test_the_command_refuses_bad_arguments(toy, tmp_path, wrong):
    with pytest.raises(SystemExit):
        banks.main(["--bank", "toy", "--work", str(tmp_path), *wrong])
