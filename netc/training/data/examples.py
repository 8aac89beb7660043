"""Examples in memory, and the quick way from there into the arrays of a network."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod

import numpy as np

from netc.types import Array, Rng, Shape


@dataclass(frozen=True, eq=False)
class Field:
    """One array of a data set and how its numbers become those of a network.

    `data` has an example in each row and keeps the type of its file: images stay bytes. A
    network gets (v - mean) * scale. With `crop`, it gets a square of that side: from a random
    place while training, else from the middle. With `mirror`, one half of what is trained with is
    turned left to right. What is `flat` comes as a list of its numbers. `classes` is set on class
    labels.
    """

    data: Array
    classes: int | None = None
    mean: float = 0.0
    scale: float = 1.0
    crop: int | None = None
    mirror: bool = False
    flat: bool = False

    def __len__(self) -> int:
        return len(self.data)

    @property
    def shape(self) -> Shape:
        """The shape of one example as a network gets it."""
        whole = self.data.shape[1:]
        if self.crop is not None:
            whole = (*whole[:-2], self.crop, self.crop)
        return (prod(whole),) if self.flat else whole

    def reshaped(self, shape: Shape) -> "Field":
        """The same with one example in another shape of as many numbers; sides of an image stay."""
        whole = shape if self.crop is None else (*shape[:-2], *self.data.shape[-2:])
        return replace(self, data=self.data.reshape(len(self), *whole))

    @property
    def is_whole(self) -> bool:
        """Whether the data are whole numbers from 0, which may be labels."""
        return self.data.dtype.kind in "iub" and not (self.data.size and self.data.min() < 0)

    def as_labels(self) -> "Field":
        """Whole numbers as a map of class labels: those of pixels as they are, and not scaled."""
        most = int(self.data.max()) if self.data.size else 0
        return replace(self, classes=most + 1, mean=0.0, scale=1.0)

    def rows(self, indices: Array) -> "Field":
        """Some of the examples."""
        return replace(self, data=self.data[indices])

    @property
    def offsets(self) -> tuple[int, int]:
        """How many places a crop may begin at, down and across."""
        if self.crop is None:
            return (1, 1)
        high, wide = self.data.shape[-2:]
        return high - self.crop + 1, wide - self.crop + 1

    def fill(
        self,
        indices: Array,
        out: Array,
        at: tuple[Array, Array] | None = None,
        turned: Array | None = None,
    ) -> None:
        """Write the examples at `indices` to `out`, shape (len(indices), *shape), any strides.

        `at` says where each crop begins; without it, crops are of the middle. `turned` says which
        examples are mirrored; without it, none is.
        """
        rows = self._take(indices, at)
        if turned is not None:
            rows[turned] = rows[turned][..., ::-1]
        rows = rows.reshape(len(rows), -1) if self.flat else rows
        taken = np.moveaxis(rows, 0, -1)
        out = np.moveaxis(out, 0, -1)
        if self.mean == 0 and self.scale == 1:
            np.copyto(out, taken, casting="same_kind" if taken.dtype.kind == "f" else "unsafe")
            return
        # Mean and scale have the type of the output, or NumPy would go by way of float64. The mean
        # goes first: beside a large one, the scaled numbers would lose what makes them differ.
        mean, scale = out.dtype.type(self.mean), out.dtype.type(self.scale)
        if self.mean == 0:
            np.multiply(taken, scale, out=out, casting="same_kind")
            return
        np.subtract(taken, mean, out=out, casting="same_kind")
        out *= scale

    def _take(self, indices: Array, at: tuple[Array, Array] | None) -> Array:
        """The examples as they are stored, in an array of their own."""
        if self.crop is None:
            return self.data[indices]
        if at is None:
            down, across = ((places - 1) // 2 for places in self.offsets)
            return self._windows[indices, ..., down, across, :, :]
        return self._windows[indices, ..., at[0], at[1], :, :]

    @cached_property
    def _windows(self) -> Array:
        """Every crop of every image, as a view: (count, ..., down, across, crop, crop)."""
        assert self.crop is not None
        return np.lib.stride_tricks.sliding_window_view(
            self.data, (self.crop, self.crop), axis=(-2, -1)
        )


@dataclass(frozen=True, eq=False)
class Examples:
    """Fields of the same length: row i of each of them belongs to example i."""

    fields: Mapping[str, Field]

    def __len__(self) -> int:
        return min((len(field) for field in self.fields.values()), default=0)

    @property
    def shapes(self) -> dict[str, Shape]:
        """The shape of one example, field by field."""
        return {name: field.shape for name, field in self.fields.items()}

    def fill(
        self, indices: Array, arrays: Mapping[str, Array], rng: Rng, *, training: bool
    ) -> None:
        """Write a batch into the arrays, which are named as the fields.

        Images of the same size are cropped at the same place, and all of an example are mirrored
        or none is, so that an image and its mask stay together. The generator is used only where
        something is random.
        """
        places: dict[tuple[int, int], tuple[Array, Array]] = {}
        turned: Array | None = None
        for name, out in arrays.items():
            field = self.fields[name]
            choices = field.offsets
            if training and prod(choices) > 1 and choices not in places:
                down, across = (rng.integers(0, most, len(indices)) for most in choices)
                places[choices] = (down, across)
            if training and field.mirror and turned is None:
                turned = rng.integers(0, 2, len(indices)) == 1
            field.fill(indices, out, places.get(choices), turned if field.mirror else None)

    def rows(self, indices: Array) -> "Examples":
        """Some of the examples."""
        return Examples({name: field.rows(indices) for name, field in self.fields.items()})


@dataclass(frozen=True, eq=False)
class Dataset:
    """What a source gives. `class_names` is empty where the data do not say how many there are."""

    name: str
    train: Examples
    test: Examples
    class_names: tuple[str, ...] = ()

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all examples and how they are scaled: tells whether data have changed."""
        whole = hashlib.sha256()
        for part in (self.train, self.test):
            for name in sorted(part.fields):
                field = part.fields[name]
                told = (name, field.data.shape, field.data.dtype.str, field.mean, field.scale)
                # `mirror` is younger than digests that are kept: what it leaves alone stays equal.
                drawn = (field.crop, *(["mirror"] if field.mirror else []))
                whole.update(repr((told, *drawn)).encode())
                whole.update(np.ascontiguousarray(field.data).data)
        return whole.hexdigest()


def order(count: int, seed: int, epoch: int) -> Array:
    """The order in which an epoch goes through the examples: int64 of shape (count,).

    It follows from its arguments alone, so a run that goes on needs to know only its step.
    """
    return np.random.default_rng((seed, epoch, _ORDER)).permutation(count)


_ORDER = 0x6F72646572
"""Keeps this stream apart from others that are drawn from the same seed."""


def hold_out(examples: Examples, part: float) -> tuple[Examples, Examples]:
    """Split examples in those to train with, at least one, and those to test with.

    The test examples are drawn by a fixed rule from their numbers alone (those with the lowest
    splitmix64 hash), so the split is the same in every run and does not follow patterns in the
    order of the data. Both keep that order.
    """
    count = len(examples)
    z = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    chosen = np.argsort(z ^ (z >> np.uint64(31)), kind="stable")[
        : min(round(count * part), count - 1)
    ]
    tested = np.zeros(count, np.bool_)
    tested[chosen] = True
    return examples.rows(np.flatnonzero(~tested)), examples.rows(np.flatnonzero(tested))
