"""`netc convert --fully-convolutional`: a net for images of any size, and its weights."""

from pathlib import Path

import numpy as np

from netc.cli.checked import Proven
from netc.cli.expand import proven_text
from netc.cli.problems import FixedSize
from netc.cli.screen import say, stop
from netc.cli.weights import network_of
from netc.diag import quoted
from netc.ir import Graph
from netc.passes import NotConvolutional, for_inference, fully_convolutional
from netc.training import Network, predict, write_arrays
from netc.types import Bug

_SEED = 20
_EXAMPLES = 2
_TOLERANCE = 1e-4
"""Of the greatest number of an output: what sums in another order leave of float32."""


def opened_text(net: Proven, suffix: str, weights: str | None, weights_out: Path | None) -> str:
    """The text of the net made fully convolutional. It is proven to give the same answers at the
    size it had; with `weights_out` the weights are written there, in the shapes it takes."""
    graph = _opened(net.graph)
    made = Proven(net.spec, graph, net.settings)
    _, text = proven_text(made, suffix, brief=True)
    before = network_of(net, weights)
    after = _with_weights_of(before, graph)
    changed = [n for n in graph.weights if graph.types[n].shape != net.graph.types[n].shape]
    error = _prove(before, after, changed)
    if weights_out is not None:
        write_arrays(weights_out, after.store.arrays, {"net": graph.name})
    layers = quoted(name.removesuffix(".weight") for name in changed)
    say(f"note: convolutions now: {layers}; at the size they had, the answers are the same {error}")
    return text


def _opened(graph: Graph) -> Graph:
    try:
        return fully_convolutional(graph)
    except NotConvolutional as refusal:
        span = refusal.node.span if refusal.node else None
        stop([FixedSize(span, reason=refusal.reason, way_out=refusal.help)])


def _with_weights_of(network: Network, graph: Graph) -> Network:
    made = Network(graph, seed=None, threads=network.threads)
    for name, array in network.store.arrays.items():
        wanted = made.store.arrays[name]
        wanted[...] = array.reshape(wanted.shape)
    return made


def _prove(before: Network, after: Network, changed: list[str]) -> str:
    """How far the answers of both are apart on random images of the size the net had."""
    graph, rng = before.graph, np.random.default_rng(_SEED)
    outputs = graph.outputs or _values(graph, changed)
    wanted, found = before.asked_for(outputs), after.asked_for(outputs)
    asked = for_inference(wanted.graph)
    types = {name: asked.types[name] for name in asked.inputs if name in asked.read}
    inputs = {
        name: rng.random(type.full_shape(_EXAMPLES), np.float32)
        if type.is_float
        else rng.integers(0, type.classes or 2, type.full_shape(_EXAMPLES))
        for name, type in types.items()
    }
    answers, maps = (predict(n, inputs, batch=1) for n in (wanted, found))
    worst = 0.0
    for name, answer in answers.items():
        apart = float(np.abs(answer - maps[name].reshape(answer.shape)).max(initial=0.0))
        worst = max(worst, apart / max(float(np.abs(answer).max(initial=0.0)), 1e-30))
    if not worst <= _TOLERANCE:
        raise Bug(f"the fully convolutional net gives other answers, by {worst:.1e} of them")
    return f"to {worst:.1e} of the greatest" if worst else "to the last bit"


def _values(graph: Graph, changed: list[str]) -> tuple[str, ...]:
    """What the layers give whose weights have another shape now."""
    return tuple(n.value for n in graph.nodes if n.ports.get("weight") in changed)
