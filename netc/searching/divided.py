"""The training examples of a search divided in two: to learn from, and to score by."""

from dataclasses import replace

from netc import spec
from netc.diag import Problem
from netc.ir import Graph
from netc.searching.problems import NothingHeldOut
from netc.training import Dataset, Settings, Where, hold_out, open_data
from netc.types import Tensor

_Key = tuple[object, tuple[tuple[str, Tensor], ...]]


class Divided:
    """Opens the data of a net as `open_data` does, with a part of the training examples in the
    place of the test examples, which nobody sees.

    They stay in memory for the next trial, as long as it takes the same.
    """

    def __init__(self, part: float) -> None:
        self._part = part
        self._key: _Key | None = None
        self._opened: tuple[Dataset, str] | None = None

    def __call__(
        self, whole: spec.Spec, graph: Graph, settings: Settings, where: Where
    ) -> tuple[Dataset, str] | list[Problem]:
        key = settings.data, tuple((name, graph.types[name]) for name in graph.inputs)
        if self._opened is not None and key == self._key:
            return self._opened
        self.forget()  # Before others are read: there may be no room for both.
        opened = open_data(whole, graph, settings, where)
        if not isinstance(opened, tuple):
            return opened
        data, digest = opened
        learned, held = hold_out(data.train, self._part)
        if len(held) == 0:
            place = settings.places.get("data")
            return [NothingHeldOut(place, examples=len(data.train))]
        self._key, self._opened = key, (replace(data, train=learned, test=held), digest)
        return self._opened

    def forget(self) -> None:
        """Give the memory of the data back."""
        self._opened = None
