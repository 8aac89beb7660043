"""No run reads what another left in memory: the arena is full of NaN before each."""

import re

import numpy as np
import pytest

from netc import passes
from netc.engines import CpuEngine, Store
from netc.ir import Graph
from netc.layers import REGISTRY
from netc.plan import plan
from netc.types import Tensor
from tests.nets import CONVNET, MLP, feed, graph_of, run
from tests.rules import parse_example, parts
from tests.uses import USES, those

GARBAGE = 0xFF
"""Bytes that are NaN in every float, -1 in a whole number and no boolean."""


def results(graph: Graph, garbage: int, *, reuse: bool, threads: int = 2) -> dict[str, np.ndarray]:
    """Every gradient, state and root after two runs in memory full of this byte."""
    store = Store.fresh(graph, seed=5)
    engine = CpuEngine(plan(graph, batch=3, threads=threads, reuse=reuse), store)
    for seed in (1, 2):
        engine._arena.fill(garbage)
        store.flat_gradients.fill(np.nan if garbage else 0)
        for name, number in graph.constants.items():
            engine._views[name].fill(number)
        run(engine, feed(graph, 3, seed), seed)
    found = {name: store.gradients[name].copy() for name in graph.gradients}
    found |= {name: state.copy() for name, state in store.states.items()}
    return found | {root: engine.value(root).copy() for root in graph.roots}


def net_of(use: str) -> str:
    """A net with one layer, in which every value before and behind it has a gradient."""
    layer, types, _ = parse_example(use)
    _, arguments, _ = re.fullmatch(r"(\w+)\((.*)\) -> (.*)", use).groups()
    options = [part for part in parts(arguments) if re.match(r"\w+:", part)]
    lines, names = [], []
    for index, kind in enumerate(types):
        lines.append(f"input x{index} {kind}")
        names.append(f"x{index}" if kind.classes else f"h{index}")
    lines += [
        f"h{index} = x{index} -> batch_norm" for index, t in enumerate(types) if not t.classes
    ]
    call = f"{layer.name}({', '.join((*names, *options))})"
    roles = type(layer).roles
    if roles:
        lines += [f"{roles[0]} {call}", "output h0"]
        lines += [f"loss softmax_loss({', '.join(names)})"] if roles[0] == "metric" else []
    else:
        behind, wanted = _counted(layer.infer(*types))
        loss = f"loss euclidean_loss({behind}, t)"
        lines += [f"input t {wanted}", f"y = {call}", loss, "output y"]
    return "\n".join(["net one {", *lines, "}"])


def _counted(y: Tensor) -> tuple[str, Tensor]:
    """A value `y` as numbers that a loss takes, and the type of those."""
    if y.classes is not None:
        return "embed(y, units: 2)", Tensor((2, *y.shape))
    return ("y", y) if y.shape else ("reshape(y, [1])", Tensor((1,)))


def assert_new(graph: Graph) -> None:
    for phase in (passes.for_training, passes.for_testing, passes.for_inference):
        for reuse in (True, False):
            clean = results(phase(graph), 0, reuse=reuse)
            dirty = results(phase(graph), GARBAGE, reuse=reuse)
            for name, array in clean.items():
                assert np.isfinite(array).all(), name
                np.testing.assert_array_equal(dirty[name], array, err_msg=name)


@those(lambda kind: True)
def test_a_layer_reads_nothing_old(use: str) -> None:
    assert_new(graph_of(net_of(use)))


@pytest.mark.parametrize("text", [CONVNET, MLP])
def test_a_net_reads_nothing_old(text: str) -> None:
    assert_new(graph_of(text))


def test_every_layer_is_among_them() -> None:
    assert {use.split("(")[0] for use in USES} == REGISTRY.keys()
