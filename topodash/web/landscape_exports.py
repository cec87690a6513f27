"""What the Landscapes page shows, as files: GET /api/landscapes/<file>?<the page's own address>."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from flask import Flask, Response, request

from topodash.jobs.answers.snippet_files import run_file
from topodash.pages.landscapes.controls import VIEW
from topodash.pages.landscapes.drawing import at
from topodash.pages.landscapes.fitting import fitted
from topodash.pages.landscapes.looking import network_of
from topodash.pages.landscapes.state import read_address
from topodash.pages.landscapes.testing import permutations_of, tests_question
from topodash.pages.landscapes.view import View, bar_count, diagram, load, question
from topodash.pages.landscapes.wanting import wanted
from topodash.runs import RunError
from topodash.web.csv_text import csv_text
from topodash.web.errors import ApiError
from topodash.web.landscape_open_exports import OPEN_FILES, PATIENCE, read_shown


def norms_csv(view: View, cursor: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """Both readings of figure 4, with what is lost and who is behind it; then each network's norm."""
    networks = range(view.networks) if view.study is not None else range(0)
    head = [view.moment_title, "layer", "norm_of_average", "average_of_norms", "standard_deviation", "networks", "lost_share", "retained_share",
            *(f"network_{n + 1}" for n in networks)]  # fmt: skip
    rows = []
    for moment, name in enumerate(view.moments):
        for layer, layer_name in enumerate(view.layers):
            numbers = (view.norm_of_mean, view.mean_norm, view.sd_norm)
            row = [
                name,
                layer_name,
                *(float(each[moment, layer]) for each in numbers),
                int(view.used[moment, layer]),
            ]
            row += [float(view.lost[moment, layer]), float(view.retained[moment, layer])]
            if view.study is not None:
                row += [float(v) for v in view.study.norms[:, moment, layer, view.degree_at]]
            rows.append(row)
    return csv_text(head, rows)


