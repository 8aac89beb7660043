"""What other formats can say and the `.net` language cannot."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from netc.diag import Problem
from netc.spec import Library, Text, walk

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


def unwritable(library: Library) -> Iterator[Problem]:
    """The texts in a file that the `.net` language has no way to write."""
    for text in walk(replace(library, used=())):
        if isinstance(text, Text):
            what = [words for letter, words in _UNQUOTED.items() if letter in text.value]
            if what:
                yield UnwritableText(text.span, what=what[0])
