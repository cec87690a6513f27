"""The cache: how often something is computed, never what."""
