"""The three papers' figures and tables, each a link to the page that shows it from data that travel with the code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from dash import dcc, html
from dash.development.base_component import Component

from topodash.pages.filters.controls import STUDY, preset_values
from topodash.pages.titles import shipped_runs
from topodash.studies.filter_topology_bank import bank_names


@dataclass(frozen=True)
class Entry:
    """What a paper shows: its figures, what they show, and where; without a place it is left out."""

    figures: str
    shows: str
    href: str | None


def papers() -> list[tuple[str, list[Entry]]]:
    """(title, entries) of each paper."""
    shipped = shipped_runs()

    def place(kind: str, dataset: Any, page: str, **more: Any) -> str | None:
        run = next(
            (each.id for each in shipped if each.kind == kind and each.config["dataset"] == dataset), None
        )
        return run and f"/{page}?{urlencode({'run': run, **more})}"

    def network(data: str, seed: int, page: str = "live", **more: Any) -> str | None:
        return place("mlp", {"name": data, "seed": seed, "parameters": {}}, page, **more)

    def study(data: str) -> str | None:
        return place("landscapes", data, "landscapes")

    layer = {"page": "mapper", "source": "run", "layer": 1, "step": 1000}
    three = [
        Entry("Figures 1 to 3", "Single annulus: half-planes, activation landscapes, polyhedra at epochs 1, 100, 500, 1000", network("single_annulus", 0)),
        Entry("Figure 4", "Its activation space beside its Mapper graph", network("single_annulus", 0, **layer)),
        Entry("Figure 5", "Double annulus: hyperplanes and polyhedra while it learns", network("double_annulus", 0)),
        Entry("Figure 6", "Its activation space beside its Mapper graph", network("double_annulus", 0, **layer)),
        Entry("Beyond", "A seed that gets stuck at 68 %: which neuron does it, and from which epoch", network("single_annulus", 2)),
    ]  # fmt: skip
    landscapes = [
        Entry("Figures 1 to 4, Table I", "Nine disks: 100 networks, twelve layers, seven moments of training", study("nine_disks")),
        Entry("The same on MNIST", "Local homology of 20 networks that read digits", study("mnist")),
        Entry("Beyond", "Landscape norms of one network at every stage of its training", network("single_annulus", 0, "landscapes")),
    ]  # fmt: skip
    circle = [
        Entry("Figures 1 and 2", "M(512, 128, 1024) on MNIST before and after training, at the paper's settings", _bank("mnist_512_128_1024", "paper")),
        Entry("Synthetic images", "The same on circles and squares, after 40 and after 2000 iterations", _bank("shapes_512_128_1024", "paper", beside="40")),
        Entry("Figures 5 and 6", "100 networks of M(64, 8, 512): 6,400 filters, their plane, their place on the Klein bottle", _bank("mnist_64_8_512", "improved")),
        Entry("Beyond", "The same filters as they fit the page, with 99 null banks beside each moment", _bank("mnist_64_8_512")),
    ]  # fmt: skip
    return [
        ("Activation space of a three-neuron network", three),
        ("Activation landscapes", landscapes),
        ("The topology of convolutional filters", circle),
    ]


def _bank(name: str, preset: str = "", **more: str) -> str | None:
    if name not in bank_names():
        return None
    pairs = {"source": f"bank:{name}", **more}
    if preset:
        values = preset_values(preset, 0)
        pairs |= {control.id: control.write(values[control.id]) for control in STUDY.controls()}
    return f"/filters?{urlencode(pairs)}"


def papers_section(found: Sequence[tuple[str, Sequence[Entry]]]) -> Component:
    """A column a paper."""
    return html.Section(
        [
            html.Div(html.H2("The papers, figure by figure"), className="td-section-head"),
            html.Div([_paper(title, entries) for title, entries in found], className="td-papers"),
        ]
    )


def _paper(title: str, entries: Sequence[Entry]) -> Component:
    lines = [
        html.Li(
            dcc.Link(
                [html.Span(each.figures, className="td-paper-figures"), html.Span(each.shows)], href=each.href
            )
        )
        for each in entries
        if each.href
    ]
    return html.Div([html.H3(title), html.Ul(lines)])
