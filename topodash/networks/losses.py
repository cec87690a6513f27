"""Cross-entropy from logits: one logit and the sigmoid for two classes, one each and the softmax for more.

Everything is feature first, (outputs, n), float32.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def output_units(classes: int) -> int:
    """Logits of a network for so many classes."""
    return 1 if classes == 2 else classes


def targets(labels: np.ndarray, classes: int) -> Floats:
    """(outputs, n): the label itself for two classes, one-hot columns for more."""
    if classes == 2:
        return np.asarray(labels, dtype=np.float32)[None, :]
    return (np.arange(classes)[:, None] == np.asarray(labels)[None, :]).astype(np.float32)


def cross_entropies(logits: Floats, wanted: Floats) -> Floats:
    """The loss of each point, (n,).

    One logit: max(z, 0) - z y + log(1 + exp(-|z|)), which is -y log s(z) - (1 - y) log(1 - s(z)) for the
    sigmoid s, without overflow. More: log sum exp z - z_label.
    """
    if len(logits) == 1:
        z, y = logits[0], wanted[0]
        return np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))
    shifted = logits - logits.max(axis=0)
    return np.log(np.exp(shifted).sum(axis=0)) - (shifted * wanted).sum(axis=0)


def probabilities(logits: Floats) -> Floats:
    """Sigmoid of one logit, softmax of more, (outputs, n); minus the targets, the derivative of the loss."""
    if len(logits) == 1:
        small = np.exp(-np.abs(logits))
        return np.where(logits >= 0, np.float32(1), small) / (1 + small)
    raised = np.exp(logits - logits.max(axis=0))
    return raised / raised.sum(axis=0)


def predicted_classes(logits: Floats) -> NDArray[np.int64]:
    """Class of each point, (n,): a logit of 0 or more is class 1, as the closed region of the geometry; of more, the first greatest."""
    if len(logits) == 1:
        return (logits[0] >= 0).astype(np.int64)
    return logits.argmax(axis=0)
