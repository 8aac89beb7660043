"""JSON read with the place of everything; after a slip of the pen reading goes on.

The standard library's reader tells of the first mistake only, and of no places.
"""

from contextlib import suppress
from dataclasses import dataclass, field

from netc.diag import Problem, Source, Span
from netc.formats.json.nodes import Array, Broken, Constant, Member, Node, Number, Object, String
from netc.formats.json.problems import BadJson
from netc.formats.json.strings import decode
from netc.formats.json.tokens import CLOSING, Token, advice, tokens
from netc.formats.problems import SyntaxProblem, TooDeep, UnclosedBracket, UnclosedText
from netc.spec import MOST_DIGITS

_DEEPEST = 250
_MOST_VALUES = 500_000
_MOST_ERRORS = 20
_CLEAN = ("string", "number", "open", *CLOSING)
_CONSTANTS = {"true": True, "false": False, "null": None}


def scan(source: Source, text: str | None = None) -> Node | list[Problem]:
    """What a JSON text holds, or all the mistakes of its syntax. `text` is read in the place of
    the source's own, where parts of that are blanked."""
    scanner = _Scanner(source, source.text if text is None else text)
    with suppress(_Stop):
        scanner.run()
    root = scanner.root
    return scanner.problems if root is None or scanner.problems else root


class _Stop(Exception):
    """Nothing can be told for sure about the rest of the text."""


@dataclass
class _Open:
    """An object or array whose end is not reached; `wants` is what may come next in it."""

    bracket: str
    start: int
    wants: str
    items: list[Node] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    key: String | None = None
    comma: Token | None = None

    @property
    def is_object(self) -> bool:
        return self.bracket == "{"

    def closed(self, end: int) -> Node:
        if self.is_object:
            return Object(self.start, end, tuple(self.members))
        return Array(self.start, end, tuple(self.items))


