"""M(c1, c2, dense): the layers against plain sums, the training against torch's own layers."""

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from scipy.signal import correlate2d
from small_cnn import SMALL, images
from torch.nn import functional

from topodash.networks import CNNConfig, CNNTraining, train_cnn
from topodash.networks.cnn_training import PARAMETERS, convolutions, initial_parameters


def torch_upper(p, pooled, mask=None):
    hidden = torch.relu(functional.linear(pooled.flatten(1), p["W3"], p["b3"]))
    return functional.linear(hidden if mask is None else hidden * mask, p["W4"], p["b4"])


def torch_forward(p, pictures, mask=None):
    first = functional.max_pool2d(
        torch.relu(functional.conv2d(pictures[:, None], p["W1"], p["b1"], padding=2)), 2
    )
    second = functional.max_pool2d(torch.relu(functional.conv2d(first, p["W2"], p["b2"], padding=2)), 2)
    return torch_upper(p, second, mask)


def correlated(picture, kernel):
    return correlate2d(picture, kernel, mode="same")


def test_the_convolutional_half_is_what_plain_sums_give():
    random = np.random.default_rng(0)
    pictures = random.random((13, 28, 28), dtype=np.float32)
    w1 = random.normal(0, 0.1, (5, 1, 5, 5)).astype(np.float32)
    w2 = random.normal(0, 0.1, (3, 5, 5, 5)).astype(np.float32)
    b1, b2 = (random.normal(0, 0.1, n).astype(np.float32) for n in (5, 3))
    ours = convolutions(*(torch.from_numpy(array) for array in (pictures, w1, b1, w2, b2))).numpy()
    for picture, features in zip(pictures, ours, strict=True):
        maps = np.stack([correlated(picture, kernel) for kernel in w1[:, 0]]) + b1[:, None, None]
        maps = maps.clip(0).reshape(5, 14, 2, 14, 2).max((2, 4))
        second = np.stack(
            [sum(correlated(one, k) for one, k in zip(maps, kernels, strict=True)) for kernels in w2]
        )
        expected = (second + b2[:, None, None]).clip(0).reshape(3, 7, 2, 7, 2).max((2, 4))
        np.testing.assert_allclose(features, expected, atol=1e-5)


def test_products_in_half_the_bits_train_nearly_the_same_network():
    data = images()
    exact, rounded = (CNNTraining(replace(SMALL, precision=name), data) for name in ("float32", "bfloat16"))
    for training in (exact, rounded):
        for _ in range(6):
            training.advance()
    for ours, theirs in zip(rounded.parameters().values(), exact.parameters().values(), strict=True):
        assert ours.dtype == np.float32
        moved = np.linalg.norm(theirs - ours) / np.linalg.norm(theirs)
        assert 0 < moved < 0.05
    with pytest.raises(ValueError, match="precision"):
        CNNTraining(SMALL, data, resume=rounded.state())


def test_training_is_autograd_and_adam_on_torchs_layers():
    data = images()
    training = CNNTraining(SMALL, data)
    p = {name: value.requires_grad_() for name, value in initial_parameters(SMALL).items()}
    adam = torch.optim.Adam(list(p.values()), lr=SMALL.learning_rate)
    for iteration in range(6):
        epoch, place = divmod(iteration, 5)
        order = np.random.default_rng((4, 1, epoch)).permutation(data.train)
        chosen = order[place * 8 : (place + 1) * 8]
        kept = np.random.default_rng((4, 2, iteration)).random((8, 16), dtype=np.float32) >= 0.5
        logits = torch_forward(p, torch.from_numpy(data.images[chosen]), torch.from_numpy(2.0 * kept).float())
        loss = functional.cross_entropy(logits, torch.from_numpy(data.labels[chosen]))
        adam.zero_grad()
        loss.backward()
        adam.step()
        training.advance()
        assert training.train_loss == pytest.approx(loss.item(), rel=1e-4)
    ours = training.parameters()
    for name in PARAMETERS:
        np.testing.assert_allclose(ours[name], p[name].detach().numpy(), atol=2e-4)
    with torch.no_grad():
        logits = torch_forward(p, torch.from_numpy(data.images[data.test]))
    wanted = torch.from_numpy(data.labels[data.test])
    observed = training.observe()
    assert observed.loss == pytest.approx(functional.cross_entropy(logits, wanted).item(), rel=1e-2)
    assert observed.accuracy == pytest.approx((logits.argmax(1) == wanted).double().mean().item(), abs=0.051)


