"""Every mistake of syntax in a text, each statement read by itself."""

import re
from dataclasses import replace

from lark import Lark
from lark.exceptions import UnexpectedInput, UnexpectedToken

from netc.diag import Fix, Problem, Source, Span
from netc.formats.net.explain import expectation, next_after, what_stands
from netc.formats.net.grammar import parser
from netc.formats.net.hints import hint
from netc.formats.net.pieces import Cutter, Piece
from netc.formats.net.rewrites import rewrite
from netc.formats.problems import Syntax, SyntaxProblem, UnclosedBracket

_MOST = 20
_MORE = "there are more mistakes of syntax below"

_AROUND = {"file": ("", ""), "net": ("net a{", " }"), "train": ("train{", " }")}
"""What makes a statement of each place a file of its own."""

_BODIES = {"net": " repeat 1{}}", "train": " a 1}"}
"""What may follow the `{` of a body and not that of a table."""

_BEFORE = {
    "if": "if a{}",
    "elif": "if a{}",
    "else": "if a{}else{}",
    **dict.fromkeys(("for", "repeat", "when"), "repeat 1{}"),
}
"""What can be followed by the same as a statement that begins with this word."""

_ITEM = re.compile(r"(use|let|net|block|train)\b(?!\s*[=.(])")


def mistakes(source: Source, right_up_to: int) -> list[Problem]:
    """All that is wrong with the syntax, at most 20 of them, none the echo of another.

    Statements that end before `right_up_to` are right if they are whole. A head may not be: its
    `{` can have been read as that of a table.
    """
    found: list[Problem] = []
    is_lost = False  # what follows may belong to a section whose head is missing
    for piece in Cutter(source).pieces():
        if isinstance(piece, Problem):
            found.append(piece)
        elif piece.end < right_up_to and not piece.opens and not piece.problem:
            is_lost = False
        elif not (is_lost and piece.place == "file" and not _ITEM.match(source.text, piece.start)):
            problem = _check(source, piece)
            is_lost = is_lost and piece.place != "file"
            if problem:
                found.append(problem)
                is_lost = is_lost or (piece.place == "file" and piece.opens in ("", "unknown"))
        if len(found) > _MOST:
            break
    found.sort(key=lambda problem: problem.span.start if problem.span else 0)
    if len(found) <= _MOST:
        return found
    *others, last = found[:_MOST]
    return [*others, replace(last, more=_MORE) if isinstance(last, Syntax) else last]


def first_mistake(source: Source) -> Problem | None:
    """What is wrong where the whole text cannot go on."""
    return _check(source, Piece(0, len(source.text), "file", "", "", None))


def _check(source: Source, piece: Piece) -> Problem | None:
    """What is wrong with a piece."""
    if piece.place == "unknown":
        return None
    before, behind = _AROUND[piece.place]
    if piece.after:
        before += "net a{}" if piece.place == "file" else _BEFORE.get(piece.after, "a{}")
    if piece.opens:
        behind = _BODIES.get(piece.opens, "}") + behind
    error = failure(before + source.text[piece.start : piece.end] + behind)
    if error is None:
        return piece.problem
    moved = piece.start - len(before)
    start, end, expected = error[0] + moved, error[1] + moved, error[2]
    if piece.problem and piece.problem.span and start >= piece.problem.span.start:
        seen = Span(source, start, end)
        return _seen_at(piece.problem, seen) if start < piece.end else piece.problem
    if start >= piece.end and piece.opens:
        start, end = piece.end - 1, piece.end
        expected = _expected(before + source.text[piece.start : start]) - {"LBRACE"}
    elif start >= piece.end:
        start, end = next_after(source.text, piece.end)
    return SyntaxProblem(
        Span(source, start, end),
        what=what_stands(source.text, start, end),
        expected=expectation(expected),
        way_out=hint(source.text, piece.start, start, expected),
        rewriting=_rewriting(source, start, expected),
    )


def _seen_at(problem: Problem, place: Span) -> Problem:
    """The problem of a bracket, with the place where a text shows first that it is open."""
    if isinstance(problem, UnclosedBracket) and place.start < problem.seen.start:
        return replace(problem, seen=place)
    return problem


def _rewriting(source: Source, at: int, expected: set[str]) -> Fix | None:
    found = rewrite(source.text, at, expected)
    if found is None:
        return None
    new = found.text.strip()
    title = f"write `{new}`" if new else "remove it"
    return Fix(title, Span(source, found.start, found.end), found.text)


def _expected(text: str) -> set[str]:
    """The terminals with which a text could go on."""
    error = failure(text)
    return error[2] if error else set()


def failure(text: str, reader: Lark | None = None) -> tuple[int, int, set[str]] | None:
    """Where a text cannot go on, and the terminals with which it could."""
    try:
        (reader or parser()).parse(text)
    except UnexpectedInput as error:
        state = getattr(error, "interactive_parser", None)
        expected = set(state.accepts()) if state else set()
        if not isinstance(error, UnexpectedToken):
            at = error.pos_in_stream if error.pos_in_stream is not None else len(text)
            return at, at + 1, expected
        if error.token.type == "$END":
            return len(text), len(text), expected
        at = error.token.start_pos or 0
        return at, at + len(error.token), expected
    return None
