"""What a build has found so far, whatever body it is in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from netc import spec
from netc.diag import Label, Misspelt, Problem, Repeated, Span
from netc.ir.apply import Applier
from netc.ir.frame import Frame
from netc.ir.graph import Loss
from netc.ir.problems import (
    MissingArgument,
    MissingOption,
    NoJoin,
    NotALayer,
    OptionsOfShared,
    RepeatedConstant,
    ReservedName,
    TooManyArguments,
    TooMuch,
)
from netc.ir.scope import Names, Value
from netc.types import Phase

MOST_LAYERS = 12_000
MOST_LINES = 36_000
"""Layers a net may have, and lines that may be walked through until it is built: those of a block
or a loop count every time."""

DEEPEST = 50
"""Blocks that may use one another."""

_MOST_PLACES = 4

_IN_EVERY_ROUND = (
    *(Misspelt, Repeated, RepeatedConstant, ReservedName, MissingOption, MissingArgument),
    *(TooManyArguments, NotALayer, NoJoin, OptionsOfShared),
)
"""Problems that hang on the words of a line alone: whichever round it is, they are there."""


class Stop(Exception):
    """The net is beyond all bounds: what was found so far is told, and nothing more built."""


@dataclass(frozen=True)
class Claim:
    """An `assert` with the body and the place in it where it stands."""

    statement: spec.Assert
    frame: Frame
    via: tuple[Label, ...]


@dataclass
class State:
    """Problems, roles and bounds of one build."""

    problems: list[Problem] = field(default_factory=list)
    names: Names = field(default_factory=Names)
    inputs: dict[str, Value] = field(default_factory=dict)
    outputs: list[str] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    metrics: list[str] = field(default_factory=list)
    in_roles: set[str] = field(default_factory=set)
    phases: dict[str, Phase] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    via: tuple[Label, ...] = ()
    uses: tuple[Label, ...] = ()
    lines: int = 0
    layers: int = 0
    dropped: int = 0

    def __post_init__(self) -> None:
        self.apply = Applier(self.problems, self.names)
        self._told: dict[tuple[type[Problem], Span | None], Problem] = {}

    @contextmanager
    def used_by(self, span: Span, text: str, *, is_round: bool = False) -> Iterator[None]:
        """While this lasts, problems say that one gets to them by way of `span`: a use of a block,
        or a round of a loop."""
        outside, before = (self.via, self.uses), len(self.problems)
        label = Label(span, text)
        self.via = (label, *self.via)
        self.uses = self.uses if is_round else (label, *self.uses)
        try:
            yield
        finally:
            self.mark(before)
            self.via, self.uses = outside

    def mark(self, start: int) -> None:
        """Tell, in the problems since `start`, how one gets to them, where that is not yet told.

        What was told of the same place already, in another round or use, is dropped. A word that
        is not known is so in every round.
        """
        fresh = self.problems[start:]
        del self.problems[start:]
        for problem in fresh:
            key = (type(problem), problem.span)
            known = self._told.get(key)
            if known is None and not problem.via:
                via = self.uses if isinstance(problem, _IN_EVERY_ROUND) else self.via
                problem = replace(problem, via=_shortened(via))
            if known is None or known is problem or problem.via or problem.span is None:
                self.problems.append(problem)
            else:
                self.dropped += 1
            self._told.setdefault(key, problem)

    @property
    def found(self) -> int:
        """How many problems were found so far, with those that were told already."""
        return len(self.problems) + self.dropped

    def is_told(self, kind: type[Problem], span: Span) -> bool:
        """Whether such a problem was told of this place, in another round or use."""
        return (kind, span) in self._told

    def count_line(self, span: Span) -> None:
        """One more line; a problem and the end where there are too many."""
        self.lines += 1
        if self.lines > MOST_LINES:
            self._too_much(span, f"{MOST_LINES:_} lines written out", "at this line")

    def count_layer(self, span: Span) -> None:
        """One more layer, right or wrong; a problem and the end where there are too many."""
        self.layers += 1
        if self.layers > MOST_LAYERS:
            self._too_much(span, f"{MOST_LAYERS:_} layers", "at this layer")

    def _too_much(self, span: Span, limit: str, detail: str) -> None:
        self.problems.append(TooMuch(span, limit=limit, detail=detail))
        raise Stop


def _shortened(via: tuple[Label, ...]) -> tuple[Label, ...]:
    """The innermost places and the outermost, where there are many."""
    return via if len(via) <= _MOST_PLACES else (*via[: _MOST_PLACES - 1], via[-1])
