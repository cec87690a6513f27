"""The Mapper explorer: a graph of clusters, linked with every view of the same points."""
