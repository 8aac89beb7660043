"""Pooling to a size that is given, whatever the size of the image."""

from fractions import Fraction
from typing import Any

from netc.kernels.bins import add_to_bins, mean_of_bins
from netc.kernels.layout import batch_last
from netc.layers.axes import per_axis, require_image, type_of
from netc.layers.base import Layer, Window, layer
from netc.layers.even_bins import along, even_bins, onnx_means
from netc.layers.pool_windows import torch_pool
from netc.options import PerAxis, option
from netc.types import Array, Onnx, Tensor


@layer("adaptive_avg_pool", family="pooling")
class AdaptiveAvgPool(Layer):
    """Keep the mean of each of `size` bins that lie evenly over the image.

    Along a side of n places cut into k bins, bin i goes from floor(i * n / k) to before
    ceil((i + 1) * n / k): where k does not divide n, neighbours overlap by a place. So PyTorch
    does it, where AlexNet and VGG take images of any size by it.

    Example:
        adaptive_avg_pool([3, 7, 5], size: [3, 2]) -> [3, 3, 2]
    """

    size: PerAxis = option(doc="Sides of the output.", main=True, at_least=1)

    splits = True

    def infer(self, x: Tensor) -> Tensor:
        require_image(x, axes=3)
        return Tensor((x.shape[0], *per_axis(self.size, x, "size")), x.dtype)

    def window(self, x: Tensor) -> Window:
        size = per_axis(self.size, x, "size")
        pairs = list(zip(map(int, x.shape[1:]), size, strict=True))
        kernel = (max(part.stop - part.start for part in along(*pair)) for pair in pairs)
        return Window(tuple(kernel), tuple(Fraction(side, out) for side, out in pairs))

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"part": self.infer(x)}

    def forward(self, x: Array, y: Array) -> None:
        bins, shares = even_bins(x.shape[2:], y.shape[2:])
        mean_of_bins(batch_last(x), batch_last(y), shares.astype(y.dtype), bins)

    def backward(self, dy: Array, dx: Array, part: Array) -> None:
        bins, shares = even_bins(dx.shape[2:], dy.shape[2:])
        dx.fill(0)
        scratch = shares.astype(dy.dtype), batch_last(part)
        add_to_bins(batch_last(dy), batch_last(dx), *scratch, bins)

    def onnx(self, g: Onnx, x: str) -> str:
        type = g.type(x)
        sides, size = type.shape[1:], per_axis(self.size, type, "size")
        return onnx_means(g, x, sides, size)

    def torch(self, t: Any, x: Any) -> Any:
        return torch_pool(t, "adaptive_avg", x.ndim - 2)(x, self.infer(type_of(x)).shape[1:])
