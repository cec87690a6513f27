"""Exports: what is in the files is what is on screen, to the last bit, and can be computed again."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from live_runs import flat_of, trained, write

from topodash.pages.live.samples import read_sample
from topodash.runs import RunStore
from topodash.studies.live_view import live_view
from topodash.web.frame_codec import decode

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def training():
    return trained(points=120, epochs=20)


def get(client, run_id, name, query="?step=20"):
    answer = client.get(f"/api/runs/{run_id}/{name}{query}")
    assert answer.status_code == 200
    return answer


def rows_of(text):
    head, *rows = csv.reader(io.StringIO(text))
    return head, rows


def test_the_activations_read_back_to_the_float32_they_are_and_follow_from_the_weights_file(
    client, run_id, training
):
    data, epochs = training
    head, rows = rows_of(get(client, run_id, "activations.csv").get_data(as_text=True))
    assert head == ["point", *data.columns, "label", "held_out", "n1_1", "n1_2", "n1_3", "probability_outer"]
    assert [int(row[0]) for row in rows] == list(range(120))
    np.testing.assert_array_equal(
        np.array([[float(v) for v in row[1:3]] for row in rows], np.float32), data.points
    )
    assert [row[3] for row in rows] == [data.class_names[label] for label in data.labels]
    assert [int(row[4]) for row in rows] == [int(k in set(data.test.tolist())) for k in range(120)]
    told = json.loads(get(client, run_id, "weights.json").data)
    assert (told["run"], told["step"]) == (run_id, 20)
    weights = {name: np.array(values, np.float32) for name, values in told["weights"].items()}
    for name, values in epochs[20].weights.items():
        np.testing.assert_array_equal(weights[name], values)
    (hidden,), output = flat_of(weights)
    values = torch.from_numpy(np.float64(data.points))
    layer = torch.relu(values @ torch.from_numpy(hidden[0]).T + torch.from_numpy(hidden[1]))
    probability = torch.sigmoid(layer @ torch.from_numpy(output[0]).T + torch.from_numpy(output[1]))
    wanted = torch.cat([layer, probability], dim=1).numpy().astype(np.float32)
    found = np.array([[float(v) for v in row[5:]] for row in rows])
    np.testing.assert_array_equal(found.astype(np.float32), [[np.float32(v) for v in row] for row in found])
    np.testing.assert_allclose(found, wanted, rtol=2e-7, atol=1e-12)


def test_deep_networks_of_many_classes_have_a_column_a_unit_and_a_class(client, settings, app):
    data, epochs = trained("blobs", points=60, epochs=1, hidden=(4, 2))
    head, rows = rows_of(
        get(client, write(settings, data, epochs), "activations.csv", "").get_data(as_text=True)
    )
    assert head[5:11] == ["n1_1", "n1_2", "n1_3", "n1_4", "n2_1", "n2_2"]
    assert head[11:] == [f"probability_{name}" for name in data.class_names]
    sums = [sum(float(v) for v in row[11:]) for row in rows]
    assert sums == pytest.approx([1] * 60, abs=1e-6)


def test_names_with_commas_and_quotes_survive_the_csv(client, settings, app, training):
    data, epochs = training
    run_id = write(
        settings,
        data,
        epochs[:1],
        meta={"class_names": ['a "b", c', "line\nbreak"], "columns": ["x, y", "é"]},
    )
    head, rows = rows_of(get(client, run_id, "activations.csv", "").get_data(as_text=True))
    assert head[1:3] == ["x, y", "é"]
    assert {row[3] for row in rows} == {'a "b", c', "line\nbreak"}
    assert all(len(row) == len(head) for row in rows)


def test_the_complex_file_is_the_complex(client, settings, run_id, training):
    told = json.loads(get(client, run_id, "complex.json").data)
    with RunStore.of(settings).open(run_id) as reader:
        sample = read_sample(reader).sample
    view = live_view(training[1][20].weights, sample)
    assert len(told["cells"]) == len(view.complex)
    box_area = np.prod([high - low for low, high in told["box"]])
    assert sum(cell["area"] for cell in told["cells"]) == pytest.approx(box_area)
    for cell in told["cells"]:
        np.testing.assert_allclose(
            np.array(cell["polygon"]) @ np.array(cell["A"]).T + cell["c"], cell["image"], atol=1e-9
        )
    assert [
        sum(cell["points"][name] for cell in told["cells"]) for name in sample.class_names
    ] == np.bincount(sample.labels).tolist()
    assert [(r["b0"], r["b1"]) for r in told["regions"]] == [(r.b0, r.b1) for r in view.regions]
    np.testing.assert_array_equal(told["boundary"], view.boundary.segments)


@pytest.mark.parametrize("hidden", [(3,), (3, 2)], ids=str)
def test_the_snippet_runs_and_prints_the_numbers_of_the_page(client, settings, app, tmp_path, hidden):
    data, epochs = trained(points=120, epochs=20, hidden=hidden)
    run_id = write(settings, data, epochs)
    file = tmp_path / "view.py"
    file.write_bytes(get(client, run_id, "snippet.py").data)
    printed = subprocess.run(
        [sys.executable, file],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
    ).stdout.splitlines()
    head, arrays = decode(client.get(f"/api/runs/{run_id}/frame?step=20").data)
    cells = printed[: len(arrays["pattern"])]
    wanted = {
        "".join(map(str, pattern)): f"rank {rank}, area {area:.2f}"
        for pattern, rank, area in zip(
            arrays["pattern"].tolist(), arrays["rank"], arrays["area"], strict=True
        )
    }
    assert len(wanted) == len(cells)
    for line in cells:
        pattern, rest = line.split(" ", 1)
        rank, area = rest.split(", ")[:2]
        assert (
            wanted[pattern] == f"{rank}, area {float(area.removeprefix('area ')):.2f}"
            or abs(float(area[5:]) - float(wanted[pattern][-4:])) < 0.011
        )
    assert printed[-2] == f"boundary segments: {len(arrays['boundary'])}"
    assert (
        printed[-1].split()
        == f"positive region: b0 = {head['numbers']['b0']} b1 = {head['numbers']['b1']}".split()
    )


def test_without_a_step_the_newest_is_given_under_a_name_that_says_so(client, run_id):
    for name, file in (
        ("activations.csv", "activations-{}-epoch-20.csv"),
        ("weights.json", "weights-{}-epoch-20.json"),
        ("complex.json", "complex-{}-epoch-20.json"),
        ("snippet.py", "view-{}-epoch-20.py"),
    ):
        answer = get(client, run_id, name, "")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{file.format(run_id)}"'


def test_steps_that_cannot_be_are_refused_in_json(client, run_id, settings, training):
    empty = write(settings, training[0], [])
    for name in ("activations.csv", "weights.json", "complex.json", "snippet.py"):
        for query, status in (
            ("?step=x", 400),
            ("?step=" + "9" * 30, 400),
            ("?step=999", 404),
            ("?step=-1", 404),
        ):
            answer = client.get(f"/api/runs/{run_id}/{name}{query}")
            assert answer.status_code == status, (name, query)
            assert answer.json["error"]
        assert client.get(f"/api/runs/{empty}/{name}").status_code == 404
