"""The IDX files of MNIST, with their published checksums.

The format (Y. LeCun, C. Cortes, C. J. C. Burges): two zero bytes, the type (8 is uint8), the number of
dimensions, each dimension as a big-endian uint32, then the data.
"""

import gzip
import hashlib
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


class DatasetFileError(RuntimeError):
    """A file that ships with the project is missing or damaged; the message says which and what to do.

    Attributes
    ----------
    path : Path
    """

    def __init__(self, message: str, path: Path) -> None:
        super().__init__(message, path)
        self.path = path

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class IdxFile:
    """A file as it must be: name without `.gz`, shape of its array, MD5 of the uncompressed file."""

    name: str
    shape: tuple[int, ...]
    md5: str


def read_idx(folder: Path, expected: IdxFile) -> NDArray[np.uint8]:
    """The array in `folder / (expected.name + '.gz')`, verified.

    Raises
    ------
    DatasetFileError
        When the file is missing, is no gzip file, is cut short or differs from what was published.
    """
    path = folder / f"{expected.name}.gz"
    header = struct.pack(f">HBB{len(expected.shape)}I", 0, 8, len(expected.shape), *expected.shape)
    size = len(header) + int(np.prod(expected.shape))
    try:
        with gzip.open(path, "rb") as file:
            content = file.read(
                size + 1
            )  # one byte more: a longer file is wrong too, and none is read without bound
    except FileNotFoundError as error:
        raise DatasetFileError(f"{path.name} is missing. {_remedy(path)}", path) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DatasetFileError(f"{path.name} is damaged ({error}). {_remedy(path)}", path) from error
    except OSError as error:
        raise DatasetFileError(f"{path.name} cannot be read ({error}). {_remedy(path)}", path) from error
    found = hashlib.md5(content, usedforsecurity=False).hexdigest()
    if found != expected.md5 or not content.startswith(header):
        raise DatasetFileError(
            f"{path.name} is damaged: the MD5 of its content is {found}, must be {expected.md5}. {_remedy(path)}",
            path,
        )
    return np.frombuffer(content, dtype=np.uint8, offset=len(header)).reshape(expected.shape)


def _remedy(path: Path) -> str:
    return f"Restore {path.name} from the project's data/mnist folder, or install topodash again."
