"""A first look at a user's file: which columns there are, which are numeric, what is wrong where."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .csv_numbers import BadCell, bad_cells, parse_column, wrong_width
from .csv_source import Batch, Layout, Readable, open_csv

_DECIDE = 1000  # rows without a single number make a column one of text


@dataclass(frozen=True)
class ColumnSummary:
    """One column.

    Attributes
    ----------
    name : str
    numeric : bool
        More than half of the cells are finite numbers. A column without one in its first 1,000 rows is text.
    bad : int
        Cells of a numeric column that are no finite number; 0 for text.
    minimum, maximum : float or None
        Of a numeric column.
    values : tuple of str
        Its different values, at most as many as asked for, in the order of the file.
    more_values : bool
        Whether there are others.
    """

    name: str
    numeric: bool
    bad: int
    minimum: float | None
    maximum: float | None
    values: tuple[str, ...]
    more_values: bool


@dataclass(frozen=True)
class CsvSummary:
    """What `inspect_csv` gives.

    Attributes
    ----------
    columns : tuple of ColumnSummary
    rows : int
        Rows of data, blank lines not counted.
    bad_rows : int
        Rows whose number of cells differs from the header's.
    bad_cells : tuple of BadCell
        The first few bad rows and bad cells of numeric columns, in the order of the file.
    encoding, delimiter : str
    header : bool
    notices : tuple of str
    """

    columns: tuple[ColumnSummary, ...]
    rows: int
    bad_rows: int
    bad_cells: tuple[BadCell, ...]
    encoding: str
    delimiter: str
    header: bool
    notices: tuple[str, ...]

    @property
    def numeric(self) -> tuple[str, ...]:
        """Names of the numeric columns."""
        return tuple(each.name for each in self.columns if each.numeric)

    def label_candidates(self, most: int = 10) -> tuple[str, ...]:
        """Columns with 2 to `most` different values, text before numbers: what a label column may be."""
        few = [each for each in self.columns if not each.more_values and 2 <= len(each.values) <= most]
        return tuple(each.name for each in sorted(few, key=lambda each: each.numeric))


def inspect_csv(source: Readable, *, distinct: int = 20, examples: int = 10) -> CsvSummary:
    """Read a CSV file once, in bounded memory, and describe it.

    Parameters
    ----------
    source : path or seekable binary stream
    distinct : int
        How many different values of a column to report, at least 1.
    examples : int
        How many bad cells to report, at least 0.

    Raises
    ------
    CsvError
        When the file is empty, no text, or its quoting is broken.
    """
    if distinct < 1 or examples < 0:
        raise ValueError(
            f"distinct must be at least 1 and examples at least 0, were {distinct} and {examples}"
        )
    with open_csv(source) as file:
        look = _Look(file.layout, distinct, examples)
        for batch in file.batches():
            look.take(batch)
    return look.summary()


class _Column:
    """The running state of one column."""

    def __init__(self, name: str, distinct: int, examples: int) -> None:
        self.name = name
        self.text = False
        self.good = self.bad = 0
        self.low, self.high = np.inf, -np.inf
        self.values: dict[str, None] = {}
        self.more = False
        self.examples: list[BadCell] = []
        self._distinct, self._most = distinct, examples

    def take(self, numbers: Sequence[int], cells: list[str]) -> None:
        if not self.more:
            for each in dict.fromkeys(cells):
                bare = each.strip()
                if not bare or bare in self.values:
                    continue
                if len(self.values) == self._distinct:
                    self.more = True
                    break
                self.values[bare] = None
        if self.text or not cells:
            return
        values, good = parse_column(cells)
        count = int(good.sum())
        self.good += count
        self.bad += len(cells) - count
        if count:
            self.low = min(self.low, float(np.nanmin(values)))
            self.high = max(self.high, float(np.nanmax(values)))
        if count < len(cells):
            self.examples += bad_cells(numbers, self.name, cells, good, self._most - len(self.examples))
        self.text = self.good == 0 and self.bad >= _DECIDE

    def summary(self) -> ColumnSummary:
        numeric = self.good > self.bad
        return ColumnSummary(
            self.name,
            numeric,
            self.bad if numeric else 0,
            self.low if numeric else None,
            self.high if numeric else None,
            tuple(self.values),
            self.more,
        )


class _Look:
    def __init__(self, layout: Layout, distinct: int, examples: int) -> None:
        self._layout = layout
        self._columns = [_Column(name, distinct, examples) for name in layout.columns]
        self._ragged: list[BadCell] = []
        self._most = examples
        self._rows = self._bad_rows = 0

    def take(self, batch: Batch) -> None:
        self._rows += len(batch.rows) + len(batch.ragged)
        self._bad_rows += len(batch.ragged)
        width = len(self._columns)
        room = self._most - len(self._ragged)
        self._ragged += [wrong_width(row, cells, width) for row, cells in batch.ragged[:room]]
        for column, cells in zip(self._columns, zip(*batch.rows, strict=True), strict=False):
            column.take(batch.numbers, list(cells))

    def summary(self) -> CsvSummary:
        columns = tuple(each.summary() for each in self._columns)
        bad = list(self._ragged)
        for column, found in zip(self._columns, columns, strict=True):
            if found.numeric:
                bad += column.examples
        layout = self._layout
        return CsvSummary(
            columns,
            self._rows,
            self._bad_rows,
            tuple(sorted(bad, key=lambda each: each.row)[: self._most]),
            layout.encoding,
            layout.delimiter,
            layout.header,
            layout.notices,
        )
