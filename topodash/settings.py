"""Every setting of TopoDash in one frozen object, read from the environment once.

The table of settings in the documentation is made from the fields below (`table`).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self

import platformdirs

from topodash.resources import resource_dir


def _cpus() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _setting(
    name: str, help_text: str, *, low: float | None = None, high: float | None = None, **default: Any
) -> Any:
    return field(metadata={"name": name, "help": help_text, "low": low, "high": high}, **default)


@dataclass(frozen=True)
class Settings:
    """All settings, checked; wrong values are refused with their environment variable's name."""

    host: str = _setting("HOST", "Address to listen on.", default="127.0.0.1")
    port: int = _setting("PORT", "Port to listen on.", low=0, high=65535, default=8050)
    data_dir: Path = _setting(  # noqa: RUF009 - _setting is dataclasses.field
        "TOPODASH_DATA_DIR",
        "Folder for runs, uploads and the cache.",
        default_factory=lambda: Path(platformdirs.user_data_dir("topodash")),
    )
    workers: int = _setting(
        "TOPODASH_WORKERS",
        "Runs that work at once; the others wait in the queue.",
        low=1,
        high=1024,
        default_factory=lambda: max(2, _cpus()),
    )
    question_workers: int = _setting(
        "TOPODASH_QUESTION_WORKERS",
        "Processes that compute what pages wait for.",
        low=1,
        high=256,
        default_factory=lambda: min(2, _cpus()),
    )
    cache_mb: int = _setting(
        "TOPODASH_CACHE_MB", "Size of the cache folder; the oldest results go first.", low=1, default=500
    )
    upload_mb: int = _setting(
        "TOPODASH_UPLOAD_MB", "Greatest file that can be uploaded or imported.", low=1, default=200
    )
    uploads_mb: int = _setting(
        "TOPODASH_UPLOADS_MB",
        "Size of the folder of uploads; those unused for longest go first.",
        low=1,
        default=2000,
    )
    pause_seconds: float = _setting(
        "TOPODASH_PAUSE_SECONDS",
        "A run paused for so long is checkpointed and gives its place to the next in the queue.",
        low=0,
        default=60.0,
    )
    spare: bool = _setting(
        "TOPODASH_SPARE",
        "Keep one process with everything imported, so that Start acts at once (1 or 0).",
        default=True,
    )

    def __post_init__(self) -> None:
        """Check every bound.

        Raises
        ------
        ValueError
        """
        for setting in fields(self):
            value, name = getattr(self, setting.name), setting.metadata["name"]
            low, high = setting.metadata["low"], setting.metadata["high"]
            if low is not None and not (value >= low and (high is None or value <= high)):
                most = "" if high is None else f" and at most {high}"
                raise ValueError(f"{name} must be at least {low}{most}, was {value}")
        object.__setattr__(self, "data_dir", Path(self.data_dir).expanduser().absolute())

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read the environment; what is not set, or empty, has its default.

        Raises
        ------
        ValueError
            For a value that cannot be read or is out of bounds, with the name of its variable.
        """
        environ = os.environ if environ is None else environ
        given: dict[str, Any] = {}
        for setting in fields(cls):
            name = setting.metadata["name"]
            text = environ.get(name, "").strip()
            if text:
                given[setting.name] = _parse(name, text, setting.type)
        return cls(**given)

    def environment(self) -> dict[str, str]:
        """The environment variables that give these settings to another process."""
        return {setting.metadata["name"]: _written(getattr(self, setting.name)) for setting in fields(self)}

    @classmethod
    def table(cls) -> list[tuple[str, str, str]]:
        """(name, default, what it does) of every setting, for the documentation and `--help`."""
        defaults = cls()
        return [
            (s.metadata["name"], _written(getattr(defaults, s.name)), s.metadata["help"]) for s in fields(cls)
        ]

    @property
    def runs_dir(self) -> Path:
        """Run files, with their locks and logs."""
        return self.data_dir / "runs"

    @property
    def uploads_dir(self) -> Path:
        """Uploaded files."""
        return self.data_dir / "uploads"

    @property
    def cache_dir(self) -> Path:
        """Computed results, which may be deleted at any time."""
        return self.data_dir / "cache"

    @property
    def catalogue(self) -> Path:
        """The file of the catalogue."""
        return self.data_dir / "catalogue.sqlite"

    @property
    def shipped_runs_dir(self) -> Path:
        """Run files that came with the code, read-only."""
        return resource_dir("data") / "runs"


def _parse(name: str, text: str, kind: Any) -> Any:
    if kind is bool:
        if text.lower() in {"1", "true", "yes", "on"}:
            return True
        if text.lower() in {"0", "false", "no", "off"}:
            return False
        raise ValueError(f"{name} must be 1 or 0, was {text!r}")
    if kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            what = "a whole number" if kind is int else "a number"
            raise ValueError(f"{name} must be {what}, was {text!r}") from None
    return kind(text)


def _written(value: object) -> str:
    """A setting as an environment variable holds it."""
    return str(int(value)) if isinstance(value, bool) else str(value)
