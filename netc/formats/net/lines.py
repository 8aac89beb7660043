"""Where a statement ends: line ends that mean nothing are taken out between lexer and parser."""

from collections.abc import Iterator

from lark import Token

_OPEN, _CLOSE = ("LPAR", "LSQB"), ("RPAR", "RSQB")


class Lines:
    """Lark's `postlex`: one `_NL` between two statements and nowhere else."""

    always_accept = ("_NL",)

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        depth, before = 0, "LBRACE"
        for token in stream:
            if token.type == "_NL" and (depth > 0 or before == "LBRACE"):
                continue
            before = token.type
            depth += (token.type in _OPEN) - (token.type in _CLOSE)
            yield token
