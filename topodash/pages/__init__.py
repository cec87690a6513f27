"""One folder a page: `ids.py`, `layout.py` (`layout(**query)`), `callbacks.py` (`register(app, settings)`).

This file is the table of contents: what the pages are called, where they are and what they show.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """One page of the application.

    Attributes
    ----------
    name : str
        The folder under `topodash/pages/`, and the name of its icon.
    path, title : str
    short : str
        The word under the icon of the navigation; empty for a page that is not in it.
    sentence : str
        What the page shows.
    """

    name: str
    path: str
    title: str
    short: str
    sentence: str


HOME = Page("home", "/", "Home", "Home", "What TopoDash is, and your recent runs.")
LIVE = Page(
    "live",
    "/live",
    "Live training",
    "Live",
    "A small ReLU network learns before your eyes: its hyperplanes, its linear regions and "
    "the polyhedra they become in "
    "activation space, exact at every epoch.",
)
MAPPER = Page(
    "mapper",
    "/mapper",
    "Mapper",
    "Mapper",
    "The shape of a layer's activations, or of your own table, as a Mapper graph whose "
    "nodes, loops and classes you can "
    "select, follow and question.",
)
LANDSCAPES = Page(
    "landscapes",
    "/landscapes",
    "Landscapes",
    "Landscapes",
    "Persistence landscapes of every layer, averaged over many networks, with the tests that "
    "tell a difference from "
    "chance.",
)
FILTERS = Page(
    "filters",
    "/filters",
    "Filters",
    "Filters",
    "What the first layer of a convolutional network learns: a circle of edges, on real "
    "digits, set beside what chance "
    "alone would draw.",
)
RUNS = Page(
    "runs", "/runs", "Runs", "Runs", "Everything you have trained and computed: open, share, export, import."
)

PAGES = (HOME, LIVE, MAPPER, LANDSCAPES, FILTERS, RUNS)
