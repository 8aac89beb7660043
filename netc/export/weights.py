"""The arrays a compiled network carries: looked up by name, and refused where they do not fit."""

from collections.abc import Mapping

import numpy as np

from netc.diag import Problem, did_you_mean, nearest
from netc.export.problems import MissingWeight, UnfitWeight
from netc.ir import Graph, Node
from netc.layers import arguments_of
from netc.types import Array, show_shape


def needed_weights(graph: Graph) -> dict[str, Node]:
    """Weights and states that ONNX rules read, in the order of the layers that read them first."""
    found: dict[str, Node] = {}
    for node in graph.nodes:
        taken = arguments_of(type(node.layer), "onnx") if hasattr(node.layer, "onnx") else {}
        for argument, port in node.ports.items():
            if argument in taken and (port in graph.weights or port in graph.states):
                found.setdefault(str(port), node)
    return found


def fitting_weights(graph: Graph, weights: Mapping[str, Array]) -> dict[str, Array] | list[Problem]:
    """The needed arrays as float32, or what is wrong with them. Arrays nobody needs are ignored."""
    problems: list[Problem] = []
    taken: dict[str, Array] = {}
    for name, node in needed_weights(graph).items():
        problem = _refuse(graph, node, name, weights)
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
