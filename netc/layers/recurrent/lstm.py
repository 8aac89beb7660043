"""The recurrent layer that remembers for long."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from netc.kernels.layout import batch_last
from netc.kernels.sigmoid import sigmoid, times_bell, times_tanh_bell
from netc.layers.base import layer
from netc.layers.initializers import Initializer
from netc.layers.recurrent.base import Recurrent
from netc.options import option
from netc.types import Array, Onnx, Rng, Shape, Tensor, Threads


@layer("lstm", family="recurrent")
class Lstm(Recurrent):
    """Read a sequence step by step with a cell for each unit that keeps what it is told to.

    With z = input_weight x_t + hidden_weight h_(t-1) + bias, in four parts i, f, g, o of `units`
    rows each: c_t = sigmoid(f) * c_(t-1) + sigmoid(i) * tanh(g) and h_t = sigmoid(o) * tanh(c_t),
    from c = h = 0. Gradients flow back through all steps. The parts stand as in PyTorch.
    Hochreiter and Schmidhuber, Long Short-Term Memory, 1997, with the forget gate f of Gers,
    Schmidhuber and Cummins, Learning to Forget, 2000; no peepholes.

    Example:
        lstm([3, 5], units: 4) -> [4, 5]
    """

    forget_bias: float = option(
        1.0, "What the biases of the forget gates start with: the more, the longer they keep."
    )

    gates = 4

    def bias_start(self) -> Initializer:
        return ForgetBias(self.forget_bias)

    def keep(self, x: Tensor) -> dict[str, Tensor]:
        return super().keep(x) | {"cell": Tensor((self.units, x.shape[1]), x.dtype)}

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        rows, units = Tensor((4 * self.units,), x.dtype), Tensor((self.units,), x.dtype)
        slope = Tensor((4 * self.units, x.shape[1]), x.dtype)
        return {"sum": rows, "slope": slope, "out": units, "carry": units, "bent": units}

    def forward(
        self,
        x: Array,
        input_weight: Array,
        hidden_weight: Array,
        bias: Array,
        y: Array,
        threads: Threads,
        gate: Array,
        cell: Array,
        sum: Array,
        hidden: Array | None = None,
    ) -> None:
        h, z, c = batch_last(y if hidden is None else hidden), batch_last(gate), batch_last(cell)
        units, room = self.units, sum.T
        self.project(x, input_weight, bias, z, threads)
        for step, before in self.walk(h.shape[1]):
            now, memory = z[:, step], c[:, step]
            if before is not None:
                np.matmul(hidden_weight, h[:, before], out=room)
                now += room
            i, f, g, o = _parts(now, units)
            sigmoid(now[: 2 * units], now[: 2 * units])
            np.tanh(g, out=g)
            sigmoid(o, o)
            np.multiply(i, g, out=memory)
            if before is not None:
                np.multiply(f, c[:, before], out=room[:units])
                memory += room[:units]
            np.tanh(memory, out=h[:, step])
            h[:, step] *= o
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
        gate: Array,
        cell: Array,
        slope: Array,
        out: Array,
        carry: Array,
        bent: Array,
        sum: Array,
        hidden: Array | None = None,
        dx: Array | None = None,
        dinput_weight: Array | None = None,
        dhidden_weight: Array | None = None,
        dbias: Array | None = None,
    ) -> None:
        h, z, c = batch_last(y if hidden is None else hidden), batch_last(gate), batch_last(cell)
        of, dh, dc, squashed = batch_last(slope), out.T, carry.T, bent.T
        room = sum.T[: self.units]
        dh.fill(0)
        dc.fill(0)
        for step, before in self.back(h.shape[1]):
            self.start_of_gradient(dy, step, h.shape[1], dh)
            i, f, g, o = _parts(z[:, step], self.units)
            di, df, dg, do = _parts(of[:, step], self.units)
            np.tanh(c[:, step], out=squashed)
            np.multiply(dh, squashed, out=do)
            # dc += dh * o * (1 - tanh(c)^2)
            dh *= o
            times_tanh_bell(dh, squashed, room)
            dc += dh
            np.multiply(dc, g, out=di)
            np.multiply(dc, i, out=dg)
            if before is None:
                df.fill(0)
            else:
                np.multiply(dc, c[:, before], out=df)
            for part, of_part in ((i, di), (f, df), (o, do)):
                times_bell(of_part, part, room)
            times_tanh_bell(dg, g, room)
            dc *= f
            if before is not None:
                np.matmul(hidden_weight.T, of[:, step], out=dh)
        filled = (dx, dinput_weight, dhidden_weight, dbias)
        self.sums(of, h, x, input_weight, threads, filled)

    def onnx(self, g: Onnx, x: str, input_weight: str, hidden_weight: str, bias: str) -> str:
        order = (0, 3, 1, 2)  # ONNX: input, output, forget, cell
        y = g.op(
            "LSTM",
            self.onnx_steps(g, x),
            self.onnx_weight(g, input_weight, order),
            self.onnx_weight(g, hidden_weight, order),
            self.onnx_bias(g, bias, order),
            hidden_size=self.units,
            direction=self.onnx_direction,
        )
        return self.onnx_result(g, y)

    def torch(self, t: Any, x: Any, input_weight: Any, hidden_weight: Any, bias: Any) -> Any:
        def step(now: Any, carried: Any) -> tuple[Any, Any]:
            zeros = now.new_zeros(len(now), self.units)
            h, c = (zeros, zeros) if carried is None else carried
            i, f, g, o = (now @ input_weight.T + bias + h @ hidden_weight.T).chunk(4, 1)
            c = t.sigmoid(f) * c + t.sigmoid(i) * t.tanh(g)
            h = t.sigmoid(o) * t.tanh(c)
            return h, (h, c)

        return self.torch_walk(t, x, step)


@dataclass(frozen=True)
class ForgetBias(Initializer):
    """Zeros, but a number where the second of four parts is."""

    name: ClassVar[str] = "forget_bias"

    value: float

    def fill(self, shape: Shape, fan_in: int, fan_out: int, rng: Rng) -> Array:
        start = np.zeros(shape)
        quarter = len(start) // 4
        start[quarter : 2 * quarter] = self.value
        return start


def _parts(rows: Array, units: int) -> list[Array]:
    return [rows[at : at + units] for at in range(0, len(rows), units)]
