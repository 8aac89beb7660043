"""One block of a net, as a net of its own whose inputs come from outside."""

from netc.ir import Graph


def blocks_of(graph: Graph) -> tuple[str, ...]:
    """The names of all blocks and rounds, outer ones first."""
    found: dict[str, None] = {}
    for node in graph.nodes:
        words = node.name.split(".")
        for end in range(1, len(words)):
            found[".".join(words[:end])] = None
    return tuple(sorted(found, key=lambda name: name.count(".")))


def part_of(graph: Graph, block: str) -> Graph:
    """The layers of one block, which is there; what they read and what is read of them."""
    nodes = tuple(node for node in graph.nodes if node.name.startswith(f"{block}."))
    own = {node.value for node in nodes}
    inputs = dict.fromkeys(v for node in nodes for v in node.inputs if v not in own)
    outside = {v for node in graph.nodes if node.value not in own for v in node.inputs}
    judged = {loss.value for loss in graph.losses} | set(graph.metrics)
    outputs = (v for v in own if (v in outside or v in graph.outputs) and v not in judged)
    order = {node.value: place for place, node in enumerate(nodes)}
    return graph.replace(
        name=f"{graph.name}: {block}",
        inputs=tuple(inputs),
        nodes=nodes,
        outputs=tuple(sorted(outputs, key=order.__getitem__)),
        losses=tuple(loss for loss in graph.losses if loss.value in own),
        metrics=tuple(value for value in graph.metrics if value in own),
    )
