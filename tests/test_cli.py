"""The command line: what cannot be done is refused in one sentence, before anything is made."""

import json

import pytest

from topodash.cli import main
from topodash.runs import RunStore
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


def test_settings_are_printed_as_they_are_given(settings, monkeypatch, capsys):
    monkeypatch.delenv("TOPODASH_SPARE", raising=False)
    assert main(["settings"]) == 0
    assert "TOPODASH_SPARE=1\n" in capsys.readouterr().out
    monkeypatch.setenv("TOPODASH_SPARE", "0")
    assert main(["settings"]) == 0
    assert "TOPODASH_SPARE=1  now 0\n" in capsys.readouterr().out
