"""A graph written as an ONNX model: each layer's own rule, names, shapes and places kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

from netc import __version__
from netc.diag import Problem, Span, quoted
from netc.export.bare import inner_types
from netc.export.keep_apart import keep_apart
from netc.export.problems import NoOnnxRule, NotInOpset
from netc.export.targets import HIGHEST
from netc.export.versions import ir_version
from netc.ir import Graph, Node, open_sizes
from netc.layers import arguments_of
from netc.sizes import is_open
from netc.types import Array, Dtype, Reject, Tensor

BATCH = "N"
"""What the free batch axis is called, unless a size of the net has this name."""

ELEMENTS: dict[Dtype, int] = {
    "f32": TensorProto.FLOAT,
    "f64": TensorProto.DOUBLE,
    "i64": TensorProto.INT64,
    "u8": TensorProto.UINT8,
}


def to_onnx(
    graph: Graph,
    weights: Mapping[str, Array],
    *,
    opset: int,
    metadata: Mapping[str, str] | None = None,
) -> ModelProto | list[Problem]:
    """Write an inference graph, with float32 `weights` by name, or say what cannot be written.

    Same graph and weights, same bytes when serialized.
    """
    problems: list[Problem] = [*refuse_ruleless(graph)]
    written: list[_Lent] = []
    for node in graph.nodes if not problems else ():
        lent = _Lent(node, graph.types, opset)
        try:
            lent.write()
        except Reject as reject:
            problems.append(_not_in_opset(node, opset, reject))
        written.append(lent)
    if problems:
        return problems
    return _model(graph, weights, written, opset, metadata or {})


def refuse_ruleless(graph: Graph) -> list[Problem]:
    """One problem that names all layers without an `onnx` rule; empty when there are none."""
    lacking = [n for n in graph.nodes if not hasattr(n.layer, "onnx")]
    if not lacking:
        return []
    names = quoted(n.name for n in lacking)
    types = [type(n.layer).name for n in lacking]
    more = tuple((n.span, t) for n, t in zip(lacking, types, strict=True) if n.span)
    return [NoOnnxRule(lacking[0].span, subject=names, type=types[0], more=more[1:])]


@dataclass
class _Lent:
    """Writes the nodes of one layer; what `Onnx` in netc.types lends to the layer's rule.

    Inside a layer the outputs of its nodes are called `layer/Op`. The last one gets the name of
    the layer's value, and its node that of the layer.
    """

    node: Node
    types: Mapping[str, Tensor]
    opset: int
    nodes: list[NodeProto] = field(default_factory=list)
    constants: list[TensorProto] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)

    def write(self) -> None:
        rule: Callable[..., str] = self.node.layer.onnx  # type: ignore[attr-defined]
        taken = arguments_of(type(self.node.layer), "onnx")
        ports = {a: p for a, p in self.node.ports.items() if a in taken}
        self._finish(rule(self, **ports), self.node.value)

    def op(self, kind: str, *inputs: str, output: int = 0, **attributes: Any) -> str:
        if not _is_in_opset(kind, self.opset):
            raise Reject("opset", f"there is no operator {kind} in it", help=_way_out(kind))
        outputs = [self._new_name(kind) for _ in range(output + 1)]
        # An absent input at the end is not written; a tool may count them.
        while inputs and not inputs[-1]:
            inputs = inputs[:-1]
        name = outputs[output]
        self.nodes.append(helper.make_node(kind, inputs, outputs, name=name, **attributes))
        return name

    def constant(self, array: Array) -> str:
        is_double = np.asarray(array).dtype == np.float64
        plain = np.asarray(array, np.float32 if is_double else None, order="C")
        name = self._new_name("constant")
        self.constants.append(numpy_helper.from_array(plain, name))
        return name

    def type(self, value: str) -> Tensor:
        return self.types[value]

    def _new_name(self, kind: str) -> str:
        name, count = f"{self.node.name}/{kind}", 1
        while name in self._taken:
            count += 1
            name = f"{self.node.name}/{kind}_{count}"
        self._taken.add(name)
        return name

    def _finish(self, result: str, value: str) -> None:
        """Give the result its own name, and all nodes the place of the layer in the source."""
        if not any(result in n.output for n in self.nodes):
            # The rule gave back what came in: another name needs a node that copies.
            result = self.op("Identity", result)
        for proto in self.nodes:
            if result in proto.output:
                proto.name = self.node.name
            proto.input[:] = [value if v == result else v for v in proto.input]
            proto.output[:] = [value if v == result else v for v in proto.output]
            if self.node.span:
                proto.doc_string = place = _place(self.node.span)
                proto.metadata_props.add(key="netc.source", value=place)


def _place(span: Span) -> str:
    """`file:line:col`, with what is no text in the file's name replaced."""
    return str(span).encode("utf-8", "replace").decode()


@cache
def _is_in_opset(kind: str, opset: int) -> bool:
    try:
        return not onnx.defs.get_schema(kind, opset).deprecated
    except onnx.defs.SchemaError:
        return False


def _way_out(kind: str) -> str:
    opsets = [o for o in range(1, HIGHEST + 1) if _is_in_opset(kind, o)]
    return f"choose opset {opsets[0]} or later" if opsets else ""


def _not_in_opset(node: Node, opset: int, reject: Reject) -> NotInOpset:
    return NotInOpset(
        node.span, layer=node.name, opset=opset, reason=reject.reason, way_out=reject.help
    )


def _model(
    graph: Graph,
    weights: Mapping[str, Array],
    written: Sequence[_Lent],
    opset: int,
    metadata: Mapping[str, str],
) -> ModelProto:
    inner = [n.value for n in graph.nodes if n.value not in graph.outputs]
    made = helper.make_graph(
        keep_apart([proto for lent in written for proto in lent.nodes]),
        graph.name,
        [value_info(graph, v) for v in graph.inputs if v in graph.read],
        [value_info(graph, v) for v in graph.outputs],
        [*_initializers(written, graph, weights), *(c for lent in written for c in lent.constants)],
        value_info=[value_info(graph, v) for v in inner],
    )
    model = helper.make_model(
        made,
        opset_imports=[helper.make_opsetid("", opset)],
        ir_version=ir_version(opset),
        producer_name="netc",
        producer_version=__version__,
    )
    model.graph.value_info.extend(inner_types(model, graph))
    helper.set_model_props(model, {"netc.opset": str(opset), **metadata})
    return model


def _initializers(
    written: Sequence[_Lent], graph: Graph, weights: Mapping[str, Array]
) -> list[TensorProto]:
    """The weights and states that the nodes read, in the order of the nodes."""
    read = dict.fromkeys(v for lent in written for proto in lent.nodes for v in proto.input)
    return [
        numpy_helper.from_array(np.asarray(weights[name], np.float32, order="C"), name)
        for name in read
        if name in graph.weights or name in graph.states
    ]


def value_info(graph: Graph, value: str) -> ValueInfoProto:
    """What netc proved of a value, as ONNX writes it; an open side is named by its formula."""
    type = graph.types[value]
    batch = f"{BATCH}_batch" if BATCH in open_sizes(graph) else BATCH
    sides = [str(side) if is_open(side) else side for side in type.shape]
    shape: list[str | int | None] = [batch, *sides] if type.batched else [*sides]
    return helper.make_tensor_value_info(value, ELEMENTS[type.dtype], shape)
