"""The command line: what cannot be done is refused in one sentence, before anything is made."""

import json

import pytest

from topodash.cli import main
from topodash.runs import RecordingFailed, RunStore
from topodash.settings import Settings


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setenv("TOPODASH_DATA_DIR", str(tmp_path / "data"))
    return Settings.from_env()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--dataset", "nope"], "dataset must be one of"),
        (["--hidden", "99"], "hidden must hold whole numbers from 1 to 8, not 99"),
        (["--learning-rate", "nan"], "learning_rate must be a number"),
        (["--epochs", "-1"], "epochs must be"),
        (["--export", "no such folder/a.run"], "--export must name a file in a folder that there is"),
        (["--config", "none.json"], "none.json cannot be read"),
    ],
)
def test_what_cannot_be_trained_is_said_in_one_line_and_makes_no_run(settings, capsys, arguments, said):
    assert main(["train", *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"topodash train: {said}")
    assert printed.err.count("\n") == 1
    assert list(RunStore.of(settings).ids()) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"\x9a\x00", "no JSON file"),
        (b"[]", "must hold one JSON object"),
        (b"{}", "dataset must be"),
        (b'{"dataset": {"name": "moons", "parameters": {"taste": 1}}}', "moons has no parameter 'taste'"),
        (b'{"dataset": {"upload": "0"}}', "on the page Live training only"),
    ],
)
def test_a_configuration_that_will_not_do_is_refused_likewise(settings, tmp_path, capsys, text, said):
    path = tmp_path / "own.json"
    path.write_bytes(text)
    if b"dataset" in text:
        whole = {
            "hidden": [3], "initialisation": "default", "optimiser": "sgd", "learning_rate": 0.5, "momentum": 0.9, "l2": 0.0,
            "batch_size": 0, "epochs": 3, "seed": 0, "epochs_per_second": None, **json.loads(text),
        }  # fmt: skip
        path.write_text(json.dumps(whole))
    assert main(["train", "--config", str(path)]) == 2
    printed = capsys.readouterr().err
    assert said in printed
    assert printed.count("\n") == 1
    assert list(RunStore.of(settings).ids()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("runs", "export", "0" * 16, "a.run"),
        ("runs", "delete", "0" * 16),
        ("runs", "import", "none.run"),
        ("landscapes", "--resume", "0" * 16),
        ("landscapes", "--set", "taste=1"),
        ("filters", "none.npz"),
        ("mapper", "none.csv", "--lens", "pca"),
    ],
    ids=" ".join,
)
def test_what_was_asked_and_cannot_be_done_ends_every_command_with_2(settings, capsys, arguments):
    assert main(arguments) == 2
    printed = capsys.readouterr().err
    assert printed.startswith(f"topodash {arguments[0]}: ") and printed.count("\n") == 1


@pytest.mark.parametrize(
    "problem", [RecordingFailed("The disk is full."), OSError(28, "No space left on device")]
)
def test_what_fails_while_it_is_done_ends_with_1(settings, capsys, monkeypatch, problem):
    def fail(*_arguments):
        raise problem

    monkeypatch.setattr(RunStore, "export", fail)
    assert main(["runs", "export", "0" * 16, "a.run"]) == 1
    assert capsys.readouterr().err == f"topodash runs: {problem}\n"


def test_the_exit_codes_are_told(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "2 what was asked cannot be done" in capsys.readouterr().out


def test_settings_are_printed_as_they_are_given(settings, monkeypatch, capsys):
    monkeypatch.delenv("TOPODASH_SPARE", raising=False)
    assert main(["settings"]) == 0
    assert "TOPODASH_SPARE=1\n" in capsys.readouterr().out
    monkeypatch.setenv("TOPODASH_SPARE", "0")
    assert main(["settings"]) == 0
    assert "TOPODASH_SPARE=1  now 0\n" in capsys.readouterr().out
