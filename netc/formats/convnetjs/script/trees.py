"""The syntax tree of a statement, in spite of the mistakes in it where they leave no doubt."""

from dataclasses import dataclass

from lark import Token as Word
from lark import Tree
from lark.exceptions import UnexpectedInput

from netc.diag import Problem, Source, Span
from netc.formats.convnetjs.script.cut import Statement
from netc.formats.convnetjs.script.explain import explain
from netc.formats.convnetjs.script.grammar import parse
from netc.formats.net.depth import too_deep
from netc.formats.problems import SyntaxProblem, TooDeep, UnclosedBracket, UnclosedText

_DEEPEST = 150
_MOST_SLIPS = 10
_MOST_EXPLAINED = 100
_MANY_TOKENS = 5_000


@dataclass
class Trees:
    """Reads one statement after the other; only so many mistakes are looked into."""

    source: Source
    _explained: int = 0

    def read(self, statement: Statement) -> tuple[Tree[Word] | None, list[Problem]]:
        """The tree, if there is one, and what is wrong with the statement."""
        problems = [statement.problem] if statement.problem else []
        if isinstance(statement.problem, TooDeep):
            return None, problems
        words = statement.tokens
        for _ in range(_MOST_SLIPS):
            try:
                tree = parse(words)
            except UnexpectedInput as error:
                self._explained += 1
                if self._explained > _MOST_EXPLAINED:
                    return None, problems or [_short(statement.span(self.source))]
                slip = explain(self.source, words, error)
                problems = _with(problems, slip.problem)
                if slip.tokens is None or len(words) > _MANY_TOKENS:
                    return None, problems
                words = slip.tokens
                continue
            deep = too_deep(tree, _DEEPEST)
            if deep is None:
                return tree, problems
            span = Span(self.source, deep.meta.start_pos, deep.meta.end_pos)
            return None, [TooDeep(span, limit=_DEEPEST, what="operations are")]
        return None, problems


def _short(span: Span) -> Problem:
    return SyntaxProblem(span, what="this cannot be read", expected="")


def _with(problems: list[Problem], slip: Problem) -> list[Problem]:
    """The problems of a statement with one more; the echo of a missing bracket is none.

    A text that is not closed swallows the bracket behind it.
    """
    if isinstance(slip, UnclosedText):
        return [*(each for each in problems if not isinstance(each, UnclosedBracket)), slip]
    brackets = [each.span for each in problems if isinstance(each, UnclosedBracket)]
    is_echo = any(span and slip.span and span.start <= slip.span.start for span in brackets)
    return problems if is_echo else [*problems, slip]
