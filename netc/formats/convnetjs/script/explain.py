"""What is wrong where a statement cannot be read any further, in JavaScript's words."""

from lark.exceptions import UnexpectedInput, UnexpectedToken

from netc.diag import Problem, Source, Span
from netc.formats.convnetjs.script.cut import Statement
from netc.formats.problems import SyntaxProblem


def explain(source: Source, statement: Statement, error: UnexpectedInput) -> Problem:
    """The problem of a statement that the grammar does not know."""
    at = error.pos_in_stream if error.pos_in_stream is not None else statement.end
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        at = statement.end
    token = next((each for each in statement.tokens if each.start >= at), None)
    if token is None:
        span = Span(source, statement.end, statement.end)
        return SyntaxProblem(
            span, what="this statement has no end", expected="something is missing"
        )
    return SyntaxProblem(
        Span(source, token.start, token.end),
        what=f"`{token.text[:40]}` cannot stand here",
        expected="",
    )
