"""TopoDash: see the topology of a neural network while it learns."""

__version__ = "0.1.0"
