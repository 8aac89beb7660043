"""The network as meant."""

from netc.ir.build import Built, build
from netc.ir.graph import Graph, Loss, Node, Port
from netc.ir.meant import advise, is_sure, meant
from netc.ir.options import Bound, bind, bind_kind
from netc.ir.refuse import expected_text
from netc.ir.show import show
from netc.ir.verify import verify

__all__ = [
    "Bound",
    "Built",
    "Graph",
    "Loss",
    "Node",
    "Port",
    "advise",
    "bind",
    "bind_kind",
    "build",
    "expected_text",
    "is_sure",
    "meant",
    "show",
    "verify",
]
