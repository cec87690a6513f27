"""Labelled point clouds and images."""

from .idx import DatasetFileError
from .labelled import Betti, LabelledImages, LabelledPoints
from .nine_disks import sublattice
from .parameters import Parameter
from .registry import betti, describe, load, load_images, load_points, names, parameters
from .source import Source

__all__ = [
    "Betti",
    "DatasetFileError",
    "LabelledImages",
    "LabelledPoints",
    "Parameter",
    "Source",
    "betti",
    "describe",
    "load",
    "load_images",
    "load_points",
    "names",
    "parameters",
    "sublattice",
]
