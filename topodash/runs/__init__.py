"""What a run is on disk: one SQLite file, and the catalogue beside them."""
