"""The `onnx` rule of every layer type gives, in onnxruntime, what its forward rule gives."""

from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from netc.types import Array, Tensor
from tests.rules import Bench, parse_example
from tests.uses import those


class Model:
    """The least that a layer's `onnx` rule needs."""

    opset = 18

    def __init__(self, bench: Bench) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.types = dict(zip(bench.names, bench.types, strict=False))
        for name, weight in bench.weights.items():
            self.types[name] = Tensor(weight.shape, bench.dtype, batched=False)

    def op(self, kind: str, *inputs: str, output: int = 0, **attributes: Any) -> str:
        outputs = [f"{kind}_{len(self.nodes)}_{i}" for i in range(output + 1)]
        self.nodes.append(helper.make_node(kind, inputs, outputs, **attributes))
        return outputs[output]

    def constant(self, array: Array) -> str:
        name = f"constant_{len(self.constants)}"
        narrow = array.astype(np.float32) if array.dtype == np.float64 else array
        self.constants.append(numpy_helper.from_array(np.asarray(narrow, order="C"), name))
        return name

    def type(self, value: str) -> Tensor:
        return self.types[value]


def element_of(array: Array) -> int:
    """What ONNX calls the elements of an array."""
    return TensorProto.INT64 if array.dtype == np.int64 else TensorProto.FLOAT


def info(name: str, array: Array) -> onnx.ValueInfoProto:
    """What ONNX says of an input or output; the batch may be of any size."""
    return helper.make_tensor_value_info(name, element_of(array), ["n", *array.shape[1:]])


def answer(model: Model, inputs: dict[str, Array], y: Array) -> Array:
    """What onnxruntime gives for a model whose output is like `y`."""
    infos = [info(name, array) for name, array in inputs.items()]
    graph = helper.make_graph(model.nodes, "layer", infos, [info("y", y)], model.constants)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    onnx.checker.check_model(made, full_check=True)
    providers = ["CPUExecutionProvider"]
    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=providers)
    (found,) = session.run(None, {n: np.ascontiguousarray(a) for n, a in inputs.items()})
    return np.asarray(found)


@those(lambda kind: hasattr(kind, "onnx"))
@pytest.mark.parametrize("batch", [1, 3])
def test_onnxruntime_agrees(use, batch):
    layer, types, _ = parse_example(use, "f32")
    bench = Bench(layer, *types, dtype="f32", batch=batch, training=False)
    model = Model(bench)
    stored = [*bench.weights, *bench.states]
    if "var" in bench.states:
        bench.put({"mean": np.float32(0.3), "var": np.float32(2.0)})
    model.constants += [numpy_helper.from_array(bench.arrays[n], n) for n in stored]
    inputs = {
        n.removesuffix("]").replace("[", ""): a
        for n, a in bench.spread().items()
        if n.split("[")[0] in bench.names
    }
    given: dict[str, Any] = {n: n for n in (*stored, *bench.names)}
    if bench.has_many:
        given[bench.names[0]] = list(inputs)
    out = bench.layer.onnx(model, **given)
    model.nodes.append(helper.make_node("Identity", [out], ["y"]))
    found = answer(model, inputs, bench.arrays["y"])
    passing = bench.layer.bypass("test")
    expected = bench.arrays[passing] if passing else bench.forward()
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
