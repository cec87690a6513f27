"""Results that travel with the code: one zip of encoded results by key, which is only read.

A changed algorithm has other keys, so an old file is never wrong: nothing of it is found any more.
"""

import logging
import threading
import zipfile
from collections.abc import Mapping
from pathlib import Path

_log = logging.getLogger("topodash.compute")
#: Of every member, so that the same results are the same file.
_DATE = (1980, 1, 1, 0, 0, 0)


class Shipped:
    """The bytes of shipped results by key.

    Parameters
    ----------
    path : Path
        The zip; a missing one holds nothing, a damaged one too (said once in the log).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mutex = threading.Lock()
        self._file: zipfile.ZipFile | None = None
        self._looked = False

    def load(self, key: str) -> bytes | None:
        """The bytes, or None."""
        with self._mutex:
            try:
                file = self._open()
                return None if file is None else file.read(key)
            except KeyError:
                return None
            except (OSError, zipfile.BadZipFile, EOFError) as error:
                _log.warning("the shipped results %s are damaged (%s) and not used", self._path, error)
                self._file = None
                return None

    def _open(self) -> zipfile.ZipFile | None:
        if not self._looked:
            self._looked = True
            if self._path.is_file():
                self._file = zipfile.ZipFile(self._path)
        return self._file


def write_shipped(path: Path, results: Mapping[str, bytes]) -> None:
    """Write such a zip, whole or not at all.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    part = path.with_name(path.name + ".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as file:
        for key in sorted(results):
            member = zipfile.ZipInfo(key, _DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(member, results[key])
    part.replace(path)
