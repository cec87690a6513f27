"""The arrows between the rooms, and what a web process may load."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _python(code, tmp_path):
    environment = {
        **os.environ,
        "TOPODASH_DATA_DIR": str(tmp_path),
        "TOPODASH_SPARE": "0",
        "TOPODASH_QUESTION_WORKERS": "1",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_arrows_between_the_rooms_hold(tmp_path):
    # In a process of its own: import-linter sets the logging of its process up anew.
    code = f"""
import sys
from importlinter.cli import lint_imports
sys.exit(lint_imports(config_filename={str(ROOT / "pyproject.toml")!r}, no_cache=True))
"""
    _python(code, tmp_path)


def test_a_web_process_never_loads_torch(tmp_path):
    code = """
import json, sys
from topodash.pages import PAGES
from topodash.web import background, create_app
background.Background.start = lambda self: None
app = create_app()
client = app.server.test_client()
import dash
for page in PAGES:
    assert client.get(page.path).status_code == 200
    with app.server.test_request_context(page.path):
        app.server.preprocess_request()
        dash.page_registry[f"topodash.pages.{page.name}"]["layout"]()
client.get("/ready")
print(json.dumps(sorted(name for name in sys.modules if name.partition(".")[0] in ("torch", "kmapper", "gudhi"))))
"""
    assert json.loads(_python(code, tmp_path).splitlines()[-1]) == []


def test_the_library_loads_no_web_framework(tmp_path):
    code = """
import sys
import topodash.datasets, topodash.geometry, topodash.networks, topodash.runs, topodash.studies, topodash.topology
print([name for name in ("dash", "flask", "plotly") if name in sys.modules])
"""
    assert _python(code, tmp_path).strip() == "[]"
