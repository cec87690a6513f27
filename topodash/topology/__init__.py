"""Persistence, landscapes, Mapper, density, circular coordinates, significance."""
