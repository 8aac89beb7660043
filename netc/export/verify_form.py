"""The form of an ONNX model held against the rules of ONNX, and its shapes against netc's."""

import re

import onnx
from onnx import ModelProto, ValueInfoProto

from netc.diag import Problem
from netc.export.bare import bare
from netc.export.problems import InvalidOnnx
from netc.export.to_onnx import BATCH, ELEMENTS
from netc.ir import Graph, Node
from netc.types import Tensor

_INFERENCE = "the shape inference of onnx"


def refuse_form(packed: bytes | str, graph: Graph) -> list[Problem]:
    """What the full check of onnx finds wrong with a model, given as bytes or as a path."""
    try:
        onnx.checker.check_model(packed, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        return [invalid(graph, "the checker of onnx", str(error))]
    return []


def refuse_shapes(model: ModelProto, graph: Graph) -> list[Problem]:
    """Where the shapes that onnx works out on its own are not those that netc proved."""
    try:
        inferred = onnx.shape_inference.infer_shapes(
            bare(model, graph), strict_mode=True, data_prop=True
        )
    except onnx.shape_inference.InferenceError as error:
        return [invalid(graph, _INFERENCE, str(error))]
    answers = [o.name for o in model.graph.output]
    if answers != list(graph.outputs):
        return [invalid(graph, "netc", f"its outputs are {answers}, not {list(graph.outputs)}")]
    infos = {v.name: v for v in (*inferred.graph.value_info, *inferred.graph.output)}
    for node in graph.nodes:
        info, known = infos.get(node.value), graph.types[node.value]
        if info is not None and not _agrees(info, known):
            found = _shape_text(info)
            text = f"`{node.value}` is {found} there, {known} for each example here"
            return [invalid(graph, _INFERENCE, text, node)]
    return []


def invalid(graph: Graph, judge: str, text: str, node: Node | None = None) -> InvalidOnnx:
    """A refusal as a problem, at the given layer or at one that its text names."""
    node = node or _named_in(graph, text)
    reason = _first_line(text)
    blame = f"written by the ONNX rule of `{type(node.layer).name}`" if node else ""
    return InvalidOnnx(node.span if node else None, judge=judge, reason=reason, blame=blame)


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


def _named_in(graph: Graph, text: str) -> Node | None:
    """The layer whose name stands in a message."""
    found = [n for n in graph.nodes if re.search(rf"\b{re.escape(n.name)}\b", text)]
    return max(found, key=lambda n: len(n.name), default=None)


def _first_line(text: str) -> str:
    """The first line, without the class of the exception at its start."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return re.sub(r"^\[\w+\] ", "", lines[0]).removesuffix(".") if lines else "no reason is given"
