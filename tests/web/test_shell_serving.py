"""The server as people start it, the container's recipe, the command line, the settings in the readme."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from topodash.cli import main
from topodash.figures import theme
from topodash.settings import Settings
from topodash.web.serving import address, options, port_problem, serve

ROOT = Path(__file__).resolve().parent.parent.parent


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize(
    "command", [["app.py"], ["-m", "gunicorn", "-k", "gthread", "app:server"]], ids=["python", "gunicorn"]
)
def test_the_server_starts_says_where_it_is_and_ends_when_told(tmp_path, command):
    port = _free_port()
    environment = {
        **os.environ,
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "TOPODASH_DATA_DIR": str(tmp_path),
        "TOPODASH_SPARE": "0",
        "TOPODASH_QUESTION_WORKERS": "1",
    }
    if "gunicorn" in command:
        command = [*command, "-b", f"127.0.0.1:{port}"]
    log = tmp_path / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=environment, stdout=out, stderr=out
        )
    try:
        until = time.monotonic() + 90
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=30) as answer:
                    assert answer.status == 200
                break
            except OSError:
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < until, log.read_text()
                time.sleep(0.1)
        if command == ["app.py"]:
            assert f"TopoDash is ready: http://127.0.0.1:{port}" in log.read_text()
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) in (0, -signal.SIGTERM)


def test_a_taken_port_is_said_in_a_sentence(tmp_path, capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert serve(Settings(data_dir=tmp_path, port=port)) == 1
    said = capsys.readouterr().err
    assert f"port {port}" in said
    assert f"PORT={port + 1}" in said
    assert port_problem(Settings(data_dir=tmp_path, port=_free_port())) is None


def test_the_address_is_one_that_a_browser_can_open():
    assert address(Settings(host="0.0.0.0", port=80)) == "http://127.0.0.1:80"
    assert address(Settings(host="::", port=80)) == "http://[::1]:80"
    assert options(Settings(host="::1", port=80))["bind"] == "[::1]:80"


def test_the_container_has_what_it_promises():
    text = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    steps = [line.split(maxsplit=1) for line in lines if not line.startswith(" ")]
    last = max(k for k, (word, _) in enumerate(steps) if word == "FROM")
    final = dict(steps[last:])
    assert final["FROM"].startswith("python:3.11-slim")
    assert any(word == "ARG" and rest.startswith("TORCH_INDEX=") for word, rest in steps)
    assert final["USER"] not in ("root", "0")
    assert [word for word, _ in steps].count("VOLUME") == 1
    environment = dict(re.findall(r"(\w+)=(\S+)", final["ENV"]))
    assert environment["TOPODASH_DATA_DIR"] == final["VOLUME"] == "/data"
    assert environment["HOST"] == "0.0.0.0"
    assert environment["PORT"] == final["EXPOSE"] == "8050"
    assert "curl" not in final["HEALTHCHECK"]
    assert "/health" in text
    assert final["CMD"] == '["python", "app.py"]'
    copied = " ".join(rest for word, rest in steps if word == "COPY")
    for needed in (
        "requirements.txt",
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "assets",
        "data",
        "topodash",
        "app.py",
    ):
        assert needed in copied
        assert (ROOT / needed).exists()
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert not {"requirements.txt", "README.md", "assets", "data", "topodash", "app.py"} & set(ignored)


def test_every_setting_is_in_the_readme():
    said = dict(re.findall(r"^\| `([A-Z_]+)` \| .*? \| (.*?) \|$", (ROOT / "README.md").read_text(), re.M))
    assert said == {name: meaning for name, _, meaning in Settings.table()}


def test_the_style_has_the_colours_of_the_figures():
    style = (ROOT / "assets" / "app.css").read_text()
    light, dark = re.findall(r":root(?:\[data-theme=\"dark\"\])? \{(.*?)\}", style, re.S)[:2]
    for block, colours in ((light, theme.LIGHT), (dark, theme.DARK)):
        said = dict(re.findall(r"--td-(\w+): (#\w+);", block))
        for name in ("ground", "panel", "text", "quiet", "line", "grid"):
            assert said[name] == colours[name]


def test_the_command_line_lists_its_commands_and_speaks_in_sentences(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TOPODASH_DATA_DIR", str(tmp_path))
    assert main([]) == 0
    assert "serve" in capsys.readouterr().out
    assert main(["settings"]) == 0
    assert f"now {tmp_path}" in capsys.readouterr().out
    assert main(["runs", "list"]) == 0
    assert main(["runs", "export", "0" * 16, str(tmp_path / "x.run")]) == 2
    assert "topodash runs: " in capsys.readouterr().err
    monkeypatch.setenv("PORT", "many")
    assert main(["settings"]) == 2
    assert "PORT must be" in capsys.readouterr().err
