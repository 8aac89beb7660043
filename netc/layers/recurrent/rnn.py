"""The simple recurrent layer."""

from typing import Any

import numpy as np

from netc.kernels.layout import batch_last
from netc.layers.base import layer
from netc.layers.recurrent.base import Recurrent
from netc.options import option
from netc.types import Array, Onnx, Tensor, Threads


@layer("rnn", family="recurrent")
class Rnn(Recurrent):
    """Read a sequence step by step, each output made of the input and of the output before it.

    h_t = tanh(input_weight x_t + hidden_weight h_(t-1) + bias), from h = 0; `activation: relu`
    takes max(0, ...) instead of tanh. Gradients flow back through all steps.
    Elman, Finding Structure in Time, 1990.

    Example:
        rnn([3, 5], units: 4) -> [4, 5]
    """

    activation: str = option("tanh", "What bends the sum.", choices=("tanh", "relu"))

    def keep(self, x: Tensor) -> dict[str, Tensor]:
        return {"hidden": Tensor((self.units, x.shape[1]), x.dtype)} if self.last else {}

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        units = Tensor((self.units,), x.dtype)
        return {"slope": Tensor((self.units, x.shape[1]), x.dtype), "sum": units}

    def forward(
        self,
        x: Array,
        input_weight: Array,
        hidden_weight: Array,
        bias: Array,
        y: Array,
        threads: Threads,
        sum: Array,
        hidden: Array | None = None,
    ) -> None:
        h, room = batch_last(y if hidden is None else hidden), sum.T
        self.project(x, input_weight, bias, h, threads)
        for step, before in self.walk(h.shape[1]):
            now = h[:, step]
            if before is not None:
                np.matmul(hidden_weight, h[:, before], out=room)
                now += room
            if self.activation == "tanh":
                np.tanh(now, out=now)
            else:
                np.maximum(now, 0, out=now)
        if hidden is not None:
            np.copyto(y.T, h[:, self.final(h.shape[1])])

    def backward(
        self,
        dy: Array,
        x: Array,
        y: Array,
        input_weight: Array,
        hidden_weight: Array,
        threads: Threads,
        slope: Array,
        sum: Array,
        hidden: Array | None = None,
        dx: Array | None = None,
        dinput_weight: Array | None = None,
        dhidden_weight: Array | None = None,
        dbias: Array | None = None,
    ) -> None:
        h, of, room = batch_last(y if hidden is None else hidden), batch_last(slope), sum.T
        room.fill(0)
        for step, before in self.back(h.shape[1]):
            self.start_of_gradient(dy, step, h.shape[1], room)
            now = of[:, step]
            if self.activation == "tanh":
                np.multiply(h[:, step], h[:, step], out=now)
                np.subtract(1, now, out=now)
            else:
                np.greater(h[:, step], 0, out=now)
            now *= room
            if before is not None:
                np.matmul(hidden_weight.T, now, out=room)
        filled = (dx, dinput_weight, dhidden_weight, dbias)
        self.sums(of, h, x, input_weight, threads, filled)

    def onnx(self, g: Onnx, x: str, input_weight: str, hidden_weight: str, bias: str) -> str:
        y = g.op(
            "RNN",
            self.onnx_steps(g, x),
            self.onnx_weight(g, input_weight, (0,)),
            self.onnx_weight(g, hidden_weight, (0,)),
            self.onnx_bias(g, bias, (0,)),
            hidden_size=self.units,
            direction=self.onnx_direction,
            activations=[self.activation.capitalize()],
        )
        return self.onnx_result(g, y)

    def torch(self, t: Any, x: Any, input_weight: Any, hidden_weight: Any, bias: Any) -> Any:
        bend = t.tanh if self.activation == "tanh" else t.relu

        def step(now: Any, h: Any) -> tuple[Any, Any]:
            h = now.new_zeros(len(now), self.units) if h is None else h
            h = bend(now @ input_weight.T + bias + h @ hidden_weight.T)
            return h, h

        return self.torch_walk(t, x, step)
