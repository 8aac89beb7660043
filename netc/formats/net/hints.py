"""Advice for a place where a text cannot go on, from what stands around it."""

import re

from netc.formats.net.habits import INSIDE, OUTSIDE


def hint(text: str, start: int, at: int, expected: set[str]) -> str:
    """The advice for a place in a statement that begins at `start`, or nothing.

    `expected` are the terminals that could stand there.
    """
    line = text.rfind("\n", 0, at) + 1
    before, here = text[max(start, line, at - 300) : at], text[at : at + 100]
    for row in OUTSIDE if "NET" in expected else INSIDE:
        if row.expected and row.expected not in expected:
            continue
        left, right = re.search(row.before, before), re.match(row.here, here)
        if left and right:
            return row.advice.format(*left.groups(), *right.groups())
    return ""
