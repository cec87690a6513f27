"""The kinds of runs: one file a kind, imported only in the process that drives such a run."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from topodash.jobs.driver import Driver, DriverFailed, Step, StepArtifact

__all__ = ["KINDS", "Driver", "DriverFailed", "Step", "StepArtifact", "make_driver"]

KINDS = {
    "mlp": "topodash.jobs.kinds.mlp:MlpDriver",
    "cnn": "topodash.jobs.kinds.cnn:CnnDriver",
    "landscapes": "topodash.jobs.kinds.landscapes:LandscapesDriver",
    "mapper_sweep": "topodash.jobs.kinds.mapper_sweep:MapperSweepDriver",
}
"""Kind -> 'module:callable'; the callable takes the run's config (a dict) and gives a Driver."""


def make_driver(kind: str, config: Mapping[str, Any]) -> Driver:
    """The driver of a run of this kind and config.

    Raises
    ------
    ValueError
        For an unknown kind; and what the kind itself raises for a bad config.
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(sorted(KINDS))}, was {kind!r}")
    module, name = KINDS[kind].split(":")
    return getattr(import_module(module), name)(dict(config))
