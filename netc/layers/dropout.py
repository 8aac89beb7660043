"""Layers that disturb training on purpose."""

from typing import Any

import numpy as np

from netc.kernels.layout import batch_last
from netc.kernels.noise import draw, drawn_key
from netc.layers import require
from netc.layers.base import Layer, layer, with_options
from netc.options import COMPAT, option
from netc.types import Array, Onnx, Phase, Rng, Shape, Tensor

_STEPS = 1 << 16


@with_options
class Dropping(Layer):
    """What they share: all rules, given what is dropped together."""

    overlay = {"y": "x", "dx": "dy"}

    rate: float = option(0.5, "Probability to be dropped.", main=True, at_least=0, below=1)
    scaling: str = option(
        "training",
        "The phase in which values are scaled to keep their mean.",
        choices=("training", "test"),
    )

    def noise(self, x: Shape) -> Shape:
        """The shape of what is dropped or kept: by default every value by itself."""
        return x

    def infer(self, x: Tensor) -> Tensor:
        require.numbers("x", x)
        return x

    def keep(self, x: Tensor) -> dict[str, Tensor]:
        return {"mask": Tensor(self.noise(x.shape), "u8")}

    def bypass(self, phase: Phase) -> str | None:
        does_something = self.rate > 0 if phase == "train" else self.left != 1
        return None if does_something else "x"

    def forward(self, x: Array, y: Array, mask: Array, rng: Rng, training: bool) -> None:
        if training:
            self._draw(mask, rng)
        self._apply(x, mask, y, training)

    def backward(self, dy: Array, mask: Array, dx: Array, training: bool) -> None:
        self._apply(dy, mask, dx, training)

    def _apply(self, x: Array, mask: Array, y: Array, training: bool) -> None:
        if not training:
            # Where nothing is scaled in the test phase the layer is left out.
            np.multiply(x, self.left, out=y)
            return
        if self.factor != 1:
            np.multiply(x, self.factor, out=y)
            x = y
        kept = mask.view(np.bool_)
        np.multiply(x, kept.reshape(*kept.shape, *(1,) * (x.ndim - kept.ndim)), out=y)

    def _draw(self, mask: Array, rng: Rng) -> None:
        # The noise lies with the batch last, whatever the strides: same generator, same mask.
        kept = batch_last(mask).view(np.bool_)
        line = kept.reshape(-1)
        draw(drawn_key(rng), self.least, line)
        if not np.may_share_memory(line, kept):
            np.copyto(kept, line.reshape(kept.shape))

    @property
    def _dropped(self) -> int:
        """How many of the 65536 steps of the noise drop a value."""
        return min(round(self.rate * _STEPS), _STEPS - 1)

    @property
    def least(self) -> int:
        """The least noise, a number of 32 bits, that keeps a value."""
        return self._dropped << 16

    @property
    def factor(self) -> float:
        """What a value that is kept in training is multiplied by."""
        return _STEPS / (_STEPS - self._dropped) if self.scaling == "training" else 1.0

    @property
    def left(self) -> float:
        """What every value is multiplied by in the test phase."""
        return 1 - self.rate if self.scaling == "test" else 1.0

    def onnx(self, g: Onnx, x: str) -> str:
        if self.bypass("test"):
            return x
        return g.op("Mul", x, g.constant(np.array(self.left, np.float32)))

    def torch(self, t: Any, x: Any) -> Any:
        return x if self.bypass("test") else x * self.left


@layer("dropout", family="dropout")
class Dropout(Dropping):
    """Set each value to zero with probability `rate` while training.

    With `scaling: training`, y = x * mask / (1 - rate) in training, so that the expected value
    stays (inverted scaling), and nothing is done afterwards. With `scaling: test`, as it was
    published, y = x * mask in training and y = x * (1 - rate) afterwards, the mean network.
    The rate in training is taken to the nearest 1/65536. ConvNetJS (convnet_layers_dropout.js)
    takes y = x * mask in training and y = x * rate afterwards, which is the mean network for the
    rate 0.5 alone: `compat: convnetjs` repeats that, whatever `scaling` says.
    Hinton et al., Improving Neural Networks by Preventing Co-adaptation of Feature Detectors,
    2012; Srivastava et al., Dropout: A Simple Way to Prevent Neural Networks from Overfitting,
    2014, section 10, has both scalings.

    Example:
        dropout([3, 4], rate: 0.5) -> [3, 4]
    """

    compat: str = option(
        "none",
        "Whose mistake is repeated: ConvNetJS multiplies by `rate` in the test phase.",
        choices=COMPAT,
    )

    @property
    def factor(self) -> float:
        return 1.0 if self.compat == "convnetjs" else super().factor

    @property
    def left(self) -> float:
        return self.rate if self.compat == "convnetjs" else super().left


@layer("spatial_dropout", family="dropout")
class SpatialDropout(Dropping):
    """Set whole channels to zero with probability `rate` while training.

    The places of an image beside each other say nearly the same, so that dropping single values
    does not keep the next layer from relying on a feature; dropping all of its channel does.
    Scaled as `dropout`: with `scaling: training`, y = x * mask / (1 - rate) in training, with one
    number of the mask for each channel of each example.
    Tompson et al., Efficient Object Localization Using Convolutional Networks, 2015, section 3.2.

    Example:
        spatial_dropout([3, 4, 5], rate: 0.2) -> [3, 4, 5]
    """

    def noise(self, x: Shape) -> Shape:
        return x[:1]

    def infer(self, x: Tensor) -> Tensor:
        require.channels(x, "to drop")
        return x
