"""Where the files that travel with the code are: `assets/` and `data/`.

In a checkout they stand at the top of the repository; in a wheel, inside the package.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource_dir(name: str) -> Path:
    """The folder `assets` or `data`, in a checkout as in an installed wheel.

    Raises
    ------
    FileNotFoundError
        When neither place holds it: the installation is incomplete.
    """
    for candidate in (_PACKAGE / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(
        f"the folder {name!r} that ships with topodash is missing; install topodash again"
    )
