"""A cache folder on a disk that is really full, or really read-only: questions are answered all the same.

The disk is a small tmpfs in a mount namespace of the test's own, which needs no rights where the kernel allows it.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ASK = """
import errno, os, sys, time
from pathlib import Path
from topodash.jobs import ask
from topodash.settings import Settings

cache = Path(os.environ["TOPODASH_DATA_DIR"]) / "cache"
try:
    (cache / "probe").write_bytes(bytes(100_000))
    sys.exit("the disk takes what it must not take")
except OSError as error:
    print(errno.errorcode[error.errno])
request = {
    "source": {"dataset": "moons", "seed": 0, "parameters": {}}, "limit": 5000, "seed": 0, "lens": [{"name": "coordinate", "column": 0}],
    "cover": {"kind": "cubical", "n_intervals": 8, "overlap": 0.4},
    "clusterer": {"kind": "dbscan", "eps": 0.3, "min_samples": 2, "relative": False}, "metric": "euclidean",
}
for name, parameters in (("mapper", {"request": request}), ("mapper_selection", {"request": request, "points": [0, 1]}), ("mapper", {"request": request})):
    end = time.monotonic() + 60
    while (answer := ask(name, parameters, settings=Settings.from_env())).state == "working" and time.monotonic() < end:
        time.sleep(0.05)
    print(name, answer.state, answer.message)
print("left", sorted(path.name for path in cache.iterdir() if path.suffix != ".lock"))
"""

PREPARE = {
    "full": "dd if=/dev/zero of=$TOPODASH_DATA_DIR/cache/ballast bs=1k 2>/dev/null; true",
    "read-only": "mount -o remount,ro $TOPODASH_DATA_DIR/cache",
}
UNSHARE = ["unshare", "--user", "--map-root-user", "--mount"]


def own_mounts():
    if not shutil.which("unshare"):
        return False
    probe = subprocess.run(
        [*UNSHARE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False
    )
    return probe.returncode == 0


@pytest.mark.skipif(not own_mounts(), reason="this system lets nobody but root mount")
@pytest.mark.parametrize(("trouble", "code"), [("full", "ENOSPC"), ("read-only", "EROFS")])
def test_questions_are_answered_without_room_for_their_answers(tmp_path, trouble, code):
    (tmp_path / "cache").mkdir()
    script = f"mount -t tmpfs -o size=64k tmpfs $TOPODASH_DATA_DIR/cache && {PREPARE[trouble]} && exec {sys.executable} -c '{ASK}'"
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [*UNSHARE, "sh", "-c", script], capture_output=True, text=True, check=False, timeout=170, cwd=root,
        env={"TOPODASH_DATA_DIR": str(tmp_path), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PYTHONPATH": str(root), "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stderr
    assert lines[0] == code
    assert lines[1:4] == ["mapper ready ", "mapper_selection ready ", "mapper ready "]
    assert not any(name in lines[4] for name in ("__wz_cache", "tmp")), lines[4]
