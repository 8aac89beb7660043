"""How a gradient changes the weights: the update rules of the lecture notes and the papers.

Every rule works on flat arrays, in place. `decay` is L2 weight decay as in Caffe: decay * w is
added to the gradient before the rule sees it, and so is l1 * sign(w). The loss that is shown has
neither in it.
"""

from collections.abc import Sequence
from math import sqrt

import numpy as np

from netc.options import COMPAT, option
from netc.training.optimizer import OPTIMIZERS, Optimizer, optimizer
from netc.types import Array, Number, Pointwise

__all__ = ["OPTIMIZERS", "Adadelta", "Adagrad", "Adam", "Optimizer", "Rmsprop", "Sgd"]


@optimizer("sgd")
class Sgd(Optimizer):
    """Stochastic gradient descent, with momentum if wanted (Polyak 1964; CS231n notes, "SGD").

    v = momentum * v + rate * g; w = w - v. The rate is inside the velocity, as in Caffe. With
    `nesterov` the gradient counts as if it were taken one step ahead (Sutskever et al. 2013, in
    the form of Bengio et al. 2012, eq. 7): w = w - (momentum * v + rate * g), with the new v.
    """

    rate: float = option(0.01, "Learning rate.", main=True, at_least=0)
    momentum: float = option(0.0, "How much of the last step goes on.", at_least=0, below=1)
    nesterov: bool = option(False, "Look one step ahead.")
    decay: float = option(0.0, "L2 weight decay; biases, scales and shifts have none.", at_least=0)
    l1: float = option(0.0, "L1 weight decay, of the same weights.", at_least=0)

    @property
    def arrays(self) -> tuple[str, ...]:
        return ("velocity",) if self.momentum else ()

    def update(
        self, w: Array, g: Array, arrays: Sequence[Array], rate: float, count: int, t: Array
    ) -> None:
        np.multiply(g, rate, out=t)
        if arrays:
            (v,) = arrays
            v *= self.momentum
            v += t
            if self.nesterov:
                w -= t
                np.multiply(v, self.momentum, out=t)
            else:
                t = v
        w -= t

    def formula(
        self, p: Pointwise, w: Number, g: Number, arrays: Sequence[Number], pace: Sequence[Number]
    ) -> tuple[Number, ...]:
        move = p.mul(g, pace[0])
        if not arrays:
            return (p.sub(w, move),)
        momentum = p.number(self.momentum)
        v = p.add(p.mul(arrays[0], momentum), move)
        if self.nesterov:
            return p.sub(p.sub(w, move), p.mul(v, momentum)), v
        return p.sub(w, v), v


@optimizer("adagrad")
class Adagrad(Optimizer):
    """Each weight has its own rate, that shrinks with what it has moved (Duchi et al. 2011).

    s = s + g^2; w = w - rate * g / (sqrt(s) + epsilon). With `epsilon_in_root`, as in ConvNetJS,
    w = w - rate * g / sqrt(s + epsilon).
    """

    rate: float = option(0.01, "Learning rate.", main=True, at_least=0)
    epsilon: float = option(1e-8, "Keeps the division from 0.", above=0)
    epsilon_in_root: bool = option(False, "Add `epsilon` before the root is taken.")
    decay: float = option(0.0, "L2 weight decay; biases, scales and shifts have none.", at_least=0)
    l1: float = option(0.0, "L1 weight decay, of the same weights.", at_least=0)

    @property
    def arrays(self) -> tuple[str, ...]:
        return ("square",)

    def update(
        self, w: Array, g: Array, arrays: Sequence[Array], rate: float, count: int, t: Array
    ) -> None:
        (s,) = arrays
        np.multiply(g, g, out=t)
        s += t
        _scaled(g, s, rate, self, t)
        w -= t

    def formula(
        self, p: Pointwise, w: Number, g: Number, arrays: Sequence[Number], pace: Sequence[Number]
    ) -> tuple[Number, ...]:
        s = p.add(arrays[0], p.mul(g, g))
        return p.sub(w, _scaled_number(p, g, s, pace[0], self)), s


