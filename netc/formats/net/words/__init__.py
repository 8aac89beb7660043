"""The manual of the language's own words, for `netc explain block` and the like."""

from netc.formats.net.words import control as control
from netc.formats.net.words import expressions as expressions
from netc.formats.net.words import roles as roles
from netc.formats.net.words import sections as sections
from netc.formats.net.words.page import WORDS

__all__ = ["WORDS"]
