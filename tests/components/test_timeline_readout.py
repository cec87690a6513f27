"""What a timeline reads out, before and after its last step is known."""

import pytest

from topodash.components.timeline import part_id, timeline


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"last": None}, ""),
        ({"last": 0}, "threshold 0 / 0"),
        ({"last": 4, "value": 1}, "threshold 1 / 4"),
        ({"last": 4, "total": 9}, "threshold 4 / 9"),
    ],
)
def test_nothing_is_read_out_until_the_last_step_is_known(options, said):
    made = timeline("page", unit="threshold", **options)
    parts = {str(part.id): part for part in made.children if getattr(part, "id", None)}
    assert parts[str(part_id("page", "readout"))].children == said
