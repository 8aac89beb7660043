"""Activations whose curve is learned, by slopes of their own or as the greatest of units."""

from typing import Any

import numpy as np

from netc.kernels.statistics import dots, lines
from netc.layers import require
from netc.layers.base import Layer, Weight, layer
from netc.layers.divisors import shown_divisors
from netc.layers.initializers import Constant
from netc.layers.per_channel import PerChannel, fill, onnx_spread, spread
from netc.options import option
from netc.sizes import asking
from netc.types import Array, Number, Onnx, Pointwise, Reject, Tensor


@layer("prelu", family="activation")
class Prelu(PerChannel):
    """Pass positive values through and multiply negative ones by a slope that is learned.

    y = max(x, 0) + slope * min(x, 0), with a slope for each channel, or with `shared: true` one
    for all. Slopes start at 0.25 and are not decayed. The gradient at 0 is the slope, as in Caffe.
    He et al., Delving Deep into Rectifiers, 2015, eq. 1 and 6 to 8.

    Example:
        prelu([3, 4]) -> [3, 4]
    """

    shared: bool = option(False, "Whether all channels have one slope.")

    def weights(self, x: Tensor) -> dict[str, Weight]:
        return {"slope": Weight(self.learned(x), Constant(0.25), decay=0)}

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"below": x, "sign": Tensor(x.shape, "u8")}

    def forward(self, x: Array, slope: Array, y: Array, below: Array) -> None:
        np.minimum(x, 0, out=below)
        np.multiply(below, spread(slope, x), out=below)
        np.maximum(x, 0, out=y)
        y += below

    def backward(
        self,
        dy: Array,
        x: Array,
        slope: Array,
        below: Array,
        sign: Array,
        dx: Array | None = None,
        dslope: Array | None = None,
    ) -> None:
        if dslope is not None:
            np.minimum(x, 0, out=below)
            fill(dslope, dots(*lines(dy, below)))
        if dx is not None:
            mask = sign.view(np.bool_)
            np.less_equal(x, 0, out=mask)
            np.multiply(dy, mask, out=below)
            np.multiply(below, spread(slope, x), out=below)
            np.greater(x, 0, out=mask)
            np.multiply(dy, mask, out=dx)
            dx += below

    def formula(self, p: Pointwise, x: Number, slope: Number) -> Number:
        return p.select(p.greater(x, p.number(0)), x, p.mul(x, slope))

    def gradient(self, p: Pointwise, dy: Number, x: Number, slope: Number) -> dict[str, Number]:
        zero = p.number(0)
        passed = p.select(p.greater(x, zero), dy, p.mul(dy, slope))
        return {"dx": passed, "dslope": p.mul(dy, p.minimum(zero, x))}

    def onnx(self, g: Onnx, x: str, slope: str) -> str:
        return g.op("PRelu", x, onnx_spread(g, x, slope))

    def torch(self, t: Any, x: Any, slope: Any) -> Any:
        return t.nn.functional.prelu(x, slope)


@layer("maxout", family="activation")
class Maxout(Layer):
    """Keep the greatest of each group of `pieces` neighbouring channels.

    y_i = max over the channels i * pieces to i * pieces + pieces - 1 of x, each place alone.
    Behind a dense layer or a convolution with `pieces` times as many outputs it is the activation
    of the paper. Of several that are equal the first takes the gradient, as in ConvNetJS, where
    `pieces` is called group_size; channels that are left over are refused here.
    Goodfellow et al., Maxout Networks, 2013, eq. 1.

    Example:
        maxout([6, 4], pieces: 3) -> [2, 4]
    """

    pieces: int = option(2, "How many channels are in a group.", main=True, at_least=1)

    def infer(self, x: Tensor) -> Tensor:
        require.channels(x, "to take the greatest of")
        channels = x.shape[0]
        with asking(f"whether {channels} channels go into such groups", culprit="pieces"):
            is_uneven = bool(channels % self.pieces)
        if is_uneven:
            near = max(channels // self.pieces, 1) * self.pieces
            raise Reject(
                "pieces",
                f"{channels} channels cannot be cut into groups of {self.pieces}",
                help=f"set `pieces` to one of {shown_divisors(channels)}, or give the layer before "
                f"a multiple of {self.pieces} outputs, such as {near}",
            )
        return Tensor((channels // self.pieces, *x.shape[1:]), x.dtype)

    def keep(self, x: Tensor) -> dict[str, Tensor]:
        return {"best": Tensor(self.infer(x).shape, "u8" if self.pieces <= 256 else "i64")}

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"won": Tensor(self.infer(x).shape, "u8"), "place": self.keep(x)["best"]}

    def forward(self, x: Array, y: Array, best: Array, won: Array, place: Array) -> None:
        mask = won.view(np.bool_)
        np.copyto(y, x[:, :: self.pieces])
        best.fill(0)
        for piece in range(1, self.pieces):
            values = x[:, piece :: self.pieces]
            np.greater(values, y, out=mask)
            # Who wins later is further back, and the greatest place is twenty times as fast
            # to keep as what a mask chooses.
            np.multiply(mask, best.dtype.type(piece), out=place)
            np.maximum(best, place, out=best)
            np.maximum(values, y, out=y)

    def backward(self, dy: Array, best: Array, dx: Array, won: Array) -> None:
        mask = won.view(np.bool_)
        for piece in range(self.pieces):
            np.equal(best, piece, out=mask)
            np.multiply(dy, mask, out=dx[:, piece :: self.pieces])

    def onnx(self, g: Onnx, x: str) -> str:
        # Strided slices keep the sides of an image free, as reshaping would not.
        if self.pieces == 1:
            return g.op("Identity", x)
        end, axis, step = (
            g.constant(np.array([n], np.int64)) for n in (np.iinfo(np.int64).max, 1, self.pieces)
        )
        starts = (g.constant(np.array([piece], np.int64)) for piece in range(self.pieces))
        return g.op("Max", *(g.op("Slice", x, start, end, axis, step) for start in starts))

    def torch(self, t: Any, x: Any) -> Any:
        return x.unflatten(1, (-1, self.pieces)).max(2).values
