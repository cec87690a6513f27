"""POST /api/uploads: a file for a page to read, streamed to disk.

The body is the file itself and the query `?name=` its name. It is kept as `<data>/uploads/<id>` with
`<id>.json` beside it; the id is a fingerprint of the bytes, so the same file has the same id again.
"""

from __future__ import annotations

import json
import secrets
import time
from pathlib import Path

from flask import Flask, Response, g, jsonify, request

from topodash.pages.context import Services
from topodash.web.streams import receive


def clean_name(raw: str) -> str:
    """A file name fit to be shown: no folders, no control characters, at most 120 characters."""
    base = raw.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in base if letter.isprintable())[:120] or "upload"


def sweep(folder: Path, most: int) -> None:
    """Remove the uploads that were used longest ago until the rest has at most `most` bytes."""
    kept = sorted(
        (path for path in folder.iterdir() if path.suffix != ".json"), key=lambda path: path.stat().st_mtime
    )
    total = sum(path.stat().st_size for path in kept)
    while total > most and kept:
        oldest = kept.pop(0)
        total -= oldest.stat().st_size
        oldest.unlink(missing_ok=True)
        folder.joinpath(f"{oldest.name}.json").unlink(missing_ok=True)


def register(server: Flask, services: Services) -> None:
    """Answer POST /api/uploads with 201 and `{"id", "name", "size"}`."""

    @server.post("/api/uploads", endpoint="api.uploads")
    def upload() -> tuple[Response, int]:
        folder = services.settings.uploads_dir
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder, (services.settings.uploads_mb - services.settings.upload_mb) * 1_000_000)
        part = folder / f".part-{secrets.token_hex(8)}"
        size, digest = receive(part, services.settings.upload_mb * 1_000_000)
        about = {"id": digest, "name": clean_name(request.args.get("name", "")), "size": size}
        note = folder / f".part-{secrets.token_hex(8)}"
        note.write_text(
            json.dumps({**about, "owner": g.topodash_owner, "received": time.time()}), encoding="utf-8"
        )
        part.replace(folder / digest)
        note.replace(folder / f"{digest}.json")
        return jsonify(about), 201
