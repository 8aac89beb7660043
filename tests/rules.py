"""One layer with the arrays of its rules, laid out and lent as an engine does, only without one."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from netc.layers import REGISTRY, Layer, arguments_of, inputs_of
from netc.options import manual, options_of
from netc.types import NUMPY_DTYPES, Array, Dtype, Shape, Tensor

GARBAGE = {"f32": np.nan, "f64": np.nan, "i64": 77, "u8": 77}
"""What room is filled with beforehand: a rule that reads it unasked shows."""


_EXECUTOR = ThreadPoolExecutor(4)


@dataclass(frozen=True)
class Pool:
    """Threads to lend."""

    count: int

    def each(self, work: Callable[[int], None]) -> None:
        list(_EXECUTOR.map(work, range(self.count)))


def engine_array(shape: Shape, dtype: type[np.generic]) -> Array:
    """[n, ...] with the batch innermost in memory."""
    return np.moveaxis(np.empty((*shape[1:], shape[0]), dtype), -1, 0)


def scattered_array(shape: Shape, dtype: type[np.generic]) -> Array:
    """The same shape with gaps along every axis and the axes in reverse order."""
    room = np.empty(tuple(2 * side for side in reversed(shape)), dtype)
    return room[(slice(None, None, 2),) * len(shape)].T


def spaced_array(shape: Shape, dtype: type[np.generic]) -> Array:
    """[n, ...] with the batch innermost, but 16 or 64 bytes from one number to the next.

    There NumPy may take other ways: its 2.4 negates wrongly at these strides.
    """
    step = 4 if np.dtype(dtype).itemsize == 4 else 8
    return np.moveaxis(np.empty((*shape[1:], shape[0], step), dtype)[..., 0], -1, 0)


class Bench:
    """A layer, arrays for every argument of its rules, and the two rules to run on them.

    Inputs and weights are drawn from the normal distribution, labels evenly; all else is garbage.
    """

    def __init__(
        self,
        layer: Layer,
        *types: Tensor,
        batch: int = 2,
        seed: int = 0,
        threads: int = 1,
        training: bool = True,
        new: Any = engine_array,
        dtype: Dtype | None = None,
    ) -> None:
        self.layer, self.types, self.batch, self._new = layer, types, batch, new
        self.kind = type(layer)
        self.dtype = dtype or next((t.dtype for t in types if t.is_float), "f32")
        self.out = self._typed(layer.infer(*types))
        self.names = [name.removeprefix("*") for name in inputs_of(self.kind)]
        self.has_many = inputs_of(self.kind)[0].startswith("*")
        self._rng = np.random.default_rng(seed)
        self.weights = dict(layer.weights(*types))
        self.states = dict(layer.state(*types))
        rooms = {**layer.keep(*types), **layer.work(batch, threads, *types)}
        self.rooms = {name: self._typed(room) for name, room in rooms.items()}
        self.lent = {"threads": Pool(threads), "training": training}
        self.arrays: dict[str, Any] = {}
        self._fill()

    def forward(self) -> Array:
        """Run the rule; returns `y`, filled anew."""
        self._call("forward", {"rng": np.random.default_rng(7)})
        return self.arrays["y"]

    def backward(self, *skip: str) -> dict[str, Array]:
        """Run the rule without the gradients in `skip`; returns all others by name."""
        self._call("backward", {}, skip)
        return {
            name: array
            for name, array in self.gradients().items()
            if name.split("[")[0] not in skip
        }

    def learnable(self) -> dict[str, Array]:
        """Inputs and weights that may have a gradient, by name; those of many as `xs[0]`."""
        named = ((n, a) for n, a in self.spread().items() if n.split("[")[0] in self._learnable)
        return {name: array for name, array in named if array.dtype.kind == "f"}

    def spread(self) -> dict[str, Array]:
        """All arrays by name; those of many as `xs[0]`."""
        return dict(_spread(self.arrays))

    @property
    def _learnable(self) -> tuple[str, ...]:
        return (*self.names, *self.weights)

    def gradients(self) -> dict[str, Array]:
        """All gradients the backward rule fills, by the name of what they are gradients of."""
        if self.kind.backward is None:
            return {}
        wanted = arguments_of(self.kind, "backward")
        named = {
            name[1:]: self.arrays[name]
            for name in wanted
            if name[0] == "d" and name != "dy" and name in self.arrays
        }
        return {n: a for n, a in _spread(named) if a.dtype.kind == "f"}

    def put(self, values: Mapping[str, Array]) -> None:
        """Copy values into arrays of these names."""
        for name, value in values.items():
            base, _, index = name.partition("[")
            target = self.arrays[base][int(index[:-1])] if index else self.arrays[base]
            np.copyto(target, value, casting="same_kind" if target.dtype.kind == "f" else "unsafe")

    def _call(self, rule: str, lent: Mapping[str, Any], skip: tuple[str, ...] = ()) -> None:
        given = {**self.arrays, **self.lent, **lent}
        names = arguments_of(self.kind, rule)
        skipped = {f"d{name}" for name in skip}
        missing = [n for n, may_miss in names.items() if n not in given and not may_miss]
        assert not missing, f"{self.kind.name}.{rule} wants {missing}, which nobody gives"
        getattr(self.layer, rule)(**{n: given[n] for n in names if n in given and n not in skipped})

    def _fill(self) -> None:
        arrays = self.arrays
        inputs = [self._drawn(t) for t in self.types]
        arrays |= (
            {self.names[0]: inputs} if self.has_many else dict(zip(self.names, inputs, strict=True))
        )
        for name, weight in self.weights.items():
            arrays[name] = self._rng.standard_normal(weight.shape).astype(NUMPY_DTYPES[self.dtype])
        for name, state in self.states.items():
            arrays[name] = np.full(state.shape, state.start, NUMPY_DTYPES[self.dtype])
        for name, room in self.rooms.items():
            arrays[name] = self._garbage(room)
        arrays["y"], arrays["dy"] = self._garbage(self.out), self._drawn(self.out)
        for name in (*self.names, *self.weights):
            like = arrays[name]
            arrays[f"d{name}"] = (
                [self._nan(a) for a in like] if isinstance(like, list) else self._nan(like)
            )

    def _typed(self, type: Tensor) -> Tensor:
        """Numbers as the engine decides, whatever the layer says that has none to copy."""
        return replace(type, dtype=self.dtype) if type.is_float else type

    def _empty(self, of: Tensor) -> Array:
        shape, dtype = of.full_shape(self.batch), NUMPY_DTYPES[of.dtype]
        return self._new(shape, dtype) if of.batched else np.empty(shape, dtype)

    def _drawn(self, of: Tensor) -> Array:
        array = self._empty(of)
        if of.classes is not None:
            array[...] = self._rng.integers(0, of.classes, array.shape)
        else:
            array[...] = self._rng.standard_normal(array.shape)
        return array

    def _garbage(self, of: Tensor) -> Array:
        array = self._empty(of)
        array.fill(GARBAGE[of.dtype])
        return array

    def _nan(self, like: Array) -> Array:
        if like.dtype.kind != "f":
            return like
        array = np.empty_like(like)
        array.fill(np.nan)
        return array


def _spread(named: Mapping[str, Any]) -> Iterator[tuple[str, Array]]:
    for name, value in named.items():
        if isinstance(value, list):
            yield from ((f"{name}[{i}]", array) for i, array in enumerate(value))
        else:
            yield name, value


def parse_example(text: str, dtype: str = "f32") -> tuple[Layer, list[Tensor], str]:
    """`conv([3, 6, 5], filters: 4) -> [4, 6, 5]` as a layer, its input types and the result."""
    found = re.fullmatch(r"(\w+)\((.*)\) -> (\S.*)", text.strip())
    assert found, f"not an example of a layer: {text!r}"
    name, arguments, result = found.groups()
    types: list[Tensor] = []
    options: dict[str, Any] = {}
    for part in parts(arguments):
        option = re.fullmatch(r"(\w+): (.+)", part)
        if option:
            options[option[1]] = _value(option[2], options_of(REGISTRY[name])[option[1]].type)
        elif label := re.fullmatch(r"class\((\d+)\)( \[.*\])?", part):
            shape = tuple(ast.literal_eval(label[2].strip())) if label[2] else ()
            types.append(Tensor(shape, "i64", classes=int(label[1])))
        elif part:
            types.append(Tensor(tuple(ast.literal_eval(part)), dtype))
    return REGISTRY[name](**options), types, result


def parts(text: str) -> Iterator[str]:
    """What stands between the commas that are in no bracket."""
    depth = start = 0
    for at, letter in enumerate(text):
        depth += (letter in "[(") - (letter in "])")
        if letter == "," and not depth:
            yield text[start:at].strip()
            start = at + 1
    yield text[start:].strip()


def _value(text: str, wanted: Any) -> Any:
    if text in ("true", "false"):
        return text == "true"
    try:
        value = ast.literal_eval(text)
    except ValueError:
        return text
    if wanted in (float, float | None):
        return float(value)
    return _frozen(value)


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def example_of(kind: type[Layer]) -> str:
    """The line under `Example:` in a layer's manual."""
    return manual(kind)[1].splitlines()[0]
