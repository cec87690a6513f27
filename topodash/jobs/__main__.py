"""`python -m topodash.jobs <run id>`: drive one run. `--spare`: wait, ready, for the id of one."""

import os
import sys

from topodash.runs import RunStore, is_id
from topodash.settings import Settings

_NICENESS = 10  # pages stay quick while networks train on all cores


def main(arguments: list[str]) -> int:
    """Run one job; the exit code says whether it failed."""
    if len(arguments) != 1 or not (arguments[0] == "--spare" or is_id(arguments[0])):
        sys.exit("usage: python -m topodash.jobs <run id: 16 hex digits> | --spare")
    os.nice(_NICENESS)
    settings = Settings.from_env()
    from topodash.jobs.log import redirect

    run_id: str | None = arguments[0]
    if run_id == "--spare":
        from topodash.jobs.spare import wait_for_run

        run_id = wait_for_run(settings.data_dir)
        if run_id is None:
            return 0
    redirect(RunStore.of(settings).log_path(str(run_id)))
    from topodash.jobs.process import run_job

    return run_job(settings, str(run_id))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
