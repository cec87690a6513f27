"""Labelled point clouds and images."""

from .csv_errors import CsvError, counted
from .csv_numbers import BadCell
from .csv_points import read_csv
from .csv_range import refuse_what_overflows
from .csv_summary import ColumnSummary, CsvSummary, inspect_csv
from .csv_table import ROWS_READ, Table, read_table, sample_notice
from .idx import DatasetFileError
from .labelled import Betti, LabelledImages, LabelledPoints
from .nine_disks import sublattice
from .parameters import Parameter
from .registry import betti, describe, load, load_images, load_points, names, parameters
from .source import Source

__all__ = [
    "ROWS_READ",
    "BadCell",
    "Betti",
    "ColumnSummary",
    "CsvError",
    "CsvSummary",
    "DatasetFileError",
    "LabelledImages",
    "LabelledPoints",
    "Parameter",
    "Source",
    "Table",
    "betti",
    "counted",
    "describe",
    "inspect_csv",
    "load",
    "load_images",
    "load_points",
    "names",
    "parameters",
    "read_csv",
    "read_table",
    "refuse_what_overflows",
    "sample_notice",
    "sublattice",
]