class _Scanner:
    """Goes from token to token with a stack of what is open; no text is too deep for it."""

    def __init__(self, source: Source, text: str) -> None:
        self._source, self._text = source, text
        self._open: list[_Open] = []
        self._values = 0
        self._swallowed = False  # an open string may have taken in the comma behind it
        self.root: Node | None = None
        self.problems: list[Problem] = []

    def run(self) -> None:
        for token in tokens(self._text):
            if token.kind == "comment":
                self._wrong(
                    token,
                    "there are no comments in JSON",
                    "",
                    "remove it; a `.net` file may have some",
                )
            elif token.kind == "end":
                self._end(token)
            elif not self._open:
                self._outside(token)
            else:
                self._inside(self._open[-1], token)

    # ---- problems

    def _add(self, problem: Problem, *, stop: bool = False) -> None:
        self.problems.append(problem)
        if stop or len(self.problems) == _MOST_ERRORS:
            raise _Stop

    def _wrong(
        self, token: Token, what: str, expected: str, way_out: str = "", *, stop: bool = False
    ) -> None:
        span = Span(self._source, token.start, token.end)
        label = f"expected {expected}" if expected else ""
        self._add(SyntaxProblem(span, what=what, expected=label, way_out=way_out), stop=stop)

    def _misplaced(
        self, token: Token, expected: str, way_out: str = "", *, stop: bool = False
    ) -> None:
        shown = token.text[:40]
        what = f"`{shown}` cannot stand here"
        if not shown.isprintable():
            what = f"the invisible character U+{ord(token.text[0]):04X} cannot stand here"
        self._wrong(token, what, expected, way_out or advice(token), stop=stop)

    # ---- where a token stands

    def _outside(self, token: Token) -> None:
        if self.root is not None:
            self._wrong(token, "the text goes on after its end", "the end of the file", stop=True)
        if token.kind in CLOSING:
            self._start(token)
        else:
            self._wrong(token, f"`{token.text[:40]}` is no spec", "`{` or `[`", stop=True)

    def _inside(self, here: _Open, token: Token) -> None:
        if token.kind in ("]", "}"):
            self._close(here, token)
        elif here.wants == ",":
            self._after_value(here, token)
        elif here.wants == "key":
            self._key(here, token)
        elif here.wants == ":":
            self._colon(here, token)
        elif token.kind == ",":
            self._misplaced(
                token, "a value", "a value is missing before it, or the `,` is too many"
            )
            self._put(Broken(token.start, token.start))
            here.wants = "key" if here.is_object else "value"
        else:
            self._value(token)

    def _close(self, here: _Open, token: Token) -> None:
        if token.kind != CLOSING[here.bracket]:
            self._unclosed(here, token.start, token.end)
        if here.comma is not None and here.wants in ("key", "value") and here.key is None:
            self._wrong(here.comma, "a `,` stands before the end", "", "remove it")
        elif here.key is not None:
            self._wrong(token, "this key has no value", f"a value for `{here.key.value[:40]}`")
        self._open.pop()
        self._put(here.closed(token.end))

    def _after_value(self, here: _Open, token: Token) -> None:
        swallowed, self._swallowed = self._swallowed, False
        here.wants = "key" if here.is_object else "value"
        if token.kind == ",":
            here.comma = token
        elif token.kind in ("other", ":"):
            self._misplaced(token, f"`,` or `{CLOSING[here.bracket]}`", stop=token.kind == ":")
        else:
            if token.kind in _CLEAN and not swallowed:
                place = Token("", "", token.start, token.start)
                self._wrong(place, "a `,` is missing here", "`,`", "put a `,` between the two")
            self._inside(here, token)

    def _key(self, here: _Open, token: Token) -> None:
        if token.kind == "string":
            here.key = self._string(token)
        elif token.kind in ("word", "single", "number", "digits"):
            text = token.text.strip("'")
            self._misplaced(token, "a key", f'keys stand in double quotes: `"{text[:40]}"`')
            here.key = String(token.start, token.end, text)
        elif token.kind == "open":
            here.key = self._open_string(token)
        elif token.kind == "{" and here.members:
            self._unclosed(here, token.start, token.end)
        else:
            self._misplaced(token, "a key in double quotes", stop=token.kind != ",")
            return
        here.wants = ":"

    def _colon(self, here: _Open, token: Token) -> None:
        here.wants = "value"
        if token.kind == ":":
            return
        way_out = "a key and its value are joined with `:`"
        self._misplaced(token, "`:`", way_out)
        if token.kind == ",":
            here.key, here.wants, here.comma = None, "key", token
        elif token.kind != "other":
            self._value(token)

    def _value(self, token: Token) -> None:
        kind, text = token.kind, token.text
        if kind in CLOSING:
            self._start(token)
        elif kind == "string":
            self._put(self._string(token))
        elif kind == "number":
            self._put(Number(token.start, token.end, _number(text)))
        elif kind == "word" and text in _CONSTANTS:
            self._put(Constant(token.start, token.end, _CONSTANTS[text]))
        elif kind == "open":
            self._put(self._open_string(token))
        else:
            self._misplaced(token, "a value")
            if kind != "other":
                self._put(Broken(token.start, token.end))

    # ---- what is made

    def _start(self, token: Token) -> None:
        if len(self._open) == _DEEPEST:
            span = Span(self._source, token.start, token.end)
            self._add(TooDeep(span, limit=_DEEPEST), stop=True)
        wants = "key" if token.kind == "{" else "value"
        self._open.append(_Open(token.kind, token.start, wants))

    def _put(self, node: Node) -> None:
        self._values += 1
        if self._values > _MOST_VALUES:
            span = Span(self._source, node.start, node.end)
            what = f"this file holds more than {_MOST_VALUES:,} values"
            self._add(BadJson(span, what=what, expected="one too many"), stop=True)
        if not self._open:
            self.root = node
            return
        here = self._open[-1]
        here.wants, here.comma = ",", None
        if here.key is not None:
            here.members.append(Member(here.key, node))
            here.key = None
        elif not here.is_object:
            here.items.append(node)

    def _string(self, token: Token) -> String:
        raw = token.text[1:-1]
        if raw.isprintable() and "\\" not in raw:
            return String(token.start, token.end, raw)
        decoded = decode(raw)
        for fault in decoded.faults:
            start = token.start + 1 + fault.start
            place = Token("", "", start, token.start + 1 + fault.end)
            self._wrong(place, fault.what, "", fault.way_out)
        return String(token.start, token.end, decoded.value)

    def _open_string(self, token: Token) -> String:
        self._add(UnclosedText(Span(self._source, token.start, token.end)))
        self._swallowed = True
        return String(token.start, token.end, token.text[1:])

    # ---- the end

    def _unclosed(self, here: _Open, start: int, end: int) -> None:
        bracket = Span(self._source, here.start, here.start + 1)
        seen = Span(self._source, start, end)
        closing = CLOSING[here.bracket]
        problem = UnclosedBracket(bracket, bracket=here.bracket, closing=closing, seen=seen)
        self._add(problem, stop=True)

    def _end(self, token: Token) -> None:
        if self._open:
            end = len(self._text.rstrip())
            self._unclosed(self._open[-1], end, end)
        if self.root is None:
            self._wrong(token, "the file is empty", "`{` or `[`", stop=True)


def _number(text: str) -> int | float:
    """Digits alone are a whole number; a point or an exponent makes a real one, as in `.net`."""
    if any(c in text for c in ".eE"):
        return float(text)
    sign = -1 if text[0] == "-" else 1
    return int(text) if len(text) < MOST_DIGITS else sign * float("inf")
