"""Many networks at once are the networks one by one."""

import json

import numpy as np
import pytest
import torch
from torch import nn

from topodash.networks import EnsembleConfig, EnsembleTraining, train_ensemble
from topodash.networks.activations import activations


def disk(n=300, seed=0):
    rng = np.random.default_rng(seed)
    points = rng.uniform(-1, 1, (n, 2)).astype(np.float32)
    return points, (np.hypot(*points.T) < 0.7).astype(np.int64)


SMALL = EnsembleConfig(
    networks=5,
    group_size=3,
    hidden=(8, 6),
    learning_rate=0.02,
    batch_size=32,
    iterations=60,
    check_every=10,
    decay_iterations=40,
    thresholds=(0.3, 0.6, 0.8, 0.999),
)


def torch_net(weights):
    layers = []
    count = len(weights) // 2
    for number in range(1, count + 1):
        out, into = weights[f"W{number}"].shape
        layer = nn.Linear(into, out)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(weights[f"W{number}"]))
            layer.bias.copy_(torch.from_numpy(weights[f"b{number}"]))
        layers += [layer, nn.ReLU()] if number < count else [layer]
    return nn.Sequential(*layers)


def test_batched_training_is_one_by_one_training_with_autograd():
    points, labels = disk()
    training = EnsembleTraining(SMALL, points, labels)
    nets = [torch_net(training.weights(position)) for position in range(3)]
    adams = [torch.optim.Adam(net.parameters(), lr=SMALL.learning_rate) for net in nets]
    splits = training._splits
    per_epoch = splits.shape[1] // SMALL.batch_size
    for iteration in range(20):
        epoch, place = divmod(iteration, per_epoch)
        for position, (net, adam) in enumerate(zip(nets, adams, strict=True)):
            order = np.random.default_rng((0, 1, position, epoch)).permutation(splits[position])
            chosen = torch.from_numpy(order[place * 32 : (place + 1) * 32])
            adam.param_groups[0]["lr"] = SMALL.learning_rate * SMALL.decay ** (
                iteration / SMALL.decay_iterations
            )
            adam.zero_grad()
            logits = net(torch.from_numpy(points)[chosen])
            nn.functional.cross_entropy(logits, torch.from_numpy(labels)[chosen]).backward()
            adam.step()
        training.advance()
    accuracies = training.accuracies()
    for position, net in enumerate(nets):
        ours = training.weights(position)
        for number, layer in enumerate(net[::2], start=1):
            np.testing.assert_allclose(ours[f"W{number}"], layer.weight.detach().numpy(), atol=2e-5)
            np.testing.assert_allclose(ours[f"b{number}"], layer.bias.detach().numpy(), atol=2e-5)
        split = training.training_split(position)
        with torch.no_grad():
            guess = net(torch.from_numpy(points[split])).argmax(1).numpy()
        assert accuracies[position] == pytest.approx((guess == labels[split]).mean(), abs=0.005)


def test_networks_differ_in_initialisation_and_split():
    training = EnsembleTraining(SMALL, *disk())
    assert not np.array_equal(training.weights(0)["W1"], training.weights(1)["W1"])
    splits = [training.training_split(position) for position in range(3)]
    assert all(len(split) == 240 and len(set(split.tolist())) == 240 for split in splits)
    assert set(splits[0].tolist()) != set(splits[1].tolist())


def snapshots_of(training):
    return [
        (s.network, s.iteration, s.accuracy, s.thresholds, {k: v.tobytes() for k, v in s.weights.items()})
        for check in training
        for s in check.snapshots
    ]


def test_snapshots_are_the_initialisation_and_each_first_crossing():
    config = EnsembleConfig(
        **{**SMALL.__dict__, "iterations": 400, "thresholds": (0.3, 0.6, 0.601, 0.8, 0.999)}
    )
    points, labels = disk()
    checks = list(train_ensemble(config, points, labels, group=1))
    assert config.members(1) == range(3, 5)
    for position, network in enumerate(config.members(1)):
        mine = [s for check in checks for s in check.snapshots if s.network == network]
        assert mine[0].iteration == 0
        crossed = [t for s in mine for t in s.thresholds]
        assert crossed == sorted(set(crossed))
        for snapshot in mine:
            before = [c.accuracy[position] for c in checks if c.iteration < snapshot.iteration]
            assert all(max(before, default=0) < t <= snapshot.accuracy for t in snapshot.thresholds)
        best = max(c.accuracy[position] for c in checks)
        assert crossed == [t for t in config.thresholds if t <= best]
    assert any(len(s.thresholds) > 1 for check in checks for s in check.snapshots)


