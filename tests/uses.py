"""Uses of every layer type that the tests run: the examples of the manuals, and more of them."""

from collections.abc import Callable
from typing import Any

import pytest

from netc.layers import REGISTRY, Layer
from tests.rules import example_of

EXAMPLES = {name: example_of(kind) for name, kind in sorted(REGISTRY.items())}

MORE = (
    "conv([2, 7], filters: 2, kernel: 3, stride: 2)",
    "conv([4, 6, 5], filters: 6, kernel: [3, 2], stride: [2, 1], pad: [1, 0], groups: 2)",
    "conv([2, 7, 6], filters: 3, kernel: 3, stride: 3, pad: 2, dilation: 2, bias: false)",
    "conv([2, 4, 5], filters: 3, kernel: 1)",
    "conv([2, 5, 5], filters: 3, kernel: 1, stride: 2)",
    "conv([3, 6, 5], filters: 3, kernel: 3, pad: same, groups: 3)",
    "conv([2, 4, 5, 3], filters: 3, kernel: [2, 3, 1], stride: [2, 1, 2], pad: [1, 1, 0])",
    "conv([4, 3, 3, 3], filters: 2, kernel: 3, pad: same, dilation: 1, groups: 2, bias: false)",
    "deconv([2, 5], filters: 3, kernel: 3, stride: 2)",
    "deconv([4, 3, 4], filters: 6, kernel: [3, 2], stride: [2, 3], output_pad: 1, groups: 2)",
    "deconv([2, 4, 3], filters: 3, kernel: 3, pad: 1, dilation: 2, bias: false)",
    "deconv([2, 3, 3], filters: 2, kernel: 2, stride: 3, output_pad: [1, 2])",
    "deconv([2, 4, 4], filters: 1, kernel: 2, pad: 2)",
    "deconv([2, 2, 3, 2], filters: 3, kernel: 3, stride: [2, 1, 2], pad: 1)",
    "dense([5], units: 3, bias: false)",
    "dense([2, 3], units: 4, transposed: true)",
    "max_pool([2, 7], kernel: 3, stride: 2, pad: 1)",
    "max_pool([2, 6, 7], kernel: [3, 2], stride: [2, 1], pad: [1, 0], round: down)",
    "max_pool([1, 3, 5], kernel: 2, stride: 2, pad: 1)",
    "avg_pool([2, 7], kernel: 3, stride: 2)",
    "avg_pool([2, 6, 7], kernel: 3, stride: 2, pad: 1, round: down)",
    "avg_pool([2, 8, 6], kernel: 3, stride: 2, pad: 1)",
    "avg_pool([2, 8, 6], kernel: 3, stride: 2, pad: [1, 0], count_pad: false)",
    "avg_pool([2, 8, 6], kernel: 3, stride: 2, pad: [1, 0])",
    "avg_pool([2, 6, 6], kernel: 2)",
    "global_avg_pool([3, 4])",
    "global_max_pool([3, 4])",
    "batch_norm([4])",
    "batch_norm([3, 5], scale: false, epsilon: 0.1)",
    "batch_norm([3, 2, 2], shift: false, momentum: 0.5)",
    "batch_norm([3, 4], frozen: true)",
    "group_norm([6], groups: 2)",
    "group_norm([4, 5], groups: 1, epsilon: 0.1)",
    "group_norm([6, 2, 3], groups: 3, scale: false)",
    "group_norm([3, 2, 2, 2], groups: 3, shift: false)",
    "instance_norm([2, 4], scale: false, shift: false)",
    "instance_norm([2, 2, 3, 2], epsilon: 0.01)",
    "layer_norm([5])",
    "layer_norm([2, 3, 2], scale: false, epsilon: 0.01)",
    "layer_norm([2, 3, 2], shift: false)",
    "layer_norm([5], over: channels)",
    "layer_norm([4, 3], over: channels)",
    "layer_norm([3, 2, 2], over: channels, scale: false, shift: false)",
    "lrn([4, 5], size: 5, alpha: 0.3, beta: 0.6, k: 2.0)",
    "lrn([2, 2, 2], size: 7, alpha: 0.3)",
    "lrn([3, 5, 4], size: 3, alpha: 0.8, over: image)",
    "max_pool([2, 4, 5, 3], kernel: [2, 3, 2], stride: [2, 1, 2], pad: [1, 1, 0])",
    "avg_pool([2, 4, 5, 3], kernel: [2, 3, 2], stride: [2, 1, 2], pad: [1, 1, 0])",
    "global_avg_pool([2, 2, 3, 4])",
    "global_max_pool([2, 2, 3, 4])",
    "lrn([2, 3, 6], size: 5, alpha: 2.0, beta: 0.5, k: 3.0, over: image)",
    "lrn([3, 6], size: 3, alpha: 0.8, over: image)",
    "elu([3, 4], alpha: 0.4)",
    "softmax([3, 2, 2])",
    "dropout([3, 4, 4], rate: 0.2)",
    "dropout([3, 4], rate: 0.2, scaling: test)",
    "spatial_dropout([3, 4], rate: 0.7, scaling: test)",
    "spatial_dropout([5])",
    "add([3, 2], [3, 2], [3, 2])",
    "mul([3, 2], [3, 2], [3, 2])",
    "mul([3, 2], [3, 2], [3, 2], [3, 2], [3, 2])",
    "max([3, 2], [3, 2], [3, 2])",
    "concat([3, 2], [3, 1], axis: 2)",
    "softmax_loss([4], class(4), smoothing: 0.1)",
    "softmax_loss([4], class(4), ignore: 2)",
    "hinge_loss([4], class(4), norm: l2)",
    "softmax_loss([4], [4])",
    "softmax_loss([4], [4], smoothing: 0.2)",
    "softmax_loss([4, 2], [4, 2])",
    "softmax_loss([4, 3], class(4) [3], ignore: 1)",
    "softmax_loss([3, 2, 3], class(3) [2, 3], smoothing: 0.1)",
    "log_loss([4], class(4), ignore: 2)",
    "log_loss([3, 2, 3], class(3) [2, 3])",
    "sigmoid_loss([2, 3], [2, 3])",
    "hinge_loss([4, 3], class(4) [3])",
    "smooth_l1_loss([4], [4], beta: 0.3)",
    "contrastive_loss([3], [3], class(2), margin: 2.5)",
    "contrastive_loss([2, 2], [2, 2], class(2), margin: 9, legacy: true)",
    "triplet_loss([3, 2], [3, 2], [3, 2], margin: 3)",
    "rbf([2, 3], units: 4)",
    "rbf([84], units: 10, centers: digits_7x12)",
    "rbf([12, 7], units: 3, centers: digits_7x12)",
    "rbf_loss([4], class(4), criterion: mle)",
    "rbf_loss([4, 3], class(4) [3], j: 1.5)",
    "accuracy([4], class(4), ignore: 0)",
)
"""Uses of layers beyond the examples of their manuals; the result is not written."""

USES = [*EXAMPLES.values(), *(f"{use} -> ?" for use in MORE)]


def those(has: Callable[[type[Layer]], Any]) -> pytest.MarkDecorator:
    """The uses of layer types that have something."""
    found = [use for use in USES if has(REGISTRY[use.split("(")[0]])]
    return pytest.mark.parametrize("use", found, ids=[use.split(" -> ")[0] for use in found])
