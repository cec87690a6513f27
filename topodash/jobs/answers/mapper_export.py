"""A Mapper graph as a file: kmapper's HTML, GraphML, JSON, members CSV, and the Python that makes it again."""

import csv
import io
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from topodash.jobs.answers.mapper_data import Prepared, build, clusterer_of, cover_of, prepare, sampled
from topodash.jobs.answers.snippet_files import run_file, uploaded_file
from topodash.jobs.sources import Sources
from topodash.topology.mapper import MapperGraph
from topodash.topology.mapper.export import node_names, to_plain

TYPES = {
    # Never as text/html: a page of another program does not run under our address.
    "kmapper": ("mapper-kmapper.html", "application/octet-stream"),
    "graphml": ("mapper.graphml", "application/xml"),
    "json": ("mapper.json", "application/json"),
    "members": ("mapper-members.csv", "text/csv"),
    "snippet": ("mapper.py", "text/x-python"),
}


def mapper_export(parameters: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """{"request": request, "kind": one of `TYPES`, "points": [row, ...] or None} -> text, name, type.

    Raises
    ------
    ValueError
        For a kind that there is not.
    """
    kind, request = parameters["kind"], parameters["request"]
    if kind not in TYPES:
        raise ValueError(f"kind must be one of {', '.join(TYPES)}, was {kind!r}")
    name, media_type = TYPES[kind]
    if kind == "members" and parameters.get("points") is not None:
        data, _, _ = sampled(request, sources)
        text = _points_csv(data, np.asarray(parameters["points"], dtype=np.int64))
        return {"text": text, "name": "mapper-selection.csv", "type": media_type}
    prepared = prepare(request, sources)
    if kind == "snippet":
        text = snippet(request, prepared, _file_name(request["source"], sources))
        return {"text": text, "name": name, "type": media_type}
    graph = build(request, prepared)
    if kind == "graphml":
        text = graph.to_graphml()
    elif kind == "json":
        text = traced_json(graph, request, prepared, sources)
    elif kind == "members":
        text = _members_csv(graph, prepared)
    else:
        text = _kmapper_html(graph, prepared)
    return {"text": text, "name": name, "type": media_type}


def _label(data: Any, row: int) -> str:
    if data.labels is None:
        return ""
    value = int(data.labels[row])
    return str(data.class_names[value]) if value < len(data.class_names) else str(value)


def _members_csv(graph: Any, prepared: Prepared) -> str:
    """One line for every (node, point) pair."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    data = prepared.data
    writer.writerow(["node", "name", "component", "point", "class", *data.columns])
    for node, (name, points) in enumerate(zip(node_names(graph), graph.nodes, strict=True)):
        for row in points.tolist():
            values = [f"{value:.9g}" for value in data.points[row]]
            writer.writerow(
                [node, name, int(graph.components[node]), int(data.index[row]), _label(data, row), *values]
            )
    return text.getvalue()


def _points_csv(data: Any, rows: np.ndarray) -> str:
    """One line for every point."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["point", "class", *data.columns])
    for row in np.unique(rows).tolist():
        values = [f"{value:.9g}" for value in data.points[row]]
        writer.writerow([int(data.index[row]), _label(data, row), *values])
    return text.getvalue()


def _kmapper_html(graph: Any, prepared: Prepared) -> str:
    import kmapper

    from topodash.jobs.answers.kmapper_page import self_contained

    if not len(graph):
        raise ValueError("the graph has no node, so there is nothing for kmapper to draw")
    data = prepared.data
    colours: list[np.ndarray] = [prepared.lens]
    names = list(prepared.lens_names)
    if data.labels is not None:
        colours.append(data.labels[:, None])
        names.append("class")
    tips = np.array([f"{index} {_label(data, row)}".strip() for row, index in enumerate(data.index.tolist())])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.html"
        kmapper.KeplerMapper(verbose=0).visualize(
            graph.to_kmapper(),
            path_html=str(path),
            title="TopoDash Mapper graph",
            color_values=np.column_stack(colours),
            color_function_name=names,
            custom_tooltips=tips,
        )
        return self_contained(path.read_text(encoding="utf-8"))


def traced_json(graph: MapperGraph, request: Mapping[str, Any], prepared: Prepared, sources: Sources) -> str:
    """The graph as JSON, and in its settings what it was made of: lens, metric, source, columns, how many rows at most."""
    plain = to_plain(graph)
    plain["settings"] |= {
        "lens": request["lens"], "metric": request["metric"], "source": _told(request["source"], sources), "columns": list(prepared.data.columns),
        "limit": request.get("limit"), "seed": request.get("seed", 0),
    }  # fmt: skip
    if "lens_source" in request:
        plain["settings"]["lens_source"] = _told(request["lens_source"], sources)
    return json.dumps(plain)


def _told(source: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    """A source for people who get the file. Who has an upload's id can read the whole table, so its name stands for it."""
    told = {name: value for name, value in source.items() if name != "upload"}
    return {**told, "file": _file_name(source, sources)} if "upload" in source else told


def _file_name(source: Mapping[str, Any], sources: Sources) -> str:
    """What an uploaded file was called, without folders; '' for other sources."""
    if "upload" not in source:
        return ""
    return sources.upload_name(source["upload"]).replace("\\", "/").rpartition("/")[2] or "table.csv"


def snippet(request: Mapping[str, Any], prepared: Prepared, file: str = "") -> str:
    """Python that computes the graph again with the library; `file` is the name of an uploaded table."""
    source = request["source"]
    lines = [
        "# The Mapper graph on screen, computed again with topodash as a library.",
        "import numpy as np",
        "",
    ]
    if "dataset" in source:
        settings = "".join(f", {name}={value!r}" for name, value in source.get("parameters", {}).items())
        lines += [
            "from topodash.datasets import load",
            "",
            f"data = load({source['dataset']!r}, seed={source.get('seed', 0)}{settings})",
            "values = getattr(data, 'points', None)",
            "points = (data.images.reshape(len(data.images), -1) if values is None else values).astype(np.float64)",
        ]
    elif "upload" in source:
        lines += [
            "from topodash.datasets import read_table",
            "",
            *uploaded_file(file),
            f"data = {_read(source)}",
            "points = data.values",
        ]
    else:
        lines += [
            "import tempfile",
            "from pathlib import Path",
            "",
            "from topodash.jobs.sources import Sources",
            "from topodash.runs import RunStore",
            "from topodash.settings import Settings",
            "",
            *run_file(source["run"]),
            "with tempfile.TemporaryDirectory() as folder:",
            "    settings = Settings(data_dir=Path(folder))",
            "    run = RunStore.of(settings).import_file(RUN_FILE)",
            f"    data = Sources(settings).load({{**{dict(source)!r}, 'run': run}})",
            "points = data.points",
        ]
    drawn = prepared.total > len(prepared.data.points)
    if drawn:
        lines += [
            f"rows = np.sort(np.random.default_rng({int(request.get('seed', 0))}).choice(len(points), "
            f"{len(prepared.data.points)}, replace=False))",
            "points = points[rows]",
        ]
    if any(each["name"] == "column" for each in request["lens"]):
        lines += [
            f"column = {_read(request['lens_source'])}",
            "value_of = dict(zip(column.rows.tolist(), column.values[:, 0]))",
        ]
    lines += ["", "from topodash.topology.lenses import compute_lens", "", "lens = np.column_stack(["]
    for each in request["lens"]:
        arguments = {name: value for name, value in each.items() if name != "name"}
        text = "".join(f", {name}={value!r}" for name, value in arguments.items())
        if each["name"] == "probability":
            lines.append(f"    data.probabilities[{'rows' if drawn else ':'}, {arguments.get('class', 0)}],")
        elif each["name"] == "column":
            lines.append(f"    [value_of[row] for row in data.rows{'[rows]' if drawn else ''}.tolist()],")
        else:
            lines.append(f"    compute_lens({each['name']!r}, points, metric={request['metric']!r}{text}),")
    cover, clusterer = cover_of(request), clusterer_of(request, prepared.eps)
    own = request["clusterer"]["kind"] in ("dbscan", "single")
    home = "topodash.topology" if own else "sklearn.cluster"
    lines += [
        "])",
        "",
        f"from {home} import {type(clusterer).__name__}",
        f"from topodash.topology import {type(cover).__name__}, mapper_graph",
        "",
        "graph = mapper_graph(",
        f"    points, lens, cover={cover!r}, clusterer={clusterer!r}, metric={request['metric']!r}",
        ")",
        'print(len(graph), "nodes,", len(graph.edges), "edges, Betti numbers", graph.betti)',
    ]
    return "\n".join(lines) + "\n"


def _read(source: Mapping[str, Any]) -> str:
    """The call that reads an uploaded table, from the file that the snippet names."""
    options = {name: source[name] for name in ("limit", "seed", "drop_bad_rows") if name in source}
    text = "".join(f", {name}={value!r}" for name, value in options.items())
    return f"read_table(OWN_FILE, {list(source['columns'])!r}, {source.get('label')!r}{text})"
