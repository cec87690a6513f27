"""`topodash mapper`: a CSV file in, the Mapper graph as JSON out, for a grid of parameters in one call."""

import argparse
import io
import itertools
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from topodash.cli_files import complain
from topodash.datasets import CsvError, Table, inspect_csv, read_table, refuse_what_overflows
from topodash.topology.clusterers import DBSCAN, SingleLinkage
from topodash.topology.covers import CubicalCover
from topodash.topology.lenses import LENSES, compute_lens
from topodash.topology.mapper import MapperGraph, mapper_graph
from topodash.topology.mapper.export import to_plain
from topodash.topology.mapper.statistics import graph_statistics
from topodash.topology.metrics import LARGEST, METRICS


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
        "--drop-bad-rows", action="store_true", help="leave out rows with a cell that is no finite number"
    )
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
    """Read, compute and write; 0 on success, else a line on standard error and the code that `complain` gives."""
    try:
        table = read_points(
            args.csv, columns=args.columns, label=args.label, drop_bad_rows=args.drop_bad_rows
        )
        lens = np.column_stack([_lens(text, table, args.metric) for text in args.lens])
        min_samples = args.min_samples if args.clusterer == "dbscan" else [1]
        grid = list(itertools.product(args.intervals, args.overlap, args.eps, min_samples))
        entries = []
        for n_intervals, overlap, eps, samples in grid:
            clusterer = DBSCAN(eps, samples) if args.clusterer == "dbscan" else SingleLinkage(eps)
            cover = CubicalCover(n_intervals, overlap)
            graph = mapper_graph(table.values, lens, cover=cover, clusterer=clusterer, metric=args.metric)
            entries.append(_entry(graph, table, args.lens))
        result = (
            entries[0]
            if len(entries) == 1
            else {"format": "topodash-mapper-grid", "version": 1, "graphs": entries}
        )
        for said in table.notices:
            sys.stderr.write(f"topodash mapper: {said}\n")
        text = json.dumps(result) + "\n"
        if args.out:
            Path(args.out).write_text(text, encoding="utf-8")
        else:
            sys.stdout.write(text)
    except (ValueError, OSError) as error:
        return complain("mapper", error)
    return 0


def read_points(
    source: str, *, columns: list[str] | None = None, label: str | None = None, drop_bad_rows: bool = False
) -> Table:
    """Columns of a CSV file with a row of names, read as the page reads it: any usual delimiter and encoding.

    Parameters
    ----------
    source : str
        A path, or '-' for standard input.
    columns : list of str, optional
        All numeric columns without it.
    label : str, optional
        A column of class labels, of any text.
    drop_bad_rows : bool
        Leave out rows with a cell that is no finite number.

    Raises
    ------
    ValueError
        When a column is missing, or a value is no finite number or above 1e150 in size (row and column are
        named; row 1 is the first row of the file, as in a spreadsheet).
    OSError
        When the file cannot be read.
    """
    file: Any = source
    if source == "-":
        text = sys.stdin
        file = io.BytesIO(text.buffer.read() if hasattr(text, "buffer") else text.read().encode())
    name = "standard input" if source == "-" else source
    try:
        summary = inspect_csv(file)
        names = [column.name for column in summary.columns]
        for wanted in [*(columns or []), *([label] if label else [])]:
            if wanted not in names:
                raise ValueError(f"it must have a column {wanted!r}; it has {', '.join(names)}")
        chosen = columns or [column for column in summary.numeric if column != label]
        if not chosen:
            raise ValueError("it must have at least one numeric column")
        table = read_table(file, chosen, label, limit=sys.maxsize, drop_bad_rows=drop_bad_rows)
        return refuse_what_overflows(table, LARGEST)
    except ValueError as problem:
        hint = " (--drop-bad-rows does)" if isinstance(problem, CsvError) and problem.can_drop else ""
        raise ValueError(f"{name}: {problem}{hint}") from None


def _lens(text: str, table: Table, metric: str) -> np.ndarray:
    """A lens written as 'name' or 'name:parameter=value,...'; 'column:NAME' is a column by its name."""
    name, _, rest = text.partition(":")
    if name == "column":
        if rest not in table.columns:
            raise ValueError(f"--lens column must be one of {', '.join(table.columns)}, was {rest!r}")
        return table.values[:, [table.columns.index(rest)]]
    parameters = {}
    for part in filter(None, rest.split(",")):
        key, _, value = part.partition("=")
        try:
            parameters[key] = float(value)
        except ValueError:
            raise ValueError(f"--lens parameters must be written name=number, was {part!r}") from None
    return compute_lens(name, table.values, metric=metric, **parameters)


def _entry(graph: MapperGraph, table: Table, lens: list[str]) -> dict[str, Any]:
    entry = to_plain(graph)
    entry["settings"] |= {"lens": lens, "columns": list(table.columns)}
    entry["statistics"] = asdict(graph_statistics(graph, table.labels))
    if table.labels is not None:
        entry["class_names"] = list(table.class_names)
    return entry
