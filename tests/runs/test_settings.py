"""Settings: from the environment, checked, refused by name."""

import dataclasses
from pathlib import Path

import pytest

from topodash.settings import Settings


def test_an_empty_environment_gives_the_defaults():
    settings = Settings.from_env({})
    assert (settings.host, settings.port) == ("127.0.0.1", 8050)
    assert settings.workers >= 1
    assert settings.data_dir.is_absolute()
    assert Settings.from_env({"PORT": "", "TOPODASH_WORKERS": " "}) == settings


def test_every_setting_can_be_given_and_handed_on(tmp_path):
    given = Settings(
        host="0.0.0.0", port=1, data_dir=tmp_path / "ä b", workers=7, question_workers=3, cache_mb=9, upload_mb=5,
        uploads_mb=6, pause_seconds=1.5, spare=False,
    )  # fmt: skip
    assert set(given.environment()) == {row[0] for row in Settings.table()}
    assert Settings.from_env(given.environment()) == given


def test_a_default_is_written_as_it_may_be_given():
    written = {name: default for name, default, _ in Settings.table()}
    assert written["TOPODASH_SPARE"] == "1"
    assert Settings.from_env(written) == Settings()


@pytest.mark.parametrize(
    ("name", "value", "must"),
    [
        ("PORT", "http", "a whole number"),
        ("PORT", "70000", "at most 65535"),
        ("PORT", "-1", "at least 0"),
        ("TOPODASH_WORKERS", "0", "at least 1"),
        ("TOPODASH_WORKERS", "1.5", "a whole number"),
        ("TOPODASH_CACHE_MB", "-5", "at least 1"),
        ("TOPODASH_PAUSE_SECONDS", "nan", "at least 0"),
        ("TOPODASH_SPARE", "maybe", "1 or 0"),
    ],
)
def test_wrong_values_are_refused_by_name(name, value, must):
    with pytest.raises(ValueError, match=f"^{name} must be .*{must}"):
        Settings.from_env({name: value})


def test_all_paths_are_in_the_data_folder(tmp_path):
    settings = Settings(data_dir=tmp_path)
    for path in (settings.runs_dir, settings.uploads_dir, settings.cache_dir, settings.catalogue):
        assert path.parent == tmp_path
    assert Settings(data_dir=Path("~/x")).data_dir == Path.home() / "x"
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.port = 1
    assert hash(settings) == hash(Settings(data_dir=tmp_path))
