"""A network in eager PyTorch, written as those who know PyTorch write it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from netc.engines import Store
from netc.ir import Graph, Node
from netc.layers import inputs_of

Arrays = Mapping[str, np.ndarray]

FORMS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}
"""The layouts of PyTorch by name."""

IN_PLACE = ("conv", "dense", "batch_norm", "add")
"""Layers whose answer may be overwritten by a `relu`: none of them needs it for its gradient."""


class TorchPeer:
    """A training step of a graph: forward, backward, SGD with momentum, the loss read. The batch is
    there already, in the layout that is asked for."""

    def __init__(
        self, graph: Graph, batch: Arrays, *, threads: int, form: str, fused: bool, rate: float
    ) -> None:
        torch.set_num_threads(threads)
        self._form = FORMS[form]
        store = Store.fresh(graph, seed=1)
        self._weights = {n: self._tensor(a).requires_grad_(True) for n, a in store.weights.items()}
        self._fixed = {n: self._tensor(a) for n, a in (store.states | dict(batch)).items()}
        self._optimizer = torch.optim.SGD(
            list(self._weights.values()), lr=rate, momentum=0.9, fused=fused
        )
        self._calls = _calls(graph)
        self._losses = [(loss.value, loss.weight) for loss in graph.losses]

    def step(self) -> float:
        values: dict[str, Any] = {**self._weights, **self._fixed}
        for call in self._calls:
            call.run(values)
        loss = sum(values[name] * weight for name, weight in self._losses)
        self._optimizer.zero_grad()
        loss.backward()
        self._optimizer.step()
        return float(loss.item())

    def _tensor(self, array: np.ndarray) -> Any:
        tensor = torch.tensor(array)
        return tensor.contiguous(memory_format=self._form) if tensor.ndim == 4 else tensor


@dataclass(frozen=True)
class Call:
    """One layer: what it reads, by its own names, and what nobody needs after it."""

    function: Callable[..., Any]
    reads: Mapping[str, str | tuple[str, ...]]
    value: str
    dead: tuple[str, ...]

    def run(self, values: dict[str, Any]) -> None:
        given = {
            name: values[read] if isinstance(read, str) else [values[one] for one in read]
            for name, read in self.reads.items()
        }
        values[self.value] = self.function(**given)
        for name in self.dead:
            del values[name]


def _calls(graph: Graph) -> list[Call]:
    """The layers that the losses come from, in order."""
    needed = {loss.value for loss in graph.losses}
    nodes: list[Node] = []
    for node in reversed(graph.nodes):
        if node.value in needed:
            nodes.insert(0, node)
            needed.update(node.reads)
    last = {value: index for index, node in enumerate(nodes) for value in node.inputs}
    kept = {*graph.inputs, *(loss.value for loss in graph.losses)}
    readers = [value for node in nodes for value in node.inputs]
    once = {value for value in readers if readers.count(value) == 1}
    calls = []
    for index, node in enumerate(nodes):
        dead = tuple({v for v in node.inputs if last[v] == index} - kept)
        calls.append(Call(_function(node, graph, once), _taken(node), node.value, dead))
    return calls


def _taken(node: Node) -> dict[str, str | tuple[str, ...]]:
    named = {a.removeprefix("*") for a in inputs_of(type(node.layer))}
    arguments = _arguments(node)
    return {
        name: port
        for name, port in node.ports.items()
        if name != "y" and name not in node.keeps and (name in named or name in arguments)
    }


def _arguments(node: Node) -> tuple[str, ...]:
    code = type(node.layer).torch.__code__
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def _function(node: Node, graph: Graph, once: set[str]) -> Callable[..., Any]:
    """What people write for the layer; of those that are not in the table, its own torch rule."""
    name, layer = type(node.layer).name, node.layer
    if name == "relu":
        maker = graph.producers.get(node.inputs[0])
        inside = maker is not None and type(maker.layer).name in IN_PLACE
        relu = torch.relu_ if inside and node.inputs[0] in once else torch.relu
        return lambda x: relu(x)
    if name in IDIOMS:
        return IDIOMS[name](layer)
    given = {"training": True} if "training" in _arguments(node) else {}
    return lambda **arrays: layer.torch(torch, **arrays, **given)


def _max_pool(layer: Any) -> Callable[..., Any]:
    if layer.kernel == 1:
        return lambda x: x[:, :, :: layer.stride, :: layer.stride]
    up = layer.round == "up"
    return lambda x: functional.max_pool2d(x, layer.kernel, layer.stride, layer.pad, ceil_mode=up)


def _avg_pool(layer: Any) -> Callable[..., Any]:
    up, counted = layer.round == "up", layer.count_pad
    return lambda x: functional.avg_pool2d(
        x, layer.kernel, layer.stride, layer.pad, ceil_mode=up, count_include_pad=counted
    )


def _add(layer: Any) -> Callable[..., Any]:
    return lambda xs: reduce(torch.add, xs)


def _dropout(layer: Any) -> Callable[..., Any]:
    return lambda x: functional.dropout(x, layer.rate)


IDIOMS = {"max_pool": _max_pool, "avg_pool": _avg_pool, "add": _add, "dropout": _dropout}
"""Where a layer's own torch rule, which is for comparing numbers, is not the fastest way."""
