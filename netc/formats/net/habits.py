"""Habits from other languages, and what is written here instead: a row for each."""

from typing import NamedTuple

from netc.spec import RESERVED


class Habit(NamedTuple):
    """Advice for texts where `before` ends the line so far and `here` begins the rest.

    `{0}`, `{1}` in the advice are the groups of both, in their order. `expected` is a terminal
    that would have been right here, where that matters.
    """

    before: str
    here: str
    advice: str
    expected: str = ""


_COMMENT = "comments start with `#`"
_ARROW = "layers are joined with `->`"
_STAYS = "a name keeps its value; give the new value a name of its own"
_CONSTANT = "a constant is written `let {0} = ...`"
_BLOCK = "a piece of network is written `block my_block(width) {{ ... }}`"
_BESIDE = "`{0}` stands beside the net, not inside it"
_RESERVED = "`{0}` is a word of the language and cannot be a name"
_RANGE_END = "the end of a range is left out: `0..3` is 0, 1, 2"
_BRACKET = "no bracket is open here that it could close"
_COMPARED = "two values are compared with `==`"
_NAMED = "a value is named with `=`: `{0} = ...`"
_NAME = "names are made of the letters a to z and A to Z, digits and `_`"
_WORD = rf"(?:{'|'.join(sorted(RESERVED, reverse=True))})"

_CHARACTERS = (
    Habit(r"\w$", r"\+\+|--", _STAYS),
    Habit(r"", r"//|/\*|--", _COMMENT),
    Habit(r"", r"['‘’“”„«»]", 'texts are written in double quotes: `"..."`'),
    Habit(r"", r"[→⟶⇒]|[–—−]>", _ARROW),
    Habit(r"", r"[\x00-\x08\x0e-\x1f\x7f\u200b-\u200f\ufeff]", "remove it"),
    Habit(r"", r"[^\x00-\x7f]", _NAME),
    Habit(r"(\w+)\s*$", r"<-", _NAMED),
    Habit(r"", r"&", "write `and`"),
    Habit(r"", r"\|\|", "write `or`"),
    Habit(r"", r"!", "write `not`"),
    Habit(r"", r"\^", "a power is written `**`: `2 ** 10`"),
    Habit(r"", r"\?", "a choice is written `if c then a else b`"),
)

