"""Nets that are made inside functions, classes and conditions, and the statements that do it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from netc.diag import Source
from netc.formats.convnetjs.script.blocks import Block, blocks
from netc.formats.convnetjs.script.cut import Statement, cut
from netc.formats.convnetjs.script.functions import parts_of
from netc.formats.convnetjs.script.tokens import CLOSES, OPENS, Token
from netc.formats.convnetjs.words import TYPES

_SIZES = {name for option in TYPES["input"].values() for name in option.names}
_REACH = 24
"""How far behind `type: 'input'` a word of its sizes stands."""
_DEEPEST = 40
_MOST_SITES = 1_000
_MOST_CALLS = 100
_MODIFIERS = frozenset(("public", "private", "protected", "readonly", "static", "declare"))

Path = tuple[Block, ...]


@dataclass(frozen=True)
class Home:
    """Where a net begins to be made: in which blocks, the outermost first, and at which token."""

    path: Path
    token: Token


def homes(tokens: Sequence[Token], found: Sequence[Block]) -> list[Home]:
    """Where nets are made, once for each block in which that is."""
    made: dict[Path, Home] = {}
    waiting, around = list(reversed(found)), list[Block]()
    for at in _sites(tokens, {block.name for block in found}):
        while waiting and waiting[-1].start <= at:
            block = waiting.pop()
            around = [each for each in around if each.end > block.start]
            around.append(block)
        around = [each for each in around if each.end > at]
        path = tuple(around)
        if len(path) <= _DEEPEST and all(block.kind != "switch" for block in path):
            made.setdefault(path, Home(path, tokens[at]))
    return list(made.values())


def _sites(tokens: Sequence[Token], own: set[str]) -> list[int]:
    """The places of input layers, or else of agents, which make their own."""
    inputs = (at for at in range(len(tokens)) if _is_input(tokens, at))
    agents = (at for at in range(len(tokens)) if _is_agent(tokens, at, own))
    return list(islice(inputs, _MOST_SITES)) or list(islice(agents, _MOST_SITES))


def _is_input(tokens: Sequence[Token], at: int) -> bool:
    words = tokens[at : at + 3]
    if [word.text.strip("'\"`") for word in words] != ["type", ":", "input"]:
        return False
    around = (*tokens[max(at - _REACH, 0) : at], *tokens[at + 3 : at + _REACH])
    return any(word.text.strip("'\"") in _SIZES for word in around)


def _is_agent(tokens: Sequence[Token], at: int, own: set[str]) -> bool:
    """Whether an agent of ConvNetJS is made here, and not what the script calls so itself."""
    if tokens[at].text != "Brain" or at + 1 >= len(tokens) or tokens[at + 1].kind != "(":
        return False
    start = at
    while start > 1 and tokens[start - 1].kind == ".":
        start -= 2
    is_own = start == at and "Brain" in own
    return start > 0 and tokens[start - 1].text == "new" and not is_own


def statements_to(source: Source, tokens: Sequence[Token], home: Home) -> list[Statement]:
    """All statements up to a net and around it, as if each function were called once, at last."""
    return _Reader(source, tokens).level(0, len(tokens), home.path)


class _Reader:
    def __init__(self, source: Source, tokens: Sequence[Token]) -> None:
        self._source = source
        self._tokens = tokens
        self._blocks = blocks(tokens)

    def level(self, start: int, end: int, path: Path) -> list[Statement]:
        """The statements of a block, with those of the blocks on the path among them."""
        statements = cut(self._source, self._tokens[start:end])
        if not path:
            return list(statements)
        block, *rest = path
        opening = self._tokens[block.start - 1].start
        made: list[Statement] = []
        for statement in statements:
            if not statement.start <= opening <= statement.end:
                made.append(statement)
            elif block.is_run_in_place:
                made += self._around(statement, block)
                made += self.level(block.start, block.end, tuple(rest))
        if not block.is_run_in_place:
            made += self._entered(block, tuple(rest))
        return made

    def _around(self, statement: Statement, block: Block) -> Iterator[Statement]:
        """The head of a block: a condition, or a loop."""
        start = self._tokens[block.start - 1].start
        left = [token for token in statement.tokens if token.start < start]
        if block.kind:
            yield Statement(left, around=block.kind)

    def _entered(self, block: Block, rest: Path) -> Iterator[Statement]:
        if block.kind == "class":
            yield from self._class(block, rest)
            return
        if block.owner:
            makers = (each for each in self._blocks if each.name == block.owner)
            yield from self._constructed(makers, block.owner)
        yield from self._body(block, rest, block.name)

    def _body(self, block: Block, rest: Path, called: str) -> Iterator[Statement]:
        """The parameters and the statements of a function."""
        given = self._given(block, called)
        for statement in (*given, *self.level(block.start, block.end, rest)):
            statement.level = statement.level or block.start
            yield statement

    # ---- classes

    def _class(self, block: Block, rest: Path) -> Iterator[Statement]:
        """The members that have a value, what the constructor does, and then what is asked for."""
        for statement in cut(self._source, self._tokens[block.start : block.end]):
            yield from _member(statement)
        inside = [each for each in self._blocks if block.start <= each.start < block.end]
        makers = (each for each in inside if each.name == "constructor")
        if rest and rest[0].name == "constructor":
            yield from self._body(rest[0], rest[1:], block.name)
            return
        yield from self._constructed(makers, block.name)
        for each in rest[:1]:
            yield from self._entered(each, rest[1:])

    def _constructed(self, makers: Iterator[Block], called: str) -> Iterator[Statement]:
        maker = next((each for each in makers if each.kind == "function"), None)
        if maker:
            yield from self._body(maker, (), called)

    # ---- what a function is given

    def _given(self, block: Block, called: str) -> Iterator[Statement]:
        """Its parameters, each as a statement that gives it its value, where that is known."""
        calls, is_known = self._calls(block, called)
        function = f"`{called}`" if called else "a function"
        for at, words in enumerate(parts_of(self._tokens[block.first : block.last])):
            words = [word for word in words if word.text not in _MODIFIERS]
            if not words or words[0].kind != "word":
                continue
            given = [call[at] for call in calls if at < len(call)]
            first = given[0] if given else []
            is_same = len({"".join(word.text for word in each) for each in given}) == 1
            is_plain = len(first) == 1 and self._is_plain(first[0])
            is_sure = is_known and (
                not given or (is_same and is_plain and len(given) == len(calls))
            )
            if given and is_sure:
                words = [words[0], _EQUALS, first[0]]
            is_given = bool(given) and not is_sure
            yield Statement(words, parameter_of=function, is_sure=is_sure, is_given=is_given)

    def _calls(self, block: Block, called: str) -> tuple[list[list[list[Token]]], bool]:
        """What each call of a function gives it, and whether there are calls and no other uses."""
        tokens = self._tokens
        uses = [
            at
            for at, token in enumerate(tokens[:-1])
            if called and token.text == called and not self._declares(at, block)
        ]
        calls = [at for at in uses if tokens[at + 1].kind == "("]
        given = [parts_of(tokens[at + 2 : _closing(tokens, at + 1)]) for at in calls[:_MOST_CALLS]]
        return given, len(uses) == len(given) > 0

    def _is_plain(self, token: Token) -> bool:
        """A number, a text, or a variable that is set once and is the same everywhere."""
        if token.kind != "word":
            return token.kind in ("number", "string")
        pairs = pairwise(self._tokens)
        sets = sum(name.text == token.text and after.kind == "=" for name, after in pairs)
        given = (self._tokens[block.first : block.last] for block in self._blocks)
        return sets == 1 and not any(token.text == word.text for each in given for word in each)

    def _declares(self, at: int, block: Block) -> bool:
        """Whether a name stands where its function or class is declared."""
        before = self._tokens[at - 1].text if at else ""
        return before in ("function", "class", "*") or block.first - 4 <= at < block.first


_EQUALS = Token("=", "=", 0, 0)


def _member(statement: Statement) -> Iterator[Statement]:
    """A member of a class that has a value, as one of `this`."""
    tokens = list(statement.tokens)
    while tokens and tokens[0].text in _MODIFIERS:
        tokens.pop(0)
    at = next((at for at, token in enumerate(tokens) if token.kind in ("=", "(")), 0)
    # Between the name and its value, TypeScript says its type.
    if at and tokens[at].kind == "=" and (at == 1 or tokens[1].kind in (":", "!", "?")):
        start = tokens[0].start
        this = (Token("word", "this", start, start), Token(".", ".", start, start))
        yield Statement([*this, tokens[0], *tokens[at:]])


def _closing(tokens: Sequence[Token], opening: int) -> int:
    """Where a bracket is closed."""
    depth = 0
    for at in range(opening, len(tokens)):
        depth += (tokens[at].kind in OPENS) - (tokens[at].kind in CLOSES)
        if depth == 0:
            return at
    return len(tokens)
