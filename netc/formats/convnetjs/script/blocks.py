"""Which `{ }` of a script hold code, and whose code it is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from netc.formats.convnetjs.script.tokens import CLOSES, OPENS, Token

_FLOW = frozenset(("if", "for", "while", "with", "catch"))
_FLOW_WORDS = frozenset(("else", "do", "try", "finally", "catch"))
_LONGEST_HEAD = 24
"""How many tokens may stand between `class` and its `{`."""


@dataclass(frozen=True)
class Block:
    """A `{ }` that holds code. `start` is its first token, `end` the `}`, counted from 0.

    `kind` is `function`, `class`, `switch`, or the word of a block that is run where it stands:
    `if`, `else`, `for`, or none. A function or class has a `name` if it was given one. The
    parameters of a function stand from `first` up to `last`; `owner` is the name before
    `.prototype`.
    """

    start: int
    end: int
    kind: str
    name: str = ""
    first: int = 0
    last: int = 0
    owner: str = ""

    @property
    def is_run_in_place(self) -> bool:
        return self.kind not in ("function", "class", "switch")


def blocks(tokens: Sequence[Token]) -> list[Block]:
    """The blocks of a script in the order of their beginnings."""
    return sorted(_Finder(tokens).found, key=lambda block: block.start)


class _Finder:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._partners: dict[int, int] = {}  # where the bracket was opened that closes here
        self.found: list[Block] = []
        stack: list[tuple[int, Block | None]] = []
        for at, token in enumerate(tokens):
            if token.kind in OPENS:
                outer = stack[-1][1] if stack else Block(0, 0, "")
                stack.append((at, self._begun(at, outer) if token.kind == "{" else None))
            elif token.kind in CLOSES:
                self._close(stack, at)

    def _close(self, stack: list[tuple[int, Block | None]], at: int) -> None:
        """Take what was opened last off the stack, if it is what is closed here."""
        if not stack or OPENS[self._tokens[stack[-1][0]].kind] != self._tokens[at].kind:
            return
        start, block = stack.pop()
        self._partners[at] = start
        if block is not None:
            self.found.append(replace(block, start=start + 1, end=at))

    def _begun(self, at: int, outer: Block | None) -> Block | None:
        """The block that begins with a `{`; None where it is an object."""
        if at == 0:
            return Block(0, 0, "")
        before = self._tokens[at - 1]
        if before.kind == ")" and at - 1 in self._partners:
            return self._behind_brackets(at, self._partners[at - 1])
        if before.kind == "=>":
            return self._arrow(at)
        if before.kind == "word" and before.text in _FLOW_WORDS:
            return Block(0, 0, before.text)
        class_name = self._class_before(at)
        if class_name is not None:
            return Block(0, 0, "class", class_name)
        stands_alone = before.kind in (";", "}", "{") and outer is not None
        return Block(0, 0, "") if stands_alone and outer and outer.kind != "class" else None

    def _behind_brackets(self, at: int, opening: int) -> Block:
        word = self._text(opening - 1)
        if word in _FLOW or word == "switch":
            return Block(0, 0, word)
        return self._function(opening - 1, opening + 1, at - 1)

    def _arrow(self, at: int) -> Block:
        last = at - 2
        if last in self._partners:
            return self._function(self._partners[last] - 1, self._partners[last] + 1, last)
        return self._function(last - 1, last, last + 1)

    def _function(self, at: int, first: int, last: int) -> Block:
        """A function; `at` is the token before its parameters: its name, or `=` and the like."""
        name = self._text(at)
        if not _is_name(name):
            while self._text(at) in ("function", "async", "*"):
                at -= 1
            name = self._text(at - 1) if self._text(at) in ("=", ":") else ""
        before = [self._text(at - step) for step in range(2, 6)]  # Brain . prototype . init =
        owner = before[3] if before[:3] == [".", "prototype", "."] else ""
        return Block(0, 0, "function", name if _is_name(name) else "", first, last, owner)

    def _class_before(self, at: int) -> str | None:
        """The name of the class that begins with a `{`, which may be none."""
        for before in range(at - 1, max(at - _LONGEST_HEAD, -1), -1):
            token = self._tokens[before]
            if token.text == "class" and self._text(before - 1) != ".":
                name = self._text(before + 1)
                return name if name not in ("{", "extends") else ""
            if token.kind not in ("word", ".", ",", "<", ">", "[", "]"):
                return None
        return None

    def _text(self, at: int) -> str:
        return self._tokens[at].text if 0 <= at < len(self._tokens) else ""


def _is_name(text: str) -> bool:
    is_word = text.replace("$", "_").isidentifier()
    return is_word and text not in ("function", "async", "return", "default")
