"""Files of the Filters page: GET /api/filters/<file>?request=<JSON>, the picture of a ring and the numbers behind it.

202 while it is being computed: ask again.
"""

from __future__ import annotations

import csv
import io
import json
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from flask import Flask, Response, g, request

from topodash.figures.ring_colours import NAMES, node_colours
from topodash.figures.ring_graph import ring_svg
from topodash.jobs import ask
from topodash.json_text import json_text
from topodash.pages.context import Services
from topodash.pages.filters.null_banks import ENDS, gathered
from topodash.pages.filters.proof import USUAL, as_proved, judge
from topodash.pages.filters.snippet import snippet
from topodash.pages.filters.verdict import untrained
from topodash.studies.filter_topology_verdict import EVIDENCE, Shown, p_value, verdicts
from topodash.web.errors import ApiError

MOST = 4000


class NotYet(Exception):
    """The answer is on its way."""


def members_csv(ring: dict[str, Any], homology: dict[str, Any]) -> str:
    """A line for each kept filter, densest first. Numbers are written so that reading them gives the same float32."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    side = int(ring["side"])
    circular = homology["circular"]
    names = [
        "filter",
        "network",
        "channel",
        "kth_neighbour_distance",
        "pc1",
        "pc2",
        "pca_angle",
        "circular_coordinate",
        "gradient_direction",
        "doubled_orientation",
        "klein_theta",
        "klein_phi",
        "klein_r2",
        "nodes",
        "bias",
    ]
    writer.writerow([*names, *(f"w_{row}_{column}" for row in range(side) for column in range(side))])
    inside: list[list[str]] = [[] for _ in ring["rows"]]
    for node, (a, b) in enumerate(pairwise(ring["starts"].tolist())):
        for member in ring["members"][a:b].tolist():
            inside[member].append(str(node))
    for k, row in enumerate(ring["rows"].tolist()):
        numbers = [
            ring["reach"][k], *ring["scores"][k], ring["pca_angle"][k], None if circular is None else circular[k], ring["direction"][k],
            ring["orientation"][k], ring["theta"][k], ring["phi"][k], ring["r2"][k],
        ]  # fmt: skip
        said = ["" if value is None else f"{value:.9g}" for value in numbers]
        weights = [f"{value:.9g}" for value in ring["weights"][k]]
        writer.writerow(
            [
                row,
                int(ring["networks"][k]),
                int(ring["channels"][k]),
                *said,
                " ".join(inside[k]),
                f"{ring['biases'][k]:.9g}",
                *weights,
            ]
        )
    return text.getvalue()


def arrays_npz(ring: dict[str, Any], homology: dict[str, Any]) -> bytes:
    """The kept filters and their places; `filters` (n, k, k) can be uploaded again."""
    side = int(ring["side"])
    names = (
        "rows",
        "biases",
        "networks",
        "channels",
        "reach",
        "scores",
        "theta",
        "phi",
        "r2",
        "direction",
        "orientation",
        "pca_angle",
    )
    arrays = {name: np.asarray(ring[name]) for name in names} | {
        "filters": np.asarray(ring["weights"]).reshape(-1, side, side),
        "bars": np.asarray(homology["bars"]),
    }
    if homology["circular"] is not None:
        arrays["circular_coordinate"] = np.asarray(homology["circular"])
    data = io.BytesIO()
    np.savez_compressed(data, **arrays)
    return data.getvalue()


def ring_json(
    question: dict[str, Any], ring: dict[str, Any], homology: dict[str, Any], circular: str = ""
) -> str:
    """The graph, the bars, the statistics and the settings."""
    starts, members, rows = (np.asarray(ring[name]) for name in ("starts", "members", "rows"))
    content = {
        "source": ring["source"],
        "filters": question["filters"],
        "config": question["config"],
        "kept": rows.tolist(),
        "constant": np.asarray(ring["constant"]).tolist(),
        "mapper": {
            "nodes": [rows[members[a:b]].tolist() for a, b in pairwise(starts)],
            "edges": np.asarray(ring["edges"]).tolist(),
            "betti": list(ring["betti"]),
            "positions": np.asarray(ring["positions"], dtype=float).round(5).tolist(),
        },
        "bars": np.asarray(homology["bars"]).tolist(),
        "circular_coordinate": None
        if homology["circular"] is None
        else np.asarray(homology["circular"], dtype=float).tolist(),
        "circular_coordinate_said": circular,
        "statistics": homology["statistics"],
        "correlations": homology["correlations"],
        "turns": {kind: wheel["turns"] for kind, wheel in homology["wheels"].items()},
        "evidence": "Only longest_bar and klein_r2 may be held against null banks; the other statistics are description.",
    }
    return json_text(content)


def evidence_json(
    question: dict[str, Any], homology: dict[str, Any], null: dict[str, Any], total: int
) -> str:
    """The statistics, those of the null banks so far, and when all are there p-values of the two that are evidence."""
    observed, before = homology["statistics"], untrained(question["filters"])
    source = Shown("these untrained filters" if before else "these filters", observed, null, before)
    content = {
        "filters": question["filters"],
        "config": question["config"],
        "null_banks": source.banks,
        "null_banks_wanted": total,
        "statistics": {
            name: {
                "value": value,
                "may_be_used_as": "evidence" if name in EVIDENCE else "description only",
                "p_value": p_value(source, name, total) if name in EVIDENCE else None,
                "null": [float(one) for one in null.get(name, ())],
            }
            for name, value in observed.items()
        },
        "conclusion": verdicts([source], total),
    }
    return json_text(content)


def ring_html(svg: str, title: str) -> str:
    """The picture as a page that stands alone."""
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>'
        + escape(title)
        + "</title><style>html,body{margin:0;height:100%}"
        "svg{width:100%;height:100vh;display:block}</style></head><body>" + svg + "</body></html>"
    )


def register(server: Flask, services: Services) -> None:
    """Put the route on the server."""

    def answer(name: str, question: dict[str, Any]) -> dict[str, Any]:
        try:
            found = ask(name, question, wait=0.25, asker=g.topodash_owner, settings=services.settings)
        except ValueError as problem:
            raise ApiError(422, str(problem)) from problem
        if found.state == "failed":
            raise ApiError(422, found.message)
        if found.state == "working":
            raise NotYet
        return found.value

    @server.get("/api/filters/<name>", endpoint="api.filters")
    def file(name: str) -> Response:
        question = asked_for()
        try:
            body, media_type = make(name, question)
        except NotYet:
            return Response('{"state": "working"}', status=202, mimetype="application/json")
        response = Response(body, mimetype=media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response.headers["Cache-Control"] = "no-store"
        return response

    def asked_for() -> dict[str, Any]:
        text = request.args.get("request", "")
        try:
            question = json.loads(text) if len(text) <= MOST else None
        except ValueError:
            question = None
        if (
            not isinstance(question, dict)
            or set(question) != {"filters", "config"}
            or not all(isinstance(part, dict) for part in question.values())
        ):
            raise ApiError(422, 'request must be a JSON object with "filters" and "config".')
        return question

    def how_many() -> int:
        total = request.args.get("nulls", USUAL, type=int)
        if total not in ENDS:
            raise ApiError(422, f"nulls must be one of {', '.join(map(str, ENDS))}.")
        return total

    def make(name: str, question: dict[str, Any]) -> tuple[str | bytes, str]:
        if name == "snippet.py":
            return snippet(question), "text/x-python"
        if name not in ("ring.svg", "ring.html", "members.csv", "filters.npz", "ring.json", "evidence.json"):
            raise ApiError(404, f"There is no file {name[:60]}.")
        total = how_many()
        ring, homology = answer("filter_ring", question), answer("filter_homology", question)
        if name == "evidence.json":
            null, _, _ = gathered(question, total)
            return evidence_json(question, homology, null, total), "application/json"
        proof = judge(homology, question, total, request.args.get("circular", "proved"))
        homology = as_proved(homology, proof)
        if name == "members.csv":
            return members_csv(ring, homology), "text/csv"
        if name == "filters.npz":
            return arrays_npz(ring, homology), "application/octet-stream"
        if name == "ring.json":
            return ring_json(question, ring, homology, proof.words), "application/json"
        colour = request.args.get("colour", "circular")
        painted = node_colours(ring, homology, colour if colour in NAMES else "circular")
        svg = ring_svg(
            ring,
            painted,
            layout=request.args.get("layout", "spring"),
            dark=request.args.get("dark") == "1",
            title=ring["source"],
        )
        return (svg, "image/svg+xml") if name == "ring.svg" else (ring_html(svg, ring["source"]), "text/html")
