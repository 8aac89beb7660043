"""Which part of a script is read: all of it, the code in which it makes a net, or a text."""

from dataclasses import dataclass

from netc.diag import Problem, Source, Span
from netc.formats.convnetjs.script.blocks import blocks
from netc.formats.convnetjs.script.cut import Statement, cut
from netc.formats.convnetjs.script.inside import homes, statements_to
from netc.formats.convnetjs.script.problems import AssumedCode
from netc.formats.convnetjs.script.texts import nets_in_texts
from netc.formats.convnetjs.script.tokens import Token

_MOST_SHOWN = 5
_MOST_FOLLOWED = 1_000_000
"""Tokens in functions, each as often as there are functions around it."""


@dataclass(frozen=True)
class Reading:
    """The statements of which a net is read, the methods that they may call with what
    those are given, the functions that
    they are in, and what is assumed."""

    statements: list[Statement]
    methods: tuple[tuple[str, list[Token], list[Token]], ...] = ()
    makers: frozenset[str] = frozenset()
    notices: tuple[Problem, ...] = ()

    @property
    def is_alone(self) -> bool:
        """Whether the script makes no other net."""
        return not self.notices


def read_of(source: Source, words: list[Token]) -> Reading:
    """What a script is read of: all of it, the code inside it that makes a net, or a text."""
    found = blocks(words)
    places = homes(words, found)
    if any(not place.path for place in places):
        return Reading(list(cut(source, words)))
    if places and sum(block.end - block.start for block in found) <= _MOST_FOLLOWED:
        first = places[0]
        inside = {block.start for block in first.path}
        methods = tuple(
            (block.name, words[block.first : block.last], words[block.start : block.end])
            for block in found
            if block.kind == "function"
            and block.name not in ("", "constructor")
            and block.start not in inside
        )
        notices = _several(source, [each.token for each in places])
        makers = frozenset(block.name for block in first.path if block.name)
        return Reading(statements_to(source, words, first), methods, makers, notices)
    texts = nets_in_texts(source.text, words)
    if texts:
        notices = _several(source, [text[0] for text in texts])
        return Reading(list(cut(source, texts[0])), notices=notices)
    return Reading(list(cut(source, words)))


def _several(source: Source, places: list[Token]) -> tuple[Problem, ...]:
    """That only the first of several nets is read."""
    first, *others = (Span(source, place.start, place.end) for place in places)
    if not others:
        return ()
    what = f"this script makes {len(places)} nets, and the first is read"
    way_out = "put the lines that make another one into a file of its own"
    further = tuple(others[:_MOST_SHOWN])
    return (AssumedCode(first, what=what, here="read", way_out=way_out, further=further),)
