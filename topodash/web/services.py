"""Open the stores that an application works with."""

from __future__ import annotations

import contextlib

from topodash.compute import Cache
from topodash.jobs import JobStarter
from topodash.pages.context import Services
from topodash.runs import Catalogue, RunStore
from topodash.settings import Settings


def build_services(settings: Settings) -> Services:
    """The stores in the data folder of the settings; missing folders are made."""
    for folder in (settings.runs_dir, settings.uploads_dir):
        folder.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(OSError):  # pages answer without a cache too; /ready says that it does not work
        settings.cache_dir.mkdir(parents=True, exist_ok=True)
    return Services(
        settings=settings,
        store=RunStore.of(settings),
        catalogue=Catalogue.of(settings),
        starter=JobStarter(settings),
        cache=Cache.of(settings),
    )
