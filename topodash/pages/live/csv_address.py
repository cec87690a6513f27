"""A user's file in the address of a page without a run: which upload, which of its columns.

Once a network has started its run keeps the points; until then a reload would lose the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from topodash.pages.context import owner, services
from topodash.pages.live.controls import CSV
from topodash.runs import RunError
from topodash.runs.uploads import Uploads

_COLUMNS = ("x", "y", "label")
_ID = re.compile(r"[0-9a-f]{32}")
#: Names of columns are shorter (`datasets.csv_source`).
_LONGEST = 120


def csv_query(table: Mapping[str, Any]) -> str:
    """`upload=...&x=...` of a chosen file (`raw.csv_table`); empty without one."""
    if not table.get("upload"):
        return ""
    pairs = [("upload", table["upload"]), *((name, table[name]) for name in _COLUMNS if table.get(name))]
    if not table.get("standardise", True):
        pairs.append(("standardise", "0"))
    if table.get("drop_bad_rows"):
        pairs.append(("leave_out", "1"))
    return urlencode(pairs)


def read_csv_address(query: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The file and columns of an address, as `raw.csv_table` has them, and what to say of it.

    A file that is gone, or that another browser sent, is left out.
    """
    upload = str(query.get("upload") or "")
    if query.get("dataset") != CSV or not upload:
        return {}, []
    if not _ID.fullmatch(upload):
        return {}, ["The link names a file that cannot exist; choose your file again in Setup."]
    try:
        entry = Uploads.of(services().settings).entry(upload)
    except RunError:
        return {}, ["The file of this link is not on this server any more; choose it again in Setup."]
    if owner() not in entry.owners:
        return {}, ["The file of this link was sent by another browser; choose your own copy of it in Setup."]
    columns = {name: str(query[name])[:_LONGEST] if query.get(name) else None for name in _COLUMNS}
    return {
        "upload": upload,
        "name": entry.name or None,
        **columns,
        "standardise": query.get("standardise") != "0",
        "drop_bad_rows": query.get("leave_out") == "1",
    }, []
