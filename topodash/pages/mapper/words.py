"""What the page says of a graph and of a selection: statistics, the table of nodes, the inspector."""

from __future__ import annotations

import base64
import json
import math
import struct
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from dash import html
from dash.development.base_component import Component

from topodash.components.inspector import selection as selection_view
from topodash.components.panel import empty
from topodash.figures import theme
from topodash.figures.mapper_graph import describe_node

#: Lines of the table of nodes; the rest is in the members CSV.
MOST_LINES = 150


def percent(share: float | None) -> str:
    """'97.3 %', or a dash where it is not known."""
    return "–" if share is None else f"{100 * share:.1f} %"


def number(value: float) -> str:
    """Three significant digits; infinity and NaN in words."""
    if math.isnan(value):
        return "–"
    return ("∞" if value > 0 else "−∞") if math.isinf(value) else f"{value:.3g}".replace("-", "−")


def statistics(value: Mapping[str, Any]) -> Component:
    """The numbers of a graph."""
    found = value["statistics"]
    triangles = "too many to list" if found["triangles"] is None else f"{found['triangles']:,}"
    pairs = [
        ("Nodes", f"{found['nodes']:,}"),
        ("Edges", f"{found['edges']:,}"),
        ("Triangles", triangles),
        ("Components b0", f"{found['b0']:,}"),
        ("Loops b1", f"{found['b1']:,}"),
        ("Points", f"{value['n']:,}"),
        ("Covered", percent(found["covered"])),
        ("Purity", percent(found["purity"])),
        ("In mixed nodes", percent(found["mixed"])),
        ("Eps", f"{value['eps']:.4g} ({value['eps'] / value['scale']:.3g} of the scale)" if value["scale"] else f"{value['eps']:.4g}"),
    ]  # fmt: skip
    rows = [
        html.Div([html.Dt(name), html.Dd(said, className="td-number")], className="td-fact")
        for name, said in pairs
    ]
    return html.Dl(rows, className="td-facts mapper-facts")


def table(heads: Sequence[str], rows: Sequence[Sequence[Any]], caption: str) -> Component:
    """A table that `assets/mapper.js` writes: a thousand cells as components would take the browser seconds.

    A cell is text or a number, or {"select": gesture, "label": text} for a button, or {"class": k, "label": text}.
    """
    spec = {
        "heads": list(heads),
        "rows": [list(row) for row in rows],
        "caption": caption,
        "colours": theme.CLASS_COLOURS,
    }
    return html.Div(
        className="mapper-table-frame", **{"data-mapper-table": json.dumps(spec, separators=(",", ":"))}
    )


def swatch(index: int) -> Component:
    """The mark of a class."""
    return html.Span(
        className="mapper-swatch", style={"background": theme.class_colour(index)}, **{"aria-hidden": "true"}
    )


def nodes_table(value: Mapping[str, Any], order: str) -> Component:
    """A line for each node, with a button that selects it."""
    sizes, classes = np.diff(value["starts"]), value["classes"]
    if not len(sizes):
        return empty("This graph has no node.")
    if order == "mixed" and classes is not None:
        minor = 1 - classes.max(axis=1) / classes.sum(axis=1)
        shown = np.lexsort((-sizes, -minor))
    else:
        shown = np.arange(len(sizes)) if order == "number" else np.argsort(-sizes, kind="stable")
    degree = np.bincount(value["edges"].ravel(), minlength=len(sizes))
    lines = [
        [
            {"select": {"how": "node", "slot": "a", "ks": [k]}, "label": f"Select {k}"},
            int(sizes[k]),
            describe_node(None if classes is None else classes[k], int(sizes[k]), value["class_names"]).partition(": ")[2] or "–",
            int(degree[k]),
            int(value["components"][k]) + 1,
        ]
        for k in shown[:MOST_LINES].tolist()
    ]  # fmt: skip
    heads = ("Node", "Points", "Classes", "Edges", "Comp.")
    parts: list[Any] = [table(heads, lines, "Nodes of the Mapper graph")]
    if len(sizes) > MOST_LINES:
        parts.append(
            html.P(
                f"{MOST_LINES} of {len(sizes):,} nodes; the members CSV of the graph has them all.",
                className="mapper-quiet",
            )
        )
    return html.Div(parts)


