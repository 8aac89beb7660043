"""netc's own language: text to spec, and back."""

from netc.formats.net.expressions import text_of
from netc.formats.net.format import tidied, tidy
from netc.formats.net.parse import parse
from netc.formats.net.words import WORDS
from netc.formats.net.write import write

__all__ = ["WORDS", "parse", "text_of", "tidied", "tidy", "write"]
