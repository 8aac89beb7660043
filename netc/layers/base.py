"""What a layer type is, and the registry of them.

A layer type is one frozen class. Its fields are its options, its docstring is its manual, and
its methods are its rules. The arguments of `forward` and `backward` are bound by name, so a
signature says which arrays a rule reads and writes, and the plan frees the rest:

- the names in `infer(...)` (`x`, `scores`, `*xs`) are the inputs; `y` is the output
- keys of `weights(...)`: what training learns
- keys of `state(...)`: what lives from step to step, such as running means
- keys of `keep(...)`: what `forward` makes for `backward`
- keys of `work(...)`: room that one call may use and nobody reads afterwards
- `d` and any of the inputs, weights or `y`: its gradient; given for `dy`, to be filled for the rest
- `rng`, `training`, `threads`: lent by the engine

A metric is a mean over the examples, or counts that are added up over a whole test set: `Metric`.

A layer that computes each number of `y` from the numbers at the same place may also say so as
arithmetic, in `formula` and `gradient`: compiled engines fuse that into the loops beside it.

Rules fill the arrays they are given; every array but weights, states and losses has the batch
as its first axis. A gradient argument with the default None is left out when nobody needs it.
An input whose gradient is 0 wherever there is one has no argument for it, and none flows there.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import prod
from typing import Any, ClassVar, dataclass_transform

from netc.layers.initializers import Constant, Initializer
from netc.options import entered, manual, option
from netc.sizes import is_open, way_to_close
from netc.types import Array, Number, Phase, Reject, Tensor, show_shape

REGISTRY: dict[str, type["Layer"]] = {}
"""Every layer type by name."""

FAMILIES = (
    *("convolution", "dense", "pooling", "normalization", "activation", "arithmetic", "softmax"),
    *("dropout", "combine", "shape", "recurrent", "loss", "measure"),
)
"""The families of layer types, in the order in which a manual has them."""

LENT = ("rng", "training", "threads")
"""Arguments of a rule that are not arrays: the engine lends them."""


@dataclass(frozen=True)
class Weight:
    """An array that training learns, and how it starts.

    `fan_in` and `fan_out` are the numbers of values that each output is made of, and that each
    input goes to; initializers scale by them. `rate` and `decay` are factors on the learning
    rate and on the weight decay; a rate of 0 freezes, and biases are usually not decayed. Beside
    the decay, `l1` times the sign of a weight and `l2` times the weight are added to its gradient.

    A row of a weight is what goes into one unit or filter; `max_norm` is how long (L2) a row may
    be after a step of training. The units are the axis `unit_axis`, which is None where the weight
    has no rows, as a bias has not; where it is 1, axis 0 is cut into `groups` and each has all of
    these units.
    """

    shape: tuple[int, ...]
    init: Initializer = Constant(value=0.0)
    fan_in: int = 1
    fan_out: int = 1
    rate: float = 1.0
    decay: float = 1.0
    max_norm: float | None = None
    l1: float = 0.0
    l2: float = 0.0
    unit_axis: int | None = 0
    groups: int = 1

    def __post_init__(self) -> None:
        if is_open(self.shape):
            reason = f"a weight would be {show_shape(self.shape)}, which is not known"
            raise Reject("", reason, help=way_to_close(self.shape))

    @property
    def has_rows(self) -> bool:
        """Whether there is a row of weights for each unit."""
        return len(self.shape) > 1 and self.unit_axis is not None

    def rows(self, array: Array) -> Array:
        """An array of this weight as the view [..., parts, size]: a row is the last two axes."""
        if self.unit_axis == 0:
            return array.reshape(len(array), 1, -1)
        parted = array.reshape(self.groups, -1, self.shape[1], prod(self.shape[2:]))
        return parted.swapaxes(1, 2)


@dataclass(frozen=True)
class State:
    """An array a layer carries from step to step, and the number it is filled with at first."""

    shape: tuple[int, ...]
    start: float = 0.0


@dataclass(frozen=True)
class Window:
    """The part of the input, along each axis of an image, that one output is made of.

    The first window begins `pad` places before the image. A stride below 1 is that of a layer that
    makes the image larger.
    """

    kernel: tuple[int, ...]
    stride: tuple[Fraction | int, ...]
    pad: tuple[int, ...] = ()


class Layer:
    """Base of every layer type. `forward` and `backward` must be given; the rest is optional."""

    name: ClassVar[str]
    family: ClassVar[str]
    forward: ClassVar[Callable[..., None]]
    backward: ClassVar[Callable[..., None] | None]
    """None for metrics and for what makes class labels: no gradient flows through them."""

    formula: ClassVar[Callable[..., Number] | None] = None
    """`formula(p, inputs and weights by name) -> y`: the number at one place, as arithmetic that
    `p`, a `Pointwise`, writes down. A weight is the number of the place's channel, or its only
    number; many inputs (`*xs`) are a sequence. `training` is lent."""

    gradient: ClassVar[Callable[..., dict[str, Number]] | None] = None
    """`gradient(p, dy, y, inputs and weights by name) -> {"dx": ..., "dscale": ...}`: what
    `backward` fills, at one place; of many inputs `"dxs[0]"`, `"dxs[1]"`... The gradient of a
    weight is the sum over the places that it is used at. Whatever it does not ask for need not
    be there. Of a loss, `formula` is what a place adds to the sum of an example, and the loss is
    the mean over the examples; `dy` is the gradient of that sum."""

    infer: ClassVar[Callable[..., Tensor]] = lambda self, x: x
    """Give the type of `y`, or raise `Reject`. Its parameters are the layer's inputs."""

    weights: ClassVar[Callable[..., dict[str, Weight]]] = lambda self, *types: {}
    """Arrays that training learns."""

    state: ClassVar[Callable[..., dict[str, State]]] = lambda self, *types: {}
    """Arrays that live from step to step."""

    keep: ClassVar[Callable[..., dict[str, Tensor]]] = lambda self, *types: {}
    """Arrays `forward` makes for `backward`, such as a mask."""

    work: ClassVar[Callable[..., dict[str, Tensor]]] = lambda self, batch, threads, *types: {}
    """Room for one call of a rule: `work(batch, threads, *input types)`."""

    macs: ClassVar[Callable[..., int]] = lambda self, *types: 0
    """Multiply-adds of the forward rule for one example; bias not counted."""

    window: ClassVar[Callable[..., Window | None]] = lambda self, *types: None
    """What part of an image one output sees; None when it sees its own place alone."""

    overlay: ClassVar[Mapping[str, str]] = {}
    """`{"y": "x"}`: the rule stays right when `y` is laid over an `x` nobody needs any more."""

    view: ClassVar[bool] = False
    """`y` is `x` in another shape: the plan gives both the same memory and no rule runs."""

    splits: ClassVar[bool] = False
    """The rules treat each channel (axis 1 of `x`) alone, so threads may share the channels."""

    counts: ClassVar[Callable[..., int] | None] = None
    """How many examples of a batch the value is the mean of: `counts(label)`; None for all."""

    roles: ClassVar[tuple[str, ...]] = ()
    """The roles this type is made for, `loss` or `metric`; empty for ordinary layers."""

    def of_batch(self) -> "Layer | None":
        """The same layer with states that are the statistics of one batch: where they were zero,
        training with a batch leaves its own there. The mean over many batches is what the states
        should be after training. None where they are no statistics.
        """
        return None

    def bypass(self, phase: Phase) -> str | None:
        """The input that passes unchanged in a phase; None where the layer does anything."""
        return None


