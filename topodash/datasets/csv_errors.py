"""What can be wrong with a user's file, in words and in fields that a page can act on."""

from typing import Any


class CsvError(ValueError):
    """A file that cannot be used as it is.

    Attributes
    ----------
    row : int or None
        Number of the first row concerned, as a spreadsheet counts: the first row of the file is 1.
    column : str or None
        Name of the column concerned.
    text : str or None
        What the cell holds, shortened.
    count : int
        Number of rows concerned; 0 where the trouble is not one of rows.
    can_drop : bool
        Whether importing without those rows would help (`drop_bad_rows=True`).
    """

    def __init__(
        self,
        message: str,
        *,
        row: int | None = None,
        column: str | None = None,
        text: str | None = None,
        count: int = 0,
        can_drop: bool = False,
    ) -> None:
        super().__init__(message)
        self.row = row
        self.column = column
        self.text = text
        self.count = count
        self.can_drop = can_drop

    def as_dict(self) -> dict[str, Any]:
        """Message and fields as JSON values."""
        return {
            "message": str(self),
            "row": self.row,
            "column": self.column,
            "text": self.text,
            "count": self.count,
            "can_drop": self.can_drop,
        }


def counted(count: int, noun: str, nouns: str = "") -> str:
    """'1 row', '2,000 rows'; `nouns` where the plural is not the noun and an s."""
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"


def shorten(text: str, length: int = 40) -> str:
    """The beginning of a cell, for a message."""
    return text if len(text) <= length else text[: length - 1] + "…"
