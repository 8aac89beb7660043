"""A model that is not the network is found out, and the layer where it begins is named."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from onnx import ModelProto, helper, numpy_helper

from netc.export.compare import compare
from netc.export.problems import InvalidOnnx, OnnxDiffers
from netc.export.verify_onnx import Agreement
from netc.types import Array, Onnx
from tests.export.cases import LENET, SMALL, Curve, Net, WrongCurve, net_of, nodes_of, shown


def tampered(model: ModelProto, weight: str, change: float) -> ModelProto:
    """The model with one number of a weight changed."""
    tensor = next(t for t in model.graph.initializer if t.name == weight)
    array = numpy_helper.to_array(tensor).copy()
    array.flat[array.size // 2] += change
    tensor.CopyFrom(numpy_helper.from_array(array, weight))
    return model


def differing(net: Net, model: ModelProto) -> OnnxDiffers:
    (problem,) = net.verify(model)
    assert isinstance(problem, OnnxDiffers), shown([problem])
    return problem


def test_a_right_model_agrees_closely():
    found = net_of(LENET).verify(net_of(LENET).model())
    assert isinstance(found, Agreement)
    assert 0 <= found.max_abs_error < 1e-5
    assert 0 <= found.max_rel_error < 1e-5


@pytest.mark.parametrize("layer", ["conv_1", "conv_2", "hidden", "scores"])
@pytest.mark.parametrize("array", ["weight", "bias"])
def test_one_wrong_number_among_the_weights_names_its_layer(layer, array):
    net = net_of(LENET)
    problem = differing(net, tampered(net.model(), f"{layer}.{array}", 0.5))
    assert problem.layer == layer
    assert str(problem.span) == str(next(n for n in net.graph.nodes if n.name == layer).span)


def test_the_first_of_several_wrong_layers_is_named():
    net = net_of(LENET)
    model = tampered(net.model(), "scores.bias", 1.0)
    assert differing(net, tampered(model, "conv_2.bias", 1.0)).layer == "conv_2"


def test_the_problem_shows_the_layer_and_how_far_it_is_off():
    net = net_of(SMALL)
    problem = differing(net, tampered(net.model(), "second.bias", 4.0))
    problem = replace(problem, difference=0.25, greatest=1.5)
    assert shown([problem]) == (
        """\
error[onnx-differs]: `second` gives other numbers in onnxruntime than in netc
 --> test.net:4:14
  |
4 |     second = conv(2, kernel: 2) -> sigmoid
  |              ^^^^^^^^^^^^^^^^^^ differs by up to 0.25 where numbers go up to 1.5
  |
  = note: seen at batch 1, optimizations of onnxruntime off
  = help: please report it with the spec; without the proof, the file would be wrong"""
    )


def test_a_rule_that_says_something_else_is_found():
    net = net_of(SMALL).with_layer("tanh_1", WrongCurve())
    assert differing(net, net.model()).layer == "tanh_1"


def test_a_wrong_value_that_the_outputs_hide_is_found():
    net = net_of("net a {\n input x [4]\n h = dense(3)\n output y = h -> tanh -> relu\n}")
    problem = differing(net, tampered(net.model(), "h.bias", -1e-3))
    assert problem.layer == "h"


def test_a_difference_after_a_layer_that_mixes_the_batch_is_found():
    """A baked batch of 1 goes unnoticed at batch 1 only."""
    net = net_of("net a {\n input x [2, 3]\n output y = reshape([6])\n}")
    model = net.model()
    model.graph.initializer[0].CopyFrom(
        numpy_helper.from_array(np.array([1, 6], np.int64), "y/constant")
    )
    (problem,) = net.verify(model)
    assert isinstance(problem, InvalidOnnx)
    assert problem.span == net.graph.nodes[0].span


def test_shapes_that_onnx_works_out_otherwise_are_told():
    net = net_of(SMALL)
    model = net.model()
    pads = next(a for a in nodes_of(model)["second"].attribute if a.name == "pads")
    pads.ints[:] = [1, 1, 1, 1]
    del model.graph.value_info[:]
    (problem,) = net.verify(model)
    assert isinstance(problem, InvalidOnnx)


def test_a_model_without_the_outputs_of_the_net_is_no_proof():
    net = net_of(SMALL)
    empty = helper.make_model(helper.make_graph([], "empty", [], []))
    (problem,) = net.verify(empty)
    assert isinstance(problem, InvalidOnnx)
    assert problem.reason == "its outputs are [], not ['prob']"


def test_every_value_of_the_net_must_be_in_the_model():
    net = net_of(SMALL)
    model = net.model()
    nodes_of(model)["tanh_1"].input[0] = "other"
    nodes_of(model)["first"].output[0] = "other"
    (problem,) = net.verify(model)
    assert isinstance(problem, InvalidOnnx)
    assert str(problem.span) == "test.net:3:13"


def test_what_the_checker_refuses_is_told_at_its_layer():
    net = net_of(SMALL)
    model = net.model()
    nodes_of(model)["second"].op_type = "Convolve"
    (problem,) = net.verify(model)
    assert shown([problem]) == (
        """\
