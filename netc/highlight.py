"""Colours for `.net` texts by Pygments: on terminals, in Sphinx, in any page that shows code.

Pygments finds this module by its entry point. It knows no layer type: the shape of the text says
what a word is, and where a word could be a layer or a value, whether the text defines that value.
"""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from pygments.lexer import RegexLexer, bygroups, default, include, words
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Whitespace

from netc.spec import FUNCTIONS, KEYWORDS, MEASURES

_NAME = r"[A-Za-z_][A-Za-z_0-9]*"
_PATH = rf"{_NAME}(?:\.{_NAME})*"
_GAP = r"([^\S\n]+)"
_DEFINITION = re.compile(
    rf'#[^\n]*|"[^"\n]*"|\blayer\s+{_PATH}|\binput\s+({_NAME})|(?<![.\w])({_PATH})[^\S\n]*=(?!=)'
)

_EITHER = Name.Other
"""A word at the start of a chain, before it is known whether it names a value."""


class NetLexer(RegexLexer):
    """The lexer of the netc language."""

    name = "netc"
    aliases: ClassVar = ["netc", "net"]
    filenames: ClassVar = ["*.net"]
    mimetypes: ClassVar = ["text/x-netc"]
    url = ""

    tokens: ClassVar = {
        "root": [(r"\}", Punctuation), include("statement")],
        "body": [(r"\}", Punctuation, "#pop"), include("statement")],
        "statement": [
            (r"\s+", Whitespace),
            (r"#[^\n]*", Comment.Single),
            (rf"(net){_GAP}({_NAME})", bygroups(Keyword, Whitespace, Name.Class), "head"),
            (rf"(block){_GAP}({_NAME})", bygroups(Keyword, Whitespace, Name.Class), "head"),
            (r"(train)(\s*)(\{)", bygroups(Keyword, Whitespace, Punctuation), "settings"),
            (rf"(let){_GAP}({_NAME})", bygroups(Keyword, Whitespace, Name.Constant), "line"),
            (rf"(layer){_GAP}({_PATH})", bygroups(Keyword, Whitespace, Name.Class)),
            (rf"(input){_GAP}({_NAME})", bygroups(Keyword, Whitespace, Name.Variable), "type"),
            (
                rf"(for){_GAP}({_NAME}){_GAP}(in)\b",
                bygroups(Keyword, Whitespace, Name.Constant, Whitespace, Keyword),
                "header",
            ),
            (r"(?:for|if|repeat)\b", Keyword, "header"),
            (rf"(when){_GAP}({_NAME})", bygroups(Keyword, Whitespace, Keyword.Constant)),
            (r"assert\b", Keyword, "assert"),
            (rf"({_PATH})(\s*)(=)(?!=)", bygroups(Name.Variable, Whitespace, Operator)),
            include("arrow"),
            include("reserved"),
            (rf"{_NAME}(?=\s*[(\{{])", Name.Function),
            include("setting"),
            (_PATH, _EITHER),
            (r"\{", Punctuation, "body"),
            include("atom"),
        ],
        # What stands between the name of a net or a block and its body.
        "head": [(r"\s+", Whitespace), (r"\(", Punctuation, "parameters"), default("#pop")],
        "parameters": [
            (rf"(?<=[(,])(\s*)({_NAME})", bygroups(Whitespace, Name.Constant)),
            (r"\)", Punctuation, "#pop"),
            include("expression"),
        ],
        "settings": [
            (r"\}", Punctuation, "#pop"),
            (r"\s+", Whitespace),
            (r"#[^\n]*", Comment.Single),
            include("setting"),
            (_NAME, Name.Attribute, "line"),
            include("expression"),
        ],
        # Two words side by side, or a word and a number, as nowhere else in the language.
        "setting": [
            (
                rf"({_NAME}){_GAP}({_NAME})(?=[^\S\n]*(?:$|[;#}}]))",
                bygroups(Name.Attribute, Whitespace, Name.Function),
            ),
            (rf"{_NAME}(?=[^\S\n]+[A-Za-z0-9_\"])", Name.Attribute, "line"),
        ],
        "type": [
            (r"[^\S\n]+", Whitespace),
            (r"class(?=\s*\()", Keyword.Type, "#pop"),
            default("#pop"),
        ],
        # An expression up to the end of its statement, or up to the body that follows it.
        "line": [
            (r"[^\S\n]+", Whitespace),
            (r"\n", Whitespace, "#pop"),
            (r";", Punctuation, "#pop"),
            (r"\}", Punctuation, "#pop:2"),
            include("expression"),
        ],
        "header": [(r"\{", Punctuation, ("#pop", "body")), include("line")],
        "assert": [
            (words(MEASURES, suffix=r"\b"), Name.Builtin),
            include("line"),
        ],
        "arguments": [
            (r"\)", Punctuation, "#pop"),
            (rf"({_NAME})(\s*)(:)", bygroups(Name.Attribute, Whitespace, Punctuation)),
            include("arrow"),
            (rf"({_NAME})(\s*)(\{{)", bygroups(Name.Function, Whitespace, Punctuation), "body"),
            (r"(?<=[A-Za-z_0-9)])(\s*)(\{)", bygroups(Whitespace, Punctuation), "body"),
            include("expression"),
        ],
        "list": [(r"\]", Punctuation, "#pop"), include("expression")],
        "table": [(r"\}", Punctuation, "#pop"), include("expression")],
        "expression": [
            (r"\s+", Whitespace),
            (r"#[^\n]*", Comment.Single),
            (r"in(?=\.[A-Za-z_])", Name.Builtin.Pseudo),
            include("reserved"),
            (words((*FUNCTIONS, *MEASURES), suffix=r"(?=\s*\()"), Name.Builtin),
            (rf"(\.)(\s*)({_NAME})", bygroups(Operator, Whitespace, Name.Property)),
            (rf"{_NAME}(?=\s*\()", Name.Function),
            (_NAME, Name),
            (r"\{", Punctuation, "table"),
            include("atom"),
        ],
        "atom": [
            (r"\(", Punctuation, "arguments"),
            (r"\[", Punctuation, "list"),
            (r"\d[\d_]*(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]?\d+)", Number.Float),
            (r"\d[\d_]*", Number.Integer),
            (r'"[^"\n]*"?', String.Double),
            (r"[=!<>]=|\*\*|//|\.\.|[-+*/%<>=.]", Operator),
            (r"[,:;\])]", Punctuation),
        ],
        "arrow": [(rf"(->)(\s*)({_PATH})?", bygroups(Operator, Whitespace, Name.Function))],
        "reserved": [
            (words(KEYWORDS["operator"], suffix=r"\b"), Operator.Word),
            (words(KEYWORDS["boolean"], suffix=r"\b"), Keyword.Constant),
            *(
                (words(KEYWORDS[kind], suffix=r"\b"), Keyword)
                for kind in ("section", "declaration", "role", "control")
            ),
        ],
    }

    def get_tokens_unprocessed(self, text: str, stack: Any = ("root",)) -> Iterator[Any]:
        """The tokens of a text, each with its place; Pygments calls this."""
        values = {name for found in _DEFINITION.findall(text) for name in found if name}
        for place, token, word in super().get_tokens_unprocessed(text, stack):
            if token is _EITHER:
                token = Name if word in values or "." in word else Name.Function
            yield place, token, word
