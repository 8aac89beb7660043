"""Straight-line arithmetic on the numbers at one place: what activations, sums and normalizations
are made of, and what other kernels do to a number before they store it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from netc.types import Number

UNARY = (
    *("absolute", "sqrt", "floor"),
    *("exp", "expm1", "log", "log1p", "tanh", "sigmoid", "normal_cdf"),
)
BINARY = ("add", "sub", "mul", "div", "maximum", "minimum")
ORDERS = ("greater", "equal")


@dataclass(frozen=True)
class Step:
    """One operation. `of` are the numbers of earlier steps.

    Kinds: `value` reads a batched value and `made` is what the kernel itself has computed;
    `channel` reads one number for each channel, and `scalar` one for all; `there` is 1, and 0 for
    an example that a block has room for and the batch does not have; `number` is a constant;
    the rest are operations. `greater` and `equal` give a condition, and `select` chooses by one.
    """

    kind: str
    of: tuple[int, ...] = ()
    name: str = ""
    number: float = 0.0

    def on(self, of: tuple[int, ...]) -> "Step":
        """The same operation on other numbers. Formulas are joined by thousands of these."""
        return self if of == self.of else Step(self.kind, of, self.name, self.number)


@dataclass(frozen=True)
class Formula:
    """Steps, and what becomes of them: `stores` names the values that are written, and `sums` the
    arrays with one number for each channel that all places add to. `moments` are arrays with two:
    the sums, in double precision, of a number and of its square."""

    steps: tuple[Step, ...]
    stores: tuple[tuple[str, int], ...] = ()
    sums: tuple[tuple[str, int], ...] = ()
    moments: tuple[tuple[str, int], ...] = ()

    def names(self, *kinds: str) -> tuple[str, ...]:
        """What is read, of some kinds, in order of first use."""
        return tuple(dict.fromkeys(s.name for s in self.steps if s.kind in kinds))

    @property
    def reads(self) -> tuple[str, ...]:
        return self.names("value", "channel", "scalar")

    @property
    def writes(self) -> tuple[str, ...]:
        return tuple(name for name, _ in (*self.stores, *self.sums, *self.moments))

    def without(self, names: Sequence[str]) -> "Formula":
        """The same without storing some values."""
        return replace(self, stores=tuple(s for s in self.stores if s[0] not in names)).tidied()

    def then(self, other: "Formula") -> "Formula":
        """This formula, and on the same numbers another that may read what this one stores or, as
        `made`, nothing."""
        known = dict(self.stores)
        steps, place = list(self.steps), {}
        for index, step in enumerate(other.steps):
            if step.kind == "value" and step.name in known:
                place[index] = known[step.name]
                continue
            place[index] = len(steps)
            steps.append(step.on(tuple(place[i] for i in step.of)))
        stores, sums, moments = (
            tuple((name, place[i]) for name, i in made)
            for made in (other.stores, other.sums, other.moments)
        )
        return Formula(
            tuple(steps), self.stores + stores, self.sums + sums, self.moments + moments
        ).tidied()

    def renamed(self, names: Mapping[str, str]) -> "Formula":
        steps = tuple(
            Step(s.kind, s.of, names[s.name], s.number) if s.name in names else s
            for s in self.steps
        )
        stores, sums, moments = (
            tuple((names.get(n, n), i) for n, i in made)
            for made in (self.stores, self.sums, self.moments)
        )
        return Formula(steps, stores, sums, moments)

    def tidied(self) -> "Formula":
        """Each step once, and only those that something stored or summed is made of."""
        first: dict[Step, int] = {}
        place: list[int] = []
        for step in self.steps:
            same = step.on(tuple(place[i] for i in step.of))
            place.append(first.setdefault(same, len(first)))
        steps = list(first)
        needed = {place[i] for _, i in (*self.stores, *self.sums, *self.moments)}
        for index in range(len(steps) - 1, -1, -1):
            if index in needed:
                needed.update(steps[index].of)
        kept = {old: new for new, old in enumerate(sorted(needed))}
        return Formula(
            tuple(steps[i].on(tuple(kept[j] for j in steps[i].of)) for i in kept),
            tuple((name, kept[place[i]]) for name, i in self.stores),
            tuple((name, kept[place[i]]) for name, i in self.sums),
            tuple((name, kept[place[i]]) for name, i in self.moments),
        )


@dataclass
class Recorder:
    """Lent to a layer's `formula` and `gradient`; writes down what is computed. Numbers are
    indices of steps."""

    steps: list[Step] = field(default_factory=list)

    def _step(self, kind: str, *of: int, name: str = "", number: float = 0.0) -> Number:
        self.steps.append(Step(kind, of, name, number))
        return Number(len(self.steps) - 1)

    def value(self, name: str) -> Number:
        return self._step("value", name=name)

    def channel(self, name: str) -> Number:
        return self._step("channel", name=name)

    def scalar(self, name: str) -> Number:
        return self._step("scalar", name=name)

    def there(self) -> Number:
        return self._step("there")

    def made(self) -> Number:
        return self._step("made")

    def number(self, number: float) -> Number:
        return self._step("number", number=number)

    def select(self, condition: int, a: int, b: int) -> Number:
        return self._step("select", condition, a, b)

    def __getattr__(self, kind: str) -> Callable[..., Number]:
        if kind not in (*UNARY, *BINARY, *ORDERS):
            raise AttributeError(kind)
        return lambda *of: self._step(kind, *of)


def result_of(name: str) -> Formula:
    """What a kernel has computed, stored as it is."""
    return Formula((Step("made"),), ((name, 0),))
