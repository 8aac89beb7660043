"""What stands in an exported model: names, shapes, places, weights, and nothing by chance."""

from dataclasses import dataclass

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from netc.types import Onnx, Reject
from tests.export.cases import LENET, SMALL, Curve, net_of, nodes_of, shown


def sides(info: onnx.ValueInfoProto) -> list[str | int]:
    return [d.dim_param or d.dim_value for d in info.type.tensor_type.shape.dim]


def test_nodes_are_called_like_layers_and_values_like_values():
    model = net_of(LENET).model()
    assert [(n.name, n.op_type, n.output[0]) for n in model.graph.node] == [
        ("conv_1", "Conv", "conv_1"),
        ("max_pool_1", "MaxPool", "max_pool_1"),
        ("conv_2", "Conv", "conv_2"),
        ("max_pool_2", "MaxPool", "max_pool_2"),
        ("hidden/Flatten", "Flatten", "hidden/Flatten"),
        ("hidden", "Gemm", "hidden.dense"),
        ("relu_1", "Relu", "relu_1"),
        ("scores", "Gemm", "scores"),
        ("prob", "Softmax", "prob"),
    ]
    assert model.graph.name == "lenet"


def test_weights_keep_their_names_and_numbers():
    net = net_of(LENET)
    held = {t.name: numpy_helper.to_array(t) for t in net.model().graph.initializer}
    assert held.keys() == net.weights.keys()
    for name, array in net.weights.items():
        np.testing.assert_array_equal(held[name], array)
        assert held[name].dtype == np.float32


def test_the_batch_is_free_and_every_shape_is_written():
    net = net_of(LENET)
    graph = net.model().graph
    assert [(i.name, sides(i)) for i in graph.input] == [("image", ["N", 1, 28, 28])]
    assert [(o.name, sides(o)) for o in graph.output] == [("prob", ["N", 10])]
    assert {v.name: sides(v) for v in graph.value_info} == {
        "conv_1": ["N", 20, 24, 24],
        "max_pool_1": ["N", 20, 12, 12],
        "conv_2": ["N", 50, 8, 8],
        "max_pool_2": ["N", 50, 4, 4],
        "hidden/Flatten": ["N", 800],
        "hidden.dense": ["N", 500],
        "relu_1": ["N", 500],
        "scores": ["N", 10],
    }


def test_every_node_knows_its_place_in_the_source():
    nodes = nodes_of(net_of(LENET, path="specs/lenet.net").model())
    assert nodes["conv_2"].doc_string == "specs/lenet.net:6:5"
    assert nodes["hidden/Flatten"].doc_string == nodes["hidden"].doc_string
    for node in nodes.values():
        assert [(p.key, p.value) for p in node.metadata_props] == [("netc.source", node.doc_string)]


def test_a_path_that_is_no_text_can_be_written():
    model = net_of(SMALL, path="odd\udcff.net").model()
    assert nodes_of(model)["first"].doc_string == "odd?.net:3:13"


def test_losses_and_metrics_and_labels_fall_away():
    model = net_of(LENET).model()
    assert {n.op_type for n in model.graph.node}.isdisjoint({"SoftmaxCrossEntropyLoss", "ArgMax"})
    assert "label" not in {i.name for i in model.graph.input}


@pytest.mark.parametrize(
    ("opset", "ir"), [(13, 7), (17, 8), (18, 8), (19, 9), (21, 10), (24, 12), (26, 13)]
)
def test_the_format_is_the_oldest_that_the_opset_allows(opset, ir):
    model = net_of(SMALL).model(opset)
    assert [(o.domain, o.version) for o in model.opset_import] == [("", opset)]
    assert model.ir_version == ir
    assert model.producer_name == "netc"


def test_two_exports_are_equal_byte_for_byte():
    first, second = (net_of(LENET).model().SerializeToString() for _ in range(2))
    assert first == second


def test_a_layer_that_copies_becomes_a_node_with_its_name():
    model = net_of(
        "net a {\n input x [3]\n kept = relu(x) -> identity\n output y = tanh(kept)\n}"
    ).model()
    assert [(n.name, n.op_type, list(n.output)) for n in model.graph.node] == [
        ("relu_1", "Relu", ["relu_1"]),
        ("kept", "Identity", ["kept"]),
        ("y", "Tanh", ["y"]),
    ]


def test_constants_of_a_layer_are_called_after_it():
    model = net_of("net a {\n input x [4]\n output y = reshape([2, 2])\n}").model()
    assert [t.name for t in model.graph.initializer] == ["y/constant"]
    assert numpy_helper.to_array(model.graph.initializer[0]).tolist() == [0, 2, 2]


@dataclass(frozen=True)
class ManyNodes(Curve):
    def onnx(self, g: Onnx, x: str) -> str:
        half = g.constant(np.float64(0.5))
        twice = g.op("Add", g.op("Mul", x, half), g.op("Mul", half, x, ""))
        return g.op("Tanh", twice)


def test_nodes_of_one_layer_have_different_names():
    net = net_of(SMALL).with_layer("tanh_1", ManyNodes())
    model = net.model()
    mine = [(n.name, list(n.input)) for n in model.graph.node if n.name.startswith("tanh_1")]
    assert mine == [
        ("tanh_1/Mul", ["first.conv", "tanh_1/constant"]),
        ("tanh_1/Mul_2", ["tanh_1/constant", "first.conv"]),
        ("tanh_1/Add", ["tanh_1/Mul", "tanh_1/Mul_2"]),
        ("tanh_1", ["tanh_1/Add"]),
    ]
    assert not isinstance(net.verify(model), list)


# ---- what cannot be written


def test_layers_without_a_rule_are_all_named():
    net = net_of(SMALL).with_layer("tanh_1", Curve()).with_layer("sigmoid_1", Curve())
    assert shown(net.refused("/tmp/never.onnx")) == (
        """\
error[no-onnx-rule]: `tanh_1`, `sigmoid_1` cannot be written as ONNX
 --> test.net:3:35
  |
3 |     first = conv(3, kernel: 3) -> tanh
  |                                   ^^^^ `curve` has no ONNX form
4 |     second = conv(2, kernel: 2) -> sigmoid
  |                                    ------- `curve` neither
  |
  = help: let the outputs depend on other layers, or give the layer type an `onnx` rule"""
    )


@dataclass(frozen=True)
class Newer(Curve):
    def onnx(self, g: Onnx, x: str) -> str:
        return g.op("Gelu", x)


@dataclass(frozen=True)
class Picky(Curve):
    def onnx(self, g: Onnx, x: str) -> str:
        raise Reject("opset", "it needs a rounding that came later", help="choose opset 19")


def test_what_an_opset_cannot_say_is_said():
    net = net_of(SMALL).with_layer("tanh_1", Newer()).with_layer("sigmoid_1", Picky())
    assert shown(net.refused("/tmp/never.onnx")) == (
        """\
error[not-in-opset]: `tanh_1` cannot be written in ONNX opset 18
 --> test.net:3:35
  |
3 |     first = conv(3, kernel: 3) -> tanh
  |                                   ^^^^ there is no operator Gelu in it
  |
  = help: choose opset 20 or later
error[not-in-opset]: `sigmoid_1` cannot be written in ONNX opset 18
 --> test.net:4:36
  |
4 |     second = conv(2, kernel: 2) -> sigmoid
  |                                    ^^^^^^^ it needs a rounding that came later
  |
  = help: choose opset 19"""
    )
    assert not isinstance(net_of(SMALL).with_layer("tanh_1", Newer()).model(20), list)