_LINES = (
    Habit(r"^\s*(output|loss|metric)\s*$", r"([:=])", "leave out the `{1}`: `{0}` is not a name"),
    Habit(r"^\s*(?:output|loss|metric)\s+(\w+)\s*$", r":", _NAMED),
    Habit(rf"^\s*({_WORD})\s*$", r"=(?!=)", _RESERVED),
    Habit(r"^\s*let\s+(\w+)\s*$", r"[:=\s]*([\w\"\[{.-][^#\n]*)", "write `let {0} = {1}`"),
    Habit(r"^\s*(?:const|var|val|final|int|float|bool|auto|set)\s+$", r"(\w+)\s*=", _CONSTANT),
    Habit(r"^\s*(?:def|function|func|fn|fun|sub|proc|module|class)\s+$", r"\w", _BLOCK),
    Habit(r"^\s*\}?\s*(elif|elsif|elseif)\b", r"", "write `else if`"),
    Habit(r"^\s*\}?\s*", r"(elif|elsif|elseif)\b", "write `else if`"),
    Habit(r"^\s*while\b\s*", r"", "what is repeated is written `repeat 3 {{ ... }}` or `for`"),
    Habit(
        r"^\s*(?:switch|match|case)\b", r"", "a choice is written `if c {{ ... }} else {{ ... }}`"
    ),
    Habit(r"^\s*return\s*$", r"", "leave out `return`: a block gives its last value"),
    Habit(
        r"^\s*(?:import|include|require|from)\s*$",
        r"",
        'the blocks of another file are brought in by `use "blocks.net"`, above the net',
    ),
    Habit(r"^\s*use\s*$", r"([\w./\\-]+)", 'write `use "{0}"`'),
    Habit(r"^\s*layer\s+([\w.]+)\s*$", r"([A-Za-z_]\w*)", "write `layer {0} = {1}(...)`"),
    Habit(
        r"^\s*layer\s+(\w+)$",
        r"\(",
        "leave out `layer`, unless it is used more than once: `layer my_layer = {0}(...)`",
    ),
    Habit(
        r"^\s*for\s*$",
        r"\(",
        "a loop is written `for i in 0..3 {{ ... }}`: i is 0, 1, 2",
    ),
    Habit(r"^\s*for\s*$", r"(\d+)", "write `repeat {0} {{ ... }}`"),
    Habit(
        r"^\s*for\s+(\w+)\s*$",
        r"(?:=|:|of\b|from\b)",
        "a loop is written `for {0} in 0..3 {{ ... }}`",
    ),
    Habit(r"^\s*for\s.*\bin\s+(\w+)\s*$", r"(?:to|until|:)\s*(\w+)", "write `{0}..{1}`"),
    Habit(r"^\s*for\s+(\w+)\s+$", r"[\w\[]", "write `for {0} in ...`"),
    Habit(r"^\s*for\s+\w+\s*$", r",", "a loop has one name"),
    Habit(r"^\s*if\b.*\s$", r"then\b", "layers are chosen by `if c {{ ... }} else {{ ... }}`"),
    Habit(r"^\s*if\b.*\s$", r"is\b", _COMPARED),
    Habit(r"^\s*repeat\s*$", r"\{", "say how often: `repeat 3 {{ ... }}`"),
    Habit(r"^\s*repeat\b.*\s$", r"times\b", "leave out `times`"),
    Habit(r"^\s*repeat\s+(\w+)\s*$", r",", "a count is one number: `repeat {0} {{ ... }}`"),
    Habit(r"^\s*assert\b.*$", r",", "a claim stands alone; say more in a comment: `# ...`", "_NL"),
    Habit(
        r"^\s*(?:\}\s*)?((?:for|repeat|if|else|when|block|net|train)\b.*?)\s*$",
        r":|[A-Za-z_]",
        "a body stands in braces: `{0} {{ ... }}`",
        "LBRACE",
    ),
    Habit(r"", r"[\r\n]\s*\{", "the `{{` stands on the line above"),
    Habit(r"^\s*(?:\}\s*else\s*)?(?:if|assert)\b.*$", r"=(?!=)", _COMPARED),
    Habit(r"\b(?:if|and|or|not)\b[^=]*$", r"=(?!=)", _COMPARED),
    Habit(r"^\s*[\w.]+\s*[-+*/%]+$", r"=", _STAYS),
    Habit(r"^\s*[\w.]+\s*$", r"[-+*/%]+=", _STAYS),
    Habit(r"^\s*\w+\+$", r"\+", _STAYS),
    Habit(r"^\s*(\w+)\s*=\s*$", r"[-\d\[{]", _CONSTANT),
    Habit(r"->\s*$", r"\{", "branches stand behind what joins them: `add {{ ... }}`"),
    Habit(r"^\s*input\s*$", r"=|[\[(]", "give the input a name: `input image [1, 28, 28]`"),
    Habit(
        r"^\s*input\s+(\w+)\s*(\[.*\])\s*$",
        r"(class\s*\([^()]*\))",
        "the classes stand before the sizes: `input {0} {2} {1}`",
    ),
    Habit(
        r"^\s*input\s+(\w+)\s*$",
        r"",
        "write `input {0} [1, 28, 28]` with your sizes, or `input {0} class(10)` for class numbers",
    ),
    Habit(r"^\s*$", r"(block|net|train|use)\s+[\w\"{]", _BESIDE, "INPUT"),
    Habit(r"^\s*$", r"(input|output|loss|metric)\b", "this stands in the net: `{0} ...`", "NAME"),
    Habit(r"^\s*$", r"->", "only a chain goes on with `->`: begin with the name of a value"),
    Habit(r"^$", r"(?:net|block|train|let|use)\b", "it stands on a line of its own", "$END"),
    Habit(r"^\s*(?:net|block)\s+\w+$", r"[-.]", _NAME),
    Habit(r"^\s*(?:net|block|let|input)\s*$", r"\d", "a name cannot begin with a digit"),
    Habit(r"^\s*block\b.*\)\s*$", r"->", "leave it out: a block gives its last value"),
    Habit(
        rf"^\s*(?!{_WORD}\b)\w+\s+\S+\s+$",
        r"[A-Za-z_]\w*\s+\S",
        "each setting has a line of its own, or ends with `;`",
        "_NL",
    ),
    Habit(r"^\s*$", r"(else)\b", "an `else` follows the `}}` of its `if`; a `when` has none"),
    Habit(r"^\s*(net|block)\s*$", r"[{(]", "give it a name: `{0} my_{0} {{ ... }}`"),
    Habit(r"^\s*((?:net|block)\s+\w+|train)\s*$", r"", "it stands in braces: `{0} {{ ... }}`"),
    Habit(r"^\s*(?:net|block)\s.*?(\w+)\s*$", r":", "a default is written `{0} = 1`", "EQUAL"),
    Habit(
        rf"^\s*(?!{_WORD}\b)\w+\s+(\S+)\s+$",
        r'([\w."]+)',
        "a setting has one value; several go into a list: `[{0}, {1}]`",
        "_NL",
    ),
)