def test_initial_weights_are_a_truncated_normal_and_biases_constant():
    p = initial_parameters(CNNConfig())
    weights = p["W3"].numpy()
    assert abs(weights).max() <= 0.2
    # A standard normal cut at two deviations has deviation 0.8796.
    assert weights.std() == pytest.approx(0.08796, rel=0.01)
    assert (p["b2"] == 0.1).all()
    assert p["W3"].shape == (512, 7 * 7 * 8)


def test_recorded_steps_are_zero_the_chosen_and_the_last():
    steps = list(train_cnn(SMALL, images()))
    assert [step.iteration for step in steps] == [0, 3, 7, 12]
    assert steps[0].filters.shape == (6, 5, 5)
    assert np.isnan(steps[0].train_loss)
    assert np.array_equal(steps[0].filters, initial_parameters(SMALL)["W1"][:, 0].numpy())
    assert not np.array_equal(steps[0].filters, steps[1].filters)


def test_it_learns_bars():
    config = CNNConfig(6, 3, 16, 2, learning_rate=0.01, batch_size=8, iterations=60, record=())
    first, last = list(train_cnn(config, images()))
    assert last.accuracy > max(0.9, first.accuracy)


@pytest.mark.parametrize("cut", [0, 3, 5, 11])
def test_a_training_cut_anywhere_and_resumed_changes_no_bit(cut):
    data = images()
    whole = list(train_cnn(SMALL, data).ticks())
    first = CNNTraining(SMALL, data)
    ticks = first.ticks()
    seen = [next(ticks) for _ in range(cut + 1)]
    assert first.iteration == cut
    tensors, state = first.state()
    state = json.loads(json.dumps(state))
    tensors = {name: value.copy() for name, value in tensors.items()}
    joined = seen + list(CNNTraining(SMALL, data, resume=(tensors, state)).ticks())
    assert len(joined) == len(whole) == 13
    for ours, theirs in zip(joined, whole, strict=True):
        if theirs is None:
            assert ours is None
            continue
        assert np.array_equal(ours.filters, theirs.filters)
        assert np.array_equal(ours.biases, theirs.biases)
        assert (ours.iteration, ours.loss, ours.accuracy) == (theirs.iteration, theirs.loss, theirs.accuracy)


def test_a_new_learning_rate_acts_at_the_next_iteration_and_survives_resuming():
    data = images()
    training = CNNTraining(SMALL, data)
    training.advance()
    before = training.parameters()["W1"]
    training.set_learning_rate(1e-12)
    training.advance()
    np.testing.assert_allclose(training.parameters()["W1"], before, atol=1e-9)
    resumed = CNNTraining(SMALL, data, resume=training.state())
    resumed.advance()
    np.testing.assert_allclose(resumed.parameters()["W1"], before, atol=1e-9)


def test_a_subset_of_the_test_images_is_seeded():
    data = images()
    config = CNNConfig(**{**SMALL.__dict__, "test_images": 5})
    first, second = (CNNTraining(config, data).observe() for _ in range(2))
    assert first.loss == second.loss
    assert (5 * first.accuracy) == pytest.approx(round(5 * first.accuracy))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"c1": 0}, "c1"),
        ({"classes": 1}, "classes"),
        ({"iterations": -1}, "iterations"),
        ({"dropout": 1.0}, "dropout"),
        ({"standard_deviation": 0.0}, "standard_deviation"),
        ({"learning_rate": float("inf")}, "learning_rate"),
        ({"bias": float("nan")}, "bias"),
        ({"record": (5000,)}, "record"),
        ({"record": (-1,)}, "record"),
        ({"seed": True}, "seed"),
        ({"precision": "float16"}, "precision"),
    ],
)
def test_bad_values_are_refused_by_name(change, named):
    with pytest.raises(ValueError, match=named):
        CNNConfig(**change)


def test_images_labels_and_states_that_do_not_fit_are_refused():
    data = images()
    with pytest.raises(ValueError, match="images"):
        CNNTraining(SMALL, SimpleNamespace(**{**vars(data), "images": data.images[:, :20]}))
    with pytest.raises(ValueError, match="labels"):
        CNNTraining(SMALL, SimpleNamespace(**{**vars(data), "labels": data.labels + 1}))
    with pytest.raises(ValueError, match="batch_size"):
        CNNTraining(CNNConfig(classes=2), data)
    with pytest.raises(ValueError, match="test"):
        CNNTraining(SMALL, SimpleNamespace(**{**vars(data), "test": np.array([], dtype=int)}))
    state = CNNTraining(SMALL, data).state()
    with pytest.raises(ValueError, match="dense"):
        CNNTraining(CNNConfig(**{**SMALL.__dict__, "dense": 8}), data, resume=state)
