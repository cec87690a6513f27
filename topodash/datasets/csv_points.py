"""A user's CSV file as labelled points: two numeric columns and a label column."""

import numpy as np

from .csv_errors import CsvError
from .csv_source import Readable
from .csv_table import Table, read_table
from .labelled import LabelledPoints
from .parameters import HELD_OUT
from .seeded import split

_MOST_CLASSES = 10
_LARGEST = 1e100
_FLOAT32 = float(np.finfo(np.float32).max)


def read_csv(
    source: Readable,
    *,
    x: str,
    y: str,
    label: str,
    standardise: bool = True,
    limit: int = 200_000,
    seed: int = 0,
    drop_bad_rows: bool = False,
    held_out: float = 0.2,
) -> LabelledPoints:
    """Labelled points from a CSV file (comma, semicolon or tab; UTF-8, else Latin-1).

    Parameters
    ----------
    source : path or seekable binary stream
    x, y : str
        Names of two different numeric columns.
    label : str
        Name of the column with the classes, 2 to 10 of them.
    standardise : bool
        Give each coordinate mean 0 and standard deviation 1 (ddof 0, of the rows kept); `centre` and
        `scale` of the result lead back to the file's units.
    limit : int
        At least 2. Files with more rows are sampled at random, and `notices` says so.
    seed : int
        Of the sample and of the held-out split.
    drop_bad_rows : bool
        Leave out rows that cannot be read instead of raising.
    held_out : float
        Share of the points in `test`, 0 to 0.9.

    Returns
    -------
    LabelledPoints
        `name` is 'csv'; `meta` holds rows_read, rows_kept, rows_sampled (bool), rows_dropped, encoding,
        delimiter, header.

    Raises
    ------
    CsvError
        A ValueError whose message says where, what, and what to do.
    """
    if x == y:
        raise CsvError(f'x and y must be two different columns, both were "{x}".', column=x)
    held_out = HELD_OUT.check(held_out)
    table = read_table(source, [x, y], label, limit=limit, seed=seed, drop_bad_rows=drop_bad_rows)
    _check_classes(table, label)
    centre, scale = np.zeros(2), np.ones(2)
    for j, name in enumerate((x, y)):
        column = table.values[:, j]
        low, high = column.min(), column.max()
        if low == high:
            raise CsvError(
                f'Column "{name}" is constant: every value is {low:g}. Choose another column.', column=name
            )
        # The variance of larger numbers overflows float64, of smaller differences it is 0.
        if standardise and max(-low, high) < _LARGEST:
            centre[j], scale[j] = column.mean(), column.std()
        if scale[j] == 0 or max(-low, high) > (_LARGEST if standardise else _FLOAT32):
            raise CsvError(
                f'Column "{name}" reaches from {low:g} to {high:g}, which is out of range. Rescale it.',
                column=name,
            )
    assert table.labels is not None
    train, test = split(table.labels, held_out, seed, "csv")
    good = table.rows_read - table.rows_dropped
    return LabelledPoints(
        points=((table.values - centre) / scale).astype(np.float32),
        labels=table.labels,
        class_names=table.class_names,
        train=train,
        test=test,
        name="csv",
        parameters={
            "x": x,
            "y": y,
            "label": label,
            "standardise": bool(standardise),
            "limit": int(limit),
            "drop_bad_rows": bool(drop_bad_rows),
            "held_out": held_out,
        },
        seed=int(seed),
        columns=(x, y),
        centre=centre,
        scale=scale,
        notices=table.notices,
        meta={
            "rows_read": table.rows_read,
            "rows_kept": len(table.values),
            "rows_sampled": len(table.values) < good,
            "rows_dropped": table.rows_dropped,
            "encoding": table.layout.encoding,
            "delimiter": table.layout.delimiter,
            "header": table.layout.header,
        },
    )


def _check_classes(table: Table, label: str) -> None:
    if len(table.values) < 2:
        raise CsvError("The file has one usable row; at least two, of two classes, are needed.", count=1)
    classes = len(table.class_names)
    if classes < 2:
        raise CsvError(
            f'Column "{label}" holds one class only ("{table.class_names[0]}"); at least two are needed.'
            " Choose another label column.",
            column=label,
        )
    if classes > _MOST_CLASSES:
        raise CsvError(
            f'Column "{label}" has {classes:,} different values;'
            f" a network here learns at most {_MOST_CLASSES} classes. Choose another label column.",
            column=label,
        )