def landscapes_csv(view: View, cursor: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """The drawn functions of every cell: a row a grid point, a column a cell and function; zero rows at the end are cut."""
    count = int(values["functions"])
    drawn = view.means[:, :, :count]
    used = np.flatnonzero(drawn.max(axis=(0, 1, 2)))
    last = int(used[-1]) + 2 if len(used) else 1
    head = [
        "t",
        *(
            f"{moment} | {layer} | {k + 1}"
            for moment in view.moments
            for layer in view.layers
            for k in range(drawn.shape[2])
        ),
    ]
    table = drawn[..., :last].reshape(-1, drawn[..., :last].shape[-1]).T
    return csv_text(
        head, ([float(t), *(f"{v:.9g}" for v in row)] for t, row in zip(view.grid[:last], table, strict=True))
    )


def curves_csv(view: View, cursor: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """The landscape curves: two coordinates of every layer."""
    rows = (
        [moment, layer, *(float(v) for v in view.points[i, j])]
        for i, moment in enumerate(view.moments)
        for j, layer in enumerate(view.layers)
    )
    return csv_text([view.moment_title, "layer", "first", "second"], rows)


def diagram_csv(view: View, cursor: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """The kept bars of the open layer, the infinite one of degree 0 too; and how many finite bars there were."""
    layer, moment = at(cursor, view)
    network = network_of(values["network"], view)
    bars, why = diagram(view, network, moment, layer)
    total = 0 if why else bar_count(view, network, moment, layer)
    rows = [[view.degree, float(b), float(d), total] for b, d in bars]
    if view.degree == 0 and not why:
        rows.insert(0, [0, 0.0, "inf", total])
    return csv_text(["degree", "birth", "death", "finite_bars"], rows)


def tests_csv(view: View, cursor: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """Table I: every pair with its test, or why there is none."""
    if view.study is None:
        raise ApiError(404, "A live run is one network; it has no tests.")
    answer = question(
        "landscape_tests", tests_question(view, values["paired"], values["permutations"]), wait=PATIENCE
    )
    if answer.state != "ready":
        raise ApiError(409, f"The tests are not ready: {answer.message}.")
    names = (
        "networks",
        "shared",
        "statistic",
        "p",
        "holm",
        "smallest_p",
        "count",
        "permutations",
        "paired",
        "why",
    )
    return csv_text(
        ["a", "b", *names],
        (
            [view.moments[row["a"]], view.moments[row["b"]], *(row.get(name, "") for name in names)]
            for row in answer.value["rows"]
        ),
    )


def arrays_npz(view: View, cursor: Mapping[str, Any], values: Mapping[str, Any]) -> bytes:
    """All arrays of the view; of a study also norms of all networks, Gram matrices, steps and accuracies."""
    arrays: dict[str, Any] = {
        "layers": np.array(view.layers), "moments": np.array(view.moments), "grid": view.grid, "mean_landscapes": view.means,
        "norm_of_mean": view.norm_of_mean, "mean_norm": view.mean_norm, "sd_norm": view.sd_norm, "networks_used": view.used, "lost_share": view.lost,
        "retained_share": view.retained, "curve_points": view.points, "curve_explained": view.explained,
    }  # fmt: skip
    if view.study is not None:
        study = view.study
        arrays |= {"norms": study.norms[..., view.degree_at], "gram": study.gram[view.degree_at], "curve_gram": study.curve_gram[view.degree_at],
                   "usable": study.usable, "steps": study.steps, "accuracy": study.accuracy, "test_accuracy": study.test_accuracy,
                   "config": np.array(json.dumps(study.config.to_json()))}  # fmt: skip
    held = io.BytesIO()
    np.savez_compressed(held, **arrays)
    return held.getvalue()


def snippet(view: View, cursor: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """Python that reads or recomputes what is shown, with the library alone."""
    if view.study is None:
        return _live_snippet(view)
    layer, moment = at(cursor, view)
    asked = replace(view.study.config, permutations=permutations_of(values["permutations"]))
    config = json.dumps(asked.to_json(), indent=4).replace("true", "True").replace("false", "False")
    return f"""# The study as it is shown on the Landscapes page, recomputed with topodash as a library (this takes a while).
from topodash.studies.activation_landscapes import LandscapeConfig, combine, compare, curves, diagram_of, run, table

config = LandscapeConfig.from_json({config})
parts = {{part.name: part.arrays for part in run(config, workers=1)}}
study = combine(config, parts.__getitem__)
print("norm of the average, by moment and layer:", study.norm_of_mean[:, :, {view.degree_at}])
print("average of the norms:", study.mean_norm[:, :, {view.degree_at}])
print("landscape curves:", curves(study, degree={view.degree_at}).points)
tests, adjusted = table(study, degree={view.degree_at}, paired={bool(values["paired"])})
for test, p in zip(tests, adjusted):
    print(config.snapshots[test.a], config.snapshots[test.b], test.why or (test.test.p_value, p))
# Bars of network {network_of(values["network"], view) + 1} at {view.moments[moment]} in {view.layers[layer]}:
{"from topodash.studies.activation_landscapes import input_diagram_of" if layer == 0 else ""}
print({f'input_diagram_of(parts["input"], degree={view.degree_at})' if layer == 0 else f'diagram_of(parts["network/{network_of(values["network"], view)}"], {moment}, {layer}, degree={view.degree_at})'})
"""


def _live_snippet(view: View) -> str:
    reads = "\n".join(run_file(view.run))
    return f"""# Landscape norms by layer of a recorded run, with topodash as a library.
import numpy as np
from topodash.geometry.layers import activations, logits
from topodash.runs import RunReader
from topodash.topology import landscape_norm, local_persistence_diagrams, normalise_activations, persistence_diagrams

{reads}
with RunReader(RUN_FILE) as run:
    data = run.artifact("dataset")
    for epoch in {list(view.epochs)}:
        weights = run.snapshot(epoch)
        pairs = [(weights[f"W{{k}}"], weights[f"b{{k}}"]) for k in range(1, len(weights) // 2 + 1)]
        points = data.arrays["points"].astype(float)
        layers = [points, *activations(pairs[:-1], points), logits(pairs[:-1], pairs[-1], points)]
        names = list(data.meta["class_names"])
        chosen = np.arange(len(points)) if {view.class_name!r} == "" else np.flatnonzero(data.arrays["labels"] == names.index({view.class_name!r}))
        if len(chosen) > {int(view.answers[0]["points"])}:
            chosen = np.sort(np.random.default_rng(0).choice(chosen, {int(view.answers[0]["points"])}, replace=False))
        for number, layer in enumerate(layers):
            if {view.homology!r} == "local":
                bars = local_persistence_diagrams(layer[chosen], max_degree={view.degree}, ends_with_relu=0 < number < len(layers) - 1)
            else:
                bars = persistence_diagrams(normalise_activations(layer[chosen]), max_degree={view.degree})
            print(epoch, number, landscape_norm(bars[{view.degree}]))
"""


_FILES: dict[str, tuple[Callable[..., str | bytes], str]] = {
    "landscapes.npz": (arrays_npz, "application/octet-stream"),
    "landscapes.csv": (landscapes_csv, "text/csv"),
    "norms.csv": (norms_csv, "text/csv"),
    "curves.csv": (curves_csv, "text/csv"),
    "diagram.csv": (diagram_csv, "text/csv"),
    "tests.csv": (tests_csv, "text/csv"),
    "snippet.py": (snippet, "text/x-python"),
    **OPEN_FILES,
}


def register(server: Flask) -> None:
    """Put the route on the server."""

    @server.get("/api/landscapes/<name>", endpoint="api.landscapes")
    def export(name: str) -> Response:
        if name not in _FILES:
            raise ApiError(404, f"There is no file {name[:40]}; there are {', '.join(_FILES)}.")
        query = request.args.to_dict()
        run, cursor, said = read_address(query)
        values, more = VIEW.values(query)
        if run is None:
            raise ApiError(404, "The address names no run.")
        cursor, values, missing = fitted(run, cursor, values)
        cursor |= read_shown(query)
        if said or more or missing:  # a file of another thing than was asked for is wrong in silence
            raise ApiError(422, " ".join([*said, *more, *missing]))
        make, media_type = _FILES[name]
        try:
            loaded = load(wanted(run, values), wait=PATIENCE)
            if loaded.view is None:
                raise ApiError(409, f"This is not computed yet: {loaded.message or 'the study is running'}.")
            if loaded.more.get("pending") and cursor["epoch"] not in (None, *loaded.view.epochs):
                raise ApiError(409, f"Epoch {cursor['epoch']} is not measured yet: {loaded.message}.")
            content = make(loaded.view, cursor, values)
        except (RunError, ValueError) as problem:
            raise ApiError(422, str(problem)) from problem
        response = Response(content, mimetype=media_type)
        stem, _, ending = name.partition(".")
        response.headers["Content-Disposition"] = f'attachment; filename="{stem}-{run}.{ending}"'
        response.headers["Cache-Control"] = "no-store"
        return response
