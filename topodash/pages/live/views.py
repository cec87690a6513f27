"""Views of recorded steps for the page's callbacks and its HTTP routes: each computed once a process."""

from __future__ import annotations

from typing import Any

import flask
import numpy as np

from topodash.pages.context import Services, services
from topodash.pages.live.samples import Memory, RunSample, Samples
from topodash.studies.edits import apply_edits
from topodash.studies.live_view import LiveView, live_view

_KEY = "topodash.live.views"


class Views:
    """The views of the runs of one application."""

    def __init__(self, services_: Services) -> None:
        self._store = services_.store
        self._samples = Samples(services_.store)
        self._views = Memory(24)

    def sample(self, run_id: str) -> RunSample:
        """A run's data; RunError or ValueError with the reason."""
        return self._samples.of(run_id)

    def weights(self, run_id: str, step: int, changes: list[Any] | None = None) -> dict[str, np.ndarray]:
        """A run's snapshot at exactly that step, after changes made by hand.

        Raises
        ------
        RunError, ValueError
        """
        with self._store.open(run_id) as reader:
            weights = reader.snapshot(step)
        return apply_edits(weights, changes, self.sample(run_id).from_drawn) if changes else weights

    def view(
        self,
        run_id: str,
        step: int,
        axes: str = "auto",
        changes: list[Any] | None = None,
        weights: dict[str, np.ndarray] | None = None,
    ) -> LiveView:
        """The computed view of a step; an edited one is not kept. `weights` are the step's, where they are known already.

        Raises
        ------
        RunError, ValueError
        """

        def compute() -> LiveView:
            known = self.weights(run_id, step, changes) if weights is None else weights
            return live_view(known, self.sample(run_id).sample, axes=axes)

        return compute() if changes else self._views.get((run_id, step, axes), compute)


def views() -> Views:
    """The views of the application that serves this request."""
    return flask.current_app.extensions.setdefault(_KEY, Views(services()))


def install(server: flask.Flask, services_: Services) -> Views:
    """Give an application its views, once."""
    return server.extensions.setdefault(_KEY, Views(services_))
