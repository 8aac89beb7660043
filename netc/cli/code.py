"""Code of the language as a terminal shows it."""

import sys

from netc.cli.screen import is_colored


def painted(text: str) -> str:
    """A piece of a spec in colours, where standard output takes any.

    The colours are those that can be read on a dark and on a light ground.
    """
    if not is_colored(sys.stdout):
        return text
    # Made late: who wants no colours does not pay for Pygments.
    from pygments import highlight
    from pygments.formatters.terminal import TerminalFormatter
    from pygments.token import Comment, Keyword, Name, Number, Operator, String, Token

    from netc.highlight import NetLexer

    colors = {
        Token: "",
        Comment: "brightblack",
        Keyword: "magenta",
        Operator.Word: "magenta",
        Name.Function: "cyan",
        Name.Class: "cyan",
        Name.Builtin: "cyan",
        Number: "green",
        String: "green",
    }
    scheme = {token: (color, color) for token, color in colors.items()}
    lexer = NetLexer(stripnl=False, ensurenl=False)
    return str(highlight(text, lexer, TerminalFormatter(colorscheme=scheme)))
