"""What the words of a body name, seen from the text alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from netc import spec


@dataclass
class Declared:
    """A name that a line gives to something, and whether any word so far asks for it."""

    noun: str
    name: spec.Name
    is_constant: bool
    is_used: bool = False


@dataclass
class Scope:
    """Names of a file, of a net or block, or of a loop in them, as in the graph builder; but both
    branches of an `if` count, and lines further down are foreseen."""

    outer: "Scope | None" = None
    names: dict[str, list[Declared]] = field(default_factory=dict)
    foreseen: dict[str, bool] = field(default_factory=dict)
    """Names of the lines further down too, and whether each is a constant."""
    open_sizes: dict[str, str] = field(default_factory=dict)
    """How the inputs are asked for their open sizes, by the names of these."""

    def find(self, word: str) -> list[Declared]:
        """All that the nearest scope means by a word."""
        return next((s.names[word] for s in self._all() if word in s.names), [])

    def use(self, word: str) -> list[Declared]:
        """The same, and now it is used."""
        found = self.find(word)
        for each in found:
            each.is_used = True
        return found

    def is_known(self, word: str) -> bool:
        """Whether any line gives this name, further down too."""
        return any(word in s.names or word in s.foreseen for s in self._all())

    def is_constant(self, word: str) -> bool:
        """Whether it is a constant here, and in no other branch or by another line a value."""
        found = self.find(word)
        if found:
            return all(each.is_constant for each in found)
        return any(scope.foreseen.get(word, False) for scope in self._all())

    def all_names(self, *, constants: bool) -> list[str]:
        """The names that are seen from here, of constants or of all else."""
        return [
            name
            for scope in self._all()
            for name, found in scope.names.items()
            if found[0].is_constant == constants
        ]

    def open_size(self, word: str) -> str | None:
        """How an input is asked for the open size of this name."""
        return next((s.open_sizes[word] for s in self._all() if word in s.open_sizes), None)

    def inner(self) -> "Scope":
        """A scope that sees this one."""
        return Scope(self)

    def _all(self) -> Iterator["Scope"]:
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.outer


def names_given(body: tuple[spec.Statement, ...]) -> Iterator[tuple[str, bool]]:
    """Names that the lines of a scope give, and whether each is a constant; loops are scopes of
    their own."""
    for statement in body:
        match statement:
            case spec.If():
                yield from names_given((*statement.body, *(statement.otherwise or ())))
            case spec.When():
                yield from names_given(statement.body)
            case spec.Let() | spec.Input() | spec.Shared():
                yield statement.name.text, isinstance(statement, spec.Let)
            case spec.Role():
                yield from _names_of_chain(statement.chain)
            case spec.Chain():
                yield from _names_of_chain(statement)


def _names_of_chain(chain: spec.Chain) -> Iterator[tuple[str, bool]]:
    if chain.name is not None:
        yield chain.name.text, False
    for step in chain.steps:
        if isinstance(step, spec.Join):
            yield from names_given(step.body)
