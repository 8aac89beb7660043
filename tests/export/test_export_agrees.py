"""What netc's engine gives, onnxruntime gives: layer by layer, for odd outputs, at random."""

import numpy as np
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netc.diag import Source
from netc.export.verify_onnx import Agreement
from netc.formats import read_source
from netc.ir import build
from netc.layers import REGISTRY
from tests.export.cases import Net, inputs_of, net_of, nodes_of, one_layer, shown
from tests.rules import example_of

OPSETS = (13, 18, 21, 26)
BETWEEN = (14, 15, 16, 17, 19, 20, 22, 23, 24, 25)
USES = {name: example_of(kind) for name, kind in sorted(REGISTRY.items()) if not kind.roles}
MORE = (
    "conv([4, 6, 5], filters: 6, kernel: [3, 2], stride: [2, 1], pad: [1, 0], groups: 2)",
    "conv([2, 9], filters: 3, kernel: 3, dilation: 2, bias: false)",
    "conv([2, 3, 4, 5], filters: 3, kernel: [2, 3, 2], stride: [1, 2, 1], pad: [1, 0, 1])",
    "conv([3, 4, 4], filters: 3, kernel: 3, pad: 1, connect: [[0, 2], [1], [2, 1, 0]])",
    "conv([2, 6], filters: 2, kernel: 2, connect: [[1], [1, 0]], bias: false)",
    "deconv([2, 5], filters: 3, kernel: 3, stride: 2, output_pad: 1)",
    "deconv([4, 3, 4], filters: 6, kernel: [3, 2], stride: [2, 3], output_pad: 1, groups: 2)",
    "deconv([2, 4, 3], filters: 3, kernel: 3, pad: 1, dilation: 3, stride: 2, output_pad: [1, 0])",
    "deconv([2, 2, 3, 2], filters: 3, kernel: 3, stride: [2, 1, 2], pad: 1, bias: false)",
    "dense([2, 3, 3], units: 4, bias: false)",
    "dense([2, 3, 3], units: 4, transposed: true)",
    "max_pool([2, 7], kernel: 3, stride: 2, pad: 1)",
    "max_pool([1, 3, 5], kernel: 2, stride: 2, pad: 1)",
    "avg_pool([2, 8, 6], kernel: 3, stride: 2, pad: [1, 0])",
    "avg_pool([2, 8, 6], kernel: 3, stride: 2, pad: 1, count_pad: false)",
    "avg_pool([2, 7], kernel: 3, stride: 2, round: down)",
    "max_pool([2, 4, 5, 3], kernel: 2, stride: [2, 1, 2], pad: [1, 0, 1])",
    "l2_pool([2, 8, 6], kernel: 3, stride: 2, pad: [1, 0])",
    "subsample([2, 8, 6], kernel: 3, stride: 2, pad: 1)",
    "channel_pool([6, 3], kernel: 2, stride: 1, how: avg)",
    "channel_pool([6, 2, 3, 2], kernel: 3)",
    "unpool([2, 4, 3], [2, 7, 5], kernel: 3, stride: 2, pad: 1)",
    "unpool([2, 4], [2, 8], kernel: 2)",
    "adaptive_avg_pool([2, 5, 6], size: [2, 3])",
    "adaptive_avg_pool([2, 6, 4], size: [3, 2])",
    "pyramid_pool([2, 6, 7], levels: 2, how: avg, bins: padded)",
    "pyramid_pool([2, 5, 4], levels: [3, 2])",
    "pyramid_pool([2, 5, 4, 3], levels: 2, how: avg)",
    "upsample([2, 3, 2], factor: [2, 3], how: bilinear, corners: true)",
    "upsample([2, 3, 2, 2], factor: 2)",
    "resize([2, 4, 7], size: [7, 3], how: bilinear)",
    "global_avg_pool([3, 4])",
    "batch_norm([4])",
    "batch_norm([3, 2, 2], shift: false, scale: false)",
    "batch_norm([3, 4], frozen: true)",
    "group_norm([6], groups: 3)",
    "group_norm([4, 3, 5], groups: 2, scale: false)",
    "group_norm([4, 2, 3, 2], groups: 1, epsilon: 0.01)",
    "instance_norm([3, 5], scale: false)",
    "instance_norm([2, 3, 2, 2])",
    "layer_norm([6])",
    "layer_norm([3, 2, 4], shift: false)",
    "layer_norm([4, 5], over: channels)",
    "layer_norm([4, 2, 3], over: channels, scale: false, shift: false)",
    "lrn([6, 5], size: 3, alpha: 0.3)",
    "lrn([3, 5], size: 3, alpha: 0.8, over: image)",
    "lrn([3, 5, 4], size: 5, alpha: 0.8, k: 2.0, over: image)",
    "dropout([3, 4], rate: 0.2, scaling: test)",
    "dropout([3, 4], rate: 0.2, compat: convnetjs)",
    "dropout([3, 4], rate: 0, compat: convnetjs)",
    "spatial_dropout([3, 4, 2], rate: 0.2, scaling: test)",
    "tanh([3, 4], compat: convnetjs)",
    "max_pool([2, 7, 6], kernel: 3, stride: 2, round: down, compat: convnetjs)",
    "quadratic([3, 2, 4])",
    "softmax([3, 2, 2])",
    "add([3, 2], [3, 2], [3, 2])",
    "concat([3, 2], [3, 1], axis: 2)",
    "prelu([3])",
    "prelu([3, 2, 4], shared: true)",
    "gelu([3, 4], approximate: tanh)",
    "silu([3, 4], beta: 1.7)",
    "clip([3, 4], max: 0.3)",
    "power([3, 4], power: 1, scale: -2, shift: 1)",
    "log([3, 4], base: 10, scale: 0.1, shift: 2)",
    "maxout([4, 2, 3], pieces: 4)",
    "slice([2, 5, 4], stop: -1, axis: 2)",
    "split([2, 3, 4], parts: 2, part: 1, axis: 3)",
    "crop([2, 7], [3, 4], offset: 2)",
    "pad([2, 4, 5], amount: 1, how: reflect)",
    "pad([2, 4, 5], before: [1, 2], after: 0, how: edge, channels: [1, 0])",
    "pad([2, 5], amount: 2, value: -1.5)",
    "reduce([3, 4, 2], how: max, axis: [1, 3])",
    "reduce([3, 4, 2], how: min, keep_axes: true)",
    "reduce([3, 4], how: sum)",
    "reduce([3, 4], how: sum_abs, axis: 2)",
    "reduce([3, 4], how: sum_squares, axis: [2, 1])",
    "scale([3, 2, 2], bias: true, shared: true)",
    "bias([4])",
    "embed(class(5), units: 3)",
    "embed(class(5) [2, 3], units: 4, bias: true)",
    "argmax([4, 2, 3], axis: 2)",
)