_VALUES = (
    Habit(
        r"[(,]\s*(\w+)\s*$",
        r"(?:=(?!=)\s*)?([\w\"\[][^,)\s]*)",
        "an option is written with a colon: `{0}: {1}`",
        "COLON",
    ),
    Habit(r"[{,]\s*([\w\"]+)\s*$", r"=>?", "a table is written with colons: `{0}: 1`", "COLON"),
    Habit(r"^\s*([\w\"]+)\s*$", r"=>?", "a table is written with colons: `{0}: 1`", "COLON"),
    Habit(r"^\s*(\w+)\s*$", r"[:=]\s*([^#\n]*[^#\s])", "write `{0} {1}`", "NUMBER"),
    Habit(r"^\s*(\w+)\s*$", r":", _NAMED, "EQUAL"),
    Habit(r"\.\.$", r"\.|=|<", _RANGE_END),
    Habit(r"\d$", r"\.\.", "a range stands behind `for i in`"),
    Habit(r"\d$", r",\d\d\d\b", "digits are grouped with `_`: `1_000`"),
    Habit(
        r"\d\s*$",
        r"[kKmMgG]i?[bB]\b",
        "numbers have no units: a megabyte is `1e6`",
    ),
    Habit(r"\d$", r"[kKmM]\b", "numbers are written out: `30_000_000` or `30e6`"),
    Habit(r"(\d+)$", r"x(\d+)", "several sizes make a list: `[{0}, {1}]`"),
    Habit(r"", r"\.\d", "a number begins with a digit: `0.5`"),
    Habit(r"\d\.$", r"", "digits follow a point: `1.0`"),
    Habit(r"\[.*$", r"for\b", "a list holds its values one by one: `[64, 128, 256]`"),
    Habit(r"lambda\s*$", r"", _BLOCK),
    Habit(r"\d\s*%\s*$", r"[),\r\n]", "write a fraction, such as 0.5 for 50 %"),
    Habit(rf"[(,]\s*({_WORD})\s*$", r":", _RESERVED),
    Habit(r"\([^()]*[^,(\s]\s*$", r",", "a list stands in square brackets: `[3, 3]`", "RPAR"),
)

