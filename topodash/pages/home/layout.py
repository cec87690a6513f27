"""Home: what this is in two sentences, a card a page, one's recent runs, the papers' figures."""

from __future__ import annotations

import dash
from dash import dcc, html
from dash.development.base_component import Component

from topodash.components.page import document
from topodash.pages import FILTERS, LANDSCAPES, LIVE, MAPPER, Page
from topodash.pages.context import owner, services
from topodash.pages.home.papers import papers, papers_section
from topodash.pages.runs.lines import lines
from topodash.pages.runs.table import recent

LEAD = (
    "TopoDash lets you see the topology of a neural network while it learns: where its "
    "neurons cut the plane, which "
    "shapes the data take inside it, and how those shapes change from layer to layer and "
    "from epoch to epoch. "
    "Everything you see is computed exactly or says how it was approximated, and stands "
    "beside what chance would give."
)
RECENT = 6
#: What each card's picture shows, for who cannot see it.
PICTURES = {
    "live": "The input plane of a trained three-neuron network: three lines cut it into "
    "seven cells; the decision "
    "boundary closes around the inner class.",
    "mapper": "A Mapper graph of the network's activations: nodes coloured by class, orange "
    "and blue, joined where they "
    "share points.",
    "landscapes": "Persistence landscapes of the nine-disks data: nine nested tents, one for each hole.",
    "filters": "Patches of the Klein bottle: a ring of edges in all directions, its primary "
    "circle, and lines in "
    "four directions.",
}


def _card(page: Page) -> Component:
    picture = html.Img(
        src=dash.get_asset_url(f"pictures/{page.name}.svg"),
        alt=PICTURES[page.name],
        className="td-card-picture",
    )
    return dcc.Link(
        [picture, html.Div([html.H2(page.title), html.P(page.sentence)], className="td-card-text")],
        href=page.path,
        className="td-card",
    )


def layout(**_query: str) -> Component:
    """The page."""
    return document(
        "home",
        "TopoDash",
        [
            html.P(LEAD, className="td-lead"),
            html.Div([_card(page) for page in (LIVE, MAPPER, LANDSCAPES, FILTERS)], className="td-cards"),
            html.Section(
                [
                    html.Div(
                        [html.H2("Your recent runs"), dcc.Link("All runs", href="/runs")],
                        className="td-section-head",
                    ),
                    recent(lines(services(), owner(), RECENT)),
                ]
            ),
            papers_section(papers()),
        ],
    )
