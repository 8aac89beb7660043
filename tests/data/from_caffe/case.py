"""One case that Caffe ran: its arrays, by the names that a rule of netc has for them."""

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.data.from_caffe.prototxt import Message

Case = tuple[str, Message, dict[str, np.ndarray]]
"""Type and options of a netc layer, and arrays by the names of netc's rules."""


class Skip(Exception):
    """Why netc has no layer for a case."""


CONVERTERS: dict[str, Callable[[Message, "Golden"], Case]] = {}


class Golden:
    """The arrays of one case."""

    def __init__(self, case: Message, layer: Message, arrays: Any) -> None:
        self.case, self.layer, self.arrays = case, layer, arrays
        self.bottoms, self.tops = layer["bottoms"], layer["tops"]

    @property
    def x(self) -> np.ndarray:
        return self.input(0)

    def input(self, index: int) -> np.ndarray:
        return self.arrays[f"in/{self.bottoms[index]}"]

    @property
    def y(self) -> np.ndarray:
        return self.arrays[f"blob/{self.tops[0]}"]

    def get(self, key: str) -> np.ndarray | None:
        return self.arrays[key] if key in self.arrays.files else None

    def param(self, index: int, kind: str = "param") -> np.ndarray | None:
        return self.get(f"{kind}/{self.layer['name']}/{index}")

    def values(self, *names: str) -> dict[str, np.ndarray]:
        """Inputs by these names with their gradients, the output and the gradient put into it."""
        found: dict[str, Any] = {"y": self.y, "dy": self.get(f"seed/{self.tops[0]}")}
        if self.tops[0] in self.case.get("loss_weights", {}):
            found["dy"] = np.float32(self.case["loss_weights"][self.tops[0]])
        for index, name in enumerate(names):
            found[name] = self.input(index)
            found[f"d{name}"] = self.get(f"diff/{self.bottoms[index]}")
        return {name: value for name, value in found.items() if value is not None}

    def weights(self, *names: str) -> dict[str, np.ndarray]:
        found = {}
        for index, name in enumerate(names):
            found |= {name: self.param(index), f"d{name}": self.param(index, "pdiff")}
        return {name: value for name, value in found.items() if value is not None}


def caffe(*types: str) -> Callable[[Any], Any]:
    def enter(convert: Any) -> Any:
        CONVERTERS.update(dict.fromkeys(types, convert))
        return convert

    return enter


def labels_of(g: Golden) -> np.ndarray:
    """A label for each place of the first bottom."""
    return g.input(1).reshape(len(g.x), *g.x.shape[2:]).astype(np.int64)


def sides(p: Message, both: str, each: str, default: int | None = None) -> Any:
    """One number for all axes, or a list; Caffe's `_h` and `_w` forms leave out zeros."""
    if f"{each}_h" in p or f"{each}_w" in p:
        return [p.get(f"{each}_{axis}", [0])[0] for axis in "hw"]
    given = p.get(both, [default])
    return given[0] if len(given) == 1 else given
