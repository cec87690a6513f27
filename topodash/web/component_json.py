"""Answers that hold Dash components, for scripts that build or hand on what a page would have got from a callback."""

from __future__ import annotations

import json
from typing import Any

from flask import Response
from plotly.utils import PlotlyJSONEncoder


def component_json(found: Any, *, status: int = 200) -> Response:
    """A value with components anywhere in it as JSON, `{"type", "props"}` each; never stored by the browser."""
    text = json.dumps(found, cls=PlotlyJSONEncoder, separators=(",", ":"))
    return Response(text, status=status, mimetype="application/json", headers={"Cache-Control": "no-store"})
