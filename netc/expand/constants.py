"""The constants that the `train` section asks for, which stay when all others are worked out."""

from netc import spec
from netc.expand.nowhere import NOWHERE, name
from netc.ir import constants_of, literal


def used_constants(whole: spec.Spec) -> tuple[spec.Let, ...]:
    """A `let` line for every constant of the file, or parameter of the net, that is named in the
    `train` section."""
    if whole.train is None:
        return ()
    scope = constants_of(whole).scope
    lets = []
    words = {part.text for part in spec.walk(whole.train.settings) if isinstance(part, spec.Name)}
    for word in sorted(words):
        value = scope.constant(word) if scope.is_constant(word) else None
        if value is not None:
            lets.append(spec.Let(name(word), literal(value, NOWHERE), NOWHERE))
    return tuple(lets)
