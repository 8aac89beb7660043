"""A graph as text: for golden tests and for eyes."""

from dataclasses import MISSING

from netc.ir.graph import Graph, Node
from netc.options import options_of, plain


def show(graph: Graph) -> str:
    """One line a node: what it makes, of what, and the shape that was proved."""
    inputs = ", ".join(f"{name}: {graph.types[name]}" for name in graph.inputs)
    lines = [f"graph {graph.name}({inputs}) {{"]
    lines += [f"    {_node(graph, node)}" for node in graph.nodes]
    lines += [f"    output {name}{_phase(graph, name)}" for name in graph.outputs]
    lines += [
        f"    loss {loss.value} * {loss.weight:g}{_phase(graph, loss.value)}"
        for loss in graph.losses
    ]
    lines += [f"    metric {name}{_phase(graph, name)}" for name in graph.metrics]
    lines += [f"    gradient {w} = {g}" for w, g in graph.gradients.items()]
    lines += [f"    constant {name} = {value:g}" for name, value in graph.constants.items()]
    return "\n".join([*lines, "}"])


def _phase(graph: Graph, root: str) -> str:
    return f" when {graph.phases[root]}" if root in graph.phases else ""


def _node(graph: Graph, node: Node) -> str:
    made = ", ".join(f"{value}: {graph.types[value]}" for value in node.writes)
    rule = "" if node.rule == "forward" else f".{node.rule}"
    options = [f"{name}: {plain(value)}" for name, value in _options(node)]
    taken = ", ".join([*node.reads, *options])
    return f"{made} = {type(node.layer).name}{rule}({taken})"


def _options(node: Node) -> list[tuple[str, object]]:
    """Options that differ from their defaults."""
    declared = options_of(type(node.layer)).values()
    pairs = [(o.name, getattr(node.layer, o.name), o.default) for o in declared]
    return [
        (name, value) for name, value, default in pairs if default is MISSING or value != default
    ]