@optimizer("rmsprop")
class Rmsprop(Optimizer):
    """Adagrad that forgets (Tieleman and Hinton 2012, lecture 6.5 of "Neural networks for ML").

    s = smoothing * s + (1 - smoothing) * g^2; w = w - rate * g / (sqrt(s) + epsilon). With
    `epsilon_in_root` w = w - rate * g / sqrt(s + epsilon), ConvNetJS's windowgrad.
    """

    rate: float = option(0.001, "Learning rate.", main=True, at_least=0)
    smoothing: float = option(
        0.9, "How much of the mean of squares is kept in a step.", at_least=0, below=1
    )
    epsilon: float = option(1e-8, "Keeps the division from 0.", above=0)
    epsilon_in_root: bool = option(False, "Add `epsilon` before the root is taken.")
    decay: float = option(0.0, "L2 weight decay; biases, scales and shifts have none.", at_least=0)
    l1: float = option(0.0, "L1 weight decay, of the same weights.", at_least=0)

    @property
    def arrays(self) -> tuple[str, ...]:
        return ("square",)

    def update(
        self, w: Array, g: Array, arrays: Sequence[Array], rate: float, count: int, t: Array
    ) -> None:
        (s,) = arrays
        _average(s, np.multiply(g, g, out=t), self.smoothing)
        _scaled(g, s, rate, self, t)
        w -= t

    def formula(
        self, p: Pointwise, w: Number, g: Number, arrays: Sequence[Number], pace: Sequence[Number]
    ) -> tuple[Number, ...]:
        s = _averaged(p, arrays[0], p.mul(g, g), self.smoothing)
        return p.sub(w, _scaled_number(p, g, s, pace[0], self)), s


@optimizer("adadelta")
class Adadelta(Optimizer):
    """Steps as long as those before them, so that no rate must be chosen (Zeiler 2012).

    Zeiler, ADADELTA: An Adaptive Learning Rate Method, algorithm 1:
    s = smoothing * s + (1 - smoothing) * g^2, v = g * sqrt((u + epsilon) / (s + epsilon)),
    u = smoothing * u + (1 - smoothing) * v^2, w = w - rate * v. In the paper the rate is 1.
    """

    rate: float = option(1.0, "Factor on each step.", main=True, at_least=0)
    smoothing: float = option(
        0.95, "How much of the means of squares is kept in a step.", at_least=0, below=1
    )
    epsilon: float = option(1e-6, "Lets the first steps begin, and all of them end.", above=0)
    decay: float = option(0.0, "L2 weight decay; biases, scales and shifts have none.", at_least=0)
    l1: float = option(0.0, "L1 weight decay, of the same weights.", at_least=0)

    @property
    def arrays(self) -> tuple[str, ...]:
        return "square", "move"

    def update(
        self, w: Array, g: Array, arrays: Sequence[Array], rate: float, count: int, t: Array
    ) -> None:
        s, u = arrays
        _average(s, np.multiply(g, g, out=t), self.smoothing)
        np.add(s, self.epsilon, out=t)
        np.divide(u + self.epsilon, t, out=t)
        np.sqrt(t, out=t)
        t *= g
        move = t * rate
        _average(u, np.multiply(t, t, out=t), self.smoothing)
        w -= move

    def formula(
        self, p: Pointwise, w: Number, g: Number, arrays: Sequence[Number], pace: Sequence[Number]
    ) -> tuple[Number, ...]:
        epsilon = p.number(self.epsilon)
        s = _averaged(p, arrays[0], p.mul(g, g), self.smoothing)
        ratio = p.div(p.add(arrays[1], epsilon), p.add(s, epsilon))
        v = p.mul(p.sqrt(ratio), g)
        u = _averaged(p, arrays[1], p.mul(v, v), self.smoothing)
        return p.sub(w, p.mul(v, pace[0])), s, u


