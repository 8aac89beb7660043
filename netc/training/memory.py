"""Whether a run fits in memory, known before any is taken."""

from netc.diag import Problem, bytes_text
from netc.ir import Graph, open_sizes
from netc.room import available
from netc.training.data import Dataset
from netc.training.network import Network
from netc.training.problems import TooMuchMemory
from netc.training.settings import Settings


def step_bytes(network: Network, settings: Settings, train: int, test: int) -> int:
    """Memory of the engines: that which stays, and the largest of those made for a while.

    `train` and `test` are numbers of examples.
    """
    batch = min(settings.batch, train)
    lent = [network.prepared_for("train", train % batch).arena_bytes] if train % batch else []
    for size in {min(settings.batch, test), test % settings.batch} - {0}:
        lent.append(network.prepared_for("test", size).arena_bytes)
    if settings.statistics == "population":
        lent.append(network.prepared_for("gather", batch).arena_bytes)
    return network.prepared_for("train", batch).arena_bytes + max(lent, default=0)


def weight_bytes(network: Network, settings: Settings) -> int:
    """Memory of weights, gradients, states and what the optimizer carries."""
    graph = network.graph
    weights = sum(graph.types[name].size for name in graph.weights)
    states = sum(graph.types[name].size for name in graph.states)
    return 4 * (weights * (2 + len(settings.optimizer.arrays)) + states)


def data_bytes(data: Dataset) -> int:
    """Memory that the examples have taken already."""
    parts = (data.train, data.test)
    return sum(field.data.nbytes for part in parts for field in part.fields.values())


def check_room(network: Network, settings: Settings) -> list[Problem]:
    """A problem where not even one layer can run on one example, before any data are opened."""
    step, weights = _least_bytes(network.graph), weight_bytes(network, settings)
    free = available()
    if free is None or step + weights <= free or open_sizes(network.graph):
        return []
    return [
        TooMuchMemory(
            settings.places.get("batch"),
            needed=f"at least {bytes_text(step + weights)}",
            available=bytes_text(free),
            step=f"{bytes_text(step)} or more",
            weights=bytes_text(weights),
            data="come on top",
            way_out="no batch is small enough: make the net smaller, or what goes into it",
        )
    ]


def _least_bytes(graph: Graph) -> int:
    """What the largest layer reads and makes for one example: the least that a step takes."""
    sizes = {name: 4 * type.at_witness.size for name, type in graph.types.items()}
    flows = ({*node.inputs, node.value} for node in graph.nodes if node.rule == "forward")
    return max((sum(sizes[value] for value in flow) for flow in flows), default=0)


def check_memory(network: Network, settings: Settings, data: Dataset) -> list[Problem]:
    """A problem where the run cannot fit in the memory that is free, the data being there."""
    step = step_bytes(network, settings, len(data.train), len(data.test))
    weights, free = weight_bytes(network, settings), available()
    if free is None or step + weights <= free:
        return []
    batch = int(settings.batch * max(free - weights, 0) / max(step, 1))
    return [
        TooMuchMemory(
            settings.places.get("batch"),
            needed=bytes_text(step + weights),
            available=bytes_text(free),
            step=bytes_text(step),
            weights=bytes_text(weights),
            data=bytes_text(data_bytes(data)),
            way_out=f"a smaller batch takes less: set `batch` to {batch} or less"
            if batch
            else "the weights alone leave no room: make the net smaller",
        )
    ]
