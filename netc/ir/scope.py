"""Names and values of a net while it is built."""

from collections import Counter
from dataclasses import dataclass

from netc import spec
from netc.diag import Span
from netc.types import Tensor


@dataclass(frozen=True)
class Value:
    """A value with the place that made it. Its type is None after a mistake: then everything
    made of it is passed over in silence, so that one mistake is told once."""

    name: str
    type: Tensor | None
    span: Span


class Names:
    """Gives every layer and value a name of its own.

    A layer without a name is numbered by its type; names that the user wrote are never taken.
    """

    def __init__(self, body: tuple[spec.Statement, ...]) -> None:
        self._written = {name.text for name in map(_written_name, body) if name}
        self._taken = set(self._written)
        self._counts: Counter[str] = Counter()

    def is_written(self, name: str) -> bool:
        """Whether any line of the net, above or below, gives this name to a value."""
        return name in self._written

    def layer(self, type: str, *, role: bool = False) -> str:
        """`conv_1`, `conv_2`, ...; in a role `accuracy`, `accuracy_2`, ..."""
        while True:
            self._counts[type] += 1
            count = self._counts[type]
            name = type if role and count == 1 else f"{type}_{count}"
            if name not in self._taken:
                self._taken.add(name)
                return name


def _written_name(statement: spec.Statement) -> spec.Name | None:
    if isinstance(statement, spec.Role):
        return statement.chain.name
    return statement.name
