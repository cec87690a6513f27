"""`topodash mapper`: a CSV file in, the Mapper graph as JSON out, for a grid of parameters in one call."""

import argparse
import csv
import itertools
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from topodash.topology.clusterers import DBSCAN, SingleLinkage
from topodash.topology.covers import CubicalCover
from topodash.topology.lenses import LENSES, compute_lens
from topodash.topology.mapper import MapperGraph, mapper_graph
from topodash.topology.mapper.export import to_plain
from topodash.topology.mapper.statistics import graph_statistics
from topodash.topology.metrics import METRICS


@dataclass(frozen=True)
class Table:
    """Numeric columns of a CSV file, and a column of labels if one was named."""

    points: np.ndarray
    columns: tuple[str, ...]
    labels: np.ndarray | None
    class_names: tuple[str, ...]


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add the command `mapper` to a command line; `run` carries it out."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "mapper", help="Mapper graph of a CSV file, as JSON"
    )
    return _fill(parser)


def main(arguments: Sequence[str]) -> int:
    """The command on its own: parse and run; 0 on success, 2 when the input will not do."""
    return run(_fill(argparse.ArgumentParser(prog="topodash mapper")).parse_args(arguments))


def _fill(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.description = (
        "Mapper graph of a CSV file of points, one point a row. Several values of --intervals, --overlap, "
        "--eps or --min-samples give one graph for each combination."
    )
    parser.add_argument("csv", help="file with a row of column names, or '-' for standard input")
    parser.add_argument("--out", help="file to write; standard output without it")
    parser.add_argument("--columns", nargs="+", help="columns to use; all numeric ones without it")
    parser.add_argument("--label", help="column of class labels; it is not used as a coordinate")
    parser.add_argument(
        "--lens",
        nargs="+",
        default=["pca:components=1"],
        metavar="LENS[:NAME=VALUE,...]",
        help=f"one or two of: column:NAME, {', '.join(LENSES)} (default: %(default)s)",
    )
    parser.add_argument(
        "--intervals", nargs="+", type=int, default=[30], help="intervals of every lens column"
    )
    parser.add_argument(
        "--overlap", nargs="+", type=float, default=[0.5], help="shared fraction, from 0 to below 1"
    )
    parser.add_argument("--clusterer", choices=["dbscan", "single-linkage"], default="dbscan")
    parser.add_argument("--eps", nargs="+", type=float, default=[0.1], help="largest distance of neighbours")
    parser.add_argument(
        "--min-samples", nargs="+", type=int, default=[2], help="neighbours that make a point core"
    )
    parser.add_argument("--metric", choices=[m for m in METRICS if m != "precomputed"], default="euclidean")
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Read, compute and write; 0 on success, 2 with one line on standard error when the input will not do."""
    try:
        table = read_table(args.csv, columns=args.columns, label=args.label)
        lens = np.column_stack([_lens(text, table, args.metric) for text in args.lens])
        min_samples = args.min_samples if args.clusterer == "dbscan" else [1]
        grid = list(itertools.product(args.intervals, args.overlap, args.eps, min_samples))
        entries = []
        for n_intervals, overlap, eps, samples in grid:
            clusterer = DBSCAN(eps, samples) if args.clusterer == "dbscan" else SingleLinkage(eps)
            cover = CubicalCover(n_intervals, overlap)
            graph = mapper_graph(table.points, lens, cover=cover, clusterer=clusterer, metric=args.metric)
            entries.append(_entry(graph, table, args.lens))
        result = (
            entries[0]
            if len(entries) == 1
            else {"format": "topodash-mapper-grid", "version": 1, "graphs": entries}
        )
        text = json.dumps(result) + "\n"
        if args.out:
            Path(args.out).write_text(text, encoding="utf-8")
        else:
            sys.stdout.write(text)
    except (ValueError, OSError) as error:
        sys.stderr.write(f"topodash mapper: {error}\n")
        return 2
    return 0


def read_table(source: str, *, columns: list[str] | None = None, label: str | None = None) -> Table:
    """Read numeric columns of a CSV file with a row of names.

    Parameters
    ----------
    source : str
        A path, or '-' for standard input.
    columns : list of str, optional
        All columns whose first value is a number without it.
    label : str, optional
        A column of class labels, of any text.

    Raises
    ------
    ValueError
        When a column is missing, or a value is not a finite number (row and column are named; row 1 follows
        the names).
    OSError
        When the file cannot be read.
    """
    if source == "-":
        rows = list(csv.reader(sys.stdin))
    else:
        with Path(source).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    rows = [row for row in rows if row]
    if len(rows) < 2:
        raise ValueError(f"{source} must hold a row of column names and at least one row of values")
    names, body = [name.strip() for name in rows[0]], rows[1:]
    for number, row in enumerate(body, 1):
        if len(row) != len(names):
            raise ValueError(f"{source}: row {number} must have {len(names)} values, has {len(row)}")
    for name in [*(columns or []), *([label] if label else [])]:
        if name not in names:
            raise ValueError(f"{source} must have a column {name!r}; it has {', '.join(names)}")
    chosen = columns or [n for k, n in enumerate(names) if n != label and _is_number(body[0][k])]
    if not chosen:
        raise ValueError(f"{source} must have at least one numeric column")
    points = np.array([_numbers(source, name, [row[names.index(name)] for row in body]) for name in chosen]).T
    labels, classes = None, ()
    if label:
        found, labels = np.unique([row[names.index(label)].strip() for row in body], return_inverse=True)
        classes = tuple(found.tolist())
    return Table(points, tuple(chosen), labels, classes)


def _numbers(source: str, name: str, texts: list[str]) -> np.ndarray:
    values = np.empty(len(texts))
    for k, text in enumerate(texts):
        values[k] = float(text) if _is_number(text) else np.nan
        if not np.isfinite(values[k]):
            raise ValueError(f"{source}: row {k + 1}, column {name!r}: {text!r} is not a finite number")
    return values


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _lens(text: str, table: Table, metric: str) -> np.ndarray:
    """A lens written as 'name' or 'name:parameter=value,...'; 'column:NAME' is a column by its name."""
    name, _, rest = text.partition(":")
    if name == "column":
        if rest not in table.columns:
            raise ValueError(f"--lens column must be one of {', '.join(table.columns)}, was {rest!r}")
        return table.points[:, [table.columns.index(rest)]]
    parameters = {}
    for part in filter(None, rest.split(",")):
        key, equals, value = part.partition("=")
        if not equals or not _is_number(value):
            raise ValueError(f"--lens parameters must be written name=number, was {part!r}")
        parameters[key] = float(value)
    return compute_lens(name, table.points, metric=metric, **parameters)


def _entry(graph: MapperGraph, table: Table, lens: list[str]) -> dict[str, Any]:
    entry = to_plain(graph)
    entry["settings"] |= {"lens": lens, "columns": list(table.columns)}
    entry["statistics"] = asdict(graph_statistics(graph, table.labels))
    if table.labels is not None:
        entry["class_names"] = list(table.class_names)
    return entry
