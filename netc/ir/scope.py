"""Names and what they mean while a net is built: values, constants, blocks, shared layers."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from netc import spec
from netc.diag import Problem, Span
from netc.ir.constants import Constant
from netc.types import Phase, Tensor


@dataclass(frozen=True)
class Value:
    """A value with the place that made it. Its type is None after a mistake: then everything
    made of it is passed over in silence, so that one mistake is told once. `phase` is set where
    it exists in one phase only, `wrong` where it is a mistake to read it."""

    name: str
    type: Tensor | None
    span: Span
    phase: Phase | None = None
    wrong: Problem | None = None


@dataclass(frozen=True)
class BlockOf:
    """A block, and the scope of the file that it is written in."""

    block: spec.Block
    file: "Scope"


@dataclass
class SharedLayer:
    """What `layer tower = ...` declares, and the full names of its uses so far."""

    made: spec.Name | spec.Call
    name: str
    scope: "Scope"
    uses: list[str] = field(default_factory=list)


@dataclass
class Work:
    """How many items of lists and letters of texts the expressions of a net have gone through."""

    items: int = 0


@dataclass
class Scope:
    """What names mean in a file, a net, an instance of a block or a round of a loop.

    `prefix` begins the full names of what is made here, and `owner` those of its weights: the two
    differ where a shared block is used again. Constants are None after a mistake. `inside` holds
    what blocks and loops have made so far by its full name; all bodies of a net have it together,
    and their `work`.
    `parameters` and `lines` are the text of it.
    """

    prefix: str = ""
    owner: str = ""
    outer: "Scope | None" = None
    values: dict[str, Value] = field(default_factory=dict)
    constants: dict[str, Constant | None] = field(default_factory=dict)
    shared: dict[str, SharedLayer] = field(default_factory=dict)
    blocks: Mapping[str, BlockOf] = field(default_factory=dict)
    places: dict[str, Span] = field(default_factory=dict)
    inside: dict[str, Value] = field(default_factory=dict)
    work: Work = field(default_factory=Work)
    parameters: Sequence[spec.Parameter] = ()
    lines: Sequence[spec.Statement] = ()

    def value(self, name: str) -> Value | None:
        """The value of this name that is seen from here; a name with dots is that of a value which
        a block or a loop has made."""
        for scope in self._all():
            if name in scope.values:
                return scope.values[name]
            if name in scope.constants:
                return None
            if "." in name and scope.prefix + name in scope.inside:
                return scope.inside[scope.prefix + name]
        return None

    def full_name(self, name: str) -> str | None:
        """The full name by which a value is known that is seen from here."""
        found = next((s.prefix for s in self._all() if name in s.values), None)
        return None if found is None else found + name

    def full_names(self, name: str) -> Iterator[str]:
        """What a name could be in full, from the innermost body around this place."""
        return (scope.prefix + name for scope in self._all() if scope.inside is self.inside)

    def owned_names(self, name: str) -> Iterator[str]:
        """What the weights of a layer of this name could begin with, from the innermost body around
        this place; a shared layer has its own."""
        for scope in self._all():
            if name in scope.shared:
                yield scope.shared[name].name
            if scope.inside is self.inside:
                yield scope.owner + name

    def is_constant(self, name: str) -> bool:
        """Whether the name is seen from here as a constant, and not hidden by a value."""
        for scope in self._all():
            if name in scope.constants:
                return True
            if name in scope.values:
                return False
        return False

    def constant(self, name: str) -> Constant | None:
        """The constant of this name; ask `is_constant` first, since a wrong one is None."""
        for scope in self._all():
            if name in scope.constants:
                return scope.constants[name]
        return None

    def block(self, name: str) -> BlockOf | None:
        for scope in self._all():
            if name in scope.blocks:
                return scope.blocks[name]
        return None

    def shared_layer(self, name: str) -> SharedLayer | None:
        for scope in self._all():
            if name in scope.shared:
                return scope.shared[name]
        return None

    def is_later(self, name: str) -> bool:
        """Whether a parameter or a line further on gives this name to a constant."""
        return any(
            each.name.text == name
            for scope in self._all()
            for each in (*scope.parameters, *scope.lines)
            if isinstance(each, spec.Parameter | spec.Let)
        )

    def kept(self, name: str) -> str:
        """What is said where a file whose blocks are used has a constant of this name."""
        for block in (block for scope in self._all() for block in scope.blocks.values()):
            if name in block.file.constants:
                path = block.block.span.source.path
                return f"`{path}` keeps its `{name}` to itself: `use` brings in blocks alone"
        return ""

    def all_values(self) -> list[str]:
        return [name for scope in reversed(list(self._all())) for name in scope.values]

    def all_constants(self) -> list[str]:
        return [name for scope in self._all() for name in scope.constants]

    def all_types(self) -> list[str]:
        """Blocks and shared layers, which stand where layer types do."""
        return [name for scope in self._all() for name in (*scope.shared, *scope.blocks)]

    def inner(self, prefix: str, owner: str) -> "Scope":
        """A scope that sees this one."""
        return Scope(prefix, owner, self, inside=self.inside, work=self.work)

    def _all(self) -> Iterator["Scope"]:
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.outer


class Names:
    """Gives every layer and value a full name of its own.

    A layer without a name is numbered by its type in its scope; names that the user wrote are
    never taken.
    """

    def __init__(self) -> None:
        self._written: set[str] = set()
        self._taken: set[str] = set()
        self._counts: Counter[str] = Counter()

    def reserve(self, prefix: str, body: Iterable[spec.Statement]) -> None:
        """Keep the names that a body gives for what it gives them to."""
        found = {prefix + name.text for name in written_names(body)}
        self._written |= found
        self._taken |= found

    def is_written(self, name: str) -> bool:
        """Whether any line of the scope, above or below, gives this full name to a value."""
        return name in self._written

    def layer(self, prefix: str, type: str, *, role: bool = False) -> str:
        """`conv_1`, `conv_2`, ...; in a role or of a shared layer `accuracy`, `accuracy_2`, ..."""
        while True:
            self._counts[prefix + type] += 1
            count = self._counts[prefix + type]
            name = prefix + (type if role and count == 1 else f"{type}_{count}")
            if name not in self._taken:
                self._taken.add(name)
                return name

    def loop(self, prefix: str, word: str) -> str:
        """What the rounds of a loop are called in a scope: `stage`, and `stage2` for another."""
        self._counts[f"{prefix}for {word}"] += 1
        count = self._counts[f"{prefix}for {word}"]
        return word if count == 1 else f"{word}{count}"

    def round(self, prefix: str, loop: str, number: int) -> str:
        """The name of one round: `stage_0`."""
        name = f"{prefix}{loop}_{number}"
        while name in self._taken:
            name += "_"
        self._taken.add(name)
        return name


def written_names(body: Iterable[spec.Statement]) -> Iterator[spec.Name]:
    """Names that the lines of a scope give to values; loops are scopes of their own."""
    for statement in body:
        chain = statement.chain if isinstance(statement, spec.Role) else statement
        if isinstance(statement, spec.If):
            yield from written_names((*statement.body, *(statement.otherwise or ())))
        elif isinstance(statement, spec.When):
            yield from written_names(statement.body)
        elif isinstance(statement, spec.Input | spec.Shared):
            yield statement.name
        elif isinstance(chain, spec.Chain):
            yield from (chain.name,) if chain.name else ()
            joins = (step for step in chain.steps if isinstance(step, spec.Join))
            for join in joins:
                yield from written_names(join.body)
