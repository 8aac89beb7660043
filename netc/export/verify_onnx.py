"""The proof of an ONNX model: its form, its shapes, and its numbers beside those of the engine."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from onnx import ModelProto, ValueInfoProto

from netc.diag import Problem
from netc.engines import CpuEngine, Store
from netc.export.compare import Difference, compare
from netc.export.problems import InvalidOnnx, OnnxDiffers, UnreadableModel
from netc.export.session import CannotRun, Session, open_session
from netc.export.to_onnx import BATCH, ELEMENTS
from netc.ir import Graph, Node
from netc.plan import plan
from netc.types import NUMPY_DTYPES, Array, Tensor

BATCHES = (1, 3)
"""Sizes of the batches that are compared."""

_SEED = 20


@dataclass(frozen=True)
class Agreement:
    """How far the outputs of onnxruntime are from netc's, at most.

    `max_rel_error` is the difference as a part of the greatest number of the same output.
    """

    max_abs_error: float
    max_rel_error: float


def verify_onnx(
    model: ModelProto, graph: Graph, weights: Mapping[str, Array], *, folder: Path | None = None
) -> Agreement | list[Problem]:
    """Prove that a model is right ONNX and gives what the inference graph gives.

    Values inside are compared layer by layer without onnxruntime's optimizations, outputs with
    them too. `folder` is where the weights of a model lie that are in a file of their own.
    """
    packed = _pack(model, folder, "plain.onnx")
    problems = _refuse_form(packed, graph) or _refuse_shapes(model, graph)
    if problems:
        return problems
    exposed = _pack_exposed(model, graph, folder)
    worst = [Difference(0.0, 0.0, fits=True)]
    try:
        for seen in _differences(packed, exposed, graph, weights):
            if not seen.difference.fits:
                return [_differs(graph, seen)]
            if seen.value in graph.outputs:
                worst.append(seen.difference)
    except CannotRun as error:
        return [_invalid(graph, "onnxruntime", str(error))]
    return Agreement(max(d.greatest for d in worst), max(d.relative for d in worst))


# ---- form and shapes


def _pack(model: ModelProto, folder: Path | None, name: str) -> bytes | str:
    """What the checker and onnxruntime open: bytes, or a file beside that of the weights."""
    data: bytes = model.SerializeToString(deterministic=True)
    if folder is None:
        return data
    (folder / name).write_bytes(data)
    return str(folder / name)


def _pack_exposed(model: ModelProto, graph: Graph, folder: Path | None) -> bytes | str:
    """The model with every value that netc knows as an output."""
    count = len(model.graph.output)
    model.graph.output.extend(v for v in model.graph.value_info if v.name in graph.types)
    try:
        return _pack(model, folder, "exposed.onnx")
    finally:
        del model.graph.output[count:]


def _refuse_form(packed: bytes | str, graph: Graph) -> list[Problem]:
    try:
        onnx.checker.check_model(packed, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        return [_invalid(graph, "the checker of onnx", _first_line(error))]
    return []


def _refuse_shapes(model: ModelProto, graph: Graph) -> list[Problem]:
    """Compare the shapes that onnx works out on its own with those that netc proved."""
    try:
        inferred = onnx.shape_inference.infer_shapes(
            _bare(model, graph), strict_mode=True, data_prop=True
        )
    except onnx.shape_inference.InferenceError as error:
        return [_invalid(graph, "the shape inference of onnx", _first_line(error))]
    problems: list[Problem] = []
    for info in (*inferred.graph.value_info, *inferred.graph.output):
        known = graph.types.get(info.name)
        if known is None or _agrees(info, known):
            continue
        node = graph.producers.get(info.name)
        reason = f"`{info.name}` is {_shape_text(info)} there, and {known} for each example here"
        problems.append(_invalid(graph, "the shape inference of onnx", reason, node))
    return problems


def _bare(model: ModelProto, graph: Graph) -> ModelProto:
    """The model without what netc proved and without its weights: their shapes are enough."""
    bare = ModelProto(ir_version=model.ir_version, opset_import=model.opset_import)
    bare.graph.name = model.graph.name
    bare.graph.node.extend(model.graph.node)
    bare.graph.input.extend(model.graph.input)
    for tensor in model.graph.initializer:
        if tensor.name in graph.types:
            shape = list(tensor.dims)
            bare.graph.input.append(
                onnx.helper.make_tensor_value_info(tensor.name, tensor.data_type, shape)
            )
        else:
            bare.graph.initializer.append(tensor)
    bare.graph.output.extend(ValueInfoProto(name=o.name) for o in model.graph.output)
    return bare


def _agrees(info: ValueInfoProto, known: Tensor) -> bool:
    """Whether the shape is the same as far as it is known; a batch that became a number is not."""
    tensor = info.type.tensor_type
    if not tensor.HasField("shape"):
        return True
    wanted = [BATCH, *known.shape] if known.batched else list(known.shape)
    if tensor.elem_type != ELEMENTS[known.dtype] or len(tensor.shape.dim) != len(wanted):
        return False
    found = (d.dim_value if d.HasField("dim_value") else None for d in tensor.shape.dim)
    return all(f is None or f == w for f, w in zip(found, wanted, strict=True))


def _shape_text(info: ValueInfoProto) -> str:
    sides = (str(d.dim_value or d.dim_param or "?") for d in info.type.tensor_type.shape.dim)
    return f"[{', '.join(sides)}]"


# ---- numbers


@dataclass(frozen=True)
class _Seen:
    """One value compared."""

    value: str
    difference: Difference
    batch: int
    optimized: bool


def _differences(
    packed: bytes | str, exposed: bytes | str, graph: Graph, weights: Mapping[str, Array]
) -> Iterator[_Seen]:
    """All values of all layers in their order, then the outputs as they will be used."""
    wanted = {batch: _run_netc(graph, weights, batch) for batch in BATCHES}
    for model, optimized in ((exposed, False), (packed, True)):
        session = open_session(model, threads=1, optimize=optimized)
        if not isinstance(session, Session):
            reasons = [p.reason for p in session if isinstance(p, UnreadableModel)]
            raise CannotRun("; ".join(reasons))
        for batch, (inputs, values) in wanted.items():
            got = session.run({name: inputs[name] for name in session.inputs})
            for value in (v for v in values if v in got):
                yield _Seen(value, compare(values[value], got[value]), batch, optimized)


def _run_netc(
    graph: Graph, weights: Mapping[str, Array], batch: int
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Seeded random inputs, and what the engine makes of them: all values, in their order."""
    values = tuple(dict.fromkeys((*(str(n.ports["y"]) for n in graph.nodes), *graph.outputs)))
    store = Store.fresh(graph)
    for name, array in {**store.weights, **store.states}.items():
        array[...] = weights.get(name, array)
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


# ---- what was found, as problems


def _differs(graph: Graph, seen: _Seen) -> OnnxDiffers:
    node = graph.producers.get(seen.value)
    return OnnxDiffers(
        node.span if node else None,
        layer=node.name if node else seen.value,
        difference=seen.difference.greatest,
        greatest=seen.difference.scale,
        batch=seen.batch,
        optimizations="on" if seen.optimized else "off",
    )


def _invalid(graph: Graph, judge: str, reason: str, node: Node | None = None) -> InvalidOnnx:
    node = node or _named_in(graph, reason)
    blame = f"written by the ONNX rule of `{type(node.layer).name}`" if node else ""
    return InvalidOnnx(node.span if node else None, judge=judge, reason=reason, blame=blame)


def _named_in(graph: Graph, text: str) -> Node | None:
    """The layer whose name stands in a message."""
    found = [n for n in graph.nodes if re.search(rf"\b{re.escape(n.name)}\b", text)]
    return max(found, key=lambda n: len(n.name), default=None)


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0].removesuffix(".") if lines else type(error).__name__