error[invalid-onnx]: the checker of onnx refuses the ONNX form of the net: No Op registered for \
Convolve with domain_version of 18
 --> test.net:4:14
  |
4 |     second = conv(2, kernel: 2) -> sigmoid
  |              ^^^^^^^^^^^^^^^^^^ written by the ONNX rule of `conv`
  |
  = help: try another opset; if none is taken, please report it with the spec"""
    )


@dataclass(frozen=True)
class Unknown(Curve):
    """Right ONNX, but onnxruntime wants this number to be above 0."""

    def onnx(self, g: Onnx, x: str) -> str:
        return g.op("LRN", x, size=3, alpha=0.0)


def test_what_onnxruntime_refuses_is_told_at_its_layer():
    net = net_of(SMALL).with_layer("tanh_1", Unknown())
    (problem,) = net.verify(net.model())
    assert isinstance(problem, InvalidOnnx)
    assert problem.judge == "onnxruntime"
    assert problem.reason == "alpha_ > 0.0f was false"
    assert str(problem.span) == "test.net:3:35"


@dataclass(frozen=True)
class Bursting(Curve):
    def forward(self, x: Array, y: Array) -> None:
        with np.errstate(divide="ignore", invalid="ignore"):
            np.divide(1, np.multiply(x, 0), out=y)

    def onnx(self, g: Onnx, x: str) -> str:
        zero = g.op("Mul", x, g.constant(np.float32(0)))
        return g.op("Div", g.constant(np.float32(1)), zero)


def test_infinities_agree_where_both_have_them():
    net = net_of("net a {\n input x [3]\n output y = tanh(x)\n}").with_layer("y", Bursting())
    assert isinstance(net.verify(net.model()), Agreement)


# ---- how arrays are compared


def fits(wanted: list[float], got: list[float]) -> bool:
    return compare(np.array(wanted, np.float32), np.array(got, np.float32)).fits


def test_numbers_may_differ_by_a_part_of_themselves():
    assert fits([1000.0, 1.0], [1000.9, 1.0009])
    assert not fits([1000.0], [1001.5])


def test_numbers_near_zero_may_differ_by_a_part_of_the_greatest():
    assert fits([0.0, 1.0], [9e-6, 1.0])
    assert not fits([0.0, 1.0], [2e-5, 1.0])
    assert fits([0.0, 1e4], [0.09, 1e4])


def test_what_is_infinite_or_no_number_must_be_so_on_both_sides():
    inf, nan = np.inf, np.nan
    assert fits([inf, -inf, nan], [inf, -inf, nan])
    assert not fits([inf], [-inf])
    assert not fits([inf], [3e38])
    assert not fits([1.0], [inf])
    assert not fits([nan], [0.0])
    assert not fits([0.0], [nan])


def test_arrays_of_other_shapes_do_not_fit():
    assert not compare(np.zeros((1, 3)), np.zeros((3, 3))).fits


def test_the_greatest_difference_is_given_with_its_scale():
    found = compare(np.array([4.0, -8.0]), np.array([4.0, -7.0]))
    assert (found.greatest, found.scale, found.relative) == (1.0, 8.0, 0.125)


def test_what_does_not_fit_in_memory_is_not_compared(monkeypatch):
    monkeypatch.setattr("netc.export.verify_numbers.available", lambda: 1_000)
    with pytest.raises(MemoryError, match="1 kB are free"):
        net_of(LENET).verify(net_of(LENET).model())