def assert_agrees(net: Net, opset: int = 18) -> None:
    """Compare without the code that is under test."""
    model = net.model(opset)
    found = net.verify(model)
    assert isinstance(found, Agreement), shown(found)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    names = [o.name for o in session.get_outputs()]
    assert names == list(net.graph.outputs)
    for batch in (1, 3):
        inputs = inputs_of(net, batch)
        got = session.run(None, {i.name: inputs[i.name] for i in session.get_inputs()})
        wanted = net.run(inputs, batch)
        for name, array in zip(names, got, strict=True):
            np.testing.assert_allclose(array, wanted[name], rtol=1e-4, atol=1e-5, err_msg=name)


@pytest.mark.parametrize("opset", OPSETS)
@pytest.mark.parametrize("name", USES)
def test_example_of_every_layer_agrees(name, opset):
    assert_agrees(net_of(one_layer(USES[name])), opset)


@pytest.mark.parametrize(
    ("name", "opset"), [(name, BETWEEN[i % len(BETWEEN)]) for i, name in enumerate(USES)]
)
def test_example_of_every_layer_agrees_at_one_of_the_opsets_between(name, opset):
    assert_agrees(net_of(one_layer(USES[name])), opset)


@pytest.mark.parametrize("use", MORE)
def test_more_uses_of_layers_agree(use):
    for opset in OPSETS:
        assert_agrees(net_of(one_layer(use)), opset)


# ---- odd outputs


def body(*lines: str) -> Net:
    return net_of("net odd {\n" + "\n".join(lines) + "\n}\n")


def test_several_outputs_and_one_that_others_read():
    net = body(
        "input x [6]", "h = dense(4) -> relu", "output h", "output a = dense(h, units: 2)",
        "output b = softmax(h)",
    )  # fmt: skip
    assert_agrees(net)
    assert net.graph.outputs == ("h", "a", "b")


def test_one_value_that_is_two_outputs():
    net = body("input x [6]", "h = relu(x)", "output h", "output h")
    assert_agrees(net)
    assert net.answers.outputs == ("h",)


def test_an_input_that_is_an_output():
    assert_agrees(body("input x [3, 2]", "output x", "output y = tanh(x)"))


def test_an_input_that_is_an_output_under_another_name():
    assert_agrees(body("input x [3, 2]", "output y = x"))


def test_an_output_that_dropout_made_keeps_its_name():
    net = body(
        "input x [6]", "h = dense(4)", "output p = dropout(h)", "output q = dropout(h, rate: 0.1)",
        "output h", "output last = relu(p)",
    )  # fmt: skip
    assert_agrees(net)
    assert nodes_of(net.model())["p"].op_type == "Identity"
    assert nodes_of(net.model())["p"].doc_string == "test.net:4:12"


