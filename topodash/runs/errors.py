"""What can be wrong with a run, each with a message that says what to do."""


class RunError(Exception):
    """Anything wrong with a run; the message is meant for the person who looks at the page."""


class RunNotFound(RunError, LookupError):
    """There is no run of this id, or nothing of this name or step in it."""


class NotARun(RunError):
    """The file is no TopoDash run."""


class RunTooNew(RunError):
    """The run was written by a newer version of TopoDash."""


class RunDamaged(RunError):
    """The file is a run, but its bytes are not what was written."""


class RunBusy(RunError):
    """Another process is writing this run."""


class RecordingFailed(RunError):
    """The run could not be written any further (usually a full disk). What was written before stays
    readable."""
