"""Results in, plotly figures or what a canvas draws out: pure functions, one picture a file."""
