"""A script of TypeScript without what it says of types."""

from collections.abc import Iterator, Sequence

from netc.formats.convnetjs.script.tokens import CLOSES, OPENS, Token, ends_value

_DECLARE = frozenset(("var", "let", "const"))
_MODIFIERS = frozenset(("public", "private", "protected", "readonly", "override", "abstract"))
_TYPES = frozenset(("interface", "type", "declare", "namespace", "enum"))
_OF_TYPES = frozenset(("word", ".", "|", "&", "string", "number", "typeof", "keyof"))


def without_types(tokens: Sequence[Token]) -> list[Token]:
    """The tokens that JavaScript would have."""
    return list(_Stripper(tokens).run())


class _Stripper:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def run(self) -> Iterator[Token]:
        before: Token | None = None
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if self._skips(token, before):
                continue
            yield token
            before = token
            self._at += 1

    def _skips(self, token: Token, before: Token | None) -> bool:
        """Go on behind what is of types alone."""
        after = self._kind(1)
        if token.text == "as" and ends_value(before) and not token.on_new_line:
            brings_in = before is not None and before.text in ("*", "{", ",")
            if brings_in or after not in ("word", "{"):
                return False
            self._at += 1
            return self._type()
        if token.kind == ":" and before is not None and self._is_typed(before):
            self._at += 1
            return self._type()
        if token.kind == "!" and ends_value(before) and after in (".", ")", ";", ",", "[", "="):
            self._at += 1
            return True
        return False

    def _is_typed(self, before: Token) -> bool:
        """Whether the `:` here says the type of a variable, or of what a function gives."""
        if before.kind == ")":
            return self._brings_block()
        at = self._at - 1
        if before.kind == "?":
            at -= 1
        return at > 0 and self._tokens[at - 1].text in _DECLARE

    def _brings_block(self) -> bool:
        """Whether a `{` or `=>` follows on what may be a type."""
        at = self._at + 1
        while at < len(self._tokens) and at < self._at + 40:
            kind = self._tokens[at].kind
            if kind in ("{", "=>"):
                return True
            if kind not in ("word", ".", "|", "<", ">", "[", "]", ",", "string"):
                return False
            at += 1
        return False

    def _type(self) -> bool:
        """Go on behind a type: words and marks, and brackets with all that is in them."""
        depth = 0
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            before = self._tokens[self._at - 1]
            if token.kind in ("<",) or (token.kind in OPENS and (depth or self._is_part(token))):
                depth += 1
            elif token.kind == ">" or (token.kind in CLOSES and depth):
                depth -= 1
            elif token.kind == ">>":
                depth -= 2
            elif not depth and (token.kind not in _OF_TYPES or _is_over(token, before)):
                break
            self._at += 1
        return True

    def _is_part(self, token: Token) -> bool:
        """Whether a bracket belongs to a type: `any[]`, or `{ width: number }` at its start."""
        before = self._tokens[self._at - 1]
        return token.kind == "[" or (
            token.kind in ("{", "(") and before.kind in (":", "|", "&", "as")
        )

    def _kind(self, step: int) -> str:
        at = self._at + step
        return self._tokens[at].kind if at < len(self._tokens) else ""


def _is_over(token: Token, before: Token) -> bool:
    """Whether a line ends a type, and what follows is no part of it."""
    return token.on_new_line and before.kind not in ("|", "&", ":")
