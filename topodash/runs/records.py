"""The values that a reader of runs gives out."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from topodash.runs.blobs import SAFETENSORS, decode


@dataclass(frozen=True)
class RunMeta:
    """What a run is; fixed when it is created, except for `stride`.

    Attributes
    ----------
    id, kind : str
    config : dict
        JSON object; its shape is the kind's own.
    created : float
        Seconds since 1970.
    parent : {"run": id, "step": k} or None
    provenance : dict
    stride : int
        1 while every snapshot is kept; after thinning only steps that this divides (and the first and last).
    """

    id: str
    kind: str
    config: dict[str, Any]
    created: float
    parent: dict[str, Any] | None
    provenance: dict[str, Any]
    stride: int = 1


@dataclass(frozen=True)
class RunStatus:
    """How a run stands.

    Attributes
    ----------
    state : str
        As in the file: 'queued' 'running' 'paused' 'finished' 'stopped' 'failed'; `RunStore.state` adds
        'interrupted'.
    step, total : int or None
        The newest step, and the number of the last one where it is known.
    started, updated : float or None
        Seconds since 1970: of the first 'running', of the newest write.
    message : str
    released : bool
        Paused, and its process let go of it on purpose.
    seconds : float
        Seconds spent in state 'running', over all processes that drove the run.
    """

    state: str
    step: int | None
    total: int | None
    started: float | None
    updated: float | None
    message: str
    released: bool
    seconds: float


@dataclass(frozen=True)
class Event:
    """Something that happened at a step; `data` is a JSON object. Ids grow by 1 in the order of writing."""

    id: int
    step: int
    kind: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Artifact:
    """A named result: `data` bytes, and for safetensors `arrays`."""

    name: str
    step: int | None
    media_type: str
    meta: dict[str, Any]
    data: bytes

    @cached_property
    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays of a safetensors artifact.

        Raises
        ------
        ValueError
            When it is of another media type.
        """
        if self.media_type != SAFETENSORS:
            raise ValueError(
                f"the artifact {self.name!r} must be {SAFETENSORS} to hold arrays, is {self.media_type}"
            )
        return decode(self.data)


@dataclass(frozen=True)
class ArtifactInfo:
    """An artifact without its bytes; `size` counts them."""

    name: str
    step: int | None
    media_type: str
    meta: dict[str, Any]
    size: int


@dataclass(frozen=True)
class Checkpoint:
    """All that is needed to go on after `step`."""

    step: int
    tensors: dict[str, np.ndarray]
    state: Any