def test_an_input_that_no_answer_needs_is_left_out():
    net = body("input x [3]", "input y [3]", "input label class(3)", "output p = softmax(x)",
               "loss euclidean_loss(x, y)", "metric accuracy(x, label)")  # fmt: skip
    assert_agrees(net)
    assert [i.name for i in net.model().graph.input] == ["x"]


def test_several_inputs_keep_their_order():
    net = body("input b [3]", "input a [3]", "output y = add(a, b)")
    assert_agrees(net)
    assert [i.name for i in net.model().graph.input] == ["b", "a"]


def test_views_of_views_and_joins_of_one_value():
    net = body(
        "input x [4, 3]", "f = flatten(x)", "r = reshape(f, shape: [2, 6]) -> identity",
        "output wide = concat(r, r, axis: 2)", "output twice = add(f, f)", "output f",
    )  # fmt: skip
    assert_agrees(net)


@pytest.mark.parametrize("between", ["identity", "identity -> dropout"])
@pytest.mark.parametrize(
    "pool",
    ["max_pool(2)", "max_pool(3, stride: 2, pad: 1)", "avg_pool(2)", "subsample(3, stride: 2)"],
)
def test_a_pooling_of_what_was_padded_sees_the_padding(pool, between):
    for amount in (1, 2):
        lines = ("below = power(x, 2) -> negate", f"pad({amount})", between)
        assert_agrees(body("input x [2, 6, 5]", *lines, f"output {pool}"))


# ---- random chains

number = st.integers
flag = st.sampled_from(["true", "false"])
image_steps = st.one_of(
    st.builds(
        "conv({}, kernel: {}, stride: {}, pad: {}, dilation: {}, bias: {})".format,
        number(1, 4), number(1, 3), number(1, 2), number(0, 2), number(1, 2), flag,
    ),
    st.builds(
        "max_pool({}, stride: {}, pad: {}, round: {})".format,
        number(1, 3), number(1, 3), number(0, 2), st.sampled_from(["up", "down"]),
    ),
    st.builds(
        "avg_pool({}, stride: {}, pad: {}, round: {}, count_pad: {})".format,
        number(1, 3), number(1, 3), number(0, 1), st.sampled_from(["up", "down"]), flag,
    ),
    st.builds("lrn(size: {}, alpha: {})".format, st.sampled_from([1, 3, 5]), number(0, 2)),
    st.sampled_from(["global_avg_pool", "global_max_pool", "flatten"]),
)  # fmt: skip
any_steps = st.one_of(
    st.builds("dense({}, bias: {})".format, number(1, 5), flag),
    st.builds("leaky_relu({})".format, st.sampled_from([0, 0.1, 1])),
    st.builds("elu({})".format, st.sampled_from([0.5, 1, 2])),
    st.builds("batch_norm(epsilon: {}, scale: {}, shift: {})".format,
              st.sampled_from([1e-5, 0.1]), flag, flag),
    st.sampled_from(["relu", "sigmoid", "tanh", "softmax", "dropout", "identity", "reshape([-1])"]),
    st.sampled_from(["add(before)", "concat(before)", "concat(before, before)", "max_pool(2)"]),
    st.sampled_from(["prelu", "gelu", "gelu(approximate: tanh)", "silu", "mish", "softplus"]),
    st.sampled_from(["slice(stop: -1)", "slice(start: 1, axis: 2)", "tile(2)", "tile(2, axis: 2)"]),
    st.sampled_from(["split(2, part: 1)", "pad(1)", "pad(1, how: edge)", "permute([2, 1])"]),
    st.sampled_from(["reduce(how: mean, axis: 1)", "reduce(how: max, axis: 2)", "maxout", "scale"]),
)  # fmt: skip
steps = st.lists(st.one_of(image_steps, any_steps), min_size=1, max_size=7)
shapes = st.sampled_from(["[2, 7, 6]", "[3, 5, 5]", "[3, 9]", "[6]", "[1, 1, 1]"])


def chain_of(shape: str, written: list[str]) -> str:
    """A net of the steps that fit, each on the one before."""
    lines = [f"input x {shape}", "before = identity(x)"]
    for step in written:
        tried = [*lines, f"now_{len(lines)} = {step}"]
        if text_fits(tried):
            lines = tried
    last = lines[-1].split(" =")[0]
    return "net random {\n" + "\n".join([*lines, f"output {last}"]) + "\n}\n"


def text_fits(lines: list[str]) -> bool:
    spec = read_source(Source("random.net", "net random {\n" + "\n".join(lines) + "\n}\n"))
    return not isinstance(spec, list) and build(spec).graph is not None


@settings(max_examples=120)
@given(shapes, steps, st.sampled_from(OPSETS), st.integers(0, 3))
def test_random_chains_agree(shape, written, opset, seed):
    assert_agrees(net_of(chain_of(shape, written), seed=seed), opset)
