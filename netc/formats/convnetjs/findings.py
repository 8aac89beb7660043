"""What is found out while a listing is read: problems, warnings among them, and places."""

from functools import lru_cache

from netc.diag import Level, Problem, Source, Span, Sure, did_you_mean, is_slip, nearest
from netc.formats.json.nodes import Piece, String


class Findings:
    """Problems in the order they are found, and where the parts of the text stand."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []

    def add(self, problem: Problem) -> None:
        self.problems.append(problem)

    @property
    def has_errors(self) -> bool:
        return any(problem.level is Level.ERROR for problem in self.problems)

    def span(self, piece: Piece) -> Span:
        return piece.span(self.source)

    def word(self, string: String) -> Span:
        """The place of a word, without the quotes where it has some."""
        return string.inside(self.source)

    def meant(self, string: String, known: tuple[str, ...]) -> str | None:
        """The known word that a wrong one stands for; `Sure` where there is no doubt.

        A word of so few letters is like many: one that is meant begins with the same letter.
        """
        return _meant(string.value, known)

    def stands(self, string: String) -> bool:
        """Whether the text has the word at its place, and not a variable that holds it."""
        span = self.word(string)
        return self.source.text[span.start : span.end] == string.value

    def fixable(self, string: String, near: str | None) -> str | None:
        """`near`, where writing it at the place of the word mends the text."""
        return near if self.stands(string) else None


@lru_cache(maxsize=1000)
def _meant(word: str, known: tuple[str, ...]) -> str | None:
    near = nearest(word, known)
    if near and is_slip(word, near, known):
        return Sure(near)
    return near if near and near[0] == word[:1].lower() else None


def advice(near: str | None, otherwise: str) -> str:
    """Help about a word: the known one that it stands for, or what there is."""
    return did_you_mean(near) or otherwise
