"""Layers that disturb training on purpose."""

from typing import Any

import numpy as np

from netc.layers import require
from netc.layers.base import Layer, layer
from netc.options import option
from netc.types import Array, Onnx, Phase, Rng, Tensor

_STEPS = 1 << 16

_BLOCK = 1 << 16
"""Values whose noise is drawn at a time: 128 KB, whatever the size of the layer."""


@layer("dropout", family="dropout")
class Dropout(Layer):
    """Set each value to zero with probability `rate` while training; do nothing afterwards.

    y = x * mask / (1 - rate), so that the expected value stays (inverted scaling) and a trained
    network needs no change. The rate is taken to the nearest 1/65536.
    Srivastava et al., Dropout: A Simple Way to Prevent Neural Networks from Overfitting, 2014.

    Example:
        dropout([3, 4], rate: 0.5) -> [3, 4]
    """

    rate: float = option(
        0.5, "Probability that a value is dropped.", main=True, at_least=0, below=1
    )

    overlay = {"y": "x", "dx": "dy"}

    def infer(self, x: Tensor) -> Tensor:
        require.numbers("x", x)
        return x

    def keep(self, x: Tensor) -> dict[str, Tensor]:
        return {"mask": Tensor(x.shape, "u8")}

    def bypass(self, phase: Phase) -> str | None:
        return None if phase == "train" and self.rate > 0 else "x"

    def forward(self, x: Array, y: Array, mask: Array, rng: Rng) -> None:
        # The noise lies with the batch last, whatever the strides: same generator, same mask.
        kept = np.moveaxis(mask, 0, -1).view(np.bool_)
        line = kept.reshape(-1)
        for start in range(0, line.size, _BLOCK):
            self._draw(line[start : start + _BLOCK], rng)
        if not np.may_share_memory(line, kept):
            np.copyto(kept, line.reshape(kept.shape))
        self._apply(x, mask, y)

    def backward(self, dy: Array, mask: Array, dx: Array) -> None:
        self._apply(dy, mask, dx)

    def _apply(self, x: Array, mask: Array, y: Array) -> None:
        np.multiply(x, _STEPS / (_STEPS - self._dropped), out=y)
        np.multiply(y, mask.view(np.bool_), out=y)

    def _draw(self, kept: Array, rng: Rng) -> None:
        # 16 random bits are enough for each value and come three times as fast as 32.
        words = rng.integers(0, 1 << 64, size=-(-kept.size // 4), dtype=np.uint64)
        np.greater_equal(words.view(np.uint16)[: kept.size], self._dropped, out=kept)

    @property
    def _dropped(self) -> int:
        """How many of the 65536 steps of the noise drop a value."""
        return min(round(self.rate * _STEPS), _STEPS - 1)

    def onnx(self, g: Onnx, x: str) -> str:
        return x

    def torch(self, t: Any, x: Any) -> Any:
        return x
