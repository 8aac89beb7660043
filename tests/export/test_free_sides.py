"""Nets of open size compile to one file for all sizes."""

from dataclasses import replace

import numpy as np
import onnxruntime
import pytest

from netc.diag import Source
from netc.export.compare import compare
from netc.export.verify_onnx import Agreement
from netc.export.verify_sizes import sizes_to_try
from netc.formats import read_source
from netc.ir import at_sizes, build
from netc.layers import REGISTRY
from tests.export.cases import inputs_of, net_of, one_layer, shown
from tests.nets import graph_of
from tests.uses import EXAMPLES

NET = """net seer {
    input image [3, h, w]
    conv(8, kernel: 3, stride: 2, pad: 1) -> batch_norm -> relu
    a = max_pool(2)
    b = conv(8, kernel: 3, pad: same)
    c = add(a, b) -> avg_pool(3, stride: 2, pad: 1)
    d = reshape(c, [4, c.height, 2, -1]) -> reshape([8, c.height, -1])
    output map = concat(c, d) -> lrn -> group_norm(4) -> instance_norm -> layer_norm(over: channels)
    output prob = global_avg_pool(map) -> dense(10) -> softmax
}
"""

SIZES = [(8, 8), (9, 12), (10, 7), (11, 13)]


def sides(values):
    return {
        v.name: [d.dim_value or d.dim_param for d in v.type.tensor_type.shape.dim] for v in values
    }


def test_free_sides_are_called_by_their_formulas():
    graph = net_of(NET).model().graph
    assert sides(graph.input) == {"image": ["N", 3, "h", "w"]}
    assert sides(graph.output) == {
        "map": ["N", 16, "(h + 3) // 8 + 1", "(w + 3) // 8 + 1"],
        "prob": ["N", 10],
    }
    assert sides(graph.value_info)["a"] == ["N", 8, "(h + 3) // 4", "(w + 3) // 4"]


def test_a_size_may_be_called_like_the_batch():
    graph = net_of(NET.replace("h, w", "N, w")).model().graph
    assert sides(graph.input) == {"image": ["N_batch", 3, "N", "w"]}


def test_the_file_is_proved_at_several_sizes(tmp_path):
    done = net_of(NET).compile(tmp_path / "seer.onnx")
    assert done.verified
    assert done.free == ("h", "w")


def test_a_side_that_was_written_as_a_number_is_found_out():
    net = net_of("net a {\n input x [4, h]\n output y = reshape([2, 2, -1])\n}")
    model = net.model()
    assert isinstance(net.verify(model), Agreement)
    at_eight = replace(net, graph=at_sizes(net.graph, {"h": 16})).model()
    shape = next(t for t in at_eight.graph.initializer if "constant" in t.name)
    shape.raw_data = np.array([0, 2, 2, 16], np.int64).tobytes()
    model.graph.initializer[0].CopyFrom(shape)
    (problem,) = net.verify(model)
    assert problem.slug in ("invalid-onnx", "onnx-differs")


def test_sizes_to_try_are_even_and_odd_and_large_enough():
    assert sizes_to_try(graph_of(NET), 2) == [{"h": 16, "w": 19}, {"h": 25, "w": 28}]
    large = graph_of("net a {\n input x [1, h]\n output y = max_pool(100)\n}")
    assert all(sizes["h"] >= 100 for sizes in sizes_to_try(large, 3))
    known = graph_of("net a {\n input x [1, 8]\n output y = max_pool(2)\n}")
    assert sizes_to_try(known, 2) == [{}, {}]


def test_two_sides_that_are_open_and_new_are_refused(tmp_path):
    text = "net a {\n input x [4, h, w]\n output y = reshape([2 * x.height, 2 * x.width])\n}"
    (problem,) = net_of(text).refused(tmp_path / "a.onnx")
    assert problem.slug == "not-in-opset"
    assert problem.reason == "[2 * h, 2 * w] has more than one side that is open and new"


def agrees(text: str, opset: int = 18) -> None:
    """The compiled net gives what the engine gives, at sizes of many remainders."""
    net = net_of(text)
    session = onnxruntime.InferenceSession(
        net.model(opset).SerializeToString(), providers=["CPUExecutionProvider"]
    )
    for h, w in SIZES:
        known = replace(net, graph=at_sizes(net.graph, {"h": h, "w": w}))
        inputs = inputs_of(known, batch=2)
        wanted = known.run(inputs, 2)
        found = session.run(list(wanted), {i.name: inputs[i.name] for i in session.get_inputs()})
        for name, array in zip(wanted, found, strict=True):
            assert compare(wanted[name], array).fits, f"{name} where h is {h} and w is {w}"


def test_a_whole_net_agrees_at_any_size():
    agrees(NET)


