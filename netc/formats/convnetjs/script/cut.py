"""A script cut into statements, so that a mistake in one leaves the others as they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from netc.diag import Fix, Problem, Source, Span
from netc.formats.convnetjs.script.tokens import CLOSES, OPENS, Token, ends_value
from netc.formats.problems import SyntaxProblem, TooDeep, UnclosedBracket

DEEPEST = 50
"""How deep brackets may lie in each other in a statement that is read."""

_COMPOUND = frozenset(
    ["for", "while", "do", "if", "else", "switch", "try", "with", "function", "class"]
)
_GOES_ON = frozenset(("else", "catch", "finally"))
_BLOCK_BEFORE = frozenset((")", "=>", ";", "{", "}"))
_BLOCK_WORDS = frozenset(("else", "do", "try", "finally"))
_DECLARE = frozenset(("var", "let", "const"))
_CHANGES = frozenset(("push", "makeLayers"))


@dataclass
class Statement:
    """The tokens of a statement without the `;` at its end, brackets that lack put in.

    `problem` tells of such brackets, or of more of them in each other than are read. What stands
    `around` code that is read is the word of it, as `if`. A parameter is a statement of its own,
    `parameter_of` a function; `is_sure` where all calls give it this value, `is_given` where one
    of them gives it what is not known. `level` tells the
    functions apart that statements are in, 0 for none.
    """

    tokens: list[Token] = field(default_factory=list)
    problem: Problem | None = None
    around: str = ""
    level: int = 0
    parameter_of: str = ""
    is_sure: bool = False
    is_given: bool = False

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end

    @property
    def is_compound(self) -> bool:
        """Whether it is code: a loop, a condition, a function."""
        first = self.tokens[0]
        return first.kind == "{" or (first.kind == "word" and first.text in _COMPOUND)

    @property
    def has_code(self) -> bool:
        """Whether there are statements in it, as in a loop or a function."""
        return self.is_compound or any(each.text in ("function", "=>") for each in self.tokens)

    @property
    def noun(self) -> str:
        """What kind of code it is, for messages."""
        word = self.tokens[0].text
        if word in ("for", "while", "do"):
            return "a loop"
        return "a condition" if word in ("if", "else", "switch") else "code"

    def span(self, source: Source) -> Span:
        return Span(source, self.start, self.end)


def cut(source: Source, tokens: Sequence[Token]) -> Iterator[Statement]:
    """The statements of a script, as its line ends and `;` part them."""
    cutter = _Cutter(source, tokens)
    while cutter.at < len(tokens):
        statement = cutter.statement()
        if statement.tokens:
            yield statement


@dataclass(frozen=True)
class _Open:
    """A bracket that is open; statements may stand in one that `holds_code`."""

    token: Token
    holds_code: bool


class _Cutter:
    def __init__(self, source: Source, tokens: Sequence[Token]) -> None:
        self._source = source
        self._tokens = tokens
        self._made = Statement()
        self._stack: list[_Open] = []
        self._heads = 0  # the `( )` that have been closed outside all other brackets
        self.at = 0

    def statement(self) -> Statement:
        """The next statement; `at` is then the first token behind it."""
        self._made, self._stack, self._heads = Statement(), [], 0
        made = self._made
        while self.at < len(self._tokens):
            token = self._tokens[self.at]
            if token.kind == ";" and self._ends_here():
                self.at += 1
                break
            if self._stack and not self._in_code and token.on_new_line and self._begins():
                break
            self.at += 1
            if token.kind in OPENS:
                self._open(token)
            elif token.kind in CLOSES and not self._close(token):
                continue
            made.tokens.append(token)
            if not self._stack and self._is_over():
                break
        self._leave(self._seen())
        return made

    @property
    def _in_code(self) -> bool:
        return any(each.holds_code for each in self._stack[-DEEPEST:])

    def _open(self, token: Token) -> None:
        before = self._made.tokens[-1] if self._made.tokens else None
        if token.kind == "{":
            holds_code = (
                before is None
                or before.kind in _BLOCK_BEFORE
                or before.text in _BLOCK_WORDS
                or self._made.tokens[0].text == "class"
            )
        else:
            holds_code = before is not None and before.text == "for"
        self._stack.append(_Open(token, holds_code))
        if len(self._stack) == DEEPEST + 1 and self._made.problem is None:
            span = Span(self._source, token.start, token.end)
            self._made.problem = TooDeep(span, limit=DEEPEST)

    def _close(self, token: Token) -> bool:
        """Take a closing bracket in; False where it closes nothing, and is left out."""
        opening = CLOSES[token.kind]
        if not any(each.token.kind == opening for each in self._stack[-DEEPEST:]):
            self._made.problem = self._made.problem or _stray(self._source, token)
            return False
        while self._stack[-1].token.kind != opening:
            self._unclosed(self._stack.pop(), token)
        self._stack.pop()
        self._heads += token.kind == ")" and not self._stack
        return True

    def _leave(self, seen: Token) -> None:
        """Close what is open at the end of a statement."""
        tokens = self._made.tokens
        while self._stack and tokens and tokens[-1].kind == ";":
            tokens.pop()
        while self._stack:
            self._unclosed(self._stack.pop(), seen)

    def _unclosed(self, left: _Open, seen: Token) -> None:
        """Tell of a bracket without its end, and put the end in."""
        bracket, closing = left.token, OPENS[left.token.kind]
        self._made.problem = self._made.problem or UnclosedBracket(
            Span(self._source, bracket.start, bracket.end),
            bracket=bracket.text,
            closing=closing,
            seen=Span(self._source, seen.start, seen.end),
        )
        self._made.tokens.append(Token(closing, closing, seen.start, seen.start))

    def _seen(self) -> Token:
        """The token that shows that a bracket is not closed."""
        if self.at and self._tokens[self.at - 1].kind == ";":
            return self._tokens[self.at - 1]
        if self.at < len(self._tokens):
            return self._tokens[self.at]
        end = self._tokens[-1].end
        return Token("end", "", end, end)

    def _ends_here(self) -> bool:
        """Whether a `;` ends the statement, although a `(` or `[` may be open still."""
        if not self._stack:
            return True
        if self._in_code or self._stack[-1].token.kind == "{":
            return False
        after = self._tokens[self.at + 1] if self.at + 1 < len(self._tokens) else None
        return after is None or after.on_new_line

    def _begins(self) -> bool:
        """Whether what stands at the start of a line can only begin a statement."""
        first, *rest = self._tokens[self.at : self.at + 4]
        if first.kind != "word" or len(rest) < 2:
            return False
        if first.text in _DECLARE:
            return rest[0].kind == "word"
        if rest[0].kind == "." and rest[1].text in _CHANGES:
            return True
        return rest[0].kind == "=" and rest[1].text in ("new", "[", "{")

    def _is_over(self) -> bool:
        """Whether a statement ends with its last token, outside all brackets."""
        if self.at == len(self._tokens):
            return True
        first, last, after = self._made.tokens[0], self._made.tokens[-1], self._tokens[self.at]
        if self._made.is_compound:
            if after.text in _GOES_ON or (after.text == "while" and first.text == "do"):
                return False
            if last.kind == "}":
                return True
            if last.kind == ")" and self._heads == 1 and first.text != "do":
                return False
        return after.on_new_line and _ends(last) and not _continues(after)


def _stray(source: Source, token: Token) -> Problem:
    """A closing bracket that is too many."""
    span, what = Span(source, token.start, token.end), f"`{token.text}` closes nothing"
    way_out = "remove it: no bracket is open here that it could close"
    remove = Fix("remove it", span, "")
    return SyntaxProblem(span, what=what, expected="", way_out=way_out, rewriting=remove)


def _ends(token: Token) -> bool:
    """Whether a statement may end with a token, right or wrong."""
    return ends_value(token) or token.kind in ("++", "--", "digits", "open", "other", "dashed")


def _continues(token: Token) -> bool:
    """Whether a token goes on with the statement on the line above it."""
    if token.kind == "word":
        return token.text in ("in", "instanceof")
    return token.kind not in _BEGINNINGS


_BEGINNINGS = frozenset(
    (
        *("number", "digits", "dashed", "string", "template", "curly", "open", "other", "regex"),
        *("{", "}", "++", "--", ";", "!", "~", "end"),
    )
)
