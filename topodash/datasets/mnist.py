"""MNIST, the handwritten digits, from the four original files in `data/mnist/`."""

from functools import lru_cache
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from topodash.resources import resource_dir

from .idx import DatasetFileError, IdxFile, read_idx
from .labelled import LabelledImages
from .parameters import Parameter
from .seeded import stream
from .source import Source, Values

_NAME = "mnist"
_TRAIN, _TEST = 60_000, 10_000
_PARAMETERS = (
    Parameter(
        "train_images", _TRAIN, "integer", 1, _TRAIN, help="Number of training images, a random subset."
    ),
    Parameter("test_images", _TEST, "integer", 0, _TEST, help="Number of test images, a random subset."),
    Parameter("digits", list(range(10)), "integers", 0, 9, help="Which digits to keep."),
)
FILES = (
    IdxFile("train-images-idx3-ubyte", (_TRAIN, 28, 28), "6bbc9ace898e44ae57da46a324031adb"),
    IdxFile("train-labels-idx1-ubyte", (_TRAIN,), "a25bea736e30d166cdddb491f175f624"),
    IdxFile("t10k-images-idx3-ubyte", (_TEST, 28, 28), "2646ac647ad5339dbf082846283269ea"),
    IdxFile("t10k-labels-idx1-ubyte", (_TEST,), "27ae3e4e09519cfbb04c329615203637"),
)

_once = Lock()


@lru_cache(maxsize=1)
def _read(folder: Path) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    train, train_labels, test, test_labels = (read_idx(folder, each) for each in FILES)
    images, labels = np.concatenate([train, test]), np.concatenate([train_labels, test_labels])
    images.flags.writeable = labels.flags.writeable = False
    return images, labels


def read_mnist(folder: Path | None = None) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """All images (70,000, 28, 28) and labels (70,000,), training images first; read-only.

    Kept in memory once a process, as bytes (55 MB; as float32 it would be four times that).

    Raises
    ------
    DatasetFileError
        When one of the four files is missing or damaged.
    """
    if folder is None:
        try:
            folder = resource_dir("data") / "mnist"
        except FileNotFoundError as error:
            raise DatasetFileError(str(error), Path("data") / "mnist") from error
    with _once:  # threads that ask at the same time share one reading
        return _read(folder)


def _make(seed: int, values: Values) -> LabelledImages:
    digits = sorted(set(values["digits"]))
    if len(digits) != len(values["digits"]):
        raise ValueError(f"digits must be different from each other, was {values['digits']!r}")
    images, digit = read_mnist()
    parts, notices = [], []
    for part, first, size in (("train", 0, _TRAIN), ("test", _TRAIN, _TEST)):
        available = first + np.flatnonzero(np.isin(digit[first : first + size], digits))
        wanted = values[f"{part}_images"]
        # The default means 'all there are'; a smaller number that the chosen digits cannot give is an error.
        if wanted > len(available) and wanted != size:
            raise ValueError(
                f"{part}_images must be at most {len(available)} with digits {digits}, was {wanted}"
            )
        if wanted < len(available):
            chosen = stream(seed, _NAME, part).permutation(len(available))[:wanted]
            notices.append(
                f"{wanted:,} of {len(available):,} {part} images, drawn at random with seed {seed}."
            )
            available = available[np.sort(chosen)]
        parts.append(available)
    index = np.concatenate(parts)
    pixels = images[index].astype(np.float32)
    pixels /= 255.0
    return LabelledImages(
        images=pixels,
        labels=np.searchsorted(digits, digit[index]).astype(np.int64),
        class_names=tuple(str(each) for each in digits),
        train=np.arange(len(parts[0]), dtype=np.int64),
        test=np.arange(len(parts[0]), len(index), dtype=np.int64),
        name=_NAME,
        parameters=dict(values),
        seed=seed,
        notices=tuple(notices),
    )


MNIST = Source(
    name=_NAME,
    title="MNIST",
    help="Handwritten digits: 60,000 training and 10,000 test images of 28 x 28 pixels.",
    kind="images",
    parameters=_PARAMETERS,
    make=_make,
    betti=lambda values: None,
)
