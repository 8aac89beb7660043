"""The JSON form of a spec, and lists of layers."""

from netc.formats.json.parse import parse
from netc.formats.json.write import write

__all__ = ["parse", "write"]
