"""Open the stores that an application works with."""

from __future__ import annotations

from topodash.compute import Cache
from topodash.jobs import JobStarter
from topodash.pages.context import Services
from topodash.runs import Catalogue, RunStore
from topodash.settings import Settings


def build_services(settings: Settings) -> Services:
    """The stores in the data folder of the settings; missing folders are made."""
    for folder in (settings.runs_dir, settings.uploads_dir, settings.cache_dir):
        folder.mkdir(parents=True, exist_ok=True)
    return Services(
        settings=settings,
        store=RunStore.of(settings),
        catalogue=Catalogue.of(settings),
        starter=JobStarter(settings),
        cache=Cache.of(settings),
    )
