"""The words every package uses: the type of a value, and what is lent to rules."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import prod
from typing import Any, Literal, NewType, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Rng = np.random.Generator
Shape = tuple[int, ...]
Dtype = Literal["f32", "f64", "i64", "u8"]
Phase = Literal["train", "test"]

NUMPY_DTYPES: dict[Dtype, type[np.generic]] = {
    "f32": np.float32,
    "f64": np.float64,
    "i64": np.int64,
    "u8": np.uint8,
}


@dataclass(frozen=True)
class Tensor:
    """The type of a value: its shape for one example, and its element type.

    The batch axis is never part of `shape`, and a side may be open: a `Size` of netc.sizes, which
    stands for a number that is not known yet. A `batched` value carries one such array for each
    example; weights, states and losses are not batched. `classes` is set on class labels and
    holds how many classes there are; labels with a shape are a map or a sequence of them.
    """

    shape: Shape
    dtype: Dtype = "f32"
    batched: bool = True
    classes: int | None = None

    @property
    def rank(self) -> int:
        """Number of axes, the batch not counted."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of elements in one example."""
        return prod(self.shape)

    @property
    def is_float(self) -> bool:
        """Whether the elements are floating point numbers, and no labels or bytes."""
        return self.dtype in ("f32", "f64")

    def full_shape(self, batch: int) -> Shape:
        """The shape of the array that holds `batch` examples."""
        return (batch, *self.shape) if self.batched else self.shape

    def bytes(self, batch: int) -> int:
        """Memory of the array that holds `batch` examples; open sizes count as their witnesses."""
        count = prod(map(int, self.full_shape(batch)))
        return count * np.dtype(NUMPY_DTYPES[self.dtype]).itemsize

    @property
    def at_witness(self) -> "Tensor":
        """The type with the witness in place of every open size."""
        return replace(self, shape=tuple(map(int, self.shape)))

    def __str__(self) -> str:
        if self.classes is not None:
            sizes = f" {show_shape(self.shape)}" if self.shape else ""
            return f"class({self.classes}){sizes}"
        return show_shape(self.shape)


def show_shape(shape: Shape) -> str:
    """A shape as users write it: `[16, 4, 4]`, `[16, h // 2, w // 2]`."""
    return f"[{', '.join(map(str, shape))}]"


class Reject(Exception):
    """A layer refuses its inputs or options.

    `culprit` names an option (`"kernel"`), an input (`"x"`) or one of many inputs (`"xs[1]"`).
    The builder, which holds the source, turns the name into a place; a layer never sees one.
    `change` is an option that was left out and its value, as written, that would mend it.
    """

    def __init__(
        self, culprit: str, reason: str, *, help: str = "", change: tuple[str, str] | None = None
    ) -> None:
        super().__init__(reason)
        self.culprit = culprit
        self.reason = reason
        self.help = help
        self.change = change


class Bug(Exception):
    """Something that cannot be, was: a fault of netc, never of its user."""


class Threads(Protocol):
    """What the engine lends to a rule that shares its work among threads."""

    @property
    def count(self) -> int:
        """How many threads may work at once; also how many work areas the plan made."""
        ...

    def each(self, work: Callable[[int], None]) -> None:
        """Call `work(t)` for t in 0..count-1, each in a thread of its own, and wait for all."""
        ...


Number = NewType("Number", int)
"""A number of a formula, or a condition, by the place at which it was written down."""


class Pointwise(Protocol):
    """What is lent to a layer's `formula` and `gradient`: arithmetic on the numbers at one place,
    which is written down and not done."""

    def number(self, number: float) -> Number:
        """A constant."""
        ...

    def add(self, a: Number, b: Number) -> Number: ...
    def sub(self, a: Number, b: Number) -> Number: ...
    def mul(self, a: Number, b: Number) -> Number: ...
    def div(self, a: Number, b: Number) -> Number: ...

    def maximum(self, a: Number, b: Number) -> Number:
        """The greater; b where one of them is no number."""
        ...

    def minimum(self, a: Number, b: Number) -> Number:
        """The smaller; b where one of them is no number."""
        ...

    def greater(self, a: Number, b: Number) -> Number:
        """The condition a > b."""
        ...

    def equal(self, a: Number, b: Number) -> Number:
        """The condition a = b."""
        ...

    def select(self, condition: Number, a: Number, b: Number) -> Number:
        """a where the condition holds, else b."""
        ...

    def absolute(self, x: Number) -> Number: ...
    def exp(self, x: Number) -> Number: ...
    def expm1(self, x: Number) -> Number: ...
    def log(self, x: Number) -> Number: ...
    def log1p(self, x: Number) -> Number: ...
    def sqrt(self, x: Number) -> Number: ...
    def tanh(self, x: Number) -> Number: ...
    def sigmoid(self, x: Number) -> Number: ...

    def normal_cdf(self, x: Number) -> Number:
        """How likely a number of the normal distribution is below x."""
        ...

    def floor(self, x: Number) -> Number: ...


class Onnx(Protocol):
    """What the ONNX exporter lends to a layer's `onnx` rule. Values are names."""

    @property
    def opset(self) -> int:
        """The version of the operators that is written."""
        ...

    def op(self, kind: str, *inputs: str, output: int = 0, **attributes: Any) -> str:
        """Add a node and return the name of one output, the first if not told which.

        An empty input name means absent.
        """
        ...

    def constant(self, array: Array) -> str:
        """Add a constant and return its name."""
        ...

    def type(self, value: str) -> Tensor:
        """The type netc proved for one of the layer's own inputs or weights."""
        ...
