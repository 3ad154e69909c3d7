"""Sanbao (三包): the working system of a district's headquarters and its urban-management enforcement bureau."""

__version__ = "0.1.0"
