"""How the layers of a net start and learn, in ConvNetJS's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from netc.diag import Problem
from netc.exchange.entries import Entry
from netc.exchange.problems import NotThere
from netc.ir import Graph, Node
from netc.layers import Constant
from netc.training import Settings


@dataclass(frozen=True)
class Learning:
    """What a layer with weights says beside its sizes."""

    bias_pref: float = 0.0
    l1_decay_mul: float = 0.0
    l2_decay_mul: float = 1.0


def decays(graph: Graph, entries: Sequence[Entry], settings: Settings) -> dict[str, float]:
    """The trainer's `l1_decay` and `l2_decay`, which ConvNetJS divides by the batch."""
    l1 = max((_l1(graph, entry.node, settings) for entry in with_weights(entries)), default=0.0)
    found = {"l2_decay": settings.optimizer.decay, "l1_decay": l1}
    return {name: times(value, settings.batch) for name, value in found.items() if value}


def learning_of(
    graph: Graph, entry: Entry, settings: Settings, trainer: dict[str, float]
) -> Learning:
    """How a layer starts and learns."""
    node = entry.node
    assert node is not None
    weight = graph.weights[str(node.ports["weight"])]
    l1 = times(_l1(graph, node, settings), settings.batch)
    factor = l1 / trainer["l1_decay"] if l1 else 0.0
    return Learning(_bias(graph, node), factor, weight.decay)


def check_learning(graph: Graph, entries: Sequence[Entry]) -> list[Problem]:
    """What a layer asks for that ConvNetJS's trainer does not do."""
    problems: list[Problem] = []
    for entry in with_weights(entries):
        assert entry.node is not None
        weight = graph.weights[str(entry.node.ports["weight"])]
        asked = {
            "rate": weight.rate != 1,
            "l2": weight.l2 != 0,
            "max_norm": weight.max_norm is not None,
            "tied_to": entry.node.tied_to is not None,
        }
        for option, is_asked in asked.items():
            if is_asked:
                what = f"ConvNetJS's layers learn without `{option}`"
                problems.append(NotThere(entry.node.span, what, f"leave `{option}` out").problem)
        if not _is_number(graph, entry.node):
            what = "the biases of a layer of ConvNetJS start with one number"
            problems.append(NotThere(entry.node.span, what, "give `bias_init` a number").problem)
    return problems


def with_weights(entries: Sequence[Entry]) -> list[Entry]:
    """The layers that have some."""
    return [entry for entry in entries if entry.type in ("conv", "fc")]


def times(number: float, count: int) -> float:
    """A number as often, such as 0.00005 times 20, to the last digit that was written."""
    return float(Fraction(str(number)) * count)


def _l1(graph: Graph, node: Node | None, settings: Settings) -> float:
    assert node is not None
    weight = graph.weights[str(node.ports["weight"])]
    return settings.optimizer.l1 * weight.decay + weight.l1


def _bias(graph: Graph, node: Node) -> float:
    """What the biases of a layer start with; 0 where they start otherwise, or it has none."""
    init = graph.weights[str(node.ports["bias"])].init if "bias" in node.ports else None
    return init.value if isinstance(init, Constant) else 0.0


def _is_number(graph: Graph, node: Node) -> bool:
    """Whether the biases of a layer, if it has some, start with one number."""
    return "bias" not in node.ports or isinstance(
        graph.weights[str(node.ports["bias"])].init, Constant
    )
