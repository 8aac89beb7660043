"""The network as meant."""

from netc.ir.build import Built, build
from netc.ir.graph import Graph, Loss, Node, Port
from netc.ir.options import Bound, bind, bind_kind, expected_text
from netc.ir.show import show
from netc.ir.verify import verify

__all__ = [
    "Bound",
    "Built",
    "Graph",
    "Loss",
    "Node",
    "Port",
    "bind",
    "bind_kind",
    "build",
    "expected_text",
    "show",
    "verify",
]
