"""Where a statement ends: line ends that mean nothing are taken out between lexer and parser."""

from collections.abc import Iterator

from lark import Token

_OPEN, _CLOSE = ("LPAR", "LSQB", "LBRACE"), ("RPAR", "RSQB", "RBRACE")
_GOES_ON = ("LBRACE", "COMMA", "_NL")


class Lines:
    """Lark's `postlex`: one `_NL` between two statements and nowhere else."""

    always_accept = ("_NL",)

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        open_brackets, before = ["LBRACE"], "LBRACE"
        for token in stream:
            if token.type == "_NL" and (open_brackets[-1] != "LBRACE" or before in _GOES_ON):
                continue
            before = token.type
            if before in _OPEN:
                open_brackets.append(before)
            elif before in _CLOSE and len(open_brackets) > 1:
                open_brackets.pop()
            yield token
