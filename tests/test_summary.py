"""The numbers of a net: params, multiply-adds, receptive fields and memory."""

import pytest

from netc.passes import for_training
from netc.plan import plan
from netc.summary import LayerSummary, summarize
from tests.nets import CONVNET, MLP, graph_of

ALEXNET = """net alexnet {
    input image [3, 224, 224]
    conv1 = conv(64, kernel: 11, stride: 4)
    pool1 = max_pool(3, stride: 2)
    conv2 = conv(192, kernel: 5, pad: 2)
    pool2 = max_pool(3, stride: 2)
    conv3 = conv(384, kernel: 3, pad: 1)
    conv4 = conv(384, kernel: 3, pad: 1)
    conv5 = conv(256, kernel: 3, pad: 1)
    pool5 = max_pool(3, stride: 2)
    output dense(10)
}
"""


def layers_of(text: str) -> dict[str, LayerSummary]:
    return {layer.name: layer for layer in summarize(graph_of(text)).layers}


def test_receptive_fields_are_those_known_of_alexnet() -> None:
    # Araujo, Norris and Sim, Computing Receptive Fields of Convolutional Neural Networks, 2019:
    # 195 at the last pooling layer.
    layers = layers_of(ALEXNET)
    fields = {name: layers[name].receptive_field for name in layers}
    assert fields["conv1"] == (11, 11)
    assert fields["pool1"] == (19, 19)
    assert fields["conv2"] == (51, 51)
    assert fields["conv5"] == (163, 163)
    assert fields["pool5"] == (195, 195)
    assert fields["dense_1"] == (224, 224)


def test_dilation_widens_the_field_and_sequences_have_one_axis() -> None:
    layers = layers_of(
        "net a {\n input x [2, 30]\n a = conv(3, kernel: 3, dilation: 4)\n output a\n}\n"
    )
    assert layers["a"].receptive_field == (9,)


def test_the_larger_branch_decides() -> None:
    layers = layers_of(CONVNET)
    assert layers["a"].receptive_field == (3, 3)
    assert layers["b"].receptive_field == (5, 5)
    joined = next(layer for layer in layers.values() if layer.type == "add")
    assert joined.receptive_field == (5, 5)


def test_a_global_pool_and_a_dense_layer_see_the_whole_image() -> None:
    layers = layers_of(
        "net a {\n input x [2, 9, 7]\n p = global_avg_pool\n d = x -> flatten -> dense(3)\n"
        " output p\n output d\n}\n"
    )
    assert layers["p"].receptive_field == (9, 7)
    assert layers["d"].receptive_field == (9, 7)


def test_what_is_no_image_has_no_field_and_neither_have_losses() -> None:
    layers = layers_of(MLP)
    assert layers["h"].receptive_field is None
    assert layers_of(CONVNET)["softmax_loss"].receptive_field is None


def test_params_and_multiply_adds_are_counted_by_hand() -> None:
    summary = summarize(graph_of(ALEXNET))
    conv2 = next(layer for layer in summary.layers if layer.name == "conv2")
    assert conv2.params == 192 * 64 * 25 + 192
    assert conv2.macs == 192 * 64 * 25 * conv2.output.shape[1] * conv2.output.shape[2]
    assert summary.params == sum(layer.params for layer in summary.layers)
    assert summary.macs == sum(layer.macs for layer in summary.layers)


def test_running_means_are_states_and_not_params() -> None:
    summary = summarize(graph_of(CONVNET))
    norm = next(layer for layer in summary.layers if layer.type == "batch_norm")
    assert norm.params == 2 * 4
    assert summary.memory.states == 2 * 4 * 4


def test_a_layer_that_shares_memory_takes_none() -> None:
    layers = layers_of(CONVNET)
    flat = [layer for layer in layers.values() if layer.type == "flatten"]
    assert flat
    assert all(layer.bytes == 0 for layer in flat)


def test_memory_is_what_the_plan_takes() -> None:
    graph = graph_of(CONVNET)
    memory = summarize(graph, 16).memory
    arena = plan(for_training(graph), batch=16).arena_bytes
    assert memory.training == arena + 2 * memory.weights + memory.states
    assert memory.inference is not None
    assert memory.inference < memory.training


@pytest.mark.parametrize("batch", [1, 8])
def test_only_memory_depends_on_the_batch(batch: int) -> None:
    one, more = summarize(graph_of(CONVNET)), summarize(graph_of(CONVNET), batch)
    assert one.layers == more.layers
    assert one.activation_bytes == more.activation_bytes


def test_a_net_without_loss_or_output_has_no_such_memory() -> None:
    memory = summarize(graph_of("net a {\n input x [4]\n output dense(3)\n}\n")).memory
    assert memory.training is None
    assert summarize(graph_of("net a {\n input x [4]\n dense(3)\n}\n")).memory.inference is None


def test_a_field_shrinks_with_what_makes_images_larger() -> None:
    layers = layers_of(
        "net a {\n input x [1, 32, 32]\n a = conv(2, kernel: 3, stride: 2)\n"
        " b = deconv(2, kernel: 2, stride: 2)\n c = conv(2, kernel: 3)\n output c\n}\n"
    )
    # A place of `b` has seen one place of `a`; three neighbours in `c` lie on two or three of them.
    assert [layers[name].receptive_field for name in "abc"] == [(3, 3), (3, 3), (5, 5)]


def test_volumes_have_three_axes_and_labels_no_channels() -> None:
    layers = layers_of(
        "net a {\n input x [2, 9, 8, 7]\n input t class(5) [20]\n"
        " a = x -> conv(3, kernel: [3, 2, 1]) -> max_pool([2, 1, 2], stride: 2)\n"
        " b = t -> embed(4) -> conv(3, kernel: 5)\n output a\n output b\n}\n"
    )
    assert layers["a"].receptive_field == (3, 2, 1)
    assert layers["max_pool_1"].receptive_field == (4, 2, 2)
    assert layers["conv_1"].receptive_field == (5,)
