"""How a gradient changes the weights: the update rules of the lecture notes and the papers.

Every rule works on flat arrays, in place and in blocks that stay in the processor's cache, so a
step allocates nothing. `decay` is L2 weight decay as in Caffe: decay * w is added to the gradient
before the rule sees it, and so is l1 * sign(w). The loss that is shown has neither in it.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, dataclass_transform

import numpy as np

from netc.options import entered, option
from netc.training.clip import Clipper
from netc.training.limits import Limiter
from netc.types import Array, Number, Pointwise

if TYPE_CHECKING:
    from netc.engines import Group, Limit

OPTIMIZERS: dict[str, type["Optimizer"]] = {}
"""Every optimizer by name."""

_BLOCK = 1 << 16
"""Numbers updated at a time: 256 KB of float32, so a block and its arrays stay in the L2 cache."""


@dataclass(frozen=True)
class Optimizer(ABC):
    """Base of all optimizers: the options that every one of them has.

    `update` changes the weights `w`, given their gradient `g` (read only), the optimizer's own
    arrays, the `rate` of this step, its number `count` (from 1) and an array `t` to work in.
    """

    name: ClassVar[str]
    rate: float
    decay: float
    l1: float

    @property
    def arrays(self) -> tuple[str, ...]:
        """Names of the arrays, each as large as the weights, that go on from step to step."""
        return ()

    @abstractmethod
    def update(
        self, w: Array, g: Array, arrays: Sequence[Array], rate: float, count: int, t: Array
    ) -> None:
        """Move `w` one step."""

    def pace(self, rate: float, count: int) -> tuple[float, ...]:
        """The numbers of one step that `formula` works with."""
        return (rate,)

    @abstractmethod
    def formula(
        self, p: Pointwise, w: Number, g: Number, arrays: Sequence[Number], pace: Sequence[Number]
    ) -> tuple[Number, ...]:
        """`update` for one weight, as arithmetic that `p` writes down: what becomes of the weight,
        and of its number in each array. Compiled code takes one pass for it."""


@dataclass_transform(frozen_default=True, field_specifiers=(option,))
def optimizer(name: str) -> Callable[[type], Any]:
    """Make a class an optimizer and enter it in the registry."""
    return entered(OPTIMIZERS, name)


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

    s = s + g^2; w = w - rate * g / (sqrt(s) + epsilon).
    """

    rate: float = option(0.01, "Learning rate.", main=True, at_least=0)
    epsilon: float = option(1e-8, "Keeps the division from 0.", above=0)
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
        _scaled(g, s, rate, self.epsilon, t)
        w -= t

    def formula(
        self, p: Pointwise, w: Number, g: Number, arrays: Sequence[Number], pace: Sequence[Number]
    ) -> tuple[Number, ...]:
        s = p.add(arrays[0], p.mul(g, g))
        return p.sub(w, _scaled_number(p, g, s, pace[0], self.epsilon)), s


@optimizer("rmsprop")
class Rmsprop(Optimizer):
    """Adagrad that forgets (Tieleman and Hinton 2012, lecture 6.5 of "Neural networks for ML").

    s = smoothing * s + (1 - smoothing) * g^2; w = w - rate * g / (sqrt(s) + epsilon).
    """

    rate: float = option(0.001, "Learning rate.", main=True, at_least=0)
    smoothing: float = option(
        0.9, "How much of the mean of squares is kept in a step.", at_least=0, below=1
    )
    epsilon: float = option(1e-8, "Keeps the division from 0.", above=0)
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
        _scaled(g, s, rate, self.epsilon, t)
        w -= t

    def formula(
        self, p: Pointwise, w: Number, g: Number, arrays: Sequence[Number], pace: Sequence[Number]
    ) -> tuple[Number, ...]:
        s = _averaged(p, arrays[0], p.mul(g, g), self.smoothing)
        return p.sub(w, _scaled_number(p, g, s, pace[0], self.epsilon)), s


