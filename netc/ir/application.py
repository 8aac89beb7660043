"""A layer type as a chain applies it: options, what flows in, and the names to give."""

from dataclasses import dataclass

from netc import spec
from netc.diag import Span
from netc.ir.scope import Value


@dataclass(frozen=True)
class Naming:
    """Full names that the chain gives to a layer and to its value, the role it stands in, and the
    scope that numbers what has no name.

    `owner` begins the names of the weights instead of `prefix` where a block is shared; `shared`
    is the whole name of a layer that is.
    """

    layer: str | None
    value: str | None
    role: str | None
    prefix: str = ""
    owner: str = ""
    shared: str | None = None

    def weights_of(self, name: str) -> str:
        """What the names of the weights of a layer begin with."""
        return self.shared or self.owner + name.removeprefix(self.prefix)


@dataclass(frozen=True)
class Application:
    """A layer type with its options as written, and the values that flow into it."""

    type: spec.Name
    options: tuple[spec.Argument, ...]
    values: tuple[Value, ...]
    span: Span
    naming: Naming
