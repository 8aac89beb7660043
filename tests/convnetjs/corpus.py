"""Numbers that ConvNetJS itself computed, as files hold them, and its order of axes undone.

The small files lie in `tests/data/convnetjs`; the big ones are read where they are beside the
repository, and what needs them is skipped elsewhere.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netc.types import Array

_ROOT = Path(__file__).parents[2]
FOLDERS = (_ROOT / "tests/data/convnetjs", _ROOT.parent / "shared/golden/convnetjs")

SMALL = (
    *("decay_mul", "geometry", "lrn", "maxout_dropout", "npm030_quadtransform", "npm030_tensor"),
    *("pool_ties", "regression", "svm"),
)
BIG = ("autoencoder_small", "mnist", "rldemo", "trainers")
NAMES = (*SMALL, *BIG)


def find(file: str) -> Path | None:
    """Where a file of the corpus is; None where it is not here."""
    return next((path for folder in FOLDERS if (path := folder / file).is_file()), None)


def read(file: str) -> Any:
    """What a file of the corpus says. Skips the test where there is none."""
    return json.loads(text(file))


def text(file: str) -> str:
    path = find(file)
    if path is None:
        pytest.skip(f"the folder ../shared with {file} is not here")
    return path.read_text()


@dataclass(frozen=True)
class Layer:
    """A layer after the sugar is gone; `shape` is that of its output, channels first."""

    type: str
    shape: tuple[int, ...]

    def numbers(self, volume: Sequence[float]) -> Array:
        """A volume of it, which is a list with the channel fastest, then x, then y."""
        return _channels_first(np.array(volume), self.shape)


@dataclass(frozen=True)
class Run:
    """Some updates by one trainer. `steps` are its calls, of one example each."""

    options: Mapping[str, Any]
    steps: Sequence[Mapping[str, Any]]
    weights: Sequence[Mapping[str, Any]]
    is_summary: bool
    after: Sequence[float]

    @property
    def batches(self) -> Iterator[Sequence[Mapping[str, Any]]]:
        size = self.options.get("batch_size", 1)
        for start in range(0, len(self.steps), size):
            yield self.steps[start : start + size]


@dataclass(frozen=True)
class Case:
    """A net with its weights, and what ConvNetJS made of some inputs."""

    name: str
    data: Mapping[str, Any]

    @property
    def definitions(self) -> list[Mapping[str, Any]]:
        """The layers as a user writes them."""
        return list(self.data["layer_defs"])

    @property
    def layers(self) -> list[Layer]:
        return [Layer(found["type"], _shape(found)) for found in self.data["layers"]]

    @property
    def weights(self) -> list[Mapping[str, Any]]:
        """`filters` and `biases` of each layer that has them, before any training."""
        return [
            {
                "layer": place,
                "filters": [_listed(one["w"]) for one in layer["filters"]],
                "biases": _listed(layer["biases"]["w"]),
            }
            for place, layer in enumerate(self.data["net"]["layers"])
            if "filters" in layer
        ]

    @property
    def is_old(self) -> bool:
        """Whether the numbers are those of the npm release, which is older."""
        return "npm" in self.data["source"]

    def loss(self, told: float) -> float:
        """The loss whose gradient it takes. What the npm release tells of a regression is 4 times
        that, and of `svm` the margin more, which the right class has from itself."""
        if not self.is_old:
            return told
        kind = self.layers[-1].type
        return told - 1 if kind == "svm" else told / 4 if kind == "regression" else told

    @property
    def inputs(self) -> Array:
        """All examples: [count, channels, y, x]."""
        first = self.layers[0]
        return np.stack([first.numbers(volume["w"]) for volume in self.data["inputs"]])

    def run(self, name: str) -> Run:
        found = self.data["train"][name]
        is_summary = "params" not in found
        weights = found["params_summary" if is_summary else "params"]
        # What the npm release takes for `eps` is not what the last version takes.
        options = {"eps": 1e-6, **found["options"]} if self.is_old else found["options"]
        return Run(options, found["steps"], weights, is_summary, found["forward_test_after"])

    def order(self, place: int) -> Array:
        """Where the numbers of a filter of a layer lie in the file, in the order they have here."""
        count = len(self.data["net"]["layers"][place]["filters"][0]["w"])
        return self.filters(place, [range(count)]).reshape(-1)

    def filters(self, place: int, volumes: Sequence[Sequence[float]]) -> Array:
        """The weight of a layer, a row for each filter, in the order of axes that netc has."""
        rows = np.array(volumes)
        if self.layers[place].type == "fc":
            shape = self.layers[place - 1].shape
            return _channels_first(rows, shape).reshape(rows.shape)
        made = self.data["net"]["layers"][place]
        return _channels_first(rows, (made["in_depth"], made["sy"], made["sx"]))


def _shape(found: Mapping[str, int]) -> tuple[int, ...]:
    return (found["out_depth"], found["out_sy"], found["out_sx"])


def _listed(numbers: Mapping[str, float] | Sequence[float]) -> list[float]:
    """A typed array of JavaScript is an object in JSON, with its places as keys."""
    if isinstance(numbers, Mapping):
        return [numbers[str(place)] for place in range(len(numbers))]
    return list(numbers)


def _channels_first(volumes: Array, shape: tuple[int, ...]) -> Array:
    channels, *places = shape
    return np.moveaxis(volumes.reshape(*volumes.shape[:-1], *places, channels), -1, -3)


@cache
def _case(name: str) -> Case:
    return Case(name, read(f"{name}.json"))


def case(name: str) -> Case:
    """A file of the corpus. Skips the test where it is not here."""
    return _case(name)


def runs(names: Sequence[str] = NAMES) -> list[tuple[str, str]]:
    """Every trainer of every net that is here, and a word for those that are not."""
    return [
        (name, run)
        for name in names
        for run in (case(name).data["train"] if find(f"{name}.json") else ["all"])
    ]
