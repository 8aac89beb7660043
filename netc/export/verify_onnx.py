"""The proof of an ONNX model: its form, its shapes, and its numbers beside those of the engine."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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
    model: ModelProto, graph: Graph, weights: Mapping[str, Array], *, made: Path | None = None
) -> Agreement | list[Problem]:
    """Prove that a model is right ONNX and gives what the inference graph gives.

    `made` is a file that holds the model already: then that very file is proved. It must be given
    where the weights lie beside it, and another file is written there for a moment.
    """
    plain = str(made) if made else _bytes(model)
    problems = refuse_form(plain, graph) or refuse_shapes(model, graph)
    if problems:
        return problems
    with _exposed(model, graph):
        exposed = _bytes(model)
    if made is None:
        return compare_numbers(model, plain, exposed, graph, weights)
    beside = made.with_name(f"exposed.{made.name}")
    beside.write_bytes(exposed)
    del exposed  # it may be as large as the model
    return compare_numbers(model, plain, str(beside), graph, weights)


def _bytes(model: ModelProto) -> bytes:
    data: bytes = model.SerializeToString(deterministic=True)
    return data


@contextmanager
def _exposed(model: ModelProto, graph: Graph) -> Iterator[None]:
    """Make every value of a layer an output for a while."""
    count = len(model.graph.output)
    inner = (n.value for n in graph.nodes if n.value not in graph.outputs)
    model.graph.output.extend(value_info(graph, y) for y in inner)
    try:
        yield
    finally:
        del model.graph.output[count:]
