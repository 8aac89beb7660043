"""The plan may save memory and time, and may change no bit."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netc import passes
from netc.engines import CpuEngine, Store
from netc.ir import Graph
from netc.plan import ALIGNMENT, plan
from tests.nets import CONVNET, MLP, TANGLE, feed, graph_of, run, sharing

STEPS = (
    "conv(3, kernel: 3, pad: 1)",
    "conv(4, kernel: 2)",
    "relu",
    "tanh",
    "sigmoid",
    "elu",
    "leaky_relu(0.2)",
    "dropout(0.4)",
    "batch_norm",
    "lrn(size: 3)",
    "max_pool(2)",
    "avg_pool(3, stride: 2)",
    "identity",
)


JOINS = (
    "{a} -> relu",
    "{a} -> tanh -> identity",
    "{a} -> dropout(0.3)",
    "{a} -> batch_norm",
    "{a} -> softmax",
    "{a} -> dense(4, rate: 0)",
    "{a} -> reshape([2, 2]) -> elu -> flatten",
    "add({a}, {b}, {c})",
    "mul({a}, {b})",
    "mul({a}, {b}, {c}) -> tanh",
    "max({a}, {b}, {c})",
    "by_phase({a}, {b})",
    "concat({a}, {b}) -> dense(4)",
)


def results(graph: Graph, *, batch: int, threads: int, reuse: bool) -> dict[str, np.ndarray]:
    """Every weight gradient, state and root after two runs."""
    store = Store.fresh(graph, seed=5)
    laid_out = plan(graph, batch=batch, threads=threads, reuse=reuse)
    engine = CpuEngine(laid_out, store)
    for seed in (1, 2):
        run(engine, feed(graph, batch, seed), seed)
    found = {f"d.{name}": gradient.copy() for name, gradient in store.gradients.items()}
    found |= {name: state.copy() for name, state in store.states.items()}
    return found | {root: engine.value(root).copy() for root in graph.roots}


def assert_same_bits(graph: Graph, *, batch: int, threads: int) -> None:
    planned = results(graph, batch=batch, threads=threads, reuse=True)
    plain = results(graph, batch=batch, threads=threads, reuse=False)
    for name, array in plain.items():
        assert np.array_equal(array, planned[name]), name


@pytest.mark.parametrize("text", [CONVNET, MLP, TANGLE])
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("batch", [1, 7, 1700])
def test_planned_equals_unplanned_bit_for_bit(text: str, threads: int, batch: int) -> None:
    graph = graph_of(text)
    assert_same_bits(passes.for_training(graph), batch=batch, threads=threads)
    assert_same_bits(passes.for_testing(graph), batch=batch, threads=threads)
    assert_same_bits(passes.for_inference(graph), batch=batch, threads=threads)


@settings(max_examples=40)
@given(
    body=st.lists(st.sampled_from(STEPS), min_size=1, max_size=5),
    named=st.integers(0, 4),
    batch=st.integers(1, 5),
)
def test_planned_equals_unplanned_on_random_nets(body: list[str], named: int, batch: int) -> None:
    lines = ["conv(2, kernel: 1)"]
    for index, step in enumerate(body):
        lines.append(f"v{index} = {step}")
    kept = f"v{min(named, len(body) - 1)}"
    text = "\n    ".join(
        [
            "net random {",
            "input image [2, 56, 56]",
            "input label class(3)",
            *lines,
            "left = global_avg_pool -> flatten -> dense(3)",
            f"right = {kept} -> global_max_pool -> flatten -> dense(3)",
            "loss softmax_loss(left, label)",
            "loss softmax_loss(right, label, weight: 0.5)",
        ]
    )
    assert_same_bits(passes.for_training(graph_of(text + "\n}\n")), batch=batch, threads=1)


def random_graph(draw: random.Random) -> Graph:
    """Values of four numbers, each made of those before it; some are outputs, some have losses."""
    values, lines = ["x", "v"], ["input x [4]", "input label class(4)", "v = dense(4)"]
    for index in range(draw.randint(3, 12)):
        a, b, c = draw.choices(values[-5:], k=3)
        lines.append(f"v{index} = {draw.choice(JOINS).format(a=a, b=b, c=c)}")
        values.append(f"v{index}")
    lines += [f"loss softmax_loss({value}, label)" for value in (values[-1], draw.choice(values))]
    lines.append("loss euclidean_loss({}, {})".format(*draw.choices(values, k=2)))
    lines.append(f"metric accuracy({draw.choice(values)}, label)")
    lines += [f"output {value}" for value in draw.choices(values, k=2)]
    return graph_of("\n    ".join(["net random {", *lines]) + "\n}\n")


def shared_at_random(graph: Graph, draw: random.Random) -> Graph:
    """The graph with the weights of some layers taken from an earlier one of their kind."""
    owners: dict[tuple[object, ...], str] = {}
    taken = {}
    for node in graph.nodes:
        stored = [p for p in node.ports.values() if p in graph.weights or p in graph.states]
        kind = (node.layer, *(graph.types[str(p)].shape for p in stored))
        if stored and draw.random() < 0.7:
            owner = owners.setdefault(kind, node.name)
            taken |= {node.name: owner} if owner != node.name else {}
    return sharing(graph, taken)


@pytest.mark.parametrize("seed", range(40))
def test_planned_equals_unplanned_on_random_graphs(seed: int) -> None:
    draw = random.Random(seed)
    graph = random_graph(draw)
    if seed % 2:
        graph = shared_at_random(graph, draw)
    for prepare in (passes.for_training, passes.for_testing, passes.for_inference):
        assert_same_bits(prepare(graph), batch=3, threads=2)


def test_values_share_memory() -> None:
    graph = passes.for_training(graph_of(CONVNET))
    laid_out = plan(graph, batch=16)
    assert laid_out.arena_bytes < laid_out.unshared_bytes * 0.75
    assert plan(graph, batch=16, reuse=False).arena_bytes == laid_out.unshared_bytes


def test_offsets_are_aligned_and_inside_the_arena() -> None:
    laid_out = plan(passes.for_training(graph_of(CONVNET)), batch=5, threads=2)
    for value, offset in laid_out.offsets.items():
        type = laid_out.types[value]
        size = type.size * (5 if type.batched else 1)
        assert offset % ALIGNMENT == 0
        assert offset + size <= laid_out.arena_bytes


def test_views_and_identities_need_no_step() -> None:
    graph = passes.for_inference(
        graph_of("net v {\n input x [2, 3]\n output flatten -> identity -> relu\n}")
    )
    assert [s.node.name for s in plan(graph, batch=2).steps] == ["relu_1"]
    assert len(plan(graph, batch=2, reuse=False).steps) == 3


def test_an_activation_lies_over_what_only_it_reads() -> None:
    graph = passes.for_inference(
        graph_of("net v {\n input x [4]\n h = dense(5) -> relu\n output dense(2)\n}")
    )
    offsets = plan(graph, batch=2).offsets
    assert offsets["h"] == offsets["h.dense"]


def test_an_activation_leaves_alone_what_others_read() -> None:
    graph = passes.for_inference(
        graph_of("net v {\n input x [4]\n h = dense(5)\n r = relu\n output add(h, r)\n}")
    )
    offsets = plan(graph, batch=2).offsets
    assert offsets["r"] != offsets["h"]


def test_an_output_lies_over_what_only_it_reads() -> None:
    graph = passes.for_inference(graph_of("net v {\n input x [4]\n h = dense(5)\n output relu\n}"))
    offsets = plan(graph, batch=2).offsets
    assert offsets["relu_1"] == offsets["h"] != offsets["x"]


def test_what_no_machine_holds_can_be_told_of() -> None:
    graph = passes.for_training(graph_of(CONVNET))
    small, huge = (plan(graph, batch=64 * count) for count in (10**6, 10**16))
    assert huge.arena_bytes > 1 << 64
    assert huge.arena_bytes / small.arena_bytes == pytest.approx(10**10, rel=1e-3)
