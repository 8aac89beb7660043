"""Each layer of ConvNetJS in netc's words."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import inf

from netc import spec
from netc.formats.convnetjs.counterparts import LAYERS, LEARNING
from netc.formats.convnetjs.making import Maker, Simple, Written
from netc.formats.convnetjs.sizes import Sized
from netc.formats.convnetjs.trainer import Trainer
from netc.formats.convnetjs.values import Given

COMPAT = "convnetjs"

LRN_DEFAULTS = {"k": 1, "size": 5, "alpha": 1e-4, "beta": 0.75}
"""What netc's `lrn` takes where it is not told, which is left out."""


@dataclass(frozen=True)
class Writer:
    """Writes layers; `compat` where they are to compute as ConvNetJS does, mistakes included."""

    make: Maker
    trainer: Trainer | None
    compat: str | None = None

    def steps(self, sized: Sized) -> tuple[Written, ...]:
        """The layer as one step of a chain, or as several."""
        return _WRITERS[sized.layer.type](self, sized)

    # ---- layers with weights

    def conv(self, sized: Sized) -> tuple[Written, ...]:
        options = sized.layer.options
        fan_in = sized.layer.count("sx") * sized.layer.count("sy") * sized.before.depth
        return (
            self._call(
                sized,
                options["filters"],
                kernel=self._kernel(sized),
                stride=_unless(1, options["stride"]),
                pad=_unless(0, options["pad"]),
                **self._learning(sized, fan_in),
            ),
        )

    def dense(self, sized: Sized) -> tuple[Written, ...]:
        units = sized.layer.options["num_neurons"]
        return (self._call(sized, units, **self._learning(sized, sized.before.numbers)),)

    def _learning(self, sized: Sized, fan_in: int) -> Mapping[str, Given | spec.Value | None]:
        """How the weights start and learn."""
        options = sized.layer.options
        bias, decay = options.get("bias_pref"), options["l2_decay_mul"]
        return {
            "init": self._init(sized, fan_in) if self.compat else None,
            LEARNING["bias_pref"]: _unless(0, bias) if bias else None,
            LEARNING["l2_decay_mul"]: _unless(1, decay),
            LEARNING["l1_decay_mul"]: self._l1(sized),
        }

    def _init(self, sized: Sized, fan_in: int) -> spec.Value:
        """Normal numbers of variance 1 / fan_in, which ConvNetJS draws."""
        make, place = self.make, sized.layer.place
        span = make.span(place)
        ratio = spec.Binary(
            spec.Name("/", span), spec.Number(1, span), spec.Number(fan_in, span), span
        )
        return make.call(place, "gaussian", std=make.invoked(place, "sqrt", ratio))

    def _l1(self, sized: Sized) -> spec.Value | None:
        """The l1 decay of this layer alone, as large as ConvNetJS's is in a step of a batch."""
        factor = sized.layer.options["l1_decay_mul"]
        decay = self.trainer.number("l1_decay") if self.trainer else 0
        if not factor.value or not decay or not self.trainer:
            return None
        return self.make.value(factor.place, shared(decay, self.trainer.batch, times=factor.value))

    def _kernel(self, sized: Sized) -> Given | list[int]:
        width, height = sized.layer.options["sx"], sized.layer.options["sy"]
        return width if width.value == height.value else [int(height.value), int(width.value)]

    # ---- layers without

    def pool(self, sized: Sized) -> tuple[Written, ...]:
        layer, kernel = sized.layer, self._kernel(sized)
        stride = layer.options["stride"]
        sides = {layer.count("sx"), layer.count("sy")}
        call = self._call(
            sized,
            kernel,
            stride=None if sides == {stride.value} else stride,
            pad=_unless(0, layer.options["pad"]),
            round="down" if _is_uneven(sized) else None,
            compat=self.compat,
        )
        return (call,)

    def maxout(self, sized: Sized) -> tuple[Written, ...]:
        layer = sized.layer
        group = layer.options["group_size"]
        pooled = self._call(sized, group)
        fitting = sized.after.depth * int(group.value)
        if fitting == sized.before.depth:
            return (pooled,)
        return self.make.call(layer.place, "slice", stop=fitting), pooled

    def dropout(self, sized: Sized) -> tuple[Written, ...]:
        drop = sized.layer.options["drop_prob"]
        scaling = None if self.compat else "test"
        return (self._call(sized, drop, scaling=scaling, compat=self.compat),)

    def lrn(self, sized: Sized) -> tuple[Written, ...]:
        """An even `n` reaches as far to both sides as the odd one above it, and divides by n."""
        layer = sized.layer
        n = layer.count("n")
        size = n + 1
        given = {ours: layer.number(name) for name, ours in LAYERS["lrn"].options.items()}
        if n % 2 == 0:
            given |= {"size": size, "alpha": shared(layer.number("alpha"), n, times=size)}
        written = {name: v for name, v in given.items() if v != LRN_DEFAULTS[name]}
        return (self._call(sized, **written, compat=self.compat),)

    def tanh(self, sized: Sized) -> tuple[Written, ...]:
        return (self._call(sized, compat=self.compat),)

    def plain(self, sized: Sized) -> tuple[Written, ...]:
        return (self._call(sized),)

    def image(self, sized: Sized) -> Written:
        """Plain numbers as an image of one place."""
        shape: list[int] = [sized.before.depth, 1, 1]
        return self.make.call(sized.layer.place, "reshape", shape)

    def _call(self, sized: Sized, *inputs: Simple, **options: Simple | None) -> Written:
        """The layer of netc that is called for."""
        return self.make.call(sized.layer.place, LAYERS[sized.layer.type].word, *inputs, **options)


_WRITERS: Mapping[str, Callable[[Writer, Sized], tuple[Written, ...]]] = {
    "conv": Writer.conv,
    "fc": Writer.dense,
    "pool": Writer.pool,
    "maxout": Writer.maxout,
    "dropout": Writer.dropout,
    "lrn": Writer.lrn,
    "relu": Writer.plain,
    "sigmoid": Writer.plain,
    "tanh": Writer.tanh,
    "quadtransform": Writer.plain,
}


def shared(number: float, count: int, *, times: float = 1) -> float:
    """A part of a number, such as 0.001 / 20, to the last digit that was written."""
    share = Fraction(str(number)) * Fraction(str(times)) / count
    return float(share) if share < sys.float_info.max else inf


def _unless(default: float, option: Given) -> Given | None:
    return None if option.value == default else option


def _is_uneven(sized: Sized) -> bool:
    """Whether rounding up, which netc does where it is not told, would give another size."""
    layer, size = sized.layer, sized.before
    stride, pad = layer.count("stride"), layer.count("pad")
    sides = zip(size[:2], (layer.count("sx"), layer.count("sy")), strict=True)
    return any((side + 2 * pad - window) % stride for side, window in sides)
