"""The component ids of the Mapper page. `assets/mapper*.js` count on the plain ones."""

from __future__ import annotations

PAGE = "mapper"
SLOTS = ("a", "b")

RUN, LAYER = "mapper-run", "mapper-layer"
COMPOSED = "mapper-composed"  # store: stays empty (`components/scripted.py`)
RUN_INFO = "mapper-run-info"  # store: {"run", "steps", "state"} of the chosen run
UPLOAD = "mapper-upload"  # store: {"id", "name", "size"} of an uploaded table
COLUMNS, LABEL, LENS_COLUMN = "mapper-columns", "mapper-label", "mapper-lens-column"
UPLOAD_SAID, UPLOAD_TICK = "mapper-upload-said", "mapper-upload-tick"
GROUP_RUN, GROUP_DATASET, GROUP_UPLOAD = "mapper-group-run", "mapper-group-dataset", "mapper-group-upload"

COMPUTE, AUTO = "mapper-compute", "mapper-auto"
CANCEL = "mapper-cancel"  # around the button; the script shows it while something is computed
COMPARE, SWAP = "mapper-compare", "mapper-swap"
REQUEST = "mapper-request"  # store: {"a": request or None, "b": request or None}; written by the script
SEARCH = "mapper-search"  # store: the address that stands for what is on screen
FOLLOW_TICK = "mapper-follow-tick"
PROGRESS, WORDS = "mapper-progress", "mapper-words"  # the script writes into them
SAID = "mapper-said"

GESTURE = "mapper-gesture"  # store: written by the script when something is pointed at
SELECTION = (
    "mapper-selection"  # store: {"slot", "title", "nodes": {"a": [[node, k, n], ...]}, "points": [...]}
)
SELECTED = "mapper-selected"  # the line that says how much is selected
COLOUR, THRESHOLD = "mapper-colour", "mapper-threshold"
FIND, FIND_BUTTON = "mapper-find", "mapper-find-button"
MIXED, MIXED_BUTTON = "mapper-mixed", "mapper-mixed-button"
CLASS = "mapper-class"
INSPECTOR = "mapper-inspector-body"
INSPECT_TICK = "mapper-inspect-tick"
LEGEND = "mapper-legend"

STATISTICS, NODES, NODE_ORDER, NODE_COUNT = (
    "mapper-statistics",
    "mapper-nodes",
    "mapper-node-order",
    "mapper-node-count",
)
LOOPS, LOOPS_BUTTON, LOOPS_TICK = "mapper-loops", "mapper-loops-button", "mapper-loops-tick"
SUGGESTION, SUGGESTION_USE = "mapper-suggestion", "mapper-suggestion-use"
SUGGESTED, SUGGEST_TICK = (
    "mapper-suggested",
    "mapper-suggest-tick",
)  # store: {"eps"} in the unit of the control

SWEEP, SWEEP_RUN, SWEEP_TICK = "mapper-sweep", "mapper-sweep-run", "mapper-sweep-tick"
SWEEP_START, SWEEP_PAUSE, SWEEP_STOP = "mapper-sweep-start", "mapper-sweep-pause", "mapper-sweep-stop"
SWEEP_SHOW, SWEEP_SAID, SWEEP_GRAPH = "mapper-sweep-show", "mapper-sweep-said", "mapper-sweep-graph"


def graph(slot: str) -> str:
    """Where the script draws the graph of a slot."""
    return f"mapper-graph-{slot}"


def space(slot: str) -> str:
    """The 3-D view of a slot's points."""
    return f"mapper-space-{slot}"


def view(slot: str) -> str:
    """The panel of a slot's graph."""
    return f"mapper-view-{slot}"


def title(slot: str) -> str:
    """The line under a slot's graph that says what it is a graph of."""
    return f"mapper-title-{slot}"


PLANE, LENS = "mapper-plane", "mapper-lens"
SPACE_B_PANEL = "mapper-space-b-panel"
EMPTY = {"a": "mapper-empty-a", "b": "mapper-empty-b"}


def answer(slot: str) -> str:
    """Store: {"key", "request"} of the graph that stands on screen, or None; written by the script when it has drawn it."""
    return f"mapper-answer-{slot}"


def paint(slot: str) -> str:
    """Store: colours of a slot's nodes, for the script."""
    return f"mapper-paint-{slot}"
