"""Numeric columns of a user's file, and a label column: in one pass and bounded memory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from .csv_errors import CsvError, counted
from .csv_numbers import BadCell, bad_cells, number, parse_column, wrong_width
from .csv_source import Batch, Layout, Readable, open_csv
from .parameters import check_seed
from .seeded import stream

_MOST_LABELS = 10_000
_MOST_NUMBERS = 40_000_000  # kept at once, 320 MB
_EMPTY = "the cell is empty"
#: Rows that are kept of a table unless more are asked for.
ROWS_READ = 200_000


@dataclass(frozen=True, eq=False)
class Table:
    """What `read_table` gives.

    Attributes
    ----------
    values : (n, d) float64
        In the file's order.
    columns : tuple of str
    labels : (n,) int64 or None
        Index into `class_names`; None without a label column.
    class_names : tuple of str
        In numeric order where all are numbers, else alphabetical.
    rows : (n,) int64
        Row of the file that each point comes from, as a spreadsheet counts.
    rows_read, rows_dropped : int
        Rows of data in the file; those of them left out because they could not be read.
    layout : Layout
    notices : tuple of str
    """

    values: NDArray[np.float64]
    columns: tuple[str, ...]
    labels: NDArray[np.int64] | None
    class_names: tuple[str, ...]
    rows: NDArray[np.int64]
    rows_read: int
    rows_dropped: int
    layout: Layout
    notices: tuple[str, ...]


def read_table(
    source: Readable,
    columns: Sequence[str],
    label: str | None = None,
    *,
    limit: int = ROWS_READ,
    seed: int = 0,
    drop_bad_rows: bool = False,
) -> Table:
    """Numeric columns of a CSV file.

    Parameters
    ----------
    source : path or seekable binary stream
    columns : sequence of str
        Names of d >= 1 different columns.
    label : str, optional
        A column of classes, at most 10,000 of them; any text that is not empty.
    limit : int
        At least 1. A file with more good rows is sampled: `limit` rows at random, without replacement, in
        their order; fewer where `limit` x d would exceed 40 million numbers. Either is said in `notices`.
    seed : int
    drop_bad_rows : bool
        Leave out rows with a cell that is no finite number, an empty label or a wrong number of cells.

    Raises
    ------
    CsvError
        With the first bad row, how many there are, and whether dropping them helps.
    ValueError
        On bad arguments.
    """
    if isinstance(columns, str) or not columns or len(set(columns)) != len(columns):
        raise ValueError(f"columns must be a list of different names, at least one, was {columns!r}")
    if isinstance(limit, bool) or not isinstance(limit, (int, np.integer)) or limit < 1:
        raise ValueError(f"limit must be a whole number of at least 1, was {limit!r}")
    kept = _Sample(min(limit, max(1, _MOST_NUMBERS // len(columns))), check_seed(seed))
    with open_csv(source) as file:
        layout = file.layout
        scan = _Scan(layout, tuple(columns), label)
        for batch in file.batches():
            scan.take(batch, kept)
    if scan.rows_read == 0:
        raise CsvError("The file has a header but no rows." if layout.header else "The file has no rows.")
    if scan.first_bad is not None and (not drop_bad_rows or scan.rows_good == 0):
        raise _bad_rows(scan)
    rows, values, codes = kept.result()
    notices = list(layout.notices)
    if scan.first_bad is not None:
        left_out = counted(scan.rows_bad, "bad row was", "bad rows were")
        notices.append(f"{left_out} left out; the first: {scan.first_bad}")
    if len(rows) < scan.rows_good:
        notices.append(sample_notice(len(rows), scan.rows_good, seed))
    labels, class_names = scan.classes(codes) if label is not None else (None, ())
    if len(class_names) < len(scan.codes):
        rare = counted(len(scan.codes) - len(class_names), "rare class is", "rare classes are")
        notices.append(f"{rare} not in the sample.")
    return Table(
        values,
        tuple(columns),
        labels,
        class_names,
        rows,
        scan.rows_read,
        scan.rows_bad,
        layout,
        tuple(notices),
    )


def sample_notice(kept: int, rows: int, seed: int) -> str:
    """What is said of a sample; who draws a smaller one from it says this once, of the whole."""
    return f"{kept:,} of {rows:,} rows, drawn at random with seed {seed}."


def _bad_rows(scan: "_Scan") -> CsvError:
    bad = scan.first_bad
    assert bad is not None
    helps = scan.rows_good > 0
    count = scan.rows_bad
    question = f"; import without {'it' if count == 1 else 'them'}?" if helps else ", and no other."
    return CsvError(
        f"{bad} {counted(count, 'such row')}{question}",
        row=bad.row,
        column=bad.column,
        text=bad.text,
        count=count,
        can_drop=helps,
    )


class _Scan:
    """One pass over the file: parses the chosen columns, counts, and remembers the first bad row."""

    def __init__(self, layout: Layout, columns: tuple[str, ...], label: str | None) -> None:
        self._columns = [(name, itemgetter(layout.index(name))) for name in columns]
        self._label = None if label is None else (label, itemgetter(layout.index(label)))
        self._width = len(layout.columns)
        self.codes: dict[str, int] = {}
        self.rows_read = self.rows_good = self.rows_bad = 0
        self.first_bad: BadCell | None = None

    def take(self, batch: Batch, kept: "_Sample") -> None:
        numbers, rows = batch.numbers, batch.rows
        good = np.ones(len(rows), dtype=bool)
        bad = [wrong_width(row, cells, self._width) for row, cells in batch.ragged[:1]]
        values = np.empty((len(rows), len(self._columns)))
        for j, (name, pick) in enumerate(self._columns):
            cells = list(map(pick, rows))
            values[:, j], fine = parse_column(cells)
            if not fine.all():
                good &= fine
                bad += bad_cells(numbers, name, cells, fine, 1)
        labels: list[str] = []
        if self._label is not None:
            name, pick = self._label
            labels = [each.strip() for each in map(pick, rows)]
            if "" in labels:
                fine = np.array([bool(each) for each in labels])
                good &= fine
                bad.append(BadCell(numbers[int(np.argmin(fine))], name, "", _EMPTY))
        self.rows_read += len(rows) + len(batch.ragged)
        self.rows_bad += len(rows) - int(good.sum()) + len(batch.ragged)
        self.rows_good += int(good.sum())
        if bad and self.first_bad is None:
            self.first_bad = min(bad, key=lambda each: each.row)
        kept.add(np.array(numbers, dtype=np.int64)[good], values[good], self._encode(labels, good))

    def _encode(self, labels: list[str], good: NDArray[np.bool_]) -> NDArray[np.int64]:
        if self._label is None:
            return np.zeros(int(good.sum()), dtype=np.int64)
        codes = self.codes
        found = np.array(
            [codes.setdefault(each, len(codes)) for each, fine in zip(labels, good, strict=True) if fine],
            dtype=np.int64,
        )
        if len(codes) > _MOST_LABELS:
            raise CsvError(
                f'Column "{self._label[0]}" has more than {_MOST_LABELS:,} different values, so it holds no'
                " classes. Choose another label column.",
                column=self._label[0],
            )
        return found

    def classes(self, codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
        """Labels and class names of the rows kept, names in order."""
        names = list(self.codes)
        present = sorted((names[code] for code in np.unique(codes)), key=_order(names))
        position = np.zeros(len(names), dtype=np.int64)
        for i, name in enumerate(present):
            position[self.codes[name]] = i
        return position[codes], tuple(present)


def _order(names: list[str]) -> Callable[[str], tuple[float, str]]:
    try:
        numbers = {name: number(name) for name in names}
    except ValueError:
        return lambda name: (0.0, name)
    return lambda name: (numbers[name], name)


class _Sample:
    """A uniform sample of a stream: each row draws a random key and the `limit` smallest keys stay.

    The keys come in the order of the rows, so the sample does not depend on how the rows were batched.
    """

    def __init__(self, limit: int, seed: int) -> None:
        self._limit = limit
        self._rng = stream(seed, "csv", "sample")
        self._threshold = np.inf
        self._size = 0
        self._parts: list[
            tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]
        ] = []

    def add(self, rows: NDArray[np.int64], values: NDArray[np.float64], codes: NDArray[np.int64]) -> None:
        keys = self._rng.random(len(rows))
        low = keys < self._threshold
        self._parts.append((keys[low], rows[low], values[low], codes[low]))
        self._size += int(low.sum())
        if self._size > 2 * self._limit:
            self._prune()

    def _prune(self) -> None:
        keys, rows, values, codes = (np.concatenate(each) for each in zip(*self._parts, strict=True))
        if len(keys) > self._limit:
            chosen = np.sort(np.argpartition(keys, self._limit)[: self._limit])
            keys, rows, values, codes = keys[chosen], rows[chosen], values[chosen], codes[chosen]
            self._threshold = float(keys.max())
        self._parts = [(keys, rows, values, codes)]
        self._size = len(keys)

    def result(self) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
        self._prune()
        _, rows, values, codes = self._parts[0]
        return rows, values, codes
