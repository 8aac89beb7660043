"""How a piece of a spec is written in the language of the text that a message speaks of."""

import re
from collections.abc import Mapping, Sequence

from netc import spec
from netc.diag import Source, Span

_LITERAL = re.compile(r"[{\[]|(-?\d+(\.\d+)?([eE][+-]?\d+)?|true|false)$")
"""What stands for itself in JSON, and in no string."""


def source_text(span: Span) -> str:
    """What stands at a place, on one line, if it is long only its beginning."""
    return " ".join(span.source.text[span.start : span.end].split())[:60]


def written(value: spec.Value | spec.Chain) -> str:
    """A value as it stands in its text."""
    text, source = source_text(value.span), value.span.source
    if not source.is_json or _LITERAL.match(text):
        return text
    is_word = source.text[value.span.start - 1 : value.span.start] == '"'
    return f'"{text}"' if is_word else f'"={text}"'


def word(text: str, source: Source) -> str:
    """A word, such as that of a choice, with how it differs from a text."""
    if source.is_json:
        return f'write it as a word: `"{text}"`'
    return f"write it without quotes: `{text}`"


def number(text: str, source: Source) -> str:
    """A number, with how it differs from a text."""
    return f"write it {'as a number' if source.is_json else 'without quotes'}: `{text}`"


def quoted(text: str, source: Source) -> str:
    """A text, with how it differs from a word."""
    if source.is_json:
        return f'write it as a text: `{{"text": "{text}"}}`'
    return f'write it in quotes: `"{text}"`'


def without_quotes(message: str, source: Source) -> str:
    """A message about texts, without the quotes that tell them from words in `.net` alone."""
    return message.replace(" in quotes", "") if source.is_json else message


def option(name: str, value: str, source: Source) -> str:
    """An option with its value."""
    return f'"{name}": {value}' if source.is_json else f"{name}: {value}"


def call(
    type: spec.Name,
    arguments: Sequence[spec.Argument],
    name: str,
    value: str,
    more: Mapping[str, str],
) -> str:
    """A call with one more option, and `more` behind it; where `name` is empty, its value stands
    first without it."""
    source = type.span.source
    behind = [option(other, sample, source) for other, sample in more.items()]
    if not source.is_json:
        texts = [source_text(argument.span) for argument in arguments]
        texts = [*texts, f"{name}: {value}"] if name else [value, *texts]
        return f"{type.text}({', '.join([*texts, *behind])})"
    unnamed = [written(a.value) for a in arguments if a.name is None]
    unnamed = unnamed if name else [value, *unnamed]
    start = type.span.start
    before = source.text[max(start - 20, 0) : start].rstrip('" :\n\t')
    key = "block" if before.endswith('"block') else "type"
    parts = [option(key, f'"{type.text}"', source)]
    parts += [option("arguments", f"[{', '.join(unnamed)}]", source)] if unnamed else []
    parts += [option(a.name.text, written(a.value), source) for a in arguments if a.name]
    parts += [option(name, value, source)] if name else []
    return f"{{{', '.join([*parts, *behind])}}}"
