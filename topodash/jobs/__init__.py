"""One process that drives a training or a study, records it and obeys control."""

from topodash.jobs.commands import UNCHANGED, create_run, delete_run, resume_run, steer, sweep
from topodash.jobs.driver import Driver, DriverFailed, Step, StepArtifact
from topodash.jobs.starter import JobStarter

__all__ = [
    "UNCHANGED",
    "Driver",
    "DriverFailed",
    "JobStarter",
    "Step",
    "StepArtifact",
    "create_run",
    "delete_run",
    "resume_run",
    "steer",
    "sweep",
]
