"""A data set of bars and a network small enough to train in a test."""

from types import SimpleNamespace

import numpy as np

from topodash.networks import CNNConfig


def images(n=60, seed=0):
    """Bright bars, upright or lying, on a dark ground."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % 2
    pictures = 0.1 * rng.random((n, 28, 28))
    for picture, label in zip(pictures, labels, strict=True):
        place = rng.integers(4, 22)
        if label:
            picture[place : place + 3] = 1
        else:
            picture[:, place : place + 3] = 1
    return SimpleNamespace(
        images=pictures.astype(np.float32), labels=labels, train=np.arange(n - 20), test=np.arange(n - 20, n)
    )


SMALL = CNNConfig(6, 3, 16, 2, learning_rate=0.01, batch_size=8, iterations=12, record=(0, 3, 7), seed=4)