def test_a_group_ends_when_all_its_networks_have_crossed_the_highest_threshold():
    config = EnsembleConfig(**{**SMALL.__dict__, "thresholds": (0.2,), "iterations": 60})
    checks = list(train_ensemble(config, *disk()))
    assert checks[-1].iteration < 60


@pytest.mark.parametrize("cut", [1, 3, 4])
def test_a_group_cut_at_a_check_and_resumed_changes_no_bit(cut):
    points, labels = disk()
    whole = snapshots_of(train_ensemble(SMALL, points, labels, group=1))
    first = train_ensemble(SMALL, points, labels, group=1)
    iterator = iter(first)
    seen = [next(iterator) for _ in range(cut)]
    tensors, state = first.state()
    second = train_ensemble(SMALL, points, labels, group=1, resume=(tensors, json.loads(json.dumps(state))))
    assert snapshots_of(seen) + snapshots_of(second) == whole


def test_the_same_seed_gives_the_same_bits_and_another_does_not():
    points, labels = disk()
    again = [snapshots_of(train_ensemble(SMALL, points, labels)) for _ in range(2)]
    assert again[0] == again[1]
    other = EnsembleConfig(**{**SMALL.__dict__, "seed": 1})
    assert snapshots_of(train_ensemble(other, points, labels)) != again[0]


def test_accuracy_on_drawn_points_is_that_of_those_points():
    points, labels = disk()
    config = EnsembleConfig(**{**SMALL.__dict__, "check_points": 50})
    training = EnsembleTraining(config, points, labels)
    for position, accuracy in enumerate(training.accuracies()):
        chosen = training._splits[position][:50]
        logits = activations(training.weights(position), points[chosen])[-1]
        assert accuracy == (logits.argmax(1) == labels[chosen]).mean()


def test_wide_inputs_and_many_classes_train():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, 200)
    points = (np.eye(10)[labels] @ rng.random((10, 784)) + 0.1 * rng.random((200, 784))).astype(np.float32)
    points -= points.mean(axis=0)
    config = EnsembleConfig(2, 2, (32, 16, 16), 10, learning_rate=0.003, batch_size=16, iterations=150)
    last = list(train_ensemble(config, points, labels))[-1]
    assert last.accuracy.min() > 0.8


def test_activations_are_torchs_layers():
    training = EnsembleTraining(SMALL, *disk())
    weights = training.weights(1)
    net = torch_net(weights)
    points = disk(40, 3)[0]
    layers = activations(weights, points)
    assert [layer.shape for layer in layers] == [(40, 2), (40, 8), (40, 6), (40, 2)]
    values = torch.from_numpy(points)
    np.testing.assert_array_equal(layers[0], points)
    for number in range(3):
        values = net[2 * number](values)
        if number < 2:
            values = torch.relu(values)
        np.testing.assert_allclose(layers[number + 1], values.detach().numpy(), atol=1e-6)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"networks": 0}, "networks"),
        ({"hidden": ()}, "hidden"),
        ({"thresholds": (0.9, 0.5)}, "thresholds"),
        ({"thresholds": ()}, "thresholds"),
        ({"thresholds": (0.5, 1.5)}, "thresholds"),
        ({"decay": 0.0}, "decay"),
        ({"learning_rate": -1.0}, "learning_rate"),
        ({"train_fraction": 0.0}, "train_fraction"),
        ({"initialisation": "ones"}, "initialisation"),
    ],
)
def test_bad_values_are_refused_by_name(change, named):
    with pytest.raises(ValueError, match=named):
        EnsembleConfig(**change)


def test_data_groups_and_states_that_do_not_fit_are_refused():
    points, labels = disk()
    with pytest.raises(ValueError, match="group"):
        EnsembleTraining(SMALL, points, labels, group=2)
    with pytest.raises(ValueError, match="labels"):
        EnsembleTraining(SMALL, points, labels + 5)
    with pytest.raises(ValueError, match="points"):
        EnsembleTraining(SMALL, points * np.nan, labels)
    state = EnsembleTraining(SMALL, points, labels).state()
    with pytest.raises(ValueError, match="resume"):
        EnsembleTraining(SMALL, points, labels, group=1, resume=state)
    with pytest.raises(ValueError, match="points"):
        activations(EnsembleTraining(SMALL, points, labels).weights(0), np.zeros((3, 5)))
    with pytest.raises(ValueError, match="weights"):
        activations({"W1": np.zeros((2, 2))}, points)
