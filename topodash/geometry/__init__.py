"""The exact polyhedral complex of a ReLU network over a 2-D box; the Klein bottle of patches."""

from .boundary import Boundary, decision_boundary
from .complex import Box, Cell, PolyhedralComplex, cells_over
from .layers import Layer, Layers, activations, logits, predicted, probabilities
from .region import RegionTopology, class_regions, positive_region
from .subdivision import CellLimitExceeded, polyhedral_complex

__all__ = [
    "Boundary",
    "Box",
    "Cell",
    "CellLimitExceeded",
    "Layer",
    "Layers",
    "PolyhedralComplex",
    "RegionTopology",
    "activations",
    "cells_over",
    "class_regions",
    "decision_boundary",
    "logits",
    "polyhedral_complex",
    "positive_region",
    "predicted",
    "probabilities",
]
