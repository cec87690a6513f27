"""Results in, plotly figures or cytoscape elements out: pure functions, one picture a file."""
