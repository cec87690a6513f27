"""Architectures, training as generators, activations, ensembles. The one library room that knows torch."""
