"""Filters from a PyTorch state dict. Only a job may call this: it imports torch.

`weights_only=True` lets torch's unpickler build tensors and plain containers and nothing else, so code in the
file is refused and never runs.
"""

from __future__ import annotations

import pickle
import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from topodash.studies.filter_topology_bank import FilterSet
from topodash.studies.filter_topology_upload import Channels, filters_from_arrays

__all__ = ["read_state_dict", "state_dict_arrays"]


def read_state_dict(path: str | Path, layer: str | None = None, channels: Channels = "mean") -> FilterSet:
    """The filters of one convolution in a PyTorch state dict (`torch.save(model.state_dict(), path)`).

    Parameters
    ----------
    path : str or Path
    layer : str, optional
        Name of the weight, as 'conv1.weight'; default the first convolution.
    channels : 'mean' or 'each'
        Average the input channels, or take every one as a filter of its own.

    Raises
    ------
    ValueError
        For a file with pickled code (refused, never executed), a file that is no state dict, or weights that
        `topodash.studies.filter_topology_upload.read_filters` refuses.
    """
    return filters_from_arrays(state_dict_arrays(path), layer, channels, source=Path(path).name)


def state_dict_arrays(path: str | Path) -> dict[str, NDArray]:
    """The floating-point tensors of a state dict by name, as arrays of float32, or float64 where the file has it.

    A checkpoint that holds its state dict under 'state_dict' or 'model' is opened too.

    Raises
    ------
    ValueError
        For pickled code or a file that is no state dict.
    """
    import torch

    name = Path(path).name
    try:
        with warnings.catch_warnings():
            # A file that pickle wrote itself has a newer protocol than torch's 2. What of it the unpickler does not
            # know it refuses, so the warning that it might says nothing.
            warnings.filterwarnings("ignore", message="Detected pickle protocol")
            content = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        if "Unsupported operand" in str(error):
            raise ValueError(
                f"{name} must be a plain state dict, as torch.save(model.state_dict(), ...) writes it; it has instructions of another"
                " pickle protocol, which are not read, and nothing in it was executed"
            ) from error
        raise ValueError(
            f"{name} must be a plain state dict; it holds pickled objects, which are refused unexecuted"
            " (save it with torch.save(model.state_dict(), ...))"
        ) from error
    except (
        OSError,
        RuntimeError,
        EOFError,
        KeyError,
        ValueError,
        AttributeError,
        IndexError,
        TypeError,
    ) as error:
        reason = str(error).partition(". ")[0] or "it ends too soon"
        raise ValueError(
            f"{name} must be a PyTorch state dict; it cannot be read as one: {reason}"
        ) from error
    for key in ("state_dict", "model"):
        if isinstance(content, dict) and isinstance(content.get(key), dict):
            content = content[key]
    if not isinstance(content, dict):
        raise ValueError(f"{name} must be a PyTorch state dict; it holds a {type(content).__name__}")
    arrays = {
        str(key): np.asarray(value.detach().to(torch.promote_types(value.dtype, torch.float32)).numpy())
        for key, value in content.items()
        if isinstance(value, torch.Tensor) and value.is_floating_point()
    }
    if not arrays:
        raise ValueError(f"{name} must be a PyTorch state dict; it holds no tensors")
    return arrays
