"""PyTorch state dicts: read as plain tensors, and code in them never runs."""

import os
import pickle

import numpy as np
import pytest
import torch

from topodash.jobs.state_dicts import read_state_dict


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return torch.nn.Sequential(
        torch.nn.Conv2d(3, 6, 5), torch.nn.ReLU(), torch.nn.Conv2d(6, 4, 3), torch.nn.Linear(4, 2)
    )


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_state_dict_gives_its_first_convolution(tmp_path, model, wrapped):
    path = tmp_path / "model.pt"
    torch.save({"state_dict": model.state_dict(), "epoch": 3} if wrapped else model.state_dict(), path)
    found = read_state_dict(path)
    np.testing.assert_allclose(found.filters, model[0].weight.detach().numpy().mean(axis=1), rtol=1e-6)
    np.testing.assert_array_equal(found.biases, model[0].bias.detach().numpy())
    assert read_state_dict(path, "2.weight", "each").filters.shape == (24, 3, 3)


def test_half_precision_is_read(tmp_path, model):
    path = tmp_path / "model.pt"
    torch.save({"w": torch.ones(2, 1, 5, 5, dtype=torch.bfloat16)}, path)
    assert read_state_dict(path).filters.dtype == np.float32


@pytest.mark.parametrize(
    ("value", "words"),
    [(1e200, r"at most 1e\+30 in size; in 'w' 50 of 50 are larger"), (1e-60, "must not all be below")],
)
@pytest.mark.filterwarnings("error")
def test_what_float32_cannot_hold_is_refused_without_a_warning(tmp_path, value, words):
    path = tmp_path / "model.pt"
    torch.save({"w": torch.full((2, 1, 5, 5), value, dtype=torch.float64)}, path)
    with pytest.raises(ValueError, match=words):
        read_state_dict(path)


@pytest.mark.filterwarnings("error")
def test_a_sum_over_channels_does_not_overflow(tmp_path):
    path = tmp_path / "model.pt"
    torch.save({"w": torch.full((2, 3, 5, 5), 3e38)}, path)
    with pytest.raises(ValueError, match="150 of 150 are larger"):
        read_state_dict(path)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("protocol", [2, 4, 5])
def test_a_file_of_any_pickle_protocol_is_read_or_refused_without_a_warning(tmp_path, model, protocol):
    """Protocol 2 is torch's own; of newer ones its unpickler of plain tensors does not know every instruction."""
    path = tmp_path / "model.pt"
    torch.save({"w": torch.ones(2, 1, 5, 5)}, path, pickle_protocol=protocol)
    try:
        assert read_state_dict(path).filters.shape == (2, 5, 5)
    except ValueError as problem:
        assert protocol > 2 and "of another pickle protocol" in str(problem)


class Payload:
    def __init__(self, target):
        self.target = str(target)

    def __reduce__(self):
        return (os.mkdir, (self.target,))


@pytest.mark.parametrize("how", ["torch", "legacy", "pickle"])
def test_a_planted_payload_is_refused_and_does_not_run(tmp_path, how):
    path, planted = tmp_path / "evil.pt", tmp_path / "ran"
    if how == "pickle":
        path.write_bytes(pickle.dumps({"w": Payload(planted)}))
    else:
        torch.save({"w": Payload(planted)}, path, _use_new_zipfile_serialization=how == "torch")
    with pytest.raises(ValueError, match=r"^evil.pt must be"):
        read_state_dict(path)
    assert not planted.exists()


def test_a_whole_pickled_model_is_refused(tmp_path, model):
    path = tmp_path / "model.pt"
    torch.save(model, path)
    with pytest.raises(ValueError, match="refused unexecuted"):
        read_state_dict(path)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04 cut short"])
def test_foreign_files_are_refused(tmp_path, content):
    path = tmp_path / "model.pt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"^model.pt must be"):
        read_state_dict(path)


def test_things_that_are_no_state_dict_are_refused(tmp_path):
    path = tmp_path / "model.pt"
    torch.save(torch.ones(3), path)
    with pytest.raises(ValueError, match="holds a Tensor"):
        read_state_dict(path)
    torch.save({"epoch": 3}, path)
    with pytest.raises(ValueError, match="holds no tensors"):
        read_state_dict(path)
    torch.save({"w": torch.full((2, 1, 5, 5), float("nan"))}, path)
    with pytest.raises(ValueError, match="must be finite"):
        read_state_dict(path)
