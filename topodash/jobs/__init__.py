"""One process that drives a training or a study, records it and obeys control."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from topodash.jobs.asking import Answer, Questions, ask, cancel, question_workers
    from topodash.jobs.commands import UNCHANGED, create_run, delete_run, resume_run, steer, sweep
    from topodash.jobs.driver import Driver, DriverFailed, Step, StepArtifact
    from topodash.jobs.starter import JobStarter

# Imported when first used: the process of a run needs neither the cache nor the workers for questions.
_HOMES = {
    "asking": ("Answer", "Questions", "ask", "cancel", "question_workers"),
    "commands": ("UNCHANGED", "create_run", "delete_run", "resume_run", "steer", "sweep"),
    "driver": ("Driver", "DriverFailed", "Step", "StepArtifact"),
    "starter": ("JobStarter",),
}

__all__ = [
    "UNCHANGED",
    "Answer",
    "Driver",
    "DriverFailed",
    "JobStarter",
    "Questions",
    "Step",
    "StepArtifact",
    "ask",
    "cancel",
    "create_run",
    "delete_run",
    "question_workers",
    "resume_run",
    "steer",
    "sweep",
]


def __getattr__(name: str) -> Any:
    """Import `name` from the module that holds it."""
    if name not in __all__:
        raise AttributeError(f"module 'topodash.jobs' has no attribute {name!r}")
    home = next(module for module, names in _HOMES.items() if name in names)
    value = getattr(import_module(f"topodash.jobs.{home}"), name)
    globals()[name] = value
    return value
