"""Data made on the spot: noise for any net, and examples of another source put together anew."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

import numpy as np

from netc.diag import bytes_text, quoted
from netc.options import option
from netc.room import available
from netc.training.data.examples import Dataset, Examples, Field
from netc.training.data.find import Where
from netc.training.data.problems import unusable
from netc.training.data.source import SOURCES, Source, source
from netc.types import Array, Reject, Rng, Tensor

T = TypeVar("T")

_NOISE, _PAIRS = 0x6E6F697365, 0x7061697273
"""Keep what is drawn here apart from other draws with the same seed."""


@source("random")
class Random(Source):
    """Noise for every input of any net, to try its training without data.

    Numbers are drawn from the normal distribution, labels evenly. Open sizes are 224. A quarter
    as many examples are for testing. `netc train FILE --set train.data=random --steps 1` shows
    that a net trains at all, and how long a step takes.

    Fields: those that the net has inputs for.

    Example:
        random(examples: 256)
    """

    examples: int = option(64, "How many there are to train with.", main=True, at_least=1)
    seed: int = option(1, "What they are drawn with.", at_least=0)

    def open_for(self, inputs: Mapping[str, Tensor], where: Where) -> Dataset:
        rng = np.random.default_rng((self.seed, _NOISE))
        counts = (self.examples, max(self.examples // 4, 1))
        self._require_room(sum(counts), inputs)
        train, test = (
            Examples({name: _noise(type.at_witness, count, rng) for name, type in inputs.items()})
            for count in counts
        )
        return Dataset(self.name, train, test)

    def _require_room(self, count: int, inputs: Mapping[str, Tensor]) -> None:
        one = sum(type.at_witness.size * (8 if type.classes else 4) for type in inputs.values())
        free = available()
        if free is None or count * one <= free:
            return
        takes = f"{self.examples:,} examples and a quarter more take {bytes_text(count * one)}"
        most = int(free / one / 1.25)
        way = f"set `examples` to {most:,} or less" if most else "make the inputs smaller"
        raise Reject("examples", f"{takes}, and {bytes_text(free)} are free", help=way)


def _noise(type: Tensor, count: int, rng: Rng) -> Field:
    shape = type.full_shape(count)
    if type.classes is None:
        return Field(rng.standard_normal(shape, np.float32))
    return Field(rng.integers(0, type.classes, shape), classes=type.classes)


@source("pairs")
class Pairs(Source):
    """Pairs of the examples of another source, and whether both are of one class.

    For nets with two branches that share their weights (Bromley et al., Signature Verification
    using a "Siamese" Time Delay Neural Network, 1993). Each example comes once on the left; half
    of them have one of the same class beside them, the others one of another class. The pairs
    stay the same in every epoch; those for testing are made of test examples alone.

    Fields: `left` and `right`, each like the one array of the source, and `same`, class(2):
    1 where both are of one class.

    Example:
        pairs(of: mnist(), seed: 3)
    """

    of: Source = option(
        doc="The source: one array and one label for each example.",
        main=True,
        kinds=SOURCES,
        noun="data source",
    )
    seed: int = option(1, "What the pairs are drawn with.", at_least=0)

    def open_for(self, inputs: Mapping[str, Tensor], where: Where) -> Dataset:
        return self._paired(_tried(lambda: self.of.open_for({}, where)))

    def outline(self, where: Where) -> Dataset | None:
        known = _tried(lambda: self.of.outline(where))
        return None if known is None else self._paired(known)

    def _paired(self, whole: Dataset) -> Dataset:
        rng = np.random.default_rng((self.seed, _PAIRS))
        train, test = (self._pairs(part, rng) for part in (whole.train, whole.test))
        return Dataset(self.name, train, test, ("different", "same"))

    def _pairs(self, examples: Examples, rng: Rng) -> Examples:
        labels = [f for f in examples.fields.values() if f.classes is not None and not f.shape]
        numbers = [f for f in examples.fields.values() if f.classes is None]
        if (len(labels), len(numbers), len(examples.fields)) != (1, 1, 2):
            has = quoted(examples.fields) or "nothing"
            reason = f"pairs are made of one array and one label, and `{self.of.name}` gives {has}"
            raise Reject("of", reason, help="choose a source of labelled images, such as `mnist()`")
        known = labels[0].data.reshape(-1)
        if len(known) and len(np.unique(known)) < 2:
            raise unusable(f"all examples of `{self.of.name}` are of one class")
        same = rng.permutation(np.arange(len(known)) % 2 == 0)
        left, right = numbers[0], numbers[0].rows(_partners(known, same, rng))
        return Examples({"left": left, "right": right, "same": Field(same.astype(np.int64), 2)})


@source("reconstruct")
class Reconstruct(Source):
    """The examples of another source, each of which is its own target: for autoencoders.

    Crops and mirrors are those of what the target is made of. Where an input of the net takes a
    list, such as `[784]`, it is given one.

    Fields: those of the source, of which one is an array, and `target`, the same numbers.

    Example:
        reconstruct(of: mnist())
    """

    of: Source = option(
        doc="The source: one array for each example.", main=True, kinds=SOURCES, noun="data source"
    )

    def open_for(self, inputs: Mapping[str, Tensor], where: Where) -> Dataset:
        return self._with_target(_tried(lambda: self.of.open_for({}, where)), inputs)

    def outline_for(self, inputs: Mapping[str, Tensor], where: Where) -> Dataset | None:
        known = _tried(lambda: self.of.outline(where))
        return None if known is None else self._with_target(known, inputs)

    def _with_target(self, whole: Dataset, inputs: Mapping[str, Tensor]) -> Dataset:
        lists = {name for name, type in inputs.items() if type.classes is None and type.rank == 1}
        train, test = (self._examples(part, lists) for part in (whole.train, whole.test))
        return Dataset(self.name, train, test, whole.class_names)

    def _examples(self, examples: Examples, lists: set[str]) -> Examples:
        """The examples with their targets; `lists` are the inputs that take lists of numbers."""
        names = [name for name, field in examples.fields.items() if field.classes is None]
        if len(names) != 1 or "target" in examples.fields:
            has = quoted(examples.fields) or "nothing"
            reason = f"a target is made of the one array there is, and `{self.of.name}` gives {has}"
            raise Reject("of", reason, help="choose a source of images, such as `mnist()`")
        made = replace(examples.fields[names[0]], flat=bool(lists - {"target"}))
        target = replace(made, flat="target" in lists)
        return Examples({**examples.fields, names[0]: made, "target": target})


def _tried(read: Callable[[], T]) -> T:
    """What another source gives, whose options are at fault where `of` is written."""
    try:
        return read()
    except Reject as reject:
        raise Reject("of", reject.reason, help=reject.help) from None


def _partners(labels: Array, same: Array, rng: Rng) -> Array:
    """For each example the number of another, of the same class or not.

    An example that is alone in its class is its own partner.
    """
    by_class = np.argsort(labels, kind="stable")
    place = np.empty_like(by_class)
    place[by_class] = np.arange(len(labels))
    _, of, counts = np.unique(labels, return_inverse=True, return_counts=True)
    first, count = (np.cumsum(counts) - counts)[of], counts[of]
    steps = rng.integers(1, np.maximum(count, 2))
    within = first + (place - first + np.where(count > 1, steps, 0)) % count
    beyond = first + count + rng.integers(0, len(labels) - count)
    partners: Array = by_class[np.where(same, within, beyond) % len(labels)]
    return partners
