"""What happens in a training and is said: a new learning rate, units that die and revive, divergence."""

import numpy as np
from test_mlp_training import cloud, same_weights

from topodash.networks import MLPConfig, train


def test_learning_rate_acts_at_the_next_epoch_and_is_an_event_there():
    data = cloud()
    training = train(MLPConfig(epochs=4, learning_rate=0.1), data)
    epochs = []
    for epoch in training:
        epochs.append(epoch)
        if epoch.step == 1:
            training.set_learning_rate(0.4)
            training.set_learning_rate(0.4)
    kinds = [[event.kind for event in epoch.events if event.kind == "learning_rate"] for epoch in epochs]
    assert kinds == [[], [], ["learning_rate"], [], []]
    assert epochs[2].events[0].data == {"before": 0.1, "after": 0.4}
    untouched = list(train(MLPConfig(epochs=4, learning_rate=0.1), data))
    assert same_weights(epochs[1].weights, untouched[1].weights)
    first = epochs[2].weights["W1"] - epochs[1].weights["W1"]
    second = untouched[2].weights["W1"] - untouched[1].weights["W1"]
    np.testing.assert_allclose(first, 4 * second, rtol=1e-3, atol=1e-7)


def test_dead_and_revived_units_are_those_without_a_positive_pre_activation_on_the_training_points():
    data = cloud()
    weights = {
        "W1": np.array([[1, 0], [0, 0], [0, 1]], np.float32),
        "b1": np.array([-100, 0, 0], np.float32),
        "W2": np.array([[1, 1, 1]], np.float32),
        "b2": np.zeros(1, np.float32),
    }
    first = next(iter(train(MLPConfig(epochs=1), data, start=(0, weights))))
    assert [(e.kind, e.data) for e in first.events] == [
        ("dead", {"layer": 1, "unit": 1}),
        ("dead", {"layer": 1, "unit": 2}),
    ]


def test_events_of_units_agree_with_the_weights_of_every_epoch():
    data = cloud(seed=4)
    dead = set()
    kinds = set()
    for epoch in train(MLPConfig((6,), learning_rate=3.0, epochs=200, seed=3, batch_size=8), data):
        for event in epoch.events:
            kinds.add(event.kind)
            if event.kind == "dead":
                dead.add(event.data["unit"])
            elif event.kind == "revived":
                dead.remove(event.data["unit"])
        before = data.points[data.train] @ epoch.weights["W1"].T + epoch.weights["b1"]
        assert dead == set((np.flatnonzero((before <= 0).all(axis=0)) + 1).tolist())
    assert "dead" in kinds


def test_divergence_is_said_and_ends_the_training():
    data = cloud()
    data.points[:] = 50 * data.points
    training = train(MLPConfig((8, 8), learning_rate=10.0, epochs=200), data)
    epochs = list(training)
    assert training.diverged is not None
    assert epochs[-1].events[-1] == training.diverged
    assert epochs[-1].step < 200
    last = epochs[-1].loss
    assert not np.isfinite(last) or last > 10 * epochs[0].loss
    assert all(e.loss <= 10 * epochs[0].loss for e in epochs[:-1])
    again = train(training.config, data, resume=training.state())
    assert list(again) == []
    assert again.diverged == training.diverged
