"""Computed values: what stands behind `=` in a JSON string is an expression of the language."""

from collections.abc import Sequence

from lark.exceptions import UnexpectedInput

from netc.diag import Source, Span
from netc.formats.json.nodes import String
from netc.formats.json.reader import DEEPEST, Reader, is_name
from netc.formats.json.strings import decode
from netc.formats.net.depth import WAY_OUT, too_deep
from netc.formats.net.explain import expectation, what_stands
from netc.formats.net.grammar import expression_parser
from netc.formats.net.hints import hint
from netc.formats.net.lower import Lower
from netc.formats.net.recover import failure
from netc.formats.net.scan import scan
from netc.formats.problems import SyntaxProblem, TooDeep
from netc.spec import Name, Value

_DEEPEST_TREE = 100
"""Levels of the syntax tree of one value, around which there are objects and lists."""


def read_expression(reader: Reader, string: String) -> Value | None:
    """The value of a string that begins with `=`."""
    text, places = string.value[1:], _places(reader.source, string)
    if is_name(text):
        return Name(text, Span(reader.source, places[0], places[-1]))
    scanned = scan(text)
    if reader.depth + scanned.deepest > DEEPEST:
        at = places[scanned.deepest_at]
        reader.problems.append(TooDeep(Span(reader.source, at, at + 1), limit=DEEPEST))
        return None
    try:
        tree = expression_parser().parse(text)
    except UnexpectedInput:
        reader.problems.append(_mistake(reader.source, text, places))
        return None
    if too_deep(tree, _DEEPEST_TREE) is not None:
        span, what = reader.span(string), "operations are"
        reader.problems.append(TooDeep(span, limit=_DEEPEST_TREE, what=what, way_out=WAY_OUT))
        return None
    return _Moved(reader.source, places).value(tree)


def _places(source: Source, string: String) -> Sequence[int]:
    """Where each character behind the `=` begins, and where the last one ends."""
    start, end = string.start + 1, string.end - 1
    if len(string.value) == end - start:
        return range(start + 1, end + 1)
    return [start + at for at in decode(source.text[start:end]).places[1:]]


def _mistake(source: Source, text: str, places: Sequence[int]) -> SyntaxProblem:
    """What is wrong where the expression cannot go on."""
    start, stop, expected = failure(text, expression_parser()) or (0, 0, set())
    what = "the computed value ends too early"
    if start < len(text):
        what = what_stands(text, start, stop)
    return SyntaxProblem(
        Span(source, places[start], places[min(stop, len(text))]),
        what=what,
        expected=expectation(expected - {"$END"}),
        way_out=hint(text, 0, start, expected),
    )


class _Moved(Lower):
    """Lowers a tree of a part of a text, whose characters lie at `places` of the source."""

    def __init__(self, source: Source, places: Sequence[int]) -> None:
        super().__init__(source)
        self._places = places

    def _at(self, start: int, end: int) -> Span:
        return Span(self._source, self._places[start], self._places[end])
