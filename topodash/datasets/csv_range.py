"""Numbers that can be read but not measured with."""

import numpy as np

from .csv_errors import CsvError
from .csv_table import Table


def refuse_what_overflows(table: Table, largest: float) -> Table:
    """The table itself.

    Raises
    ------
    CsvError
        For a number above `largest` in size, with its row in the file and its column.
    """
    # Not np.abs: it would copy the whole table.
    if max(table.values.max(), -table.values.min()) <= largest:
        return table
    cells = np.argwhere(np.abs(table.values) > largest)
    row, column = int(table.rows[cells[0, 0]]), table.columns[cells[0, 1]]
    text, count = f"{table.values[tuple(cells[0])]:g}", len(np.unique(cells[:, 0]))
    raise CsvError(
        f'Row {row}, column "{column}": {text} is out of range (at most {largest:g} in size). '
        "Rescale the column or leave it out.",
        row=row,
        column=column,
        text=text,
        count=count,
    )
