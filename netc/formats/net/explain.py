"""Lark's parse errors put into words a writer of networks understands."""

import re

from lark import Token
from lark.exceptions import UnexpectedInput, UnexpectedToken

from netc.diag import Problem, Source, Span, listed
from netc.formats.net.hints import hint
from netc.formats.net.scan import CLOSING, scan
from netc.formats.problems import SyntaxProblem, UnclosedBracket, UnclosedText

_WORDS = {
    "NUMBER": "a number",
    "STRING": "a text in quotes",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "LSQB": "`[`",
    "RSQB": "`]`",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "COMMA": "`,`",
    "COLON": "`:`",
    "EQUAL": "`=`",
    "_ARROW": "`->`",
    "NET": "`net`",
    "TRAIN": "`train`",
    "INPUT": "`input`",
    "ROLE": "`output`, `loss`, `metric`",
    "NAME": "a name",
    "_NL": "the end of the line",
    "$END": "the end of the file",
}
_GROUPS = (
    ({"NUMBER", "STRING", "TRUE", "FALSE", "LSQB", "NAME"}, ["a value"]),
    ({"LPAR", "NAME"}, ["a layer", "a value"]),
    ({"LSQB", "NAME"}, ["`class(10)`", "a shape such as `[1, 28, 28]`"]),
    ({"_NL", "RBRACE"}, ["the end of the line"]),
    ({"_NL", "$END"}, ["the end of the file"]),
)

_SECTION = re.compile(r"\b(net|train)(?=\s+$)")

_Blank = tuple[int, int] | None


def explain_error(source: Source, text: str, error: UnexpectedInput) -> tuple[Problem, _Blank]:
    """The problem behind a parse error, and the line to blank for reading on, if that is safe."""
    start, end, expected = _where(text, error)
    special = _unclosed_text(source, text, start) or _unclosed_bracket(source, text, start, end)
    if special:
        return special, _blank(text, start, special)
    problem = SyntaxProblem(
        Span(source, start, end),
        what=_what(text, start, end),
        expected=f"expected {_one_of(expected)}" if expected else "",
        way_out=hint(text, start, expected),
    )
    return problem, None if expected & {"NET", "LBRACE"} else _blank(text, start, problem)


def _where(text: str, error: UnexpectedInput) -> tuple[int, int, set[str]]:
    """Where the text cannot go on, and the terminals with which it could."""
    parser = getattr(error, "interactive_parser", None)
    expected = set(parser.accepts()) if parser else set()
    if isinstance(error, UnexpectedToken):
        token: Token = error.token
        if token.type == "$END":
            return len(text), len(text), expected
        start = token.start_pos or 0
        return start, start + len(token), expected
    start = error.pos_in_stream if error.pos_in_stream is not None else len(text)
    return start, start + 1, expected


def _what(text: str, start: int, end: int) -> str:
    if start >= len(text):
        return "the file ends too early"
    if text[start] in "\r\n;":
        return "the line ends too early"
    if not text[start].isprintable():
        return f"the invisible character U+{ord(text[start]):04X} cannot stand here"
    return f"`{text[start:end][:40]}` cannot stand here"


def _one_of(expected: set[str]) -> str:
    names, words = set(expected), list[str]()
    for group, group_words in _GROUPS:
        if names >= group:
            words += group_words
            names -= group
    words += [word for name, word in _WORDS.items() if name in names]
    words.sort(key=lambda word: (word.startswith("the end"), word))
    return listed(words, "or") if words else "something else"


def _unclosed_text(source: Source, text: str, at: int) -> Problem | None:
    line_end = _line_end(text, at)
    if text[at : at + 1] != '"' or text.count('"', at, line_end) % 2 == 0:
        return None
    return UnclosedText(Span(source, at, line_end))


def _unclosed_bracket(source: Source, text: str, start: int, end: int) -> Problem | None:
    """The innermost open bracket, if what stands here shows that its end was forgotten."""
    still_open = scan(text, start).open
    if not still_open:
        return None
    at, found = still_open[-1], text[start:end]
    seen = Span(source, start, end)
    text_end = len(text.rstrip())
    if start >= text_end:
        forgotten, seen = True, Span(source, text_end, text_end)
    elif text[at] == "{":
        word = _SECTION.search(text[:start])
        forgotten = word is not None and bool(scan(text).open)
        seen = Span(source, word.start(), word.end()) if word else seen
    else:
        forgotten = "\n" in text[at:start] or found == "->" or found[:1] in "\r\n{})]"
    if not forgotten or found == CLOSING[text[at]]:
        return None
    closing = CLOSING[text[at]]
    return UnclosedBracket(Span(source, at, at + 1), bracket=text[at], closing=closing, seen=seen)


def _blank(text: str, at: int, problem: Problem) -> _Blank:
    """The line of the mistake, unless blanking it would unbalance the sections of the file."""
    place = at
    if isinstance(problem, UnclosedBracket) and problem.span:
        if problem.bracket == "{":
            return None
        place = problem.span.start
    start, end = text.rfind("\n", 0, place) + 1, _line_end(text, place)
    line = text[start:end]
    if not line.strip() or line.count("{") != line.count("}"):
        return None
    return start, end


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
