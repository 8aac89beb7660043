"""How a gradient on its way back to the picture passes a rectifier; that is what methods differ in.

At a rectifier y = max(x, 0), with the gradient dy from above,
- the plain gradient passes where x was above 0: dx = dy * (x > 0)
  (Simonyan, Vedaldi and Zisserman, Deep Inside Convolutional Networks, 2014),
- a deconvnet passes what is itself above 0: dx = max(dy, 0)
  (Zeiler and Fergus, Visualizing and Understanding Convolutional Networks, 2014, section 2.1),
- guided backpropagation asks for both: dx = max(dy, 0) * (x > 0)
  (Springenberg et al., Striving for Simplicity, 2015, section 3.4).

All else is one and the same: filters go back transposed, and a max pool puts everything where its
maximum was.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np

from netc.ir import Graph, Node
from netc.layers import REGISTRY, Layer
from netc.types import Array, Tensor

Method = Literal["deconvnet", "guided", "gradient"]

METHODS: tuple[Method, ...] = get_args(Method)

_Relu: Any = REGISTRY["relu"]


class _Rectifier(_Relu):  # type: ignore[misc]
    """A relu whose gradient needs no room to work in."""

    def work(self, *args: object) -> dict[str, Tensor]:
        return {}


@dataclass(frozen=True)
class _Deconvnet(_Rectifier):
    def backward(self, dy: Array, dx: Array) -> None:
        np.maximum(dy, 0, out=dx)


@dataclass(frozen=True)
class _Guided(_Rectifier):
    def backward(self, dy: Array, y: Array, dx: Array) -> None:
        passes = (y > 0) & (dy > 0)
        np.multiply(dy, passes, out=dx)


_RECTIFIERS: dict[Method, type[Layer] | None] = {
    "deconvnet": _Deconvnet,
    "guided": _Guided,
    "gradient": None,
}


def with_method(graph: Graph, method: Method) -> Graph:
    """The graph with rectifiers whose gradient is that of a method; all else keeps its own."""
    kind = _RECTIFIERS[method]
    if kind is None:
        return graph

    def changed(node: Node) -> Node:
        return replace(node, layer=kind()) if type(node.layer) is _Relu else node

    return graph.replace(nodes=tuple(map(changed, graph.nodes)))
