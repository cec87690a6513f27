"""The component ids of the Filters page. `assets/filters*.js` count on the plain ones."""

from __future__ import annotations

PAGE = "filters"
SLOTS = ("a", "b")

SOURCE, BESIDE = "filters-source", "filters-beside"
LAYER, CHANNELS, LAYERS = "filters-layer", "filters-channels", "filters-layers"
LAYERS_TICK = "filters-layers-tick"
UPLOAD, UPLOAD_BOX = "filters-upload", "filters-upload-box"
PRESETS = {name: f"filters-preset-{name}" for name in ("fit", "paper", "improved", "replication")}
NOTE = "filters-note"
MOMENTS = "filters-moments"  # store: {"source", "steps": [...], "unit", "live": bool}

REQUEST = "filters-request"  # store: {"a": request, "b": request or None, "names": {...}} or None
READY = "filters-ready"  # store: the request whose rings are drawn
HOMOLOGY = "filters-homology"  # store: the request whose homology is known
RINGS = "filters-rings"  # store for the script: {"a": {"rows": [[filter, ...] of each node], "drawing"}, "b": ...}
TOTAL = "filters-total"  # store: how many filters the source of the ring has
PAINT = "filters-paint"  # store for the script: {"a": {"colours", ...}, "b": ...}
SELECTION = "filters-selection"  # store, the one of the address: {"slot", "title", "rows", "one": bool}; then the script's
TOLD = {
    name: f"filters-told-{name}" for name in ("selection", "moments")
}  # stores that stay empty: `clientside.py`
SEARCH = "filters-search"  # store: the address that stands for what is on screen

POLL, HOMOLOGY_TICK = "filters-poll", "filters-homology-tick"
EVIDENCE_TICK, SENSITIVITY_TICK, TRAIN_TICK = (
    "filters-evidence-tick",
    "filters-sensitivity-tick",
    "filters-train-tick",
)

WORDS, SAID, PROGRESS, CANCEL = "filters-words", "filters-said", "filters-progress", "filters-cancel"
LEGEND = "filters-legend"
PLANE, KLEIN, WHEEL, ANGLES, BARS = (
    "filters-plane",
    "filters-klein",
    "filters-wheel",
    "filters-angles",
    "filters-bars",
)
WHEEL_SAID, ANGLES_SAID, BARS_SAID, KLEIN_SAID = (
    "filters-wheel-said",
    "filters-angles-said",
    "filters-bars-said",
    "filters-klein-said",
)

EVIDENCE, EVIDENCE_TABLE, EVIDENCE_SAID = (
    "filters-evidence",
    "filters-evidence-table",
    "filters-evidence-said",
)
EVIDENCE_GO, EVIDENCE_STOP, EVIDENCE_PROGRESS = (
    "filters-evidence-go",
    "filters-evidence-stop",
    "filters-evidence-progress",
)
NULLS = "filters-nulls"
PROOF = "filters-proof"  # store: {slot: [p of the longest bar, null banks]}, changes when a proof does
SENSITIVITY, SENSITIVITY_SAID = "filters-sensitivity", "filters-sensitivity-said"
SENSITIVITY_GO, SENSITIVITY_STOP = "filters-sensitivity-go", "filters-sensitivity-stop"

#: Figures that wait for their turn (`components/waiting.py`).
IN_TURN = (WHEEL, PLANE, ANGLES, BARS, KLEIN, SENSITIVITY, EVIDENCE)

INSPECTOR = "filters-inspector-body"
TRAIN, TRAIN_PAUSE, TRAIN_STOP, TRAIN_SAID = (
    "filters-train",
    "filters-train-pause",
    "filters-train-stop",
    "filters-train-said",
)


def graph(slot: str) -> str:
    """The drawing of a slot's ring."""
    return f"filters-graph-{slot}"


def title(slot: str) -> str:
    """The line under a slot's graph that says what it is a graph of."""
    return f"filters-title-{slot}"


def nothing(slot: str) -> str:
    """What stands over a slot's graph while there is none."""
    return f"filters-nothing-{slot}"
