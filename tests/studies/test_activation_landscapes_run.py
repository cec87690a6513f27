"""The study as a run file: the command writes it, a stopped one goes on, and the result reads back."""

import json

import numpy as np
import pytest

from topodash import cli_landscapes
from topodash.jobs.driver import Step
from topodash.jobs.kinds import make_driver
from topodash.runs import Checkpoint, Recorder, RunReader
from topodash.studies.activation_landscapes import LandscapeConfig, LandscapeStudy, diagram_of

SETTINGS = {
    "networks": 3,
    "group_size": 2,
    "points": 600,
    "hidden": [5],
    "max_steps": 20,
    "check_every": 10,
    "batch_size": 64,
    "thresholds": [0.5, 0.99],
    "every": 2,
    "grid_step": 0.02,
    "depth": 4,
    "permutations": 20,
}


@pytest.fixture
def finished(tmp_path, capsys):
    changes = [part for name, value in SETTINGS.items() for part in ("--set", f"{name}={json.dumps(value)}")]
    out = tmp_path / "out.run"
    folder = tmp_path / "runs"
    assert cli_landscapes.main(["disks", *changes, "--folder", str(folder), "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "finished: 3 of 3 networks never reached the highest threshold" in printed
    assert f" --folder {folder} --out {out}\n" in printed.splitlines(keepends=True)[0]
    return out


def test_the_command_leaves_a_run_file_that_gives_the_study_back(finished):
    with RunReader(finished) as reader:
        config = LandscapeConfig.from_json(reader.meta.config)
        study = LandscapeStudy.from_arrays(config, reader.artifact("study").arrays)
        meta = reader.artifact("study").meta
        part = reader.artifact("network/1").arrays
        assert reader.status.state == "finished"
        assert reader.meta.provenance["command"].startswith("topodash landscapes disks --set networks=3")
        assert reader.checkpoint().tensors == {}
    assert study.norms.shape == (3, 3, 3, 1)
    assert meta["layers"] == ["input", "ReLU 1", "logits"]
    assert meta["snapshots"] == ["iteration 0", "0.5", "0.99"]
    assert len(meta["paired_tests"]) == 3
    assert diagram_of(part, 0, 1).shape[1] == 2


def test_a_driver_goes_on_from_its_checkpoint_bit_for_bit(finished, tmp_path):
    path = tmp_path / "00000000000000aa.run"
    recorder = Recorder.create(path, kind="landscapes", config=SETTINGS)
    driver = make_driver("landscapes", SETTINGS)

    def record(step):
        for each in step.artifacts:
            recorder.artifact(each.name, each.content, step=step.step, meta=each.meta)
        recorder.record(step.step, scalars=step.scalars)

    steps = driver.start(recorder, None)
    done = (step for step in steps if isinstance(step, Step))  # others: nothing yet
    for _ in range(4):  # the input, two groups, one network
        record(next(done))
    tensors, state = driver.state()
    steps.close()
    recorder.checkpoint(3, tensors, state)
    recorder.flush()
    again = make_driver("landscapes", {**SETTINGS, "workers": 1})
    numbers = []
    for step in again.start(recorder, Checkpoint(3, tensors, state)):
        if isinstance(step, Step):
            record(step)
            numbers.append(step.step)
    assert numbers == [4, 5, 6]
    recorder.flush()
    with RunReader(path) as mine, RunReader(finished) as whole:
        names = {each.name for each in whole.artifacts()}
        assert names == {each.name for each in mine.artifacts()}
        for name in names:
            a, b = mine.artifact(name).arrays, whole.artifact(name).arrays
            for key in b:
                np.testing.assert_array_equal(a[key], b[key], err_msg=f"{name} {key}")
    recorder.close()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--set", "networks=0"], "networks must be from 1"),
        (["--set", "networks"], "--set must be FIELD=VALUE"),
        (["--workers", "0"], "workers must be a whole number from 1 to 256; it was 0"),
        (["--workers", "-3"], "workers must be a whole number from 1 to 256; it was -3"),
        (["--set", "class_name=ring"], "class_name must be one of disks, complement"),
        (["--config", "none.json"], "none.json cannot be read: No such file or directory"),
        (["--config", "broken.json"], "broken.json is no JSON file"),
        (["--config", "list.json"], "list.json must hold one JSON object"),
        (["--config", "large.json"], "networks must be from 1 to 2000; it was 1111"),
        (["--out", "no such folder/a.run"], "--out must name a file in a folder that there is"),
        (["--folder", "list.json"], "--folder must be a folder that can be written to, was list.json: there is a file"),
        (["--folder", "list.json/runs"], "--folder must be a folder that can be written to"),
        (["--resume", "0123456789abcdef"], "there is no run 0123456789abcdef"),
        (["--resume", "0123456789abcdef", "--set", "networks=3"], "--resume goes on with the run as it is"),
    ],
)  # fmt: skip
def test_what_cannot_be_studied_is_said_in_one_line_and_nothing_is_written(
    tmp_path, monkeypatch, capsys, arguments, said
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOPODASH_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "broken.json").write_text("{networks")
    (tmp_path / "list.json").write_text("[1]")
    (tmp_path / "large.json").write_text('{"networks": ' + 400 * "1" + "}")
    assert cli_landscapes.main(["disks", *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"topodash landscapes: {said}")
    assert printed.err.count("\n") == 1
    assert {each.name for each in tmp_path.iterdir()} == {"broken.json", "list.json", "large.json"}


def test_the_configuration_is_shown_without_a_run(capsys):
    assert cli_landscapes.main(["mnist", "--show"]) == 0
    shown = capsys.readouterr().out
    assert '"homology": "local"' in shown and "on one idle core" in shown
