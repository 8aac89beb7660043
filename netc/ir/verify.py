"""What a right graph is: held after every pass in tests, and where NETC_VERIFY=1 is set."""

from netc.ir.graph import Graph, Node
from netc.layers import LENT
from netc.types import Bug


def verify(graph: Graph) -> Graph:
    """Give the graph back if it is right, and raise `Bug` with the reason if not."""
    known = {*graph.inputs, *graph.weights, *graph.states, *graph.constants}
    names: set[tuple[str, str]] = set()
    for node in graph.nodes:
        _verify_ports(graph, node)
        _verify_stored(graph, node)
        if (node.name, node.rule) in names:
            raise Bug(f"two layers are called {node.name!r}")
        names.add((node.name, node.rule))
        for value in node.reads:
            if value not in known:
                raise Bug(f"{node.name}.{node.rule} reads {value!r} before it is made")
        for value in node.writes:
            if value in known:
                raise Bug(f"{node.name}.{node.rule} makes {value!r} a second time")
            known.add(value)
    for value in graph.roots:
        if value not in known:
            raise Bug(f"the root {value!r} is never made")
    for value in graph.phases:
        if value not in graph.roots:
            raise Bug(f"{value!r} is for one phase, and no root")
    for value in known:
        if value not in graph.types:
            raise Bug(f"the type of {value!r} is not known")
    return graph


def _verify_ports(graph: Graph, node: Node) -> None:
    taken = node.arguments
    lent = set(LENT)
    work = set(node.layer.work(1, 1, *(graph.types[v].at_witness for v in node.inputs)))
    unknown = set(node.ports) - set(taken)
    unbound = {a for a, optional in taken.items() if not optional} - set(node.ports) - lent - work
    if unknown or unbound:
        raise Bug(f"{node.name}.{node.rule}: unknown ports {unknown}, unbound arguments {unbound}")


def _verify_stored(graph: Graph, node: Node) -> None:
    """Layers that share a weight or a state must want it in one shape."""
    types = [graph.types[v] for v in node.inputs]
    weights, states = node.layer.weights(*types), node.layer.state(*types)
    wanted = {a: w.shape for a, w in weights.items()} | {a: s.shape for a, s in states.items()}
    for argument, shape in wanted.items():
        port = node.ports.get(argument)
        if isinstance(port, str) and graph.types[port].shape != shape:
            raise Bug(f"{node.name} wants {port!r} as {shape}, not {graph.types[port].shape}")
