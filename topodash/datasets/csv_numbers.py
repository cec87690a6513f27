"""Text cells to numbers, a column at a time, with an exact account of what could not be read."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .csv_errors import counted, shorten


@dataclass(frozen=True)
class BadCell:
    """The first cell of its row that cannot be used, or a row that has too many or too few cells.

    Attributes
    ----------
    row : int
        As a spreadsheet counts.
    column, text : str or None
        None where the whole row is wrong.
    reason : str
        The end of the sentence: '"n/a" is not a number'.
    """

    row: int
    column: str | None
    text: str | None
    reason: str

    def __str__(self) -> str:
        where = f"Row {self.row}" if self.column is None else f'Row {self.row}, column "{self.column}":'
        return f"{where} {self.reason}."


def wrong_width(row: int, cells: int, width: int) -> BadCell:
    """A row with another number of cells than the header."""
    return BadCell(row, None, None, f"has {counted(cells, 'cell')}, the header has {width}")


def number(text: str) -> float:
    """A finite number in a cell.

    Raises
    ------
    ValueError
        For everything else, and for `1_000`, which Python would take.
    """
    value = float(text)
    if "_" in text or not math.isfinite(value):
        raise ValueError(text)
    return value


def why_not(text: str) -> str:
    """What is wrong with a cell that is no finite number."""
    bare = text.strip()
    if not bare:
        return "the cell is empty"
    shown = f'"{shorten(bare)}"'
    try:
        value = float(bare)
    except ValueError:
        if bare.count(",") == 1 and "." not in bare and bare.replace(",", "").lstrip("+-").isdigit():
            return f"{shown} has a decimal comma; write a point"
        return f"{shown} is not a number"
    return f"{shown} is not finite" if not math.isfinite(value) else f"{shown} is not a number"


def parse_column(cells: list[str]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Values, NaN where a cell is no finite number, and which cells are good."""
    try:
        values = np.array(list(map(float, cells)))
    except ValueError:
        values = np.full(len(cells), np.nan)
        for i, cell in enumerate(cells):
            try:
                values[i] = number(cell)
            except ValueError:
                continue
        return values, np.isfinite(values)
    good = np.isfinite(values)
    if "_" in "".join(cells):
        good &= np.array(["_" not in cell for cell in cells])
    return np.where(good, values, np.nan), good


def bad_cells(
    numbers: Sequence[int], column: str, cells: list[str], good: NDArray[np.bool_], most: int
) -> list[BadCell]:
    """The first `most` cells of a column that are not good."""
    return [
        BadCell(numbers[i], column, shorten(cells[i]), why_not(cells[i]))
        for i in np.flatnonzero(~good)[:most]
    ]
