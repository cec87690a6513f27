"""The component ids of the Live training page. The scripts `assets/live_*.js` count on the plain ones."""

from __future__ import annotations

PAGE = "live"

RUN = "live-run"  # store: {"a": run id or None, "b": ..., "push": bool, and the cursor and options of the address}
ATTACH = "live-attach"  # store: what the script needs to know of the runs; written when their figures are
SELECTION = (
    "live-selection"  # store: the script writes it when a cell or points are selected, or the epoch changes
)
EDIT = "live-edit"  # store: {"step", "changes"} of an edited network, or None
MOMENT = "live-moment"  # store: which run and epoch is on screen when a button is pressed
THEMES = "live-themes"
STRIP_TICK = "live-strip-tick"  # store: changes while epochs of the strip are still to come
CURSOR = "live-cursor"  # store: the epoch under the cursor, or None while it follows
QUERY = "live-query"  # store: the address of a page without a run
QUERY_TOLD = "live-query-told"  # store: stays empty (`components/scripted.py`)
SCENE = "live-scene"  # store: {"figure", "key"} of the empty 3-D scene, drawn when the page's first picture is there
SHOWN = "live-shown"  # store: {"plane": key, "space": key} of what the figures of the stage stand for
DRAWN = (
    "live-drawn"  # store: {"run"}, written by the script when a run's first frame stands: the rest follows
)
CSV_TICK = "live-csv-tick"  # interval: runs while the file's columns are being read
CSV_POINTS_TICK = "live-csv-points-tick"  # interval: runs while its points are
CSV = (
    "live-csv"  # store: the server's answer {"id", "name", ...} to an uploaded table; part of its upload zone
)
ANSWER = "live-answer"  # the region that says what a button did not do

START, PAUSE, RESUME, STEP, STOP, REWIND, BRANCH = (
    f"live-{name}" for name in ("start", "pause", "resume", "step", "stop", "rewind", "branch")
)
NEW = "live-new"
WORDS = "live-words"
STATE = "live-state"
TITLE = "live-run-title"
PROBLEM = "live-problem"
SAID = "live-said"
INSPECTOR = "live-inspector-body"
NEURONS = "live-neurons"
STRIP = "live-strip"
STRIP_EPOCHS = "live-strip-epochs"
EVENTS = "live-events"
COMPARE = "live-compare"
CURVES_BOX = "live-curves-box"
COMPARE_PANELS = "live-compare-panels"
SETUP = "live-setup-body"
DATA = "live-data-controls"
PREVIEW = "live-preview"
CSV_PANEL = "live-csv-panel"
CSV_SAID = "live-csv-said"
CSV_X, CSV_Y, CSV_LABEL, CSV_STANDARDISE, CSV_DROP = (
    f"live-csv-{name}" for name in ("x", "y", "label", "standardise", "drop")
)
CSV_LEAVE, CSV_LEAVE_BUTTON = "live-csv-leave", "live-csv-leave-button"
WEIGHTS = "live-weights"
EDIT_BAR = "live-edit-bar"
EDIT_TEXT = "live-edit-text"
EDIT_ON = "live-edit-on"
EDIT_LINES = "live-edit-lines"
DISCARD = "live-discard"
KEEP = "live-keep"
LANDSCAPE = "live-landscape"
LANDSCAPE_GRAPH = "live-landscape-a"
CAMERA = "live-camera"
CAMERA_HOME = "live-camera-home"

LAYERS = "live-view-layers"
AXES = "live-view-axes"
LAYER = "live-view-layer"
LAYER_BAR = "live-layer-bar"
COLOUR = "live-view-colour"
SMOOTHING = "live-view-smoothing"
LOG = "live-view-log"


def plane(slot: str) -> str:
    """The input plane of run a or b."""
    return f"live-plane-{slot}"


def space(slot: str) -> str:
    """The activation space of run a or b."""
    return f"live-space-{slot}"


CURVES = "live-curves-a"


def neuron(unit: int) -> str:
    """The panel of a hidden unit, from 0."""
    return f"live-neuron{unit}-a"
