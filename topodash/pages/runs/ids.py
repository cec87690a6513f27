"""The component ids of the Runs page."""

from __future__ import annotations

ROWS = "runs-rows"
DISK = "runs-disk"
TICK = "runs-tick"
CHANGED = "runs-changed"
IMPORTED = "runs-imported"
SAID = "runs-said"
FINGERPRINT = "runs-fingerprint"
RENAME = "runs-rename"
RENAME_TITLE = "runs-rename-name"
RENAME_SAVE = "runs-rename-save"
DELETE = "runs-delete"
DELETE_TEXT = "runs-delete-text"
DELETE_CONFIRM = "runs-delete-confirm"
CHOSEN = "runs-chosen"


def action(name: str, run_id: str) -> dict[str, str]:
    """The button of one row; `name` is 'resume', 'rename' or 'delete'."""
    return {"page": "runs", "action": name, "run": run_id}