POOLS = [
    f"max_pool({k}, stride: {s}, pad: {p}, round: {r})"
    for k, s, p in [(1, 1, 0), (2, 2, 0), (3, 2, 0), (3, 2, 1), (2, 2, 1), (4, 3, 2), (2, 3, 1)]
    for r in ("up", "down")
]
POOLS += [use.replace("max", "avg") for use in POOLS]
POOLS += [use.replace(")", ", count_pad: false)") for use in POOLS if "avg" in use]
POOLS += [use.replace("avg", "l2") for use in POOLS if use.startswith("avg") and "count" not in use]
POOLS += [
    "unpool(max_pool(x, 2), x, kernel: 2)",
    "unpool(max_pool(x, 3, stride: 2), x, kernel: 3, stride: 2)",
    "unpool(max_pool(x, 4, stride: 3, pad: 2), x, kernel: 4, stride: 3, pad: 2)",
    "subsample(x, 3, stride: 2)",
    "channel_pool(x, 2)",
    "adaptive_avg_pool(x, [3, 4])",
    "pyramid_pool(x, levels: 3)",
    "pyramid_pool(x, levels: [3, 2], how: avg)",
    "upsample(x, [2, 3])",
    "upsample(x, 2, how: bilinear)",
    "upsample(x, 2, how: bilinear, corners: true)",
    "resize(x, [7, 12])",
    "resize(x, [7, 12], how: bilinear)",
    "resize(x, [7, 12], how: bilinear, corners: true)",
]
CONVS = [
    "conv(3, kernel: 3, pad: same)",
    "conv(3, kernel: 4, stride: 3, pad: 1)",
    "conv(4, kernel: [3, 1], dilation: 2, stride: [2, 1], groups: 2)",
]


PARTS = [
    "slice(x, start: 1, axis: 2)",
    "slice(x, start: -5, stop: -2, axis: 3)",
    "slice(x, start: 2, stop: 6, axis: 2)",
    "split(concat(x, x, axis: 3), parts: 2, part: 1, axis: 3)",
    "split(concat(x, x, axis: 2), parts: 2, part: 0, axis: 2)",
    "crop(conv(x, 3, kernel: 1, pad: [2, 1]), x, offset: [3, 1])",
    "permute(x, [3, 1, 2])",
    "tile(x, times: 3, axis: 3)",
    "pad(x, amount: [1, 2], after: 0, channels: [0, 2])",
    "pad(x, amount: [3, 0], how: reflect)",
    "pad(x, 2, how: edge, channels: [1, 1])",
    "reduce(x, how: mean, axis: 2)",
    "reduce(x, how: max, axis: [1, 3], keep_axes: true)",
    "maxout(x)",
    "prelu(x)",
    "scale(x, bias: true)",
    "argmax(x)",
]


OPSETS = (13, 17, 18, 20, 22, 26)


@pytest.mark.parametrize(
    ("use", "opset"),
    [(use, OPSETS[i % len(OPSETS)]) for i, use in enumerate(POOLS + CONVS + PARTS)],
)
def test_windows_and_parts_agree_at_any_size(use, opset):
    agrees(f"net a {{\n input x [2, h, w]\n output y = {use}\n}}", opset)


@pytest.mark.parametrize("opset", OPSETS)
def test_a_sequence_and_a_volume_agree_at_any_size(opset):
    for shape in ("[2, w]", "[2, d, h, w]"):
        net = net_of(
            f"net a {{\n input x {shape}\n"
            " conv(4, kernel: 3, stride: 2, pad: 1) -> max_pool(2, pad: 1) -> upsample(2)\n"
            " batch_norm -> group_norm(2) -> maxout -> pad(1, how: edge)\n"
            " output y = reduce(how: mean, axis: 2)\n}"
        )
        found = net.verify(net.model(opset))
        assert isinstance(found, Agreement), shown(found)


WITH_ONNX = [name for name in sorted(EXAMPLES) if hasattr(REGISTRY[name], "onnx")]


@pytest.mark.parametrize("name", WITH_ONNX)
def test_every_layer_agrees_at_any_size_or_is_refused(name):
    text = one_layer(EXAMPLES[name])
    count = text.count("input x")
    shape = text.split("[", 1)[1].split("]")[0].split(", ")
    sized = ", ".join([shape[0], "h", "w"])
    for i in range(count):
        line = next(each for each in text.splitlines() if f"input x{i} " in each)
        first = line.split("[", 1)[1].split(",")[0].split("]")[0]
        text = text.replace(line, f"input x{i} [{first}, h, w]")
    assert sized in text
    built = build(read_source(Source("test.net", text)))
    if built.graph is None:
        assert [p.slug for p in built.problems] == ["bad-shape"], shown(list(built.problems))
        return
    agrees(text)
