"""Architectures, training as generators, activations, ensembles. The one library room that knows torch.

The names are imported when they are first asked for: importing the room alone costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from topodash.networks.cnn import CNNConfig, CNNStep
    from topodash.networks.cnn_training import CNNTraining, train_cnn
    from topodash.networks.ensemble import EnsembleConfig
    from topodash.networks.ensemble_training import EnsembleTraining, train_ensemble
    from topodash.networks.mlp import Epoch, Event, MLPConfig
    from topodash.networks.training import Training, train

_HOMES = {
    "CNNConfig": "cnn",
    "CNNStep": "cnn",
    "CNNTraining": "cnn_training",
    "EnsembleConfig": "ensemble",
    "EnsembleTraining": "ensemble_training",
    "Epoch": "mlp",
    "Event": "mlp",
    "MLPConfig": "mlp",
    "Training": "training",
    "train": "training",
    "train_cnn": "cnn_training",
    "train_ensemble": "ensemble_training",
}

__all__ = [
    "CNNConfig",
    "CNNStep",
    "CNNTraining",
    "EnsembleConfig",
    "EnsembleTraining",
    "Epoch",
    "Event",
    "MLPConfig",
    "Training",
    "train",
    "train_cnn",
    "train_ensemble",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
