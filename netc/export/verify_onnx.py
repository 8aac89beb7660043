"""The proof of an ONNX model: its form, its shapes, and its numbers beside those of the engine."""

from collections.abc import Mapping
from pathlib import Path

from onnx import ModelProto

from netc.diag import Problem
from netc.export.to_onnx import value_info
from netc.export.verify_form import refuse_form, refuse_shapes
from netc.export.verify_numbers import Agreement, compare_numbers
from netc.ir import Graph
from netc.types import Array

__all__ = ["Agreement", "verify_onnx"]


def verify_onnx(
    model: ModelProto, graph: Graph, weights: Mapping[str, Array], *, folder: Path | None = None
) -> Agreement | list[Problem]:
    """Prove that a model is right ONNX and gives what the inference graph gives.

    `folder` is where the weights of a model lie that are in a file of their own.
    """
    plain = _pack(model, folder, "plain.onnx")
    problems = refuse_form(plain, graph) or refuse_shapes(model, graph)
    if problems:
        return problems
    exposed = _pack_exposed(model, graph, folder)
    return compare_numbers(model, plain, exposed, graph, weights)


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
    inner = (y for y in (str(n.ports["y"]) for n in graph.nodes) if y not in graph.outputs)
    model.graph.output.extend(value_info(graph, y) for y in inner)
    try:
        return _pack(model, folder, "exposed.onnx")
    finally:
        del model.graph.output[count:]
