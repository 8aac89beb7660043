"""The network as meant."""

from netc.ir.build import Built, build, constants_of
from netc.ir.constants import Constant, literal
from netc.ir.evaluate import Evaluator
from netc.ir.expected import alternatives, expected_text, is_initializer
from netc.ir.given import give, settable, takes_text
from netc.ir.graph import Graph, Loss, Node, Port
from netc.ir.meant import advise, meant
from netc.ir.open_sizes import Unfit, at_sizes, closed_type, open_sizes, sizes_in
from netc.ir.options import Bound, bind, bind_kind
from netc.ir.scored import class_scores
from netc.ir.show import show
from netc.ir.static import new_problems, static_problems
from netc.ir.verify import verify

__all__ = [
    "Bound",
    "Built",
    "Constant",
    "Evaluator",
    "Graph",
    "Loss",
    "Node",
    "Port",
    "Unfit",
    "advise",
    "alternatives",
    "at_sizes",
    "bind",
    "bind_kind",
    "build",
    "class_scores",
    "closed_type",
    "constants_of",
    "expected_text",
    "give",
    "is_initializer",
    "literal",
    "meant",
    "new_problems",
    "open_sizes",
    "settable",
    "show",
    "sizes_in",
    "static_problems",
    "takes_text",
    "verify",
]
