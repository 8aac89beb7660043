"""What recurrent layers share: a walk over the steps of a sequence, and sums over all of them."""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import numpy as np

from netc.kernels.layout import batch_last
from netc.kernels.product import affine, affine_dw, affine_dx
from netc.layers import require
from netc.layers.along import whole
from netc.layers.base import Layer, Weight, with_options
from netc.layers.initializers import Constant, Initializer, Xavier
from netc.options import option
from netc.sizes import is_open
from netc.types import NUMPY_DTYPES, Array, Onnx, Reject, Tensor, Threads


@with_options
class Recurrent(Layer):
    """Base of layers that go through a sequence [features, time], each step seeing the last.

    The products of all steps with their inputs are one matrix product before the walk, and so are
    the gradients of the weights after it. Arrays of the rules have the batch last: [k, time, n].
    """

    gates: ClassVar[int] = 1
    """How many numbers each unit computes in a step."""

    units: int = option(doc="Number of outputs of a step.", main=True, at_least=1)
    reverse: bool = option(False, "Whether to read from the last step to the first.")
    last: bool = option(False, "Whether to give only what the step gives that is read last.")

    def infer(self, x: Tensor) -> Tensor:
        require.numbers("x", x)
        if x.rank != 2:
            raise Reject(
                "x",
                f"{x} is not a sequence [features, time]",
                help="a sequence has two axes; `flatten` or `reshape` give it them",
            )
        if is_open(x.shape[0]):
            reason = f"the number of features, {x.shape[0]}, is not known"
            raise Reject("x", reason, help="write a number for it, such as 3")
        return Tensor((self.units,) if self.last else (self.units, x.shape[1]), x.dtype)

    def weights(self, x: Tensor) -> dict[str, Weight]:
        features, units, rows = x.shape[0], self.units, self.gates * self.units
        return {
            "input_weight": Weight((rows, features), Xavier("in"), features, units),
            "hidden_weight": Weight((rows, units), Xavier("in"), units, units),
            "bias": Weight((rows,), self.bias_start(), units, units, decay=0),
        }

    def bias_start(self) -> Initializer:
        """How the biases of all gates start."""
        return Constant(value=0.0)

    def keep(self, x: Tensor) -> dict[str, Tensor]:
        """The gates of all steps; the outputs too where `y` is only the last of them."""
        steps = x.shape[1]
        kept = {"gate": Tensor((self.gates * self.units, steps), x.dtype)}
        return kept | ({"hidden": Tensor((self.units, steps), x.dtype)} if self.last else {})

    def macs(self, x: Tensor) -> int:
        return x.shape[1] * self.gates * self.units * (x.shape[0] + self.units)

    def walk(self, steps: int) -> Iterator[tuple[int, int | None]]:
        """Every step with the one before it, in the order that they are read."""
        order = range(steps - 1, -1, -1) if self.reverse else range(steps)
        before: int | None = None
        for step in order:
            yield step, before
            before = step

    def back(self, steps: int) -> Iterator[tuple[int, int | None]]:
        """The same, from the last step that was read to the first."""
        return reversed(list(self.walk(steps)))

    def final(self, steps: int) -> int:
        """The last step that is read."""
        return 0 if self.reverse else steps - 1

    def start_of_gradient(self, dy: Array, step: int, steps: int, out: Array) -> None:
        """What flows into the output of a step from outside is added to `out`."""
        if not self.last:
            out += batch_last(dy)[:, step]
        elif step == self.final(steps):
            out += dy.T

    def sums(
        self,
        of: Array,
        hidden: Array,
        x: Array,
        input_weight: Array,
        threads: Threads,
        filled: tuple[Array | None, Array | None, Array | None, Array | None],
    ) -> None:
        """Fill the gradients of x, input_weight, hidden_weight and bias from those of the gates.

        `of` and `hidden` are [k, time, n]; those of the hidden weight are left out where None.
        """
        dx, dinput, dhidden, dbias = filled
        rows = _steps(of)
        if dinput is not None:
            affine_dw(rows, _steps(batch_last(x)), dinput, threads)
        if dbias is not None:
            np.sum(of, axis=(1, 2), out=dbias)
        if dhidden is not None:
            now, before = self.pair(of, hidden)
            np.matmul(now, before.T, out=dhidden)
        if dx is not None:
            into(batch_last(dx), lambda room: affine_dx(rows, input_weight, room, threads))

    def pair(self, of: Array, hidden: Array) -> tuple[Array, Array]:
        """Steps beside the outputs before them, each [k, (time - 1) * n]."""
        later, earlier = slice(1, None), slice(None, -1)
        if self.reverse:
            later, earlier = earlier, later
        now, before = of[:, later], hidden[:, earlier]
        return now.reshape(len(of), -1), before.reshape(len(hidden), -1)

    def project(self, x: Array, weight: Array, bias: Array, gate: Array, threads: Threads) -> None:
        """The products of all steps with their inputs, into gate [k, time, n]."""
        steps = _steps(batch_last(x))
        into(gate, lambda room: affine(steps, weight, bias, room, threads))

    def onnx_steps(self, g: Onnx, x: str) -> str:
        """[n, features, time] as ONNX has sequences: [time, n, features]."""
        return g.op("Transpose", x, perm=[2, 0, 1])

    def onnx_weight(self, g: Onnx, weight: str, order: tuple[int, ...]) -> str:
        """A weight of this layer with its gates in another order, [1, rows, columns]."""
        columns = g.type(weight).shape[1]
        shape = whole(g, 1, self.units * len(order), columns)
        return g.op("Reshape", g.op("Gather", weight, self._order(g, order), axis=0), shape)

    def onnx_bias(
        self, g: Onnx, bias: str, order: tuple[int, ...], hidden: str | None = None
    ) -> str:
        """The biases of inputs, then those of the hidden values: `hidden`, or zeros."""
        rows = self.units * len(order)
        taken = g.op("Gather", bias, self._order(g, order), axis=0)
        rest = hidden or self.onnx_zeros(g, bias, rows)
        return g.op("Reshape", g.op("Concat", taken, rest, axis=0), whole(g, 1, 2 * rows))

    def onnx_zeros(self, g: Onnx, like: str, count: int) -> str:
        """So many zeros, of the element type of another value."""
        return g.constant(np.zeros(count, NUMPY_DTYPES[g.type(like).dtype]))

    def _order(self, g: Onnx, order: tuple[int, ...]) -> str:
        rows = np.arange(self.units * len(order)).reshape(len(order), self.units)
        return g.constant(rows[list(order)].reshape(-1))

    def onnx_result(self, g: Onnx, y: str) -> str:
        """[time, 1, n, units] as netc has it."""
        if self.last:
            step = g.constant(np.array(0 if self.reverse else -1, np.int64))
            one = g.op("Gather", y, step, axis=0)
            return g.op("Squeeze", one, whole(g, 0))
        flat = g.op("Squeeze", y, whole(g, 1))
        return g.op("Transpose", flat, perm=[1, 2, 0])

    @property
    def onnx_direction(self) -> str:
        return "reverse" if self.reverse else "forward"

    def torch_walk(self, t: Any, x: Any, step: Callable[[Any, Any], tuple[Any, Any]]) -> Any:
        """Run `step(x_t, carried) -> (output, carried)` over all steps and lay the outputs out."""
        carried, outputs = None, {}
        for index, _ in self.walk(x.shape[2]):
            outputs[index], carried = step(x[:, :, index], carried)
        if self.last:
            return outputs[self.final(x.shape[2])]
        return t.stack([outputs[index] for index in sorted(outputs)], 2)


def _steps(array: Array) -> Array:
    """[k, time, n] as [time * n, k]: every step an example, a view where the engine laid it."""
    return array.reshape(len(array), -1).T


def into(out: Array, fill: Callable[[Array], None]) -> None:
    """Have `out` [k, time, n] filled as [time * n, k], in place where its strides allow it."""
    if out.flags.c_contiguous:
        fill(_steps(out))
        return
    room = np.empty(out.shape, out.dtype)
    fill(_steps(room))
    np.copyto(out, room)
