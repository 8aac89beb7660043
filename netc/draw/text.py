"""How wide a text will be, known without a font: the widths of Helvetica, which Arial has too."""

from functools import cache
from unicodedata import combining, east_asian_width

SIZE = 12.0
SMALL = 10.5
LINE = 15.0

_GROUPS = {
    191: "'",
    222: "ijl",
    260: "|",
    278: " !,./:;I[]\\ft·",
    333: "()-`r",
    334: "{}",
    355: '"',
    389: "*",
    469: "^",
    500: "Jckssvxyz",
    556: "#$0123456789?L_abdeghnopqu",
    584: "+<=>~×",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "→…",
    1015: "@",
}
_WIDTHS = {letter: width for width, letters in _GROUPS.items() for letter in letters}
_OTHER, _WIDE = 700, 1000
_BOLD = 1.07
_SPARE = 1.03
"""Fonts that stand in for Helvetica are a little wider at worst."""


@cache
def width_of(text: str, size: float = SIZE, *, bold: bool = False) -> float:
    """The width of a text in points."""
    units = sum(map(_units, text))
    return units / 1000 * size * (_BOLD if bold else 1) * _SPARE


def _units(letter: str) -> int:
    if letter in _WIDTHS:
        return _WIDTHS[letter]
    if combining(letter):
        return 0
    return _WIDE if east_asian_width(letter) in "WF" else _OTHER
