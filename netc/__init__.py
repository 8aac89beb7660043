"""A compiler for neural networks that are written down, not programmed."""

__version__ = "0.1.0"
