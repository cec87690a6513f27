"""The log of a process: everything up to a limit, and of an old one the newer half."""

import os
import subprocess
import sys

from topodash.jobs.log import BoundedText, open_log

PRINTS = """
import os, sys
from pathlib import Path
from topodash.jobs.log import redirect
redirect(Path(sys.argv[1]))
print("from Python ∅")
os.write(1, b"from C\\n")
os.system("echo from a child >&2")
assert sys.stdin is None or os.read(0, 10) == b""
raise SystemExit("the end")
"""


def test_everything_that_a_process_prints_goes_to_its_log(tmp_path):
    process = subprocess.run(
        [sys.executable, "-c", PRINTS, str(tmp_path / "a.log")], capture_output=True, check=False
    )
    assert (process.stdout, process.stderr) == (b"", b"")
    text = (tmp_path / "a.log").read_text()
    assert text == "from Python ∅\nfrom C\nfrom a child\nthe end\n"


def test_a_log_that_is_full_says_so_and_stays_as_it_is(tmp_path):
    with (tmp_path / "a.log").open("w") as file:
        bounded = BoundedText(file, limit=100)
        for _ in range(50):
            assert bounded.write("x" * 30) == 30
    text = (tmp_path / "a.log").read_text()
    assert text == "x" * 90 + "\n[this log is full]\n"


def test_of_a_long_log_the_newer_half_is_kept(tmp_path):
    path = tmp_path / "a.log"
    path.write_bytes(b"o" * 900 + b"n" * 200)
    os.close(open_log(path, limit=1000))
    assert path.read_bytes() == b"o" * 300 + b"n" * 200
    os.close(open_log(path, limit=1000))
    assert path.stat().st_size == 500
