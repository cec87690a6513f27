"""GET /api/runs/<id>/export and POST /api/runs: a run as one file, out and in."""

from __future__ import annotations

import errno
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from flask import Flask, Response, g, jsonify, request

from topodash.pages.context import Services
from topodash.runs import RunDamaged, RunError
from topodash.web.errors import ApiError
from topodash.web.streams import PIECE, Body
from topodash.web.uploads import clean_name

MEDIA_TYPE = "application/vnd.sqlite3"


def file_name(title: str, run_id: str) -> str:
    """The name of an exported file: the title's letters and digits, then the id."""
    words = re.sub(r"[^A-Za-z0-9]+", "-", title).strip("-").lower()[:60]
    return f"{words or 'run'}-{run_id}.run"


def _title(services: Services, run_id: str) -> str:
    # A shipped result, and a run whose catalogue was lost, have no entry; their file is as good.
    try:
        return services.catalogue.entry(run_id).title
    except RunError:
        return ""


def _temporary(services: Services) -> Path:
    folder = services.settings.data_dir / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{secrets.token_hex(8)}.run"


def _full(problem: OSError) -> Exception:
    if problem.errno not in (errno.ENOSPC, errno.EDQUOT):
        return problem
    return ApiError(507, "The disk of the server is full; nothing was saved. Delete some runs first.")


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def register(server: Flask, services: Services) -> None:
    """Put both routes on the server, and the JSON form of `ApiError`."""

    @server.errorhandler(ApiError)
    def told(problem: ApiError) -> tuple[Response, int]:
        return jsonify({"error": problem.message}), problem.status

    @server.get("/api/runs/<run_id>/export", endpoint="api.export")
    def export(run_id: str) -> Response:
        if not services.store.exists(run_id):
            raise ApiError(404, f"There is no run {run_id[:40]}.")
        target = _temporary(services)
        try:
            services.store.export(run_id, target)
        except RunError as problem:
            target.unlink(missing_ok=True)
            raise ApiError(422, str(problem)) from problem
        except OSError as problem:
            target.unlink(missing_ok=True)
            raise _full(problem) from problem
        response = Response(_pieces(target), mimetype=MEDIA_TYPE)
        response.content_length = target.stat().st_size
        name = file_name(_title(services, run_id), run_id)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response.headers["Cache-Control"] = "no-store"
        response.call_on_close(lambda: target.unlink(missing_ok=True))
        return response

    @server.post("/api/runs", endpoint="api.import")
    def take() -> tuple[Response, int]:
        target = _temporary(services)
        name = clean_name(request.args.get("name", ""))
        try:
            Body(services.settings.upload_mb * 2**20).save(target)
            run_id = services.store.import_file(target)
        except RunError as problem:
            # What is wrong is told of the file that the person chose, not of our copy of it.
            told = str(problem).replace(f"run {target.stem}", name).replace(target.name, name)
            if isinstance(problem, RunDamaged):
                told = (
                    told.partition(". Import it again")[0]
                    + ". Nothing was taken in; export it once more where it came from"
                )
            raise ApiError(422, told) from problem
        except OSError as problem:
            raise _full(problem) from problem
        finally:
            target.unlink(missing_ok=True)
        title = re.sub(
            r"-[0-9a-f]{16}$", "", name.removesuffix(".run")
        )  # the id, which `file_name` put there
        services.catalogue.add(run_id, g.topodash_owner, title)
        return jsonify({"id": run_id, "title": title}), 201
