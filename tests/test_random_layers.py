"""Random nets of all layer types: what holds for each layer holds for them in company."""

import numpy as np
import pytest

from netc import passes
from netc.diag import Source
from netc.engines import CpuEngine, Store
from netc.expand import MIDDLES, expand, is_same_graph
from netc.formats import read_source, tidy, write
from netc.ir import Graph, build
from netc.layers import REGISTRY
from netc.plan import plan
from tests.expand.test_expand import again, built
from tests.export.cases import net_of
from tests.export.test_export_agrees import assert_agrees
from tests.nets import engine_of, feed, graph_of, run
from tests.random_nets import random_net

GARBAGE = 0xFF
PHASES = (passes.for_training, passes.for_testing, passes.for_inference)


def seeds(start: int, stop: int) -> pytest.MarkDecorator:
    """Some of the nets."""
    return pytest.mark.parametrize("seed", range(start, stop))


def results(graph: Graph, *, threads: int, reuse: bool, garbage: int) -> dict[str, np.ndarray]:
    """Every weight gradient, state and root after two runs in memory full of this byte."""
    store = Store.fresh(graph, seed=5)
    engine = CpuEngine(plan(graph, batch=3, threads=threads, reuse=reuse), store)
    for seed in (1, 2):
        engine._arena.fill(garbage)
        for name, number in graph.constants.items():
            engine._views[name].fill(number)
        run(engine, feed(graph, 3, seed), seed)
    found = {f"d.{name}": store.gradients[name].copy() for name in graph.gradients}
    found |= {name: state.copy() for name, state in store.states.items()}
    found |= {root: engine.value(root).copy() for root in graph.roots}
    engine.close()
    return found


@seeds(0, 18)
def test_the_plan_changes_no_bit_and_nothing_old_is_read(seed: int) -> None:
    graph = graph_of(random_net(seed))
    for phase in PHASES:
        for threads in (1, 2, 3):
            plain = results(phase(graph), threads=threads, reuse=False, garbage=0)
            planned = results(phase(graph), threads=threads, reuse=True, garbage=GARBAGE)
            for name, array in plain.items():
                np.testing.assert_array_equal(planned[name], array, err_msg=name)


@seeds(10, 45)
def test_the_gradient_is_the_central_difference_along_some_direction(seed: int) -> None:
    """Along some of a few: a kink, as of `relu` or `max`, may lie on others."""
    graph = passes.for_training(graph_of(random_net(seed)))
    store = Store.fresh(graph, seed=5, dtype="f64")
    engine = engine_of(graph, batch=3, store=store, dtype="f64")
    fed, rng = feed(graph, 3, seed), np.random.default_rng(seed)
    states = {name: state.copy() for name, state in store.states.items()}

    def loss(moved: float, direction: np.ndarray) -> float:
        for name, state in states.items():
            store.states[name][...] = state
        store.flat_weights[:] += moved * direction
        run(engine, fed)
        store.flat_weights[:] -= moved * direction
        return sum(loss.weight * float(engine.value(loss.value)) for loss in graph.losses)

    learns = np.zeros_like(store.flat_weights)
    for group in store.groups:
        learns[group.start : group.stop] = group.rate > 0
    base = loss(0, learns)
    gradient = np.where(learns, store.flat_gradients, 0)
    close = pytest.approx(0, abs=1e-4 * np.linalg.norm(gradient) + 1e-9 * abs(base) + 1e-7)
    missed = []
    for step in (1e-5, 1e-6, 1e-4, 1e-6, 1e-5):
        direction = learns * rng.standard_normal(len(learns))
        slope = (loss(step, direction) - loss(-step, direction)) / (2 * step)
        missed.append(slope - gradient @ direction)
        if missed[-1] == close:
            return
    raise AssertionError(f"the differences miss the gradient by {missed}")


@seeds(20, 50)
def test_an_answer_depends_on_no_other_example(seed: int) -> None:
    graph = passes.for_testing(graph_of(random_net(seed)))
    store = Store.fresh(graph, seed=5, dtype="f64")
    fed = feed(graph, 3, seed)
    together, alone = (engine_of(graph, batch=n, store=store, dtype="f64") for n in (3, 1))
    run(together, fed)
    for index in range(3):
        run(alone, {name: array[index : index + 1] for name, array in fed.items()})
        for name in graph.outputs:
            expected = together.value(name)[index]
            np.testing.assert_allclose(alone.value(name)[0], expected, rtol=1e-9, atol=1e-9)


@seeds(30, 55)
def test_the_text_of_a_net_goes_through_all_forms(seed: int) -> None:
    text = random_net(seed)
    graph, spec = graph_of(text), read_source(Source("random.net", text))
    tidied = tidy(Source("random.net", text))
    assert tidy(Source("random.net", tidied)) == tidied
    for suffix, form in ((".net", tidied), *((s, write(spec, s)) for s in (".net", ".json"))):
        read = read_source(Source(f"random{suffix}", form), suffix)
        assert is_same_graph(graph, build(read).graph, {})
    forms = (expand(spec, graph, middle=middle) for middle in MIDDLES)
    assert any(is_same_graph(graph, built(again(form)), form.renamed) for form in forms)


@seeds(50, 75)
def test_a_compiled_net_agrees(seed: int) -> None:
    net = net_of(random_net(seed))
    assert_agrees(net, (13, 18, 26)[seed % 3])


def test_every_layer_comes_into_company() -> None:
    missing = set(REGISTRY)
    for seed in range(600):
        missing -= {node.layer.name for node in graph_of(random_net(seed)).nodes}
        if not missing:
            return
    raise AssertionError(f"no net has {missing}")