@optimizer("adam")
class Adam(Optimizer):
    """Running means of the gradient and of its square, both freed of their start at 0.

    Kingma and Ba 2015, algorithm 1: m = beta1 * m + (1 - beta1) * g,
    v = beta2 * v + (1 - beta2) * g^2,
    w = w - rate * (m / (1 - beta1^n)) / (sqrt(v / (1 - beta2^n)) + epsilon) in step n.
    """

    rate: float = option(0.001, "Learning rate.", main=True, at_least=0)
    beta1: float = option(0.9, "How much of the mean is kept in a step.", at_least=0, below=1)
    beta2: float = option(
        0.999, "How much of the mean of squares is kept in a step.", at_least=0, below=1
    )
    epsilon: float = option(1e-8, "Keeps the division from 0.", above=0)
    decay: float = option(0.0, "L2 weight decay; biases, scales and shifts have none.", at_least=0)
    l1: float = option(0.0, "L1 weight decay, of the same weights.", at_least=0)

    @property
    def arrays(self) -> tuple[str, ...]:
        return ("mean", "square")

    def update(
        self, w: Array, g: Array, arrays: Sequence[Array], rate: float, count: int, t: Array
    ) -> None:
        m, v = arrays
        np.multiply(g, 1 - self.beta1, out=t)
        m *= self.beta1
        m += t
        _average(v, np.multiply(g, g, out=t), self.beta2)
        np.sqrt(v, out=t)
        t *= 1 / np.sqrt(1 - self.beta2**count).item()
        t += self.epsilon
        np.divide(m, t, out=t)
        t *= rate / (1 - self.beta1**count)
        w -= t

    def pace(self, rate: float, count: int) -> tuple[float, ...]:
        return rate / (1 - self.beta1**count), 1 / np.sqrt(1 - self.beta2**count).item()

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


def _scaled(g: Array, square: Array, rate: float, epsilon: float, out: Array) -> None:
    np.sqrt(square, out=out)
    out += epsilon
    np.divide(g, out, out=out)
    out *= rate


def _scaled_number(p: Pointwise, g: Number, square: Number, rate: Number, epsilon: float) -> Number:
    return p.mul(p.div(g, p.add(p.sqrt(square), p.number(epsilon))), rate)


class Updater:
    """An optimizer with the arrays it carries from step to step.

    With `clip`, the gradients are first shortened to it. After a step, weights that have a limit
    are held to it: Hinton et al., Improving neural networks by preventing co-adaptation of
    feature detectors, 2012, section 2.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        weights: Array,
        gradients: Array,
        groups: Sequence["Group"],
        limits: Sequence["Limit"] = (),
        *,
        clip: float | None = None,
    ) -> None:
        self._optimizer = optimizer
        self._weights, self._gradients, self._groups = weights, gradients, groups
        self._limiters = [Limiter(limit) for limit in limits]
        self._clipper = None if clip is None else Clipper(gradients, groups, clip)
        self._arrays = {name: np.zeros_like(weights) for name in optimizer.arrays}
        room = min(_BLOCK, weights.size)
        self._decayed, self._work = np.empty(room, weights.dtype), np.empty(room, weights.dtype)

    @property
    def arrays(self) -> Mapping[str, Array]:
        """The carried arrays by name; filling them is how a stopped training goes on."""
        return self._arrays

    def step(self, rate: float, count: int) -> None:
        """Change the weights by their gradients; `count` is 1 in the first step."""
        if self._clipper is not None:
            self._clipper.apply()
        for group in self._groups:
            if group.rate == 0:
                continue
            for start in range(group.start, group.stop, _BLOCK):
                part = slice(start, min(start + _BLOCK, group.stop))
                self._update(part, group, rate * group.rate, count)
        for limiter in self._limiters:
            limiter.apply()

    def _update(self, part: slice, group: "Group", rate: float, count: int) -> None:
        w, g = self._weights[part], self._gradients[part]
        work, decayed = self._work[: w.size], self._decayed[: w.size]
        decay = self._optimizer.decay * group.decay + group.l2
        l1 = self._optimizer.l1 * group.decay + group.l1
        if decay:
            np.multiply(w, decay, out=decayed)
            decayed += g
            g = decayed
        if l1:
            np.multiply(np.sign(w, out=work), l1, out=work)
            g = np.add(g, work, out=decayed)
        arrays = [array[part] for array in self._arrays.values()]
        self._optimizer.update(w, g, arrays, rate, count, work)
