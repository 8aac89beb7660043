"""Text to spec and back, for every language netc reads; knows no layer class, only names."""

from netc.formats.input_words import InputWords, input_words
from netc.formats.json import forms as json_forms
from netc.formats.json import problems as json_problems
from netc.formats.languages import import_languages
from netc.formats.net import WORDS, text_of, tidy
from netc.formats.original import WORD as COMPAT
from netc.formats.original import as_original
from netc.formats.read import (
    LARGEST,
    load,
    no_net,
    parse,
    read,
    read_alone,
    read_any,
    read_any_source,
    read_source,
)
from netc.formats.same import is_same
from netc.formats.saved import read_weights
from netc.formats.write import WRITTEN, write

__all__ = [
    "COMPAT",
    "LARGEST",
    "WORDS",
    "WRITTEN",
    "InputWords",
    "as_original",
    "import_languages",
    "input_words",
    "is_same",
    "json_forms",
    "json_problems",
    "load",
    "no_net",
    "parse",
    "read",
    "read_alone",
    "read_any",
    "read_any_source",
    "read_source",
    "read_weights",
    "text_of",
    "tidy",
    "write",
]
