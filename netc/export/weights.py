"""The arrays a compiled network carries: looked up by name, and refused where they do not fit."""

from collections.abc import Mapping

import numpy as np

from netc.diag import Problem, did_you_mean, nearest
from netc.export.problems import MissingWeight, UnfitWeight
from netc.ir import Graph, Node
from netc.types import Array, show_shape


def fitting_weights(graph: Graph, weights: Mapping[str, Array]) -> dict[str, Array] | list[Problem]:
    """The weights and states of a graph as float32, or all that is wrong with them.

    Arrays that the graph does not ask for are left out.
    """
    problems: list[Problem] = []
    taken: dict[str, Array] = {}
    readers = {value: node for node in reversed(graph.nodes) for value in node.reads}
    for name in (*graph.weights, *graph.states):
        problem = _refuse(graph, readers[name], name, weights)
        if problem is None:
            taken[name] = np.asarray(weights[name], np.float32, order="C")
        else:
            problems.append(problem)
    return problems or taken


def _refuse(graph: Graph, node: Node, name: str, weights: Mapping[str, Array]) -> Problem | None:
    shape = graph.types[name].shape
    if name not in weights:
        near = nearest(name, [n for n in weights if np.shape(weights[n]) == shape])
        advice = did_you_mean(near) or "give the weights of a run of this net"
        return MissingWeight(node.span, weight=name, type=show_shape(shape), advice=advice)
    array = np.asarray(weights[name])
    if array.shape != shape:
        reason = f"is {show_shape(array.shape)}, and `{node.name}` needs {show_shape(shape)}"
        wanted = f"needs {show_shape(shape)}"
        way_out = "are these the weights of another net, or of an earlier form of this one?"
        return UnfitWeight(node.span, weight=name, reason=reason, wanted=wanted, way_out=way_out)
    if array.dtype.kind not in "fiu":
        return UnfitWeight(node.span, weight=name, reason=f"holds no numbers but {array.dtype}")
    if not np.isfinite(array).all():
        reason = "holds numbers that are infinite or not numbers"
        way_out = "the training diverged; train again with a lower rate"
        return UnfitWeight(node.span, weight=name, reason=reason, way_out=way_out)
    return None