@dataclass_transform(frozen_default=True, field_specifiers=(option,))
def layer(name: str, *, family: str) -> Callable[[type], Any]:
    """Make a class a layer type: freeze it and enter it in the registry."""

    def define(cls: type[Layer]) -> Any:
        if not manual(cls)[1]:
            raise TypeError(f"layer {name!r}: the docstring needs an `Example:`")
        cls.family = family
        return entered(REGISTRY, name)(cls)

    return define


@dataclass_transform(frozen_default=True, field_specifiers=(option,))
def with_options(cls: type[Layer]) -> Any:
    """Make a class whose options several layer types share; it is none itself."""
    return dataclass(frozen=True)(cls)


def families() -> dict[str, list[type["Layer"]]]:
    """Every layer type by its family, in the order of a manual."""
    kinds = sorted(REGISTRY.values(), key=lambda kind: kind.name)
    return {family: [k for k in kinds if k.family == family] for family in FAMILIES}


def inputs_of(cls: type) -> tuple[str, ...]:
    """Input names of a layer type; a name with a star takes any number of values."""
    return _inputs_of(cls)


def arguments_of(cls: type, rule: str) -> Mapping[str, bool]:
    """Arguments of a rule by name, `self` left out; True where the argument may be left out."""
    return _arguments_of(cls, rule)


@cache
def _inputs_of(cls: Any) -> tuple[str, ...]:
    found = list(inspect.signature(cls.infer).parameters.values())[1:]
    return tuple("*" * (p.kind is p.VAR_POSITIONAL) + p.name for p in found)


@cache
def _arguments_of(cls: type, rule: str) -> Mapping[str, bool]:
    parameters = list(inspect.signature(getattr(cls, rule)).parameters.values())[1:]
    return {p.name: p.default is not p.empty for p in parameters}


def has_weights(cls: type[Layer]) -> bool:
    """Whether layers of this type can have something to learn."""
    return cls.weights is not Layer.weights
