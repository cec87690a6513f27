"""Mapper: a lens is covered, the points of every piece are clustered, and the clusters' nerve is the graph.

    points, lens -> cover -> clusters in every cover element (nodes) -> nerve (edges, triangles)

Source: G. Singh, F. Mémoli, G. Carlsson, "Topological methods for the analysis of high dimensional data sets
and 3D object recognition" (2007).
"""

from topodash.topology.mapper.build import mapper_graph
from topodash.topology.mapper.graph import MapperGraph

__all__ = ["MapperGraph", "mapper_graph"]