_CHAINS = (
    Habit(r"", r"=>|\||>", _ARROW),
    Habit(r"->\s*$", r"[\r\n]", "a line that goes on with the one above begins with `->`"),
    Habit(r"\w\s*$", r"\+", "values are added by the layer `add`: `add(a, b)`"),
    Habit(
        r"^\s*(\w+(?:\([^()]*\))?)\s*$",
        r"\*\s*(\d+)",
        "write `repeat {1} {{ {0} }}`, or `mul(a, b)` to multiply values",
    ),
    Habit(r"\w\s*$", r"\*", "values are multiplied by the layer `mul`: `mul(a, b)`"),
    Habit(r"((?:\w+\.)+)\w+$", r"\(", "layer types have no dots: leave out `{0}`"),
    Habit(r"(^|->|=)\s*$", r"\d+[A-Za-z_]", "a name cannot begin with a digit"),
    Habit(r"(^|->|=)\s*$", r'"', "names and layer types are written without quotes"),
    Habit(
        r"(?:^|->|=|\{|;|^\s*(?:output|loss|metric)\s)\s*([A-Za-z_]\w*)\s+$",
        r'(-?[\d"\[][^\s#;}]*)',
        "options stand in brackets: `{0}({1})`",
        "_ARROW",
    ),
    Habit(r"(?:^|=)\s*\((\w+)$", r"\)", "one value needs no brackets: `{0} -> ...`"),
    Habit(r"(?:^|=)\s*\([^()]*$", r"\(", "these brackets hold names: name it on a line above"),
    Habit(r"->\s*(\w+)\s*$", r"=(?!=)", "a name stands in front of all: `{0} = ...`"),
    Habit(r"", r"as\s+(\w+)", "a name stands in front: `{0} = ...`", "_ARROW"),
    Habit(r"", r",", "each statement has a line of its own, or ends with `;`", "_NL"),
)

_WHATEVER = (
    Habit(
        r"(?:=|->|[(,])\s*$",
        r"in\b(?!\s*\.)",
        "what flows in has no name until it is given one: `x = identity`",
    ),
    Habit(r"", rf"({_WORD})\b", _RESERVED, "NAME"),
    Habit(r"", r'[\w"\[\r\n]', "put a `,` between the two", "COMMA"),
    Habit(r"", r"[A-Za-z_(]", "join layers with `->`, or give each a line of its own", "_ARROW"),
    Habit(r"", r"[)\]]", _BRACKET, "_NL"),
    Habit(r"", r"[})\]]", _BRACKET, "$END"),
)

INSIDE = (*_CHARACTERS, *_LINES, *_VALUES, *_CHAINS, *_WHATEVER)
"""Habits in the sections of a file; the first that fits is told."""

OUTSIDE = (
    Habit(
        r"",
        r"(input|output|loss|metric|layer|for|repeat|when|assert)\s+\w",
        "this line belongs into a section `net my_net {{ ... }}`",
    ),
    Habit(r"", r"(?:import|include|require)\s*(\"[^\"\n]*\")", "write `use {0}`"),
    Habit(r"", r"(?:def|function|func|fn|fun)\s+\w+\s*\([^:\n]*\)\s*\{", _BLOCK),
    Habit(r"", r"(import|from|class|def)\b", "this looks like Python, not like netc's language"),
    Habit(r"", r"(?:network|model|graph|module)\s+(\w+)", "write `net {0} {{ ... }}`"),
    Habit(r"", r"(?:const|var|val|final|int|float|auto)\s+(\w+)\s*=", _CONSTANT),
    Habit(r"", r"layer_defs\b", "this looks like ConvNetJS, not like netc's language"),
    Habit(
        r"",
        r"(name|layers?|input|state)\s*[:{]",
        "this looks like Caffe's prototxt, not like netc's language",
    ),
    Habit(r"", r"[{\[]", "this looks like JSON: let the name of the file end in `.json`"),
    Habit(r"", r"[})\]]", _BRACKET),
    Habit(r"", r"//|/\*|--", _COMMENT),
    Habit(r"", r"(training|trainer|solver)\b", "write `train {{ ... }}`"),
    Habit(r"", r"\w+\s*(\(|->|=|$|[\r\n])", "layers stand in a section `net my_net {{ ... }}`"),
)
"""Habits of texts that stand in no section."""
