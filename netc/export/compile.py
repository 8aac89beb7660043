"""The whole way from a graph to a proven ONNX file."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from netc import __version__
from netc.diag import Problem, Source, did_you_mean, nearest, quoted
from netc.engines import Store
from netc.export.answers import answers
from netc.export.problems import NoOutput, UnknownTarget
from netc.export.targets import TARGETS, USUAL
from netc.export.weights import fitting_weights
from netc.ir import Graph, class_scores, open_sizes
from netc.types import Array

ONE_FILE = 1_500_000_000
"""Bytes of weights that fit in one file; protobuf itself ends at 2 GiB, and some readers before."""


@dataclass(frozen=True)
class Compiled:
    """A file that was written. The errors are None where nothing was compared.

    `free` are the sizes of its inputs, beside the batch, that it takes any number for.
    """

    file: str
    opset: int
    ir_version: int
    verified: bool
    max_abs_error: float | None
    max_rel_error: float | None
    bytes: int
    free: tuple[str, ...] = ()


def compile_onnx(
    graph: Graph,
    source: Source,
    weights: Mapping[str, Array] | None,
    path: str | Path,
    *,
    opset: int | None = None,
    target: str | None = None,
    verify: bool = True,
    classes: Sequence[str] = (),
    seed: int = 1,
    one_file: int = ONE_FILE,
) -> Compiled | list[Problem]:
    """Write a graph as an ONNX file, if onnxruntime gets the same numbers from it as netc.

    `weights` holds weights and states by name; where it is None they start as training would
    start them, drawn with `seed`. An `opset` wins over that of the `target`. `classes` are names
    for the classes, kept in the file. More bytes of weights than `one_file` go to a file of their
    own beside the first. Nothing is written when there are problems.
    """
    # onnx and onnxruntime take longer to import than most nets take to compile.
    from netc.export.to_onnx import to_onnx
    from netc.export.versions import refuse_opset
    from netc.export.write import refuse_place, write_onnx

    place = Path(path).resolve()
    chosen = _opset(opset, target)
    inference = answers(graph)
    problems = [*refuse_place(place), *_refuse_silence(inference, graph, source)]
    problems += refuse_opset(chosen) if isinstance(chosen, int) else chosen
    if problems or not isinstance(chosen, int):
        return problems
    arrays = Store.fresh(graph, seed=seed).arrays if weights is None else weights
    given = fitting_weights(inference, arrays)
    if isinstance(given, list):
        return given
    model = to_onnx(inference, given, opset=chosen, metadata=_metadata(source, graph, classes))
    if isinstance(model, list):
        return model
    written = write_onnx(model, inference, given, place, verify=verify, one_file=one_file)
    if isinstance(written, list):
        return written
    agreed = written.agreement
    return Compiled(
        str(path),
        chosen,
        model.ir_version,
        agreed is not None,
        agreed.max_abs_error if agreed else None,
        agreed.max_rel_error if agreed else None,
        written.bytes,
        tuple(open_sizes(graph)),
    )


def _opset(opset: int | None, target: str | None) -> int | list[Problem]:
    if target is not None and target not in TARGETS:
        near = nearest(target, TARGETS)
        advice = did_you_mean(near) or f"the targets are {quoted(TARGETS)}"
        return [UnknownTarget(None, name=target, near=near, advice=advice)]
    if opset is not None:
        return opset
    return TARGETS[target].opset if target else USUAL


def _refuse_silence(inference: Graph, graph: Graph, source: Source) -> list[Problem]:
    """Say that a net answers nothing, and what its answer may be."""
    if inference.outputs:
        return []
    layers = [n for n in graph.nodes if not type(n.layer).roles]
    scores = [n.inputs[0] for n in graph.nodes if type(n.layer).name == "softmax_loss"]
    answer = "prob = softmax(scores)"
    if scores and re.search(rf"\b{re.escape(scores[0])}\s*=", source.text):
        answer = f"prob = softmax({scores[0]})"
    span = layers[-1].span if layers else None
    return [NoOutput(span, net=graph.name, answer=answer)]


def _metadata(source: Source, graph: Graph, classes: Sequence[str]) -> dict[str, str]:
    """What the file says of where it comes from."""
    found = {
        "netc.version": __version__,
        "netc.spec_sha256": sha256(source.text.encode()).hexdigest(),
        "netc.scores": json.dumps(sorted(class_scores(graph)), ensure_ascii=False),
    }
    if classes:
        found["netc.classes"] = json.dumps(list(classes), ensure_ascii=False)
    return found
