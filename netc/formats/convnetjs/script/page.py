"""Where the scripts are in a text: all of it, or what stands in the tags of a web page."""

import re

_PAGE = re.compile(r"<[!a-z]", re.IGNORECASE)
_TAG = re.compile(r"<(script|textarea)\b[^<>]*>", re.IGNORECASE)
_NET = re.compile(r"layer_?\s?defs|convnetjs\s*\.", re.IGNORECASE)


def scripts_of(text: str) -> list[tuple[int, int]]:
    """Start and end of the parts that are JavaScript; none where no part of a page makes a net."""
    start = len(text) - len(text.lstrip())
    if not _PAGE.match(text, start):
        return [(0, len(text))]
    found, at = list[tuple[int, int]](), start
    while tag := _TAG.search(text, at):
        closing = f"</{tag[1].lower()}"
        at = tag.end()
        end = text.find(closing, at)
        end = text.find(closing.upper(), at) if end < 0 else end
        end = len(text) if end < 0 else end
        if end > at and _NET.search(text, at, end):
            found.append((at, end))
        at = end
    return found
