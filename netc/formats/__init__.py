"""Text to spec, for every language netc reads; knows no layer class, only names."""

from netc.formats.read import LARGEST, load, read, read_source

__all__ = ["LARGEST", "load", "read", "read_source"]