def inspected(found: Mapping[str, Any], chosen: Mapping[str, Any]) -> Component:
    """The inspector of a selection; `found` answers the question 'mapper_selection'."""
    nodes = len(chosen["nodes"][chosen["slot"]])
    classes, names = found["classes"], found["class_names"]
    parts: list[Any] = []
    if classes is not None:
        order = np.argsort(-classes, kind="stable")
        lines = [
            [
                {"class": int(k), "label": str(names[k]) if k < len(names) else str(k)},
                f"{int(classes[k]):,}",
                percent(classes[k] / found["size"]),
            ]
            for k in order[:12]
            if classes[k]
        ]
        parts += [html.H4("Classes"), table(("Class", "Points", "Share"), lines, "Classes of the selection")]
    if found["images"] is not None:
        parts += [html.H4("Images"), html.Div(_images(found), className="mapper-images")]
    parts += [html.H4("Columns against the rest"), _columns(found), html.H4("Members"), _members(found)]
    actions = [
        html.Button("Members, CSV", type="button", className="mapper-button", **{"data-mapper-export": "members", "data-slot": chosen["slot"], "data-selected": "1"}),
        html.Button("Clear", type="button", className="mapper-button", **{"data-mapper-select": '{"how":"clear"}'}),
    ]  # fmt: skip
    pairs = [("Points", f"{found['size']:,} of {chosen['of']:,}"), ("In nodes", f"{nodes:,}")]
    return selection_view(chosen["title"], pairs, more=html.Div(parts), actions=actions)


def _columns(found: Mapping[str, Any]) -> Component:
    lines = [
        [
            each["name"],
            f"{number(each['mean'])} ± {number(each['spread'])}",
            f"{number(each['rest_mean'])} ± {number(each['rest_spread'])}",
            # Less than rounding leaves of two equal means is no effect.
            number(0.0 if abs(each["effect"]) < 1e-9 else each["effect"]),
        ]
        for each in found["columns"]
    ]
    said = "d is Cohen's: the difference of the means over the pooled deviation."
    if found["all_columns"] > len(lines):
        said += f" The {len(lines)} largest of {found['all_columns']:,} columns."
    shown = table(("Column", "Mean ± sd", "Rest", "d"), lines, "Columns of the selection against the rest")
    return html.Div([shown, html.P(said, className="mapper-quiet")])


def _members(found: Mapping[str, Any]) -> Component:
    labels, names = found["member_labels"], found["class_names"]
    heads = ["Point", *(["Class"] if labels is not None else []), *found["member_columns"]]
    lines = []
    for row, index in enumerate(found["member_index"].tolist()):
        cells: list[Any] = [index]
        if labels is not None:
            k = int(labels[row])
            cells.append(str(names[k]) if k < len(names) else str(k))
        lines.append([*cells, *(number(float(each)) for each in found["members"][row])])
    frame = html.Div(
        table(heads, lines, "Members of the selection"),
        className="mapper-members",
        tabIndex=0,
        role="region",
        **{"aria-label": "Members"},
    )
    parts: list[Any] = [frame]
    if found["size"] > len(lines):
        parts.append(
            html.P(f"{len(lines)} of {found['size']:,}; the CSV has them all.", className="mapper-quiet")
        )
    return html.Div(parts)


def _images(found: Mapping[str, Any]) -> list[Component]:
    return [
        html.Img(src=png(picture), alt=f"Point {index}", title=f"Point {index}", width=40, height=40)
        for picture, index in zip(found["images"], found["member_index"].tolist(), strict=False)
    ]


def png(picture: np.ndarray) -> str:
    """A grey picture (h, w) uint8 as a data address."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width = picture.shape
    lines = b"".join(b"\0" + picture[row].tobytes() for row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(lines))
        + chunk(b"IEND", b"")
    )
    return "data:image/png;base64," + base64.b64encode(data).decode()
