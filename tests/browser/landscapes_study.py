"""Small studies for the browser tests of the Landscapes page, made by the command in the site's data folder."""

import pytest

from topodash.cli_landscapes import main

SMALL = {
    "networks": 4, "group_size": 4, "points": 700, "hidden": "[5, 4]", "every": 3, "max_steps": 60, "check_every": 5, "thresholds": "[0.6, 0.75]",
    "grid_step": 0.01, "depth": 6, "permutations": 200, "learning_rate": 0.01,
}  # fmt: skip


def make_study(data_dir, **changes):
    """The id of a new study of nine disks."""
    runs = data_dir / "data" / "runs"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOPODASH_DATA_DIR", str(data_dir / "data"))
        before = set(runs.glob("*.run"))
        settings = {**SMALL, **changes}
        assert main(["disks", *(f"--set={name}={value}" for name, value in settings.items())]) == 0
        (made,) = set(runs.glob("*.run")) - before
    return made.stem
