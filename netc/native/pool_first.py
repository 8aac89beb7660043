"""Pooling before rectifying: the greatest of rectified numbers is the greatest, rectified.

The activation then works on as many numbers as come out of the pooling, and what went into it need
not stay for the gradient. No bit changes: where the winner of a window is another one, the gradient
is 0.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from netc.ir import Graph, Node, Port
from netc.layers import REGISTRY
from netc.plan import Plan

_POOLS = ("max_pool", "global_max_pool")


def pool_first(plan: Plan) -> Plan:
    """The plan with each pooling of a `relu` before it, where nobody else reads the `relu`."""
    graph, types = plan.graph, dict(plan.types)
    for pair in _pairs(graph):
        graph = _exchanged(graph, pair)
        for value, like in pair.shapes(graph).items():
            types[value] = replace(types[value], shape=types[like].shape)
    return replace(plan, graph=graph, types=types)


@dataclass(frozen=True)
class _Pair:
    """The nodes of a `relu` and of the pooling behind it; backward ones if there are any."""

    relu: Node
    pool: Node
    relu_back: Node | None
    pool_back: Node | None

    def shapes(self, graph: Graph) -> Mapping[str, str]:
        """The values between the two, and those that they are now shaped like."""
        between = {self.relu.value: self.pool.value}
        if self.pool_back is not None:
            between[str(self.pool_back.ports["dx"])] = str(self.pool_back.ports["dy"])
        return between


def _pairs(graph: Graph) -> list[_Pair]:
    """Those that can be exchanged. Each node is in one of them at most."""
    readers = Counter(value for node in graph.nodes for value in node.reads)
    backward = {node.name: node for node in graph.nodes if node.rule == "backward"}
    found = []
    for pool in graph.nodes:
        source = graph.producers.get(str(pool.ports.get("x")))
        if pool.rule != "forward" or not _is_greatest(pool) or source is None:
            continue
        pair = _Pair(source, pool, backward.get(source.name), backward.get(pool.name))
        if _is(source, "relu") and source.rule == "forward" and _is_alone(graph, pair, readers):
            found.append(pair)
    return found


def _is_greatest(pool: Node) -> bool:
    """Whether a node pools so; to the ways of ConvNetJS, NaN is never the greatest."""
    return _is(pool, *_POOLS) and getattr(pool.layer, "compat", "none") == "none"


def _is_alone(graph: Graph, pair: _Pair, readers: Counter[str]) -> bool:
    """Whether nobody else knows of what is between the two."""
    between, back = pair.relu.value, pair.relu_back
    if (back is None) != (pair.pool_back is None) or between in graph.roots:
        return False
    if back is None:
        return readers[between] == 1
    gradient = str(back.ports["dy"])
    given = pair.pool_back.ports["dx"] if pair.pool_back else ""
    own = (readers[between], readers[gradient]) == (2, 1) and gradient not in graph.roots
    return own and given == gradient and "dx" in back.ports


def _exchanged(graph: Graph, pair: _Pair) -> Graph:
    """The graph with the two nodes, and their backward nodes, in each other's place."""
    between, after = pair.relu.value, pair.pool.value
    x = pair.relu.ports["x"]
    new = {
        id(pair.relu): _with(pair.pool, x=x, y=between),
        id(pair.pool): _with(pair.relu, x=between, y=after),
    }
    if pair.relu_back is not None and pair.pool_back is not None:
        dy, middle = pair.pool_back.ports["dy"], pair.pool_back.ports["dx"]
        dx = pair.relu_back.ports["dx"]
        new[id(pair.pool_back)] = _with(pair.relu_back, dy=dy, y=after, dx=middle, inputs=between)
        new[id(pair.relu_back)] = _with(pair.pool_back, dy=middle, dx=dx, inputs=str(x))
    types = dict(graph.types)
    for value, like in pair.shapes(graph).items():
        types[value] = replace(types[value], shape=types[like].shape)
    return graph.replace(nodes=tuple(new.get(id(n), n) for n in graph.nodes), types=types)


def _with(node: Node, *, inputs: str = "", **ports: Port) -> Node:
    """A node on other values."""
    given = inputs or str(ports["x"])
    return replace(node, ports={**node.ports, **ports}, inputs=(given,))


def _is(node: Node, *words: str) -> bool:
    return any(type(node.layer) is REGISTRY[word] for word in words)
