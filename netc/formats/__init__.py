"""Text to spec, for every language netc reads; knows no layer class, only names."""

from netc.formats.net import WORDS, tidy
from netc.formats.read import LARGEST, load, read, read_any, read_source

__all__ = ["LARGEST", "WORDS", "load", "read", "read_any", "read_source", "tidy"]
