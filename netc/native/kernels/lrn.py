"""Normalization by the strength of the neighbouring channels, and its gradient."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netc.native import elementary
from netc.native.function import ZERO, Function, Int
from netc.native.kernel import UNITS, Argument, Kernel, pointers
from netc.native.kernels.cells import Spot, mask_of, vload
from netc.native.layout import Layout
from netc.native.tail import Tail
from netc.native.target import Target

_VECTORS = 2
"""Places of a channel that go through the channels side by side."""

State = list[list[str]]
"""For each kind of number that is remembered, those of the last channels."""


@dataclass(frozen=True)
class Neighbours(Kernel):
    """Goes through the channels at the places of the units `first` to `stop - 1`.

    A window is `size` channels around each. `base` is k + weight * (sum of x^2 over the window),
    which divides as `base` to the power of `beta`. Nothing but x is kept from the forward pass:
    numbers are made anew as they come by, and memory is read once.
    """

    source: Layout
    size: int
    weight: float
    beta: float
    k: float
    tail: Tail

    @property
    def units(self) -> int:
        return -(-self.source.used // self._unit)

    @property
    def reach(self) -> int:
        """Channels on each side that matter."""
        return min(self.size // 2, self.source.channels - 1)

    @property
    @abstractmethod
    def delay(self) -> int:
        """How many channels the results are behind what is read."""

    @property
    @abstractmethod
    def remembered(self) -> tuple[int, ...]:
        """How many numbers of each kind are remembered from channel to channel."""

    @abstractmethod
    def step(self, f: Function, newest: Int, known: int | None, state: State, at: "At") -> State:
        """Read a channel and make another. `known` is its number in the code that runs at the
        ends, where some of them are not there."""

    @property
    def _unit(self) -> int:
        # Of the widest vectors there are, so that units are the same on every machine.
        return 128 // (4 if self.dtype == "f32" else 8)

    def emit(self, f: Function, target: Target) -> None:
        full, rest = divmod(self.source.used, self._unit)
        if full:
            stop = f.least("%stop", full)
            with f.loop("%first", stop, guard=True) as units:
                self._pass_all(f, f.mul(units.counter, self._unit), self._unit)
        if rest:
            with f.when(f.op(f"icmp sgt i64 %stop, {full}")):
                self._pass_all(f, full * self._unit, rest)

    def _pass_all(self, f: Function, place: Int, count: int) -> None:
        """Go through the channels at `count` numbers from a place of the plane on."""
        for offset in range(0, count, _VECTORS * f.lanes):
            spots = [
                Spot(0, at, min(f.lanes, count - at))
                for at in range(offset, min(offset + _VECTORS * f.lanes, count), f.lanes)
            ]
            self._pass(f, At(place, spots))

    def _pass(self, f: Function, at: "At") -> None:
        channels, delay = self.source.channels, self.delay
        state: State = [[ZERO] * (n * len(at.spots)) for n in self.remembered]
        for channel in range(min(delay, channels)):
            state = self.step(f, channel, channel, state, at)
        if delay < channels:
            flat = [vector for kind in state for vector in kind]
            with f.loop(delay, channels, 1, flat) as loop:
                before = self._parted(loop.given, state)
                after = self.step(f, loop.counter, None, before, at)
                loop.new = [vector for kind in after for vector in kind]
            state = self._parted(loop.out, state)
        for channel in range(channels, channels + delay):
            state = self.step(f, channel, channel, state, at)

    def _parted(self, flat: Sequence[str], like: State) -> State:
        vectors = iter(flat)
        return [[next(vectors) for _ in kind] for kind in like]

    def is_there(self, known: int | None, behind: int) -> bool:
        """Whether there is a channel so many before the newest one."""
        return known is None or 0 <= known - behind < self.source.channels

    def base(self, f: Function, squares: Sequence[str]) -> str:
        return f.fma(total(f, squares), f.constant(self.weight), f.constant(self.k))

    def store(self, f: Function, channel: Int, at: "At", made: Sequence[str]) -> None:
        """Give numbers of a channel to the tail."""
        applied = self.tail.on(f, channel)
        for spot, vector in zip(at.spots, made, strict=True):
            applied.apply(vector, f.sum(at.place, spot.offset), mask_of(f, spot.count))
        applied.finish()


@dataclass(frozen=True)
class At:
    """Where a pass is: a place in the plane, and vectors from there on."""

    place: Int
    spots: list[Spot]

    def load(self, f: Function, name: str, layout: Layout, channel: Int) -> list[str]:
        first = f.at(f"%{name}", f.sum((channel, layout.plane), self.place))
        return [vload(f, first, spot.offset, spot.count) for spot in self.spots]


@dataclass(frozen=True)
class Lrn(Neighbours):
    """Makes x / base^beta."""

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return (*pointers("x"), *self.tail.arguments, *UNITS)

    @property
    def delay(self) -> int:
        return self.reach

    @property
    def remembered(self) -> tuple[int, ...]:
        return (2 * self.reach,)

    def step(self, f: Function, newest: Int, known: int | None, state: State, at: At) -> State:
        squares = self.squares(f, newest, known, state[0], at)
        if self.is_there(known, self.reach):
            channel = f.sub(newest, self.reach)
            made = []
            x = at.load(f, "x", self.source, channel)
            for vector, window in zip(x, each(squares, len(x)), strict=True):
                factor, _ = power(f, self.base(f, window), self.beta)
                made.append(f.fmul(vector, factor))
            self.store(f, channel, at, made)
        return [squares[len(at.spots) :]]

    def squares(
        self, f: Function, newest: Int, known: int | None, before: list[str], at: At
    ) -> list[str]:
        """The squares of a window: those that are remembered, and new ones."""
        if not self.is_there(known, 0):
            return [*before, *[ZERO] * len(at.spots)]
        return [*before, *(f.fmul(x, x) for x in at.load(f, "x", self.source, newest))]


@dataclass(frozen=True)
class LrnGradient(Lrn):
    """Makes dy / base^beta - 2 beta weight * x * (sum over the window of dy * y / base)."""

    gradient: Layout

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return (*pointers("dy", "x"), *self.tail.arguments, *UNITS)

    @property
    def delay(self) -> int:
        return 2 * self.reach

    @property
    def remembered(self) -> tuple[int, ...]:
        return 2 * self.reach, 2 * self.reach, self.reach

    def step(self, f: Function, newest: Int, known: int | None, state: State, at: At) -> State:
        count = len(at.spots)
        squares = self.squares(f, newest, known, state[0], at)
        ratios, direct = [*state[1]], [*state[2]]
        if self.is_there(known, self.reach):
            more, scaled = self._middle(f, f.sub(newest, self.reach), squares, at)
            ratios, direct = ratios + more, direct + scaled
        else:
            ratios, direct = ratios + [ZERO] * count, direct + [ZERO] * count
        if self.is_there(known, 2 * self.reach):
            channel, made = f.sub(newest, 2 * self.reach), []
            x = at.load(f, "x", self.source, channel)
            factor = f.constant(-2 * self.beta * self.weight)
            for vector, window, whole in zip(x, each(ratios, count), direct[:count], strict=True):
                made.append(f.fma(f.fmul(vector, factor), total(f, window), whole))
            self.store(f, channel, at, made)
        return [squares[count:], ratios[count:], direct[count:]]

    def _middle(
        self, f: Function, channel: Int, squares: Sequence[str], at: At
    ) -> tuple[list[str], list[str]]:
        """dy * y / base and dy / base^beta of a channel."""
        ratios, direct = [], []
        x, dy = at.load(f, "x", self.source, channel), at.load(f, "dy", self.gradient, channel)
        for vector, slope, window in zip(x, dy, each(squares, len(x)), strict=True):
            factor, inverse = power(f, self.base(f, window), self.beta)
            direct.append(f.fmul(slope, factor))
            ratios.append(f.fmul(f.fmul(direct[-1], vector), inverse))
        return ratios, direct


def power(f: Function, base: str, beta: float) -> tuple[str, str]:
    """1 / base^beta and 1 / base; roots are several times as fast as the general power."""
    inverse = f.fdiv(f.constant(1), base)
    if beta == 1:
        return inverse, inverse
    if beta in (0.5, 0.75):
        root = f.intrinsic("sqrt", base)
        root = f.intrinsic("sqrt", root) if beta == 0.75 else root
        return f.fmul(root, inverse), inverse
    return elementary.exp(f, f.fmul(elementary.log(f, base), f.constant(-beta))), inverse


def each(vectors: Sequence[str], spots: int) -> Iterator[Sequence[str]]:
    """For each vector of a pass, what is known of its window."""
    return (vectors[spot::spots] for spot in range(spots))


def total(f: Function, vectors: Sequence[str]) -> str:
    """The sum, in a fixed order."""
    sum_ = ZERO
    for vector in vectors:
        if vector != ZERO:
            sum_ = vector if sum_ == ZERO else f.fadd(sum_, vector)
    return sum_
