"""The stores of an application open even where one of their folders cannot be used."""

from topodash.settings import Settings
from topodash.web.services import build_services


def test_a_cache_folder_that_cannot_be_made_leaves_an_application_without_a_cache(tmp_path):
    (tmp_path / "cache").write_text("in the way")
    services = build_services(Settings.from_env({"TOPODASH_DATA_DIR": str(tmp_path)}))
    assert not services.cache.put("key", 1)
    assert "cannot be written" in services.cache.trouble
