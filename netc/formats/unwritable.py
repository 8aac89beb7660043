"""What other formats can say and the `.net` language cannot."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

from netc.diag import Problem, Source, Span
from netc.spec import Text

_UNQUOTED = {'"': "a double quote", "\n": "a line end"}


@dataclass(frozen=True)
class UnwritableText(Problem):
    """A text in a `.net` file has no double quote and no line end in it.

    Other formats have such texts; they cannot be converted to `.net`.

    Example:
        netc convert net.json -o net.net        # where net.json has {"text": "a \\" quote"}
    """

    slug = "unwritable-text"
    message = "a text with {what} in it cannot be written in a `.net` file"
    help = "take another text"

    what: str


def unwritable(part: object) -> Iterator[Problem]:
    """The texts in a tree that the `.net` language has no way to write."""
    if isinstance(part, Text):
        what = [words for letter, words in _UNQUOTED.items() if letter in part.value]
        if what:
            yield UnwritableText(part.span, what=what[0])
    elif isinstance(part, tuple):
        for each in part:
            yield from unwritable(each)
    elif is_dataclass(part) and not isinstance(part, Span | Source):
        for field in fields(part):
            yield from unwritable(getattr(part, field.name))
