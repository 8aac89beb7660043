"""The constants that the `train` section asks for, which stay when all others are worked out."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from netc import spec
from netc.diag import Source, Span
from netc.expand.nowhere import NOWHERE, name
from netc.ir import constants_of, literal


def used_constants(whole: spec.Spec) -> tuple[spec.Let, ...]:
    """A `let` line for every constant of the file, or parameter of the net, that is named in the
    `train` section."""
    if whole.train is None:
        return ()
    scope = constants_of(whole).scope
    lets = []
    for word in sorted(set(_words(whole.train.settings))):
        value = scope.constant(word) if scope.is_constant(word) else None
        if value is not None:
            lets.append(spec.Let(name(word), literal(value, NOWHERE), NOWHERE))
    return tuple(lets)


def _words(part: object) -> Iterator[str]:
    """The names in the values of settings."""
    if isinstance(part, spec.Name):
        yield part.text
    elif isinstance(part, tuple):
        for each in part:
            yield from _words(each)
    elif is_dataclass(part) and not isinstance(part, Span | Source):
        for field in fields(part):
            yield from _words(getattr(part, field.name))
