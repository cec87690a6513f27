"""A table as CSV text, its numbers exact."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any


def csv_text(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """The table with its head; a float is written so that it is read again as it was."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([f"{v:.17g}" if isinstance(v, float) else v for v in row])
    return text.getvalue()