@optimizer("adam")
class Adam(Optimizer):
    """Running means of the gradient and of its square, both freed of their start at 0.

    Kingma and Ba 2015, algorithm 1: m = beta1 * m + (1 - beta1) * g,
    v = beta2 * v + (1 - beta2) * g^2,
    w = w - rate * (m / (1 - beta1^n)) / (sqrt(v / (1 - beta2^n)) + epsilon) in step n.
    ConvNetJS (convnet_trainers.js) multiplies by both 1 - beta^n where the paper divides, and
    counts examples as steps: `compat: convnetjs` repeats that.
    """

    rate: float = option(0.001, "Learning rate.", main=True, at_least=0)
    beta1: float = option(0.9, "How much of the mean is kept in a step.", at_least=0, below=1)
    beta2: float = option(
        0.999, "How much of the mean of squares is kept in a step.", at_least=0, below=1
    )
    epsilon: float = option(1e-8, "Keeps the division from 0.", above=0)
    decay: float = option(0.0, "L2 weight decay; biases, scales and shifts have none.", at_least=0)
    l1: float = option(0.0, "L1 weight decay, of the same weights.", at_least=0)
    compat: str = option(
        "none",
        "Whose mistake is repeated: ConvNetJS multiplies where the paper divides.",
        choices=COMPAT,
    )

    @property
    def arrays(self) -> tuple[str, ...]:
        return ("mean", "square")

    def update(
        self, w: Array, g: Array, arrays: Sequence[Array], rate: float, count: int, t: Array
    ) -> None:
        m, v = arrays
        factor, length = self.pace(rate, count)
        np.multiply(g, 1 - self.beta1, out=t)
        m *= self.beta1
        m += t
        _average(v, np.multiply(g, g, out=t), self.beta2)
        np.sqrt(v, out=t)
        t *= length
        t += self.epsilon
        np.divide(m, t, out=t)
        t *= factor
        w -= t

    def counted(self, step: int, batch: int) -> int:
        return step * batch if self.compat == "convnetjs" else step

    def pace(self, rate: float, count: int) -> tuple[float, ...]:
        mean, length = 1 - self.beta1**count, sqrt(1 - self.beta2**count)
        if self.compat == "convnetjs":
            return rate * mean, length
        return rate / mean, 1 / length

    def formula(
        self, p: Pointwise, w: Number, g: Number, arrays: Sequence[Number], pace: Sequence[Number]
    ) -> tuple[Number, ...]:
        m = _averaged(p, arrays[0], g, self.beta1)
        v = _averaged(p, arrays[1], p.mul(g, g), self.beta2)
        length = p.add(p.mul(p.sqrt(v), pace[1]), p.number(self.epsilon))
        return p.sub(w, p.mul(p.div(m, length), pace[0])), m, v


def _average(mean: Array, new: Array, kept: float) -> None:
    """Move a running mean towards `new`, which is overwritten."""
    mean *= kept
    new *= 1 - kept
    mean += new


def _averaged(p: Pointwise, mean: Number, new: Number, kept: float) -> Number:
    return p.add(p.mul(mean, p.number(kept)), p.mul(new, p.number(1 - kept)))


def _scaled(g: Array, square: Array, rate: float, rule: Adagrad | Rmsprop, out: Array) -> None:
    if rule.epsilon_in_root:
        np.add(square, rule.epsilon, out=out)
        np.sqrt(out, out=out)
    else:
        np.sqrt(square, out=out)
        out += rule.epsilon
    np.divide(g, out, out=out)
    out *= rate


def _scaled_number(
    p: Pointwise, g: Number, square: Number, rate: Number, rule: Adagrad | Rmsprop
) -> Number:
    epsilon = p.number(rule.epsilon)
    if rule.epsilon_in_root:
        return p.mul(p.div(g, p.sqrt(p.add(square, epsilon))), rate)
    return p.mul(p.div(g, p.add(p.sqrt(square), epsilon)), rate)
