"""How it stands with a study: when the page looks again, and what it says meanwhile."""

import pytest

from topodash.pages.landscapes.standing import NOW_AND_THEN, SOON, next_look
from topodash.pages.landscapes.view import Loaded

UNDER_WAY, MEASURED = Loaded("running"), Loaded("ready")


@pytest.mark.parametrize(
    ("loaded", "state", "following", "pace"),
    [
        (UNDER_WAY, "running", False, SOON),
        (UNDER_WAY, "queued", False, SOON),
        # Another window may press Resume.
        *(
            (UNDER_WAY, state, False, NOW_AND_THEN)
            for state in ("paused", "stopped", "interrupted", "failed")
        ),
        (MEASURED, "running", True, SOON),
        (MEASURED, "stopped", True, NOW_AND_THEN),
        (MEASURED, "finished", True, None),
        (MEASURED, "finished", False, None),
        (Loaded("failed"), "finished", False, None),
        (Loaded("working"), "finished", False, SOON),
        (Loaded("ready", more={"growing": True}), "running", False, SOON),
    ],
)
def test_an_unfinished_study_is_looked_at_again_also_while_it_rests(loaded, state, following, pace):
    assert next_look(loaded, state, following=following) == pace
