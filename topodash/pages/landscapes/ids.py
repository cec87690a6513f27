"""The component ids of the Landscapes page. `assets/landscapes.js` counts on the plain ones."""

from __future__ import annotations

PAGE = "landscapes"

VIEW = "landscapes-view"  # store: what is looked at: {"run", "changes"}
READY = "landscapes-ready"  # store: {"run", "changes", "stamp"} once it is there
CURSOR = "landscapes-cursor"  # store: {"layer", "moment", "bar", "test", "epoch"}
#: Stores: parts of the cursor, written only when they change, for what depends on nothing else of it.
MOMENT = "landscapes-moment"  # {"moment", "epoch"}
TEST = "landscapes-test"  # {"test"}
QUERY = "landscapes-query"  # store: the address
TESTS = "landscapes-tests"  # store: the rows of Table I, without their histograms
SHAPE = "landscapes-shape"  # store: {"layers", "moments"}, their numbers, for the script

SOURCE = "landscapes-source"
PROVENANCE = "landscapes-provenance"  # the line under the source
STATUS = "landscapes-status"
ACTIONS = "landscapes-actions"
ANSWER = "landscapes-answer"
PAUSE, RESUME, STOP, PEEK = (f"landscapes-{name}" for name in ("pause", "resume", "stop", "peek"))
COMPUTE, CANCEL, STORED = (f"landscapes-{name}" for name in ("compute", "cancel", "stored"))
START, ESTIMATE = "landscapes-start", "landscapes-estimate"
NEW_STUDY, NEW_FORM = "landscapes-new-study", "landscapes-new-form"

GRID = "landscapes-grid"
NORMS = "landscapes-norms"
HEAT = "landscapes-heat"
CURVES = "landscapes-curves"
SPACE = "landscapes-space"
SPACE_LAYERS = "landscapes-space-layers"
SPACE_SAID = "landscapes-space-said"
NOTES = "landscapes-notes"
WORDS = "landscapes-words"  # the sentence under figure 4
GRID_SAID = "landscapes-grid-said"
DETAIL_TITLE = "landscapes-detail-title"
DIAGRAM = "landscapes-diagram"
BARCODE = "landscapes-barcode"
BAR_SAID = "landscapes-bar-said"
BAND = "landscapes-band"
BAND_SAID = "landscapes-band-said"
CYCLE = "landscapes-cycle"
CYCLE_SAID = "landscapes-cycle-said"
LAYERS_APART, MOMENTS_APART = "landscapes-layers-apart", "landscapes-moments-apart"
LAYERS_SAID, MOMENTS_SAID = "landscapes-layers-said", "landscapes-moments-said"
#: Figures that wait for their turn (`components/waiting.py`); figure 1, with its four scenes, until the page has a moment.
IN_TURN = (NORMS, CURVES, CYCLE, DIAGRAM, BARCODE, BAND, LAYERS_APART, MOMENTS_APART)
TABLE = "landscapes-table"
TABLE_SAID = "landscapes-table-said"
NULL = "landscapes-null"
NULL_SAID = "landscapes-null-said"
GROUP_A, GROUP_B, GROUP_LAYER, GROUP_RUN, GROUP_SAID = (
    f"landscapes-group-{name}" for name in ("a", "b", "layer", "run", "said")
)
GROUPS = "landscapes-groups"  # store: the two groups that are tested: {"a", "b", "layer"}, and the question once it is put
INSPECTOR = "landscapes-inspector-body"


def poll(name: str) -> str:
    """The interval that asks again while that part of the page is computed."""
    return f"landscapes-poll-{name}"


POLLS = ("work", "tests", "space", "band", "cycle", "groups", "layers", "moments")


def key(name: str) -> str:
    """The store that says for what that panel was drawn last, so that nothing is drawn twice."""
    return f"landscapes-key-{name}"


KEYS = ("grid", "norms", "tests", "space", "band", "cycle", "layers", "moments")
