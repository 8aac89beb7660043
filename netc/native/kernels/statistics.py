"""What batch normalization does between passes over a batch: a few numbers for each channel."""

from abc import abstractmethod
from dataclasses import dataclass

from netc.native.function import ZERO, Function, Int
from netc.native.kernel import UNITS, Argument, Kernel, pointers, shared
from netc.native.kernels.sum_lanes import part_stride
from netc.native.target import Target


@dataclass(frozen=True)
class _Channels(Kernel):
    """Base: scalar arithmetic for each channel; `parts` are sums of `threads` threads in lanes."""

    channels: int
    threads: int
    count: int
    epsilon: float
    momentum: float
    has_scale: bool

    @property
    def units(self) -> int:
        return self.channels

    def emit(self, f: Function, target: Target) -> None:
        with f.loop("%first", "%stop", guard=True) as channels:
            self._channel(f, channels.counter)

    @abstractmethod
    def _channel(self, f: Function, c: Int) -> None:
        """Write what is done for one channel."""

    def _collected(self, f: Function, parts: str, c: Int) -> str:
        """A sum over all threads and lanes, divided by how many numbers it is of."""
        stride, place = part_stride(f, self.channels), f.mul(c, f.lanes)
        total = f.vload(parts, place)
        for thread in range(1, self.threads):
            total = f.fadd(total, f.vload(parts, f.sum(place, thread * stride)))
        return f.total(total)

    def _scaled(self, f: Function, rate: str, c: Int) -> str:
        return _binary(f, "fmul", rate, f.load("%scale", c)) if self.has_scale else rate

    def _rate(self, f: Function, var: str) -> str:
        root = "llvm.sqrt.f32" if f.dtype == "f32" else "llvm.sqrt.f64"
        spread = _binary(f, "fadd", var, f.scalar(self.epsilon))
        return _binary(f, "fdiv", f.scalar(1.0), f.call(f.number, root, (f.number, spread)))


@dataclass(frozen=True)
class BatchStatistics(_Channels):
    """Mean and rate (1 / standard deviation) of a batch from the `moments` of all threads,
    [threads, channels, 2, lanes] of doubles; the running mean and variance move."""

    @property
    def arguments(self) -> tuple[Argument, ...]:
        scale = pointers("scale") if self.has_scale else ()
        made = shared("mean", "var", "center", "rate", "factor")
        return (*pointers("moments"), *scale, *made, *UNITS)

    def _channel(self, f: Function, c: Int) -> None:
        share = Function("f64", 1).scalar(1 / self.count)
        mean, square = (
            f.op(f"fmul double {self._moment(f, c, which)}, {share}") for which in (0, 1)
        )
        away = f.op(f"fmul double {mean}, {mean}")
        spread = f.op(f"fsub double {square}, {away}")
        # Rounding may leave less than nothing; what is no number stays so.
        below = f.op(f"fcmp olt double {spread}, 0.0")
        spread = f.op(f"select i1 {below}, double 0.0, double {spread}")
        center, var = self._narrow(f, mean), self._narrow(f, spread)
        rate = self._rate(f, var)
        f.store(center, "%center", c)
        f.store(rate, "%rate", c)
        f.store(self._scaled(f, rate, c), "%factor", c)
        unbiased = _binary(f, "fmul", var, f.scalar(self.count / max(self.count - 1, 1)))
        self._move(f, "%mean", c, center)
        self._move(f, "%var", c, unbiased)

    def _moment(self, f: Function, c: Int, which: int) -> str:
        """A sum over all threads and lanes."""
        kind, size = f"<{f.lanes} x double>", 2 * f.lanes * self.channels
        stride = -(-size // 8) * 8
        place = f.mul(f.sum((c, 2), which), f.lanes)
        total = ZERO
        for thread in range(self.threads):
            pointer = f.at("%moments", f.sum(place, thread * stride), "double")
            part = f.op(f"load {kind}, ptr {pointer}, align 8")
            total = f.op(f"fadd {kind} {total}, {part}")
        name = f"llvm.vector.reduce.fadd.v{f.lanes}f64"
        f.declarations[f"declare double @{name}(double, {kind})"] = None
        return f.op(f"call reassoc double @{name}(double -0.0, {kind} {total})")

    def _narrow(self, f: Function, number: str) -> str:
        return number if f.dtype == "f64" else f.op(f"fptrunc double {number} to float")

    def _move(self, f: Function, state: str, c: Int, new: str) -> None:
        old = f.load(state, c)
        step = _binary(f, "fmul", _binary(f, "fsub", new, old), f.scalar(1 - self.momentum))
        f.store(_binary(f, "fadd", old, step), state, c)


@dataclass(frozen=True)
class KnownStatistics(_Channels):
    """Center and rate from the running mean and variance."""

    @property
    def arguments(self) -> tuple[Argument, ...]:
        scale = pointers("scale") if self.has_scale else ()
        made = shared("mean", "var", "center", "rate", "factor")
        return (*scale, *made, *UNITS)

    def _channel(self, f: Function, c: Int) -> None:
        rate = self._rate(f, f.load("%var", c))
        f.store(f.load("%mean", c), "%center", c)
        f.store(rate, "%rate", c)
        f.store(self._scaled(f, rate, c), "%factor", c)


@dataclass(frozen=True)
class StatisticsGradient(_Channels):
    """From the sums of dy and of dy * (x - center): the gradients of scale and shift, and what is
    added to factor * dy, tilt * (x - center) + offset."""

    @property
    def arguments(self) -> tuple[Argument, ...]:
        made = shared("factor", "dscale", "dshift", "tilt", "offset")
        return (*pointers("sums", "products"), *shared("rate"), *made, *UNITS)

    def _channel(self, f: Function, c: Int) -> None:
        shifted = self._collected(f, "%sums", c)
        rate, factor = f.load("%rate", c), f.load("%factor", c)
        scaled = _binary(f, "fmul", self._collected(f, "%products", c), rate)
        f.store(shifted, "%dshift", c)
        f.store(scaled, "%dscale", c)
        back = _binary(f, "fmul", factor, f.scalar(-1 / self.count))
        f.store(_binary(f, "fmul", back, shifted), "%offset", c)
        f.store(_binary(f, "fmul", back, _binary(f, "fmul", rate, scaled)), "%tilt", c)


def _binary(f: Function, operation: str, a: str, b: str) -> str:
    return f.op(f"{operation} {f.number} {a}, {b}")
