"""Which outputs say of each class how well it fits, and which only happen to be as long."""

from netc.ir.graph import Graph, Node

_KEEP_ORDER = {"softmax", "sigmoid", "log", "exp", "identity", "dropout", "flatten", "reshape"}
"""Layer types after which the highest number still belongs to the same class."""


def class_scores(graph: Graph) -> frozenset[str]:
    """The outputs whose highest number, in each example, belongs to the class that is meant.

    They are what losses and metrics compare with class labels as `scores` or `prob`, or hang on
    those by layers that keep the order. Distances, for which the lowest counts, are none.
    """
    forward = [node for node in graph.nodes if node.rule == "forward"]
    found = {str(node.ports[port]) for node in forward for port in _compared(graph, node)}
    steps = [
        (node.inputs[0], node.value) for node in forward if type(node.layer).name in _KEEP_ORDER
    ]
    for before, after in steps:
        if before in found:
            found.add(after)
    for before, after in reversed(steps):
        if after in found:
            found.add(before)
    return frozenset(name for name in graph.outputs if name in found)


def _compared(graph: Graph, node: Node) -> tuple[str, ...]:
    label = node.ports.get("label")
    if not isinstance(label, str) or graph.types[label].classes is None:
        return ()
    return tuple(port for port in ("scores", "prob") if port in node.ports)
