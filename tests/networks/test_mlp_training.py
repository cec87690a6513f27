"""Training a small network: torch's autograd is the oracle; cuts, branches and events."""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from topodash.networks import MLPConfig, train
from topodash.networks.initialisation import initial_layers
from topodash.networks.layers import FlatLayers
from topodash.networks.losses import cross_entropies, predicted_classes, probabilities, targets


def cloud(classes=2, n=90, seed=0, dimension=2):
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % classes
    points = rng.standard_normal((n, dimension)) + 1.5 * labels[:, None]
    order = rng.permutation(n)
    return SimpleNamespace(
        points=points.astype(np.float32),
        labels=labels,
        train=np.sort(order[: n - 20]),
        test=np.sort(order[n - 20 :]),
    )


def torch_net(config, inputs=2):
    """The network of the config, built as anyone would after torch.manual_seed."""
    torch.manual_seed(config.seed)
    widths = [inputs, *config.hidden, 1 if config.classes == 2 else config.classes]
    layers = []
    for into, out in pairwise(widths):
        layers += [nn.Linear(into, out), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def torch_loss(config, logits, labels):
    if config.classes == 2:
        return nn.functional.binary_cross_entropy_with_logits(logits[:, 0], labels.to(logits.dtype))
    return nn.functional.cross_entropy(logits, labels)


def torch_optimiser(config, net):
    weights = [p for p in net.parameters() if p.ndim == 2]
    biases = [p for p in net.parameters() if p.ndim == 1]
    groups = [{"params": weights, "weight_decay": config.l2}, {"params": biases, "weight_decay": 0.0}]
    if config.optimiser == "adam":
        return torch.optim.Adam(groups, lr=config.learning_rate)
    return torch.optim.SGD(
        groups, lr=config.learning_rate, momentum=config.momentum if config.optimiser == "momentum" else 0
    )


def same_weights(a, b):
    return a.keys() == b.keys() and all(np.array_equal(a[k], b[k]) for k in a)


def same_epochs(ours, theirs):
    assert [e.step for e in ours] == [e.step for e in theirs]
    for a, b in zip(ours, theirs, strict=True):
        assert (a.loss, a.accuracy, a.test_loss, a.test_accuracy) == (
            b.loss,
            b.accuracy,
            b.test_loss,
            b.test_accuracy,
        )
        assert same_weights(a.weights, b.weights)
        assert a.events == b.events


def test_default_initialisation_is_the_numbers_torch_gives_for_the_seed():
    config = MLPConfig(hidden=(3, 5), seed=11)
    first = next(iter(train(config, cloud())))
    net = torch_net(config)
    for number, layer in enumerate((net[0], net[2], net[4]), start=1):
        assert np.array_equal(first.weights[f"W{number}"], layer.weight.detach().numpy())
        assert np.array_equal(first.weights[f"b{number}"], layer.bias.detach().numpy())


@pytest.mark.parametrize(
    ("name", "deviation"),
    [
        ("xavier_uniform", (2 / 500) ** 0.5),
        ("xavier_normal", (2 / 500) ** 0.5),
        ("he_uniform", (2 / 200) ** 0.5),
        ("he_normal", (2 / 200) ** 0.5),
        ("normal", 1.0),
    ],
)
def test_initialisations_have_the_deviation_of_their_papers(name, deviation):
    layers = initial_layers((200, 300), name, 0)
    assert layers["W1"].std() == pytest.approx(deviation, rel=0.02)
    assert not layers["b1"].any()


def test_orthogonal_initialisation_has_orthonormal_rows():
    weight = initial_layers((20, 8), "orthogonal", 3)["W1"]
    np.testing.assert_allclose(weight @ weight.T, np.eye(8), atol=1e-5)


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("batch_size", [0, 16])
@pytest.mark.parametrize(
    ("optimiser", "rate", "l2"),
    [("sgd", 0.3, 0.0), ("sgd", 0.3, 0.01), ("momentum", 0.05, 0.01), ("adam", 0.02, 0.01)],
)
def test_every_optimiser_follows_torch(optimiser, rate, l2, batch_size, classes):
    data = cloud(classes)
    config = MLPConfig(
        (4, 3),
        classes,
        optimiser=optimiser,
        learning_rate=rate,
        l2=l2,
        batch_size=batch_size,
        epochs=8,
        seed=5,
    )
    epochs = list(train(config, data))
    net = torch_net(config)
    steps = torch_optimiser(config, net)
    points, labels = torch.from_numpy(data.points), torch.from_numpy(data.labels)
    for epoch in epochs:
        with torch.no_grad():
            logits = net(points)
        for part, loss, accuracy in (
            (data.train, epoch.loss, epoch.accuracy),
            (data.test, epoch.test_loss, epoch.test_accuracy),
        ):
            assert loss == pytest.approx(torch_loss(config, logits[part], labels[part]).item(), rel=2e-4)
            guess = (logits[part, 0] > 0).long() if classes == 2 else logits[part].argmax(1)
            assert accuracy == (guess == labels[part]).double().mean().item()
        order = np.arange(len(data.train))
        if batch_size:
            order = np.random.default_rng((config.seed, epoch.step)).permutation(len(order))
        size = batch_size or len(order)
        for begin in range(0, len(order), size):
            chosen = data.train[order[begin : begin + size]]
            steps.zero_grad()
            torch_loss(config, net(points[chosen]), labels[chosen]).backward()
            steps.step()


@pytest.mark.parametrize("classes", [2, 3])
def test_gradient_is_autograds_in_float64_tolerance(classes):
    data = cloud(classes)
    config = MLPConfig((6, 5, 4), classes, seed=2)
    net = FlatLayers((2, 6, 5, 4, 1 if classes == 2 else classes))
    net.load(next(iter(train(config, data))).weights)
    wanted = targets(data.labels, classes)
    forward = net.forward(np.ascontiguousarray(data.points.T))
    gradient = net.backward(forward, probabilities(forward[-1]) - wanted)
    reference = torch_net(config).double()
    torch_loss(
        config, reference(torch.from_numpy(data.points).double()), torch.from_numpy(data.labels)
    ).backward()
    expected = np.concatenate([p.grad.numpy().ravel() for p in reference.parameters()])
    np.testing.assert_allclose(gradient, expected, atol=2e-7)


def test_losses_do_not_overflow_far_from_the_boundary():
    logits = np.array([[-500.0, 500.0, 0.0]], dtype=np.float32)
    wanted = targets(np.array([1, 0, 1]), 2)
    np.testing.assert_allclose(cross_entropies(logits, wanted), [500.0, 500.0, np.log(2)], rtol=1e-6)
    np.testing.assert_allclose(probabilities(logits), [[0.0, 1.0, 0.5]], atol=1e-30)
    assert predicted_classes(logits).tolist() == [0, 1, 1]
    many = np.array([[500.0, -500.0], [0.0, 0.0]], dtype=np.float32)
    np.testing.assert_allclose(
        cross_entropies(many, targets(np.array([1, 1]), 3)[:2]), [500.0, 0.0], atol=1e-6
    )


@pytest.mark.parametrize(("optimiser", "rate"), [("sgd", 0.3), ("momentum", 0.05), ("adam", 0.02)])
@pytest.mark.parametrize("batch_size", [0, 16])
def test_a_cut_at_any_epoch_changes_no_bit(optimiser, rate, batch_size):
    data = cloud()
    config = MLPConfig(
        (5, 4), optimiser=optimiser, learning_rate=rate, l2=1e-3, batch_size=batch_size, epochs=25, seed=1
    )

    def run(cuts):
        training, epochs = train(config, data), []
        while True:
            for epoch in training:
                epochs.append(epoch)
                if epoch.step == 7:
                    training.set_learning_rate(rate / 2)
                if epoch.step in cuts:
                    cuts = cuts - {epoch.step}
                    break
            else:
                return epochs
            tensors, state = training.state()
            training = train(config, data, resume=(tensors, state))

    whole = run(set())
    rng = np.random.default_rng(0)
    same_epochs(run(set(rng.integers(0, 25, 6).tolist()) | {0, 7}), whole)


def test_state_before_the_first_epoch_resumes_to_the_whole_run():
    config, data = MLPConfig(epochs=3), cloud()
    tensors, state = train(config, data).state()
    same_epochs(list(train(config, data, resume=(tensors, state))), list(train(config, data)))


def test_a_branch_begins_at_its_step_with_the_given_weights_and_counts_on():
    config, data = MLPConfig(epochs=20), cloud()
    parent = list(train(config, data))
    branch = list(train(config, data, start=(12, parent[12].weights)))
    # Plain full-batch gradient descent remembers nothing but the weights, so the branch repeats its parent.
    assert [e.step for e in branch] == list(range(12, 21))
    for ours, theirs in zip(branch, parent[12:], strict=True):
        assert same_weights(ours.weights, theirs.weights)
    beyond = list(train(MLPConfig(epochs=5), data, start=(12, parent[12].weights)))
    assert [e.step for e in beyond] == [12]


def test_a_branch_from_a_small_loss_may_rise_above_ten_times_it():
    data = cloud()
    weights = {"W1": [[9.0, 9.0]], "b1": [-13.5], "W2": [[1.0]], "b2": [-1.0]}
    weights = {name: np.array(value, dtype=np.float32) for name, value in weights.items()}
    training = train(MLPConfig((1,), learning_rate=1e-6, epochs=3), data, start=(0, weights))
    assert len(list(training)) == 4
    assert training.diverged is None


def test_no_held_out_points_give_nan():
    data = cloud()
    data.train, data.test = np.arange(90), np.array([], dtype=np.int64)
    first = next(iter(train(MLPConfig(), data)))
    assert np.isnan(first.test_loss)
    assert np.isnan(first.test_accuracy)


def test_yielded_weights_are_copies():
    training = iter(train(MLPConfig(epochs=2), cloud()))
    first = next(training)
    kept = {name: value.copy() for name, value in first.weights.items()}
    next(training)
    assert same_weights(first.weights, kept)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"hidden": ()}, "hidden"),
        ({"hidden": (0,)}, "hidden"),
        ({"classes": 1}, "classes"),
        ({"batch_size": -1}, "batch_size"),
        ({"epochs": 1.5}, "epochs"),
        ({"seed": -1}, "seed"),
        ({"initialisation": "zeros"}, "initialisation"),
        ({"optimiser": "lbfgs"}, "optimiser"),
        ({"learning_rate": 0.0}, "learning_rate"),
        ({"learning_rate": float("nan")}, "learning_rate"),
        ({"momentum": 1.0}, "momentum"),
        ({"l2": -1.0}, "l2"),
    ],
)
def test_bad_values_are_refused_by_name(change, named):
    with pytest.raises(ValueError, match=named):
        MLPConfig(**change)


def test_data_and_states_that_do_not_fit_are_refused():
    data = cloud(3)
    with pytest.raises(ValueError, match="labels"):
        train(MLPConfig(), data)
    data = cloud()
    tensors, state = train(MLPConfig(), data).state()
    with pytest.raises(ValueError, match="hidden"):
        train(MLPConfig((4,)), data, resume=(tensors, state))
    with pytest.raises(ValueError, match="W1"):
        train(MLPConfig(), data, start=(0, {"W1": np.zeros((1, 1))}))
    with pytest.raises(ValueError, match="learning_rate"):
        train(MLPConfig(), data).set_learning_rate(-1)
    data.points[0, 0] = np.nan
    with pytest.raises(ValueError, match="points"):
        train(MLPConfig(), data)
