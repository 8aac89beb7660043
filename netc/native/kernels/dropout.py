"""Numbers dropped at random, each by its index, so that no mask is kept for the gradient."""

from dataclasses import dataclass

from netc.kernels.noise import FIRST_FACTOR, SECOND_FACTOR, SHIFTS
from netc.native.function import ZERO, Function, Int
from netc.native.kernel import UNITS, Argument, Kernel, pointers
from netc.native.layout import Layout
from netc.native.tail import Tail
from netc.native.target import Target

_UNROLLED = 2


@dataclass(frozen=True)
class Dropout(Kernel):
    """`made` is 0 where a number is dropped, for its noise is below `least`, else `factor`.

    The noise is that of `netc.kernels.noise` by the key at `key`, an integer, and by the index of
    the number in the whole value, which has `batch` examples; the block begins with example
    `start`. Where all places of a channel are dropped `together`, the index is that of the channel
    and the example. A block that is no whole vectors must be the whole batch.
    """

    tail: Tail
    layout: Layout
    least: int
    factor: float
    together: bool

    @property
    def arguments(self) -> tuple[Argument, ...]:
        examples = (Argument("start", "integer"), Argument("batch", "integer"))
        return (*pointers("key"), *self.tail.arguments, *examples, *UNITS)

    @property
    def units(self) -> int:
        return self.layout.channels

    def emit(self, f: Function, target: Target) -> None:
        key = f.load_int("%key")
        keys = f.splat_int(key, 32), f.splat_int(f.op(f"lshr i64 {key}, 32"), 32)
        whole, rest = divmod(self.layout.used, f.lanes)
        rounds, single = divmod(whole, _UNROLLED)
        step = _UNROLLED * f.lanes
        with f.loop("%first", "%stop", guard=True) as channels:
            applied = self.tail.on(f, channels.counter)

            def put(offset: Int, mask: str | None = None) -> None:
                index = self._index(f, channels.counter, offset)
                applied.apply(self._made(f, index, keys), offset, mask)

            if rounds:
                with applied.loop(0, rounds * step, step) as offset:
                    for t in range(_UNROLLED):
                        put(f.sum(offset, t * f.lanes))
            for t in range(single):
                put(rounds * step + t * f.lanes)
            if rest:
                put(whole * f.lanes, f.first_lanes(rest))
            applied.finish()

    def _index(self, f: Function, channel: Int, offset: Int) -> str:
        """The index of each lane, its last 32 bits."""
        block, kind = self.layout.block, f"<{f.lanes} x i32>"
        lanes = f"<{', '.join(f'i32 {t}' for t in range(f.lanes))}>"
        places = self.layout.used // block
        place = channel if self.together else f.sum((channel, places), f.div(offset, block))
        example = f.rem(offset, block)
        if self.together and block % f.lanes != 0:
            start = f.op(f"add {kind} {f.splat_int(offset, 32)}, {lanes}")
            lanes = f.op(f"urem {kind} {start}, {f.splat_int(block, 32)}")
            example = 0
        first = f.sum((place, "%batch"), "%start", example)
        return f.op(f"add {kind} {f.splat_int(first, 32)}, {lanes}")

    def _made(self, f: Function, index: str, keys: tuple[str, str]) -> str:
        kind = f"<{f.lanes} x i32>"
        x = _fold(f, f.op(f"add {kind} {index}, {keys[0]}"), SHIFTS[0])
        x = f.op(f"mul {kind} {x}, {f.splat_int(FIRST_FACTOR, 32)}")
        x = _fold(f, f.op(f"xor {kind} {x}, {keys[1]}"), SHIFTS[1])
        x = f.op(f"mul {kind} {x}, {f.splat_int(SECOND_FACTOR, 32)}")
        x = _fold(f, x, SHIFTS[2])
        kept = f.op(f"icmp uge {kind} {x}, {f.splat_int(self.least, 32)}")
        return f.select(kept, f.constant(self.factor), ZERO)


def _fold(f: Function, x: str, by: int) -> str:
    kind = f"<{f.lanes} x i32>"
    return f.op(f"xor {kind} {x}, {f.op(f'lshr {kind} {x}, {f.splat_int(by, 32)}')}")
