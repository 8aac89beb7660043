"""The one look of `.net` texts: blanks, indentation and columns; the author's lines stay."""

from netc.diag import Problem, Source
from netc.formats.net.columns import line_up
from netc.formats.net.layout import lines_of
from netc.formats.net.parse import parse
from netc.formats.net.spacing import pieces_of
from netc.formats.net.tokens import meaning_of, tokens_of
from netc.types import Bug


def tidy(source: Source) -> str | list[Problem]:
    """A text in the one look, or its syntax errors.

    Words, comments, their order and the ends of statements stay as they are.
    """
    parsed = parse(source)
    return parsed if isinstance(parsed, list) else tidied(source.text)


def tidied(text: str) -> str:
    """A text without syntax errors in the one look."""
    lines = lines_of(pieces_of(tokens_of(text)))
    shown = zip(lines, line_up(lines), strict=True)
    text_after = "".join(f"\n{each}\n" if line.is_apart else f"{each}\n" for line, each in shown)
    if meaning_of(text_after) != meaning_of(text):
        raise Bug("the formatter would change what a text says")
    return text_after
