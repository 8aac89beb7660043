"""Words that mean the same in every file: those that can name nothing, and what can be asked."""

from collections.abc import Mapping

KEYWORDS: Mapping[str, tuple[str, ...]] = {
    "section": ("net", "block", "train"),
    "declaration": ("let", "layer", "use"),
    "role": ("input", "output", "loss", "metric"),
    "control": ("for", "repeat", "if", "then", "else", "when", "assert"),
    "operator": ("in", "and", "or", "not"),
    "boolean": ("true", "false"),
}
"""The words that belong to the language, by what they do."""

RESERVED = frozenset(word for words in KEYWORDS.values() for word in words)
"""All of them: none can be a name."""

FUNCTIONS = ("min", "max", "ceil", "floor", "round", "abs", "len", "sum", "range", "sqrt", "log")
"""What expressions can call."""

ATTRIBUTES = ("shape", "channels", "height", "width", "length", "size", "rank", "classes")
"""What expressions can ask of a value."""

MEASURES = ("shape", "params", "macs", "memory")
"""What an `assert` can ask beside that."""
