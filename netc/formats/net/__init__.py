"""netc's own language: text to spec."""

from netc.formats.net.parse import parse

__all__ = ["parse"]
