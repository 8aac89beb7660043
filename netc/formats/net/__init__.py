"""netc's own language: text to spec."""

from netc.formats.net.format import tidied, tidy
from netc.formats.net.parse import parse
from netc.formats.net.words import WORDS

__all__ = ["WORDS", "parse", "tidied", "tidy"]
