"""What outlives a run: weights, their gradients, and states."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from zlib import crc32

import numpy as np

from netc.engines.flat import flat_zeros
from netc.ir import Graph
from netc.types import NUMPY_DTYPES, Array, Dtype


@dataclass(frozen=True)
class Group:
    """A run of the flat arrays whose weights share their factors on rate and decay, and what is
    added to their gradients: `l1` times their sign, `l2` times themselves."""

    start: int
    stop: int
    rate: float
    decay: float
    l1: float = 0.0
    l2: float = 0.0


@dataclass(frozen=True, eq=False)
class Limit:
    """A weight as rows [..., parts, size], one for each unit or filter in the axes before, and
    how long (L2) a row may be."""

    rows: Array
    norm: float


@dataclass(frozen=True, eq=False)
class Store:
    """All weights in one flat array, and their gradients in another, in the same order.

    `weights`, `gradients` and `states` are views by name of the weight or state; `order` has the
    names of the weights in the order of their layers. Several engines may share a store: what one
    trains, the other tests.
    """

    flat_weights: Array
    flat_gradients: Array
    weights: Mapping[str, Array]
    gradients: Mapping[str, Array]
    states: Mapping[str, Array]
    groups: tuple[Group, ...]
    limits: tuple[Limit, ...] = ()
    order: tuple[str, ...] = ()

    @classmethod
    def fresh(cls, graph: Graph, *, seed: int = 0, dtype: Dtype = "f32") -> "Store":
        """Weights as their initializers draw them. The draw depends on the seed and on the name of
        the weight alone, so a layer added elsewhere changes no other."""
        store = cls.blank(graph, dtype=dtype)
        for name, weight in graph.weights.items():
            rng = np.random.default_rng([seed, crc32(name.encode())])
            drawn = weight.init.fill(weight.shape, weight.fan_in, weight.fan_out, rng)
            store.weights[name][...] = drawn
        return store

    @classmethod
    def blank(cls, graph: Graph, *, dtype: Dtype = "f32") -> "Store":
        """Weights of zero, to be filled from a file, and states as they start."""
        order = sorted(graph.weights, key=lambda w: _factors(graph, w))
        count = sum(graph.types[w].size for w in order)
        kind = NUMPY_DTYPES[dtype]
        flat_weights = flat_zeros(count, kind, slot=0)
        flat_gradients = flat_zeros(count, kind, slot=1)
        weights = _views(graph, order, flat_weights)
        gradients = _views(graph, order, flat_gradients)
        states = {n: np.full(s.shape, s.start, kind) for n, s in graph.states.items()}
        groups, limits = _groups(graph, order), _limits(graph, weights)
        return cls(
            flat_weights,
            flat_gradients,
            weights,
            gradients,
            states,
            groups,
            limits,
            tuple(graph.weights),
        )

    def with_states(self, graph: Graph) -> "Store":
        """The same arrays, and new ones for the states of a graph that are not among them."""
        kind = self.flat_weights.dtype
        new = {
            name: np.full(state.shape, state.start, kind)
            for name, state in graph.states.items()
            if name not in self.states
        }
        return replace(self, states={**self.states, **new})

    @property
    def arrays(self) -> dict[str, Array]:
        """Weights, then states, by name and in that order: what a file of weights holds."""
        return {**dict(sorted(self.weights.items())), **dict(sorted(self.states.items()))}

    @property
    def bytes(self) -> int:
        """Memory of all arrays."""
        return 2 * self.flat_weights.nbytes + sum(s.nbytes for s in self.states.values())


def _factors(graph: Graph, name: str) -> tuple[float, ...]:
    weight = graph.weights[name]
    return (weight.rate, weight.decay, weight.l1, weight.l2)


def _views(graph: Graph, order: list[str], flat: Array) -> dict[str, Array]:
    views: dict[str, Array] = {}
    at = 0
    for name in order:
        type = graph.types[name]
        views[name] = flat[at : at + type.size].reshape(type.shape)
        at += type.size
    return views


def _groups(graph: Graph, order: list[str]) -> tuple[Group, ...]:
    groups: list[Group] = []
    at = 0
    for factors, names in groupby(order, key=lambda w: _factors(graph, w)):
        size = sum(graph.types[name].size for name in names)
        groups.append(Group(at, at + size, *factors))
        at += size
    return tuple(groups)


def groups_that_learn(graph: Graph, store: Store) -> tuple[Group, ...]:
    """The groups of a store for a graph with gradients: a weight without one stays as it is, and
    does not decay, as those of a part that only works outside training."""
    weights = {
        name: weight if name in graph.gradients else replace(weight, rate=0.0)
        for name, weight in graph.weights.items()
    }
    return _groups(graph.replace(weights=weights), list(store.weights))


def _limits(graph: Graph, weights: Mapping[str, Array]) -> tuple[Limit, ...]:
    """The limits of the weights that learn; what is frozen stays as it is."""
    return tuple(
        Limit(weight.rows(array), weight.max_norm)
        for name, array in weights.items()
        if (weight := graph.weights[name]).max_norm is not None and weight.rate != 0
    )
