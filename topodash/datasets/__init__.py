"""Labelled point clouds and images."""
