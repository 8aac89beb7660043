"""The recurrent layer with gates and no cell."""

from typing import Any

import numpy as np

from netc.kernels.layout import batch_last
from netc.kernels.sigmoid import sigmoid, times_bell, times_tanh_bell
from netc.layers.base import Weight, layer
from netc.layers.recurrent.base import Recurrent
from netc.options import option
from netc.types import Array, Onnx, Tensor, Threads


@layer("gru", family="recurrent")
class Gru(Recurrent):
    """Read a sequence step by step, each unit deciding how much of its last output it keeps.

    The weights have three parts of `units` rows: r, z and n, as in PyTorch. With a = input_weight
    x_t + bias and W = hidden_weight: r = sigmoid(a_r + W_r h), z = sigmoid(a_z + W_z h),
    n = tanh(a_n + W_n (r * h)) and h_t = (1 - z) * n + z * h, where h is h_(t-1), 0 at first.
    With `reset: after`, n = tanh(a_n + r * (W_n h + hidden_bias)), as in PyTorch and cuDNN.
    Gradients flow back through all steps.
    Cho et al., Learning Phrase Representations using RNN Encoder-Decoder, 2014, section 2.3.

    Example:
        gru([3, 5], units: 4) -> [4, 5]
    """

    reset: str = option(
        "before",
        "Whether the last output is reset before or after its product with the weights.",
        choices=("before", "after"),
    )

    gates = 3

    def weights(self, x: Tensor) -> dict[str, Weight]:
        weights = super().weights(x)
        if self.reset == "after":
            units = self.units
            weights["hidden_bias"] = Weight((units,), fan_in=units, fan_out=units, decay=0)
        return weights

    def keep(self, x: Tensor) -> dict[str, Tensor]:
        """`taken` is r * h, or W_n h + hidden_bias: the other part of n."""
        return super().keep(x) | {"taken": Tensor((self.units, x.shape[1]), x.dtype)}

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        rows, units = Tensor((3 * self.units,), x.dtype), Tensor((self.units,), x.dtype)
        slope = Tensor((3 * self.units, x.shape[1]), x.dtype)
        made = {"sum": rows, "slope": slope, "out": units, "carry": units}
        if self.reset == "after":
            made["pull"] = Tensor((self.units, x.shape[1]), x.dtype)
        return made

    def forward(
        self,
        x: Array,
        input_weight: Array,
        hidden_weight: Array,
        bias: Array,
        y: Array,
        threads: Threads,
        gate: Array,
        taken: Array,
        sum: Array,
        hidden: Array | None = None,
        hidden_bias: Array | None = None,
    ) -> None:
        h, a = batch_last(y if hidden is None else hidden), batch_last(gate)
        units, room, other = self.units, sum.T, batch_last(taken)
        self.project(x, input_weight, bias, a, threads)
        for step, before in self.walk(h.shape[1]):
            now, part = a[:, step], other[:, step]
            last = None if before is None else h[:, before]
            both, n = now[: 2 * units], now[2 * units :]
            if last is not None:
                np.matmul(hidden_weight[: 2 * units], last, out=room[: 2 * units])
                both += room[: 2 * units]
            sigmoid(both, both)
            r, z = both[:units], both[units:]
            self._take(hidden_weight[2 * units :], hidden_bias, last, r, part, room[:units])
            n += room[:units]
            np.tanh(n, out=n)
            np.subtract(0 if last is None else last, n, out=room[:units])
            room[:units] *= z
            np.add(n, room[:units], out=h[:, step])
        if hidden is not None:
            np.copyto(y.T, h[:, self.final(h.shape[1])])

    def _take(
        self,
        weight: Array,
        bias: Array | None,
        last: Array | None,
        r: Array,
        part: Array,
        out: Array,
    ) -> None:
        """What the last output adds to n, into `out`; `part` is what `keep` says."""
        if bias is None:
            np.multiply(r, 0 if last is None else last, out=part)
            np.matmul(weight, part, out=out)
            return
        part.fill(0)
        if last is not None:
            np.matmul(weight, last, out=part)
        part += bias[:, None]
        np.multiply(r, part, out=out)

    def backward(
        self,
        dy: Array,
        x: Array,
        y: Array,
        input_weight: Array,
        hidden_weight: Array,
        threads: Threads,
        gate: Array,
        taken: Array,
        slope: Array,
        sum: Array,
        out: Array,
        carry: Array,
        hidden: Array | None = None,
        hidden_bias: Array | None = None,
        pull: Array | None = None,
        dx: Array | None = None,
        dinput_weight: Array | None = None,
        dhidden_weight: Array | None = None,
        dbias: Array | None = None,
        dhidden_bias: Array | None = None,
    ) -> None:
        h, a = batch_last(y if hidden is None else hidden), batch_last(gate)
        of, other, units = batch_last(slope), batch_last(taken), self.units
        pulled = None if pull is None else batch_last(pull)
        dh, flow, room = out.T, carry.T, sum.T[:units]
        dh.fill(0)
        for step, before in self.back(h.shape[1]):
            self.start_of_gradient(dy, step, h.shape[1], dh)
            r, z, n = (a[at : at + units, step] for at in range(0, 3 * units, units))
            dr, dz, dn = (of[at : at + units, step] for at in range(0, 3 * units, units))
            last: Array | int = 0 if before is None else h[:, before]
            np.subtract(last, n, out=dz)
            dz *= dh
            times_bell(dz, z, room)
            np.subtract(1, z, out=dn)
            dn *= dh
            times_tanh_bell(dn, n, room)
            dh *= z
            part, own = other[:, step], None if pulled is None else pulled[:, step]
            self._take_back(hidden_weight[2 * units :], last, r, part, own, dn, dr, flow)
            dh += flow
            times_bell(dr, r, room)
            np.matmul(hidden_weight[: 2 * units].T, of[: 2 * units, step], out=flow)
            dh += flow
        self.sums(of, h, x, input_weight, threads, (dx, dinput_weight, None, dbias))
        if dhidden_weight is not None:
            now, last_of = self.pair(of[: 2 * units], h)
            np.matmul(now, last_of.T, out=dhidden_weight[: 2 * units])
            if pulled is None:
                now, last_of = of[2 * units :].reshape(units, -1), other.reshape(units, -1)
            else:
                now, last_of = self.pair(pulled, h)
            np.matmul(now, last_of.T, out=dhidden_weight[2 * units :])
        if dhidden_bias is not None and pulled is not None:
            np.sum(pulled, axis=(1, 2), out=dhidden_bias)

    def _take_back(
        self,
        weight: Array,
        last: Array | int,
        r: Array,
        part: Array,
        pull: Array | None,
        dn: Array,
        dr: Array,
        flow: Array,
    ) -> None:
        """The gradients of what `_take` read: of r, and into `flow` of the last output."""
        if pull is None:
            np.matmul(weight.T, dn, out=flow)
            np.multiply(flow, last, out=dr)
            flow *= r
            return
        np.multiply(dn, part, out=dr)
        np.multiply(dn, r, out=pull)
        np.matmul(weight.T, pull, out=flow)

    def onnx(
        self,
        g: Onnx,
        x: str,
        input_weight: str,
        hidden_weight: str,
        bias: str,
        hidden_bias: str = "",
    ) -> str:
        order = (1, 0, 2)  # ONNX: update, reset, hidden
        hidden = None
        if hidden_bias:
            zeros = self.onnx_zeros(g, bias, 2 * self.units)
            hidden = g.op("Concat", zeros, hidden_bias, axis=0)
        y = g.op(
            "GRU",
            self.onnx_steps(g, x),
            self.onnx_weight(g, input_weight, order),
            self.onnx_weight(g, hidden_weight, order),
            self.onnx_bias(g, bias, order, hidden),
            hidden_size=self.units,
            direction=self.onnx_direction,
            linear_before_reset=int(self.reset == "after"),
        )
        return self.onnx_result(g, y)

    def torch(
        self,
        t: Any,
        x: Any,
        input_weight: Any,
        hidden_weight: Any,
        bias: Any,
        hidden_bias: Any = None,
    ) -> Any:
        weight_r, weight_z, weight_n = hidden_weight.chunk(3)

        def step(now: Any, h: Any) -> tuple[Any, Any]:
            h = now.new_zeros(len(now), self.units) if h is None else h
            a_r, a_z, a_n = (now @ input_weight.T + bias).chunk(3, 1)
            r, z = t.sigmoid(a_r + h @ weight_r.T), t.sigmoid(a_z + h @ weight_z.T)
            if hidden_bias is None:
                n = t.tanh(a_n + (r * h) @ weight_n.T)
            else:
                n = t.tanh(a_n + r * (h @ weight_n.T + hidden_bias))
            h = (1 - z) * n + z * h
            return h, h

        return self.torch_walk(t, x, step)
