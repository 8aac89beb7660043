"""What onnxruntime makes of a model, held against what netc's engine makes of the graph."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from onnx import ModelProto

from netc.diag import Problem, bytes_text
from netc.engines import CpuEngine, Store
from netc.export.bare import bare
from netc.export.compare import Difference, compare
from netc.export.problems import OnnxDiffers, UnreadableModel
from netc.export.session import CannotRun, Session, open_session
from netc.export.to_onnx import value_info
from netc.export.verify_form import invalid
from netc.export.verify_sizes import sizes_to_try
from netc.ir import Graph, Node, at_sizes
from netc.plan import plan
from netc.room import available
from netc.sizes import where
from netc.types import NUMPY_DTYPES, Array, Tensor

BATCHES = (1, 3)
"""Sizes of the batches that are compared."""

_SEED = 20

_Ran = tuple[dict[str, Array], dict[str, Array]]
"""Inputs, and values in the order in which the layers make them."""


@dataclass(frozen=True)
class Agreement:
    """How far the outputs of onnxruntime are from netc's, at most.

    `max_rel_error` is the difference as a part of the greatest number of the same output.
    """

    max_abs_error: float
    max_rel_error: float


@dataclass(frozen=True)
class _Case:
    """Inputs that are compared: the size of the batch, and the graph at sizes that are known."""

    batch: int
    sizes: Mapping[str, int]
    graph: Graph


@dataclass(frozen=True)
class _Seen:
    """One value compared."""

    value: str
    difference: Difference
    case: "_Case"
    optimized: bool


def compare_numbers(
    model: ModelProto,
    plain: bytes | str,
    exposed: bytes | str,
    graph: Graph,
    weights: Mapping[str, Array],
) -> Agreement | list[Problem]:
    """How far the numbers are apart, or the first layer, in their order, where they are too far.

    `exposed` is the model with all values of layers as outputs. They are compared without
    onnxruntime's optimizations, which take layers together; the outputs of `plain` with them.
    """
    worst = [Difference(0.0, 0.0, fits=True)]
    try:
        for seen in _differences(plain, exposed, graph, weights):
            if not seen.difference.fits:
                return [_differs(graph, seen)]
            if seen.value in graph.outputs:
                worst.append(seen.difference)
    except CannotRun as error:
        return [invalid(graph, "onnxruntime", str(error), _first_refused(model, graph))]
    return Agreement(max(d.greatest for d in worst), max(d.relative for d in worst))


def _differences(
    plain: bytes | str, exposed: bytes | str, graph: Graph, weights: Mapping[str, Array]
) -> Iterator[_Seen]:
    """All values of all layers in their order, then the outputs as they will be used."""
    cases = _cases(graph)
    _require_room(cases)
    wanted = [(case, _run_netc(case, weights)) for case in cases]
    yield from _seen(exposed, wanted, list(wanted[0][1][1]), optimized=False)
    yield from _seen(plain, wanted, graph.outputs, optimized=True)


def _cases(graph: Graph) -> list[_Case]:
    """Every size of the batch, and with it, where sizes are open, other ones each time."""
    return [
        _Case(batch, sizes, at_sizes(graph, sizes))
        for batch, sizes in zip(BATCHES, sizes_to_try(graph, len(BATCHES)), strict=True)
    ]


def _require_room(cases: Sequence[_Case]) -> None:
    """Say what comparing takes before it is taken: all values at once, and copies of them."""
    each = [
        4 * case.batch * sum(case.graph.types[node.value].size for node in case.graph.nodes)
        for case in cases
    ]
    needed, free = sum(each) + max(each), available()
    if free is not None and needed > free:
        takes, left = bytes_text(needed), bytes_text(free)
        raise MemoryError(
            f"to compare the numbers takes {takes}, and {left} are free; "
            "without verifying, the file is written all the same"
        )


def _seen(
    model: bytes | str,
    wanted: Sequence[tuple[_Case, _Ran]],
    names: Sequence[str],
    *,
    optimized: bool,
) -> Iterator[_Seen]:
    session = open_session(model, threads=1, optimize=optimized)
    if not isinstance(session, Session):
        raise CannotRun("; ".join(p.reason for p in session if isinstance(p, UnreadableModel)))
    for case, (inputs, values) in wanted:
        got = session.run({name: inputs[name] for name in session.inputs})
        for name in names:
            yield _Seen(name, compare(values[name], got[name]), case, optimized)


def _run_netc(case: _Case, weights: Mapping[str, Array]) -> _Ran:
    """Seeded random inputs, and what the engine makes of them: all values, in their order."""
    graph, batch = case.graph, case.batch
    values = tuple(dict.fromkeys((*(n.value for n in graph.nodes), *graph.outputs)))
    none = np.empty(0, np.float32)
    store = Store(none, none, weights, gradients={}, states=weights, groups=())
    engine = CpuEngine(plan(graph.replace(outputs=values), batch=batch), store)
    rng = np.random.default_rng([_SEED, batch])
    inputs = {n: _random(graph.types[n], batch, rng) for n in engine.inputs}
    for name, array in engine.inputs.items():
        array[...] = inputs[name]
    engine.run()
    found = {value: np.array(engine.value(value), order="C") for value in values}
    engine.close()
    return inputs, found


def _random(type: Tensor, batch: int, rng: np.random.Generator) -> Array:
    shape = type.full_shape(batch)
    if type.is_float:
        return rng.standard_normal(shape, np.float32)
    return rng.integers(0, type.classes or 256, shape).astype(NUMPY_DTYPES[type.dtype])


def _differs(graph: Graph, seen: _Seen) -> OnnxDiffers:
    node = graph.producers.get(seen.value)
    return OnnxDiffers(
        node.span if node else None,
        layer=node.name if node else seen.value,
        difference=seen.difference.greatest,
        greatest=seen.difference.scale,
        batch=f"{seen.case.batch}{where(seen.case.sizes)}",
        optimizations="on" if seen.optimized else "off",
    )


def _first_refused(model: ModelProto, graph: Graph) -> Node | None:
    """The layer up to which onnxruntime must see the model to refuse it, if it is one layer."""
    made = [node.value for node in graph.nodes]
    ends = {o: i for i, proto in enumerate(model.graph.node) for o in proto.output}

    def refuses(index: int) -> bool:
        if made[index] not in ends:
            return True
        part = bare(model, graph)
        del part.graph.node[ends[made[index]] + 1 :]
        del part.graph.output[:]
        part.graph.output.append(value_info(graph, made[index]))
        opened = open_session(part.SerializeToString(), threads=1, optimize=False)
        return not isinstance(opened, Session)

    first = bisect_left(range(len(made)), True, key=refuses)
    return graph.nodes[first] if first < len(made) else None
