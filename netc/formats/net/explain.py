"""Lark's parse errors put into words a writer of networks understands."""

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from netc.diag import Problem, Source, Span
from netc.formats.net.scan import CLOSING, scan
from netc.formats.problems import SyntaxProblem, UnclosedBracket, UnclosedText

_WORDS = {
    "NAME": "a name",
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
    "_NL": "the end of the line",
    "$END": "the end of the file",
}
_VALUE = {"NUMBER", "STRING", "TRUE", "FALSE", "LSQB", "NAME"}

_HINTS = {
    "'": 'texts are written in double quotes: `"..."`',
    "=": "options are written `name: value`; `=` names the value of a whole line",
    "/": "comments start with `#`",
    "+": "`+` is not part of the language; join values with `add`",
    "|": "layers are joined with `->`",
    ">": "layers are joined with `->`",
}

_Blank = tuple[int, int] | None


def explain_error(source: Source, text: str, error: UnexpectedInput) -> tuple[Problem, _Blank]:
    """The problem behind a parse error, and the line to blank before reading on, if safe."""
    start, end, expected = _where(text, error)
    special = _unclosed_text(source, text, start) or _unclosed_bracket(source, text, start, end)
    if special:
        return special, _blank(text, start, special)
    problem = SyntaxProblem(
        Span(source, start, end),
        found=_found(text, start, end),
        expected=f"expected {_one_of(expected)}" if expected else "",
        way_out=_hint(text, start, end, expected),
    )
    return problem, _blank(text, start, problem)


def _where(text: str, error: UnexpectedInput) -> tuple[int, int, set[str]]:
    if isinstance(error, UnexpectedCharacters):
        return error.pos_in_stream, error.pos_in_stream + 1, set(error.allowed or ())
    if isinstance(error, UnexpectedToken):
        token: Token = error.token
        expected = set(error.accepts or error.expected)
        if token.type == "$END":
            return len(text), len(text), expected
        start = token.start_pos or 0
        return start, start + len(token), expected
    return len(text), len(text), set()


def _found(text: str, start: int, end: int) -> str:
    if start >= len(text):
        return "the end of the file"
    if text[start] in "\r\n;":
        return "the end of the line"
    return f"`{text[start:end][:40]}`"


def _one_of(expected: set[str]) -> str:
    names = set(expected)
    words = []
    if names >= _VALUE:
        words.append("a value")
        names -= _VALUE
    words += sorted(_WORDS[name] for name in names if name in _WORDS)
    if not words:
        return "something else"
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def _hint(text: str, start: int, end: int, expected: set[str]) -> str:
    found = text[start:end]
    if found == "=" and "COLON" not in expected and "COMMA" not in expected:
        return ""
    if found[:1] in ("|", ">", "/", "'", "=", "+"):
        return _HINTS[found[0]]
    if found in ("net", "train", "input", "output", "loss", "metric", "true", "false"):
        return f"`{found}` is a word of the language and cannot be a name"
    return ""


def _unclosed_text(source: Source, text: str, at: int) -> Problem | None:
    found = scan(text, min(at + 1, len(text))).unclosed_texts
    line_start = text.rfind("\n", 0, at) + 1
    if found and found[-1] >= line_start and text[at : at + 1] == '"':
        line_end = _line_end(text, at)
        if text.count('"', at, line_end) % 2:
            return UnclosedText(Span(source, at, line_end))
    return None


def _unclosed_bracket(source: Source, text: str, start: int, end: int) -> Problem | None:
    """The innermost open bracket, if the text went on at a later line without closing it."""
    still_open = scan(text, start).open
    if not still_open:
        return None
    at = still_open[-1]
    at_end_of_file = start >= len(text.rstrip())
    if text[at] == "{" and not at_end_of_file:
        return None
    if "\n" not in text[at:start] and not at_end_of_file and text[start] not in "\r\n}":
        return None
    seen = Span(source, start, end)
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
