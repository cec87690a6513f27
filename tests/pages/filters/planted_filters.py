"""Edges of all directions with a little noise."""

import numpy as np

from topodash.geometry.klein import patch

CONFIG = {"k": 5, "fraction": 0.8, "intervals": 8, "permutations": 49, "landmarks": 60}


def planted(n=120, k=5):
    rng = np.random.default_rng(0)
    edges = patch(np.sort(rng.uniform(0, 2 * np.pi, n)), np.pi / 2, k)
    return (edges + 0.03 * rng.normal(size=edges.shape)).reshape(n, k, k).astype(np.float32)
