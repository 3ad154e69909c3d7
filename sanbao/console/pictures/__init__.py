"""Geometry of the pictures that pages draw as SVG; the templates hold the shapes, these modules the numbers."""
