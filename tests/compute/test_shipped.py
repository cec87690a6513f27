"""Results that travel with the code."""

import zipfile

import numpy as np
import pytest

from topodash.compute import Cache, Shipped, encode, write_shipped

MISSING = object()


@pytest.fixture
def path(tmp_path):
    write_shipped(tmp_path / "answers.zip", {"k": encode({"a": np.arange(3)}), "other": encode(2)})
    return tmp_path / "answers.zip"


def test_a_shipped_result_is_found_where_there_is_no_other(path, tmp_path):
    cache = Cache(tmp_path / "cache", 1, Shipped(path))
    assert np.array_equal(cache.get("k")["a"], np.arange(3))
    assert cache.get("nothing", MISSING) is MISSING
    assert cache.get_or_compute("other", lambda: pytest.fail("computed")) == 2
    cache.put("k", "newer")
    assert cache.get("k") == "newer"


def test_without_the_file_there_is_nothing(tmp_path):
    assert Shipped(tmp_path / "answers.zip").load("k") is None
    assert Cache(None, 1).get("k", MISSING) is MISSING


@pytest.mark.parametrize("damage", ["no zip", "cut", "bytes"])
def test_a_damaged_file_is_said_and_not_used(path, damage, caplog):
    data = path.read_bytes()
    if damage == "bytes":
        with zipfile.ZipFile(path, "w") as file:
            file.writestr("k", b"no result")
    else:
        path.write_bytes(b"x" * 100 if damage == "no zip" else data[: len(data) // 2])
    cache = Cache(None, 1, Shipped(path))
    assert cache.get("k", MISSING) is MISSING
    assert cache.get("k", MISSING) is MISSING
    assert caplog.text.count("are damaged") == (damage != "bytes")
    cache.put("k", 1)
    assert cache.get("k") == 1


def test_the_same_results_are_the_same_bytes(path, tmp_path):
    write_shipped(tmp_path / "again.zip", {"other": encode(2), "k": encode({"a": np.arange(3)})})
    assert (tmp_path / "again.zip").read_bytes() == path.read_bytes()
