"""The one layer that is another thing in training than afterwards."""

from typing import Any

import numpy as np

from netc.layers.base import Layer, layer
from netc.types import Array, Onnx, Phase, Reject, Tensor


@layer("by_phase", family="combine")
class ByPhase(Layer):
    """Give `train` while the net is trained, and `test` whenever it is measured or asked.

    What only the other value is made of is not computed. A part of a net that stands under
    `when train` or `when test` becomes this layer.

    Example:
        by_phase([3, 4], [3, 4]) -> [3, 4]
    """

    splits = True

    def infer(self, train: Tensor, test: Tensor) -> Tensor:
        if train != test:
            raise Reject(
                "train",
                f"the value is {train} in training and {test} otherwise",
                help="what follows is the same in both phases, so both must have the same shape",
            )
        return train

    def bypass(self, phase: Phase) -> str:
        return phase

    def forward(self, train: Array, test: Array, y: Array, training: bool) -> None:
        np.copyto(y, train if training else test)

    def backward(self, dy: Array, training: bool, dtrain: Array, dtest: Array) -> None:
        chosen, other = (dtrain, dtest) if training else (dtest, dtrain)
        np.copyto(chosen, dy)
        other.fill(0)

    def onnx(self, g: Onnx, train: str, test: str) -> str:
        return test

    def torch(self, t: Any, train: Any, test: Any, training: bool) -> Any:
        # Both are named, so that the one not chosen has a gradient of zeros too.
        return train + 0 * test if training else test + 0 * train
