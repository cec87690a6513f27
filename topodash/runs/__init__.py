"""What a run is on disk: one SQLite file, and the catalogue beside them."""

from topodash.runs.blobs import SAFETENSORS
from topodash.runs.catalogue import Catalogue, CatalogueError
from topodash.runs.catalogue_records import Control, Entry
from topodash.runs.errors import (
    NotARun,
    RecordingFailed,
    RunBusy,
    RunDamaged,
    RunError,
    RunNotFound,
    RunTooNew,
)
from topodash.runs.reader import RunReader
from topodash.runs.recorder import Recorder
from topodash.runs.records import Artifact, ArtifactInfo, Checkpoint, Event, RunMeta, RunStatus
from topodash.runs.schema import FINAL, is_id, new_id
from topodash.runs.store import RunStore, RunSummary

__all__ = [
    "FINAL",
    "SAFETENSORS",
    "Artifact",
    "ArtifactInfo",
    "Catalogue",
    "CatalogueError",
    "Checkpoint",
    "Control",
    "Entry",
    "Event",
    "NotARun",
    "Recorder",
    "RecordingFailed",
    "RunBusy",
    "RunDamaged",
    "RunError",
    "RunMeta",
    "RunNotFound",
    "RunReader",
    "RunStatus",
    "RunStore",
    "RunSummary",
    "RunTooNew",
    "is_id",
    "new_id",
]
