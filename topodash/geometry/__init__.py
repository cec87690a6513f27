"""The exact polyhedral complex of a ReLU network over a 2-D box; the Klein bottle of patches."""

from .boundary import Boundary, decision_boundary
from .complex import Box, Cell, PolyhedralComplex, cells_over
from .klein import (
    Circle,
    KleinFit,
    canonical,
    gradient_direction,
    klein_fit,
    line_orientation,
    patch,
    three_circles,
)
from .layers import Layer, Layers, activations, logits, predicted, probabilities
from .lines import BentLine, NeuronLine, bent_hyperplanes, neuron_lines, output_plane
from .region import RegionTopology, class_regions, positive_region
from .subdivision import CellLimitExceeded, polyhedral_complex
from .surface import Surface, activation_surface, fan_triangles

__all__ = [
    "BentLine",
    "Boundary",
    "Box",
    "Cell",
    "CellLimitExceeded",
    "Circle",
    "KleinFit",
    "Layer",
    "Layers",
    "NeuronLine",
    "PolyhedralComplex",
    "RegionTopology",
    "Surface",
    "activation_surface",
    "activations",
    "bent_hyperplanes",
    "canonical",
    "cells_over",
    "class_regions",
    "decision_boundary",
    "fan_triangles",
    "gradient_direction",
    "klein_fit",
    "line_orientation",
    "logits",
    "neuron_lines",
    "output_plane",
    "patch",
    "polyhedral_complex",
    "positive_region",
    "predicted",
    "probabilities",
    "three_circles",
]
