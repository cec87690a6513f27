"""The exact polyhedral complex of a ReLU network over a 2-D box; the Klein bottle of patches."""
