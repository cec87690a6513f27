"""The words beside the figures: what is averaged, what the data say, what was left out, whose defaults."""

from __future__ import annotations

import numpy as np
from dash import html
from dash.development.base_component import Component

from topodash.datasets import counted
from topodash.pages.landscapes.caveats import caveats
from topodash.pages.landscapes.controls import whose_defaults
from topodash.pages.landscapes.findings import Finding, findings
from topodash.pages.landscapes.sources import title_of
from topodash.pages.landscapes.view import View


def grid_words(view: View) -> str:
    """The line under figure 2."""
    kind = (
        "local homology at the origin"
        if view.homology == "local"
        else "ordinary homology, activations scaled to diameter 1"
    )
    of = f"class {view.class_name}" if view.class_name else "all classes"
    if view.study is None:
        points = int(view.answers[0]["points"])
        return f"One network, {counted(points, 'point')} of {of}; {kind}, degree {view.degree}. ReLU layers are R1, R2, ..."
    sizes = view.study.batch_sizes
    batch = counted(int(sizes[0]), "point") + (f" in each of {len(sizes)} batches" if len(sizes) > 1 else "")
    changed = " Recomputed; not what is stored." if view.changes else ""
    if view.stamp.startswith("unfinished"):
        changed = " The study is not finished; these are the networks so far."
    return f"Mean of {counted(view.networks, 'network')}, {batch} of {of}; {kind}, degree {view.degree}.{changed}"


def _with_paper(finding: Finding) -> str:
    """The sentence of a finding; with what the paper found where that is something else."""
    if finding.agrees is not False or not finding.paper:
        return finding.text
    return f"{finding.text.removesuffix('.')}; {finding.paper}."


def notes(view: View) -> list[Component]:
    """What the data say, what was left out, whose defaults."""
    marks = {True: ("agrees", "As the paper"), False: ("differs", "Unlike the paper"), None: ("", "")}
    rows = []
    for finding in findings(view):
        look, word = marks[finding.agrees]
        rows.append(
            html.Li(
                [html.Strong(f"{word}: ") if word else None, _with_paper(finding)],
                className=f"land-finding land-{look}",
            )
        )
    parts: list[Component] = [
        html.P(
            title_of(view.study.config) if view.study else f"Live run, {counted(len(view.epochs), 'epoch')}.",
            className="land-lead",
        )
    ]
    parts.append(html.Ul(rows, className="land-list"))
    parts.append(html.Ul([html.Li(text) for text in caveats(view)], className="land-list"))
    if view.study is not None:
        paper, ours, other = whose_defaults(view.study.config)
        lines = [
            ("Set for this study", other),
            ("Our defaults, which the paper does not state", ours),
            ("The paper's", paper),
        ]
        parts.append(
            html.Details(
                [html.Summary("Whose numbers these are")]
                + [
                    html.P([html.Strong(f"{name}. "), "; ".join(found) + "."])
                    for name, found in lines
                    if found
                ],
                className="land-whose",
            )
        )
        found = [each[~np.isnan(each)] for each in view.study.accuracy.T]
        told = ", ".join(
            f"{name}: {values.mean():.3f}"
            for name, values in zip(view.moments, found, strict=True)
            if len(values)
        )
        parts.append(html.P(f"Mean training accuracy of the snapshots: {told}.", className="land-hint"))
    return parts
