"""Files in and out over HTTP: uploads, export, import."""

import io
import json

import numpy as np
import pytest

from topodash.runs import Catalogue, Recorder, RunStore, new_id
from topodash.runs.uploads import Uploads
from topodash.web.runs_api import file_name
from topodash.web.uploads import clean_name


@pytest.fixture
def run_id(app, settings):
    """A finished run of somebody else."""
    found = new_id()
    with Recorder.create(
        RunStore.of(settings).path(found), kind="mlp", config={"hidden": [3]}, run_id=found, total=2
    ) as recorder:
        for step in range(3):
            recorder.scalars(step, {"loss": 1.0 / (step + 1)})
            recorder.snapshot(step, {"W1": np.full((3, 2), step, dtype=np.float32)})
        recorder.status("finished")
    Catalogue.of(settings).add(found, "f" * 32, "Zwei Ringe / Nr. 3")
    return found


def test_an_upload_is_kept_byte_for_byte_and_the_same_file_has_the_same_id(client, settings):
    content = np.random.default_rng(0).bytes(700_000)
    first = client.post("/api/uploads?name=C:\\data\\points.csv", data=content)
    assert first.status_code == 201
    assert first.json["name"] == "points.csv"
    assert first.json["size"] == len(content)
    assert Uploads.of(settings).path(first.json["id"]).read_bytes() == content
    assert client.post("/api/uploads?name=again.csv", data=content).json["id"] == first.json["id"]


def test_a_file_that_is_too_large_is_refused_in_json_and_leaves_nothing(client, settings):
    for route in ("/api/uploads", "/api/runs"):
        announced = client.post(route, data=b"x" * (2**20 + 1))
        assert announced.status_code == 413
        assert "larger than 1 MB" in announced.json["error"]
        unannounced = client.post(
            route,
            input_stream=io.BytesIO(b"x" * (2**20 + 1)),
            headers={"Transfer-Encoding": "chunked"},
            environ_overrides={"wsgi.input_terminated": True},
        )
        assert unannounced.status_code == 413
        assert "larger than 1 MB" in unannounced.json["error"]
    assert Uploads.of(settings).entries() == []
    assert [
        path for path in settings.data_dir.rglob("*") if path.is_file() and path.stat().st_size > 10**6
    ] == []


def test_a_file_that_just_fits_is_taken(client):
    assert client.post("/api/uploads?name=a", data=b"x" * 2**20).status_code == 201


def test_an_empty_file_is_refused_in_a_sentence(client):
    for route, status in (("/api/uploads?name=none.csv", 422), ("/api/runs?name=none.run", 400)):
        answer = client.post(route, data=b"")
        assert answer.status_code == status
        assert "empty" in answer.json["error"]


def test_a_file_that_breaks_off_is_refused(client, settings):
    for route in ("/api/uploads", "/api/runs"):
        answer = client.post(
            route, input_stream=io.BytesIO(b"abc"), environ_overrides={"CONTENT_LENGTH": "1000"}
        )
        assert answer.status_code == 400
        assert "broke off" in answer.json["error"]
    assert Uploads.of(settings).entries() == []


def test_a_callback_cannot_be_sent_more_than_its_bound(client):
    answer = client.post(
        "/_dash-update-component", data=b"[" + b"1," * (5 * 2**20), content_type="application/json"
    )
    assert answer.status_code == 413
    assert "too large" in answer.json["error"]


def test_a_run_goes_out_and_comes_back_the_same(client, settings, run_id):
    out = client.get(f"/api/runs/{run_id}/export")
    assert out.status_code == 200
    assert out.headers["Content-Disposition"] == f'attachment; filename="zwei-ringe-nr-3-{run_id}.run"'
    assert int(out.headers["Content-Length"]) == len(out.data)
    assert out.data.startswith(b"SQLite format 3\0")
    out.close()
    back = client.post("/api/runs?name=Mine.run", data=out.data)
    assert back.status_code == 201
    store = RunStore.of(settings)
    assert back.json["id"] != run_id
    with store.open(run_id) as before, store.open(back.json["id"]) as after:
        for step in range(3):
            np.testing.assert_array_equal(before.snapshot(step)["W1"], after.snapshot(step)["W1"])
        assert before.meta.config == after.meta.config
    entry = Catalogue.of(settings).entry(back.json["id"])
    assert entry.title == "Mine"
    assert entry.owner != "f" * 32
    assert list((settings.data_dir / "tmp").iterdir()) == []


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda data: b"nothing like a run" * 100, "Mine.run is not a TopoDash run"),
        (lambda data: data[: len(data) // 2], "Mine.run"),
        (lambda data: data[:5000] + bytes(3000) + data[8000:], "Mine.run"),
    ],
    ids=["foreign", "cut in half", "bytes changed"],
)
def test_a_damaged_file_is_refused_under_the_name_that_the_person_chose(
    client, settings, run_id, damage, words
):
    data = client.get(f"/api/runs/{run_id}/export").data
    answer = client.post("/api/runs?name=Mine.run", data=damage(data))
    assert answer.status_code == 422
    assert words in answer.json["error"]
    assert "delete it" not in answer.json["error"], "there is nothing here to delete"
    assert RunStore.of(settings).ids() == [run_id]


def test_a_run_that_is_damaged_is_not_exported_but_named(client, settings, run_id):
    path = RunStore.of(settings).path(run_id)
    path.write_bytes(path.read_bytes()[:3000])
    answer = client.get(f"/api/runs/{run_id}/export")
    assert answer.status_code == 422
    assert answer.json["error"]


def test_a_full_disk_is_said(client, monkeypatch):
    def full(self, path, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(RunStore, "import_file", full)
    answer = client.post("/api/runs?name=a.run", data=b"x")
    assert answer.status_code == 507
    assert "disk" in answer.json["error"]


def test_an_imported_run_is_not_called_by_the_id_that_export_put_into_its_name(client, run_id):
    out = client.get(f"/api/runs/{run_id}/export")
    name = out.headers["Content-Disposition"].split('"')[1]
    assert client.post(f"/api/runs?name={name}", data=out.data).json["title"] == "zwei-ringe-nr-3"


def test_names_of_files_hold_no_paths_and_no_headers():
    assert clean_name("../../etc/passwd") == "passwd"
    assert clean_name("a\r\nSet-Cookie: x") == "aSet-Cookie: x"
    assert clean_name("") == "upload"
    assert len(clean_name("x" * 999)) == 120
    assert file_name('"; x\r\n/..', "0" * 16) == f"x-{'0' * 16}.run"
    assert json.dumps(clean_name("ä.csv"), ensure_ascii=False) == '"ä.csv"'
