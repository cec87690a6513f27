"""Opening a user's text file: encoding, delimiter, header, and then batches of rows.

Bounded memory whatever the file: it is read in blocks, and a file whose rows would not be is refused.
Row numbers are those of a spreadsheet: the first row of the file, the header as a rule, is row 1.
"""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from .csv_errors import CsvError, shorten

Readable = str | PathLike[str] | BinaryIO

_BLOCK = 1 << 20
_LONGEST_ROW = 1 << 20  # bytes
_MOST_COLUMNS = 10_000
_SAMPLE_ROWS = 100
_BATCH_ROWS = 1000  # small batches stay in the processor's cache: 8192 rows took 40 % longer
_BATCH_CELLS = 200_000
_DELIMITERS = {"\t": "tab", ";": "semicolon", ",": "comma"}  # the rarest in prose first: it wins a tie
_CONTROL = bytes(set(range(32)) - {9, 10, 11, 12, 13, 27})


@dataclass(frozen=True)
class Layout:
    """How a file is written.

    Attributes
    ----------
    encoding : 'utf-8-sig' or 'latin-1'
    delimiter : ',', ';' or a tab
    header : bool
        Whether the first row names the columns; a first row of numbers only is data.
    columns : names, unique; unnamed ones are called 'column 3' by position, repeated ones get ' (2)'
    notices : what to tell the user of how the file was understood
    """

    encoding: str
    delimiter: str
    header: bool
    columns: tuple[str, ...]
    notices: tuple[str, ...]

    def index(self, column: str) -> int:
        """Position of a column. CsvError when there is none of that name."""
        if column not in self.columns:
            known = ", ".join(f'"{each}"' for each in self.columns[:12])
            more = ", ..." if len(self.columns) > 12 else ""
            raise CsvError(f'There is no column "{column}". The file has {known}{more}.', column=column)
        return self.columns.index(column)


@dataclass(frozen=True)
class Batch:
    """Consecutive rows: `rows[i]` is row `numbers[i]` of the file. All have as many cells as the header."""

    numbers: Sequence[int]
    rows: list[list[str]]
    ragged: list[tuple[int, int]]
    """(row number, number of cells) of rows that have another number of cells; they are not in `rows`."""


class CsvFile:
    """An open file whose layout is known; `batches` reads it from the start."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        encoding = _find_encoding(stream)
        sample = self._sample(encoding)
        delimiter = _find_delimiter(sample)
        first = next(row for row in csv.reader(sample, delimiter=delimiter) if row)
        if len(first) > _MOST_COLUMNS:
            raise CsvError(f"The file has {len(first):,} columns; at most {_MOST_COLUMNS:,} can be read.")
        header = not all(_is_number(cell) for cell in first)
        notices = []
        if encoding == "latin-1":
            notices.append("The file is not UTF-8; it was read as Latin-1, so check accented letters.")
        if not header:
            notices.append("The first row holds numbers only; it was read as data and the columns got names.")
        if delimiter != ",":
            notices.append(f"Columns are separated by a {_DELIMITERS[delimiter]}.")
        names = _unique(first if header else [""] * len(first))
        self.layout = Layout(encoding, delimiter, header, names, tuple(notices))

    def _text(self, encoding: str) -> io.TextIOWrapper:
        self._stream.seek(0)
        return io.TextIOWrapper(_Unclosed(self._stream), encoding=encoding, newline="")

    def _sample(self, encoding: str) -> list[str]:
        lines = [line for line in islice(self._text(encoding), _SAMPLE_ROWS) if line.strip()]
        if not lines:
            raise CsvError("The file is empty.")
        return lines

    def batches(self) -> Iterator[Batch]:
        """All data rows, a bounded number at a time. CsvError where the quoting is broken."""
        layout = self.layout
        width = len(layout.columns)
        reader = csv.reader(self._text(layout.encoding), delimiter=layout.delimiter)
        size = max(1, min(_BATCH_ROWS, _BATCH_CELLS // width))
        number = 0
        waiting_for_header = layout.header
        while True:
            try:
                rows = list(islice(reader, size))
            except csv.Error as error:
                raise CsvError(
                    f"Near line {reader.line_num}: {error}. Is a quotation mark missing?", row=reader.line_num
                ) from error
            if not rows:
                return
            numbers: Sequence[int] = range(number + 1, number + len(rows) + 1)
            number += len(rows)
            ragged: list[tuple[int, int]] = []
            if waiting_for_header or set(map(len, rows)) != {width}:
                kept = []
                for i, row in zip(numbers, rows, strict=True):
                    if not row:  # a blank line counts as a row, as in a spreadsheet, and holds nothing
                        continue
                    if waiting_for_header:
                        waiting_for_header = False
                    elif len(row) != width:
                        ragged.append((i, len(row)))
                    else:
                        kept.append((i, row))
                numbers, rows = [i for i, _ in kept], [row for _, row in kept]
            yield Batch(numbers, rows, ragged)


@contextmanager
def open_csv(source: Readable) -> Iterator[CsvFile]:
    """A file by its path, or a seekable binary stream, which stays open.

    Raises
    ------
    CsvError
        When the file is empty, is no text, or has rows longer than 1 MB.
    ValueError
        When the stream gives text or cannot be read twice.
    """
    if isinstance(source, (str, PathLike)):
        with Path(source).open("rb") as stream:
            yield CsvFile(stream)
        return
    if isinstance(source, io.TextIOBase) or not source.seekable():
        raise ValueError(f"source must be a path or a seekable binary stream, was {type(source).__name__}")
    yield CsvFile(source)


class _Unclosed(io.BufferedReader):
    """A view of somebody's stream whose end does not close it."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(_Raw(stream), buffer_size=_BLOCK)


class _Raw(io.RawIOBase):
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _find_encoding(stream: BinaryIO) -> str:
    """Read the whole file once: is it text, in which encoding, and are its rows of bounded length?"""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    utf8, run, first = True, 0, True
    while block := stream.read(_BLOCK):
        if first and block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise CsvError("The file is UTF-16 text. Save it as 'CSV UTF-8' and try again.")
        first = False
        if len(block.translate(None, _CONTROL)) != len(block):
            raise CsvError("The file is binary, not text. Choose a CSV file.")
        end = max(block.rfind(b"\n"), block.rfind(b"\r"))
        run = run + len(block) if end < 0 else len(block) - end - 1
        if run > _LONGEST_ROW:
            raise CsvError(
                "The file has a row longer than 1 MB. Choose a CSV file, with one point in each row."
            )
        if utf8:
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                utf8 = False
    if utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            utf8 = False
    return "utf-8-sig" if utf8 else "latin-1"


def _find_delimiter(sample: list[str]) -> str:
    """The delimiter under which the first rows have the same number of columns, more than one."""

    def fit(delimiter: str) -> tuple[float, int]:
        try:
            widths = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
        except csv.Error:
            return (0.0, 0)
        if not widths or widths[0] < 2:
            return (0.0, 0)
        return (sum(each == widths[0] for each in widths) / len(widths), widths[0])

    best = max(_DELIMITERS, key=fit)
    return best if fit(best) > (0.0, 0) else ","


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _unique(names: list[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for position, raw in enumerate(names, start=1):
        base = shorten(raw.strip(), 100) or f"column {position}"
        name, repeat = base, 2
        while name in found:
            name, repeat = f"{base} ({repeat})", repeat + 1
        found[name] = None
    return tuple(found)
