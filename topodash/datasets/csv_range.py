"""Numbers that can be read but not measured with."""

import numpy as np

from .csv_errors import CsvError
from .csv_table import Table

#: Larger numbers have squares, and so distances, that overflow float64.
LARGEST = 1e150


def refuse_what_overflows(table: Table) -> Table:
    """The table itself.

    Raises
    ------
    CsvError
        For a number above 1e150 in size, with its row in the file and its column.
    """
    # Not np.abs: it would copy the whole table.
    if max(table.values.max(), -table.values.min()) <= LARGEST:
        return table
    cells = np.argwhere(np.abs(table.values) > LARGEST)
    row, column = int(table.rows[cells[0, 0]]), table.columns[cells[0, 1]]
    text, count = f"{table.values[tuple(cells[0])]:g}", len(np.unique(cells[:, 0]))
    raise CsvError(
        f'Row {row}, column "{column}": {text} is out of range (at most {LARGEST:g} in size). '
        "Rescale the column or leave it out.",
        row=row,
        column=column,
        text=text,
        count=count,
    )
