"""The long lists of numbers in a saved network, left out where only its structure is read."""

import re

_NUMBER = r"(?:-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+|null)\s*+"
_ENTRY = r'"[0-9]++"\s*+:\s*+' + _NUMBER
_LISTED = rf"\[(\s*+{_NUMBER}(?:,\s*+{_NUMBER})*+)\]"
_KEYED = rf"\{{(\s*+{_ENTRY}(?:,\s*+{_ENTRY})*+)\}}"
_VALUES = re.compile(rf'"w"\s*+:\s*+(?:{_KEYED}|{_LISTED})')
"""The values of one volume: a typed array becomes an object in JSON, by index; a list stays one."""


def without_numbers(text: str) -> str:
    """The text with blanks for the numbers of every volume; every place in it stays where it was.

    A list of numbers with a mistake in it is left, so that whoever reads the text tells of it.
    """
    if '"layer_type"' not in text:
        return text
    return _VALUES.sub(_blanked, text)


def _blanked(found: re.Match[str]) -> str:
    group = 1 if found[1] is not None else 2
    start, end = (place - found.start() for place in found.span(group))
    whole = found[0]
    return f"{whole[:start]}{' ' * (end - start)}{whole[end:]}"
