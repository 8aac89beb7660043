"""Uses of layers in PyTorch's own words."""

from collections.abc import Callable
from typing import Any

import torch
from torch.nn import functional as F


def module(run: Any, x: Any, weight: Any, hidden_weight: Any, bias: Any, hidden: Any = None) -> Any:
    """A recurrent module over [n, features, time]."""
    start = torch.zeros(1, len(x), hidden_weight.shape[1], dtype=x.dtype)
    starts = (start, start) if run is torch.lstm else start
    weights = (weight, hidden_weight, bias, torch.zeros_like(bias) if hidden is None else hidden)
    settings = (True, 1, 0.0, True, False, True)
    return run(x.transpose(1, 2), starts, weights, *settings)[0].transpose(1, 2)


TABLE: dict[str, Callable[..., Any]] = {
    "conv([3, 6, 5], filters: 4, kernel: 3, pad: 1)": lambda x, weight, bias: F.conv2d(
        x, weight, bias, padding=1
    ),
    "conv([4, 7, 6], filters: 6, kernel: [3, 2], stride: [2, 1], pad: [1, 0], groups: 2)": (
        lambda x, weight, bias: F.conv2d(x, weight, bias, (2, 1), (1, 0), groups=2)
    ),
    "conv([2, 9, 8], filters: 3, kernel: 3, stride: 3, pad: 2, dilation: 2, bias: false)": (
        lambda x, weight: F.conv2d(x, weight, stride=3, padding=2, dilation=2)
    ),
    "conv([3, 9], filters: 2, kernel: 3, stride: 2)": lambda x, weight, bias: F.conv1d(
        x, weight, bias, stride=2
    ),
    "conv([2, 4, 5, 3], filters: 3, kernel: [2, 3, 1], stride: [2, 1, 2], pad: [1, 1, 0])": (
        lambda x, weight, bias: F.conv3d(x, weight, bias, (2, 1, 2), (1, 1, 0))
    ),
    "conv([3, 5, 4], filters: 2, kernel: 3, connect: [[2, 0], [1]])": (
        lambda x, weight, bias: (
            torch.cat(
                [
                    F.conv2d(x[:, [2, 0]], weight[:2].swapaxes(0, 1)),
                    F.conv2d(x[:, [1]], weight[2:]),
                ],
                1,
            )
            + bias[:, None, None]
        )
    ),
    "deconv([4, 3, 4], filters: 6, kernel: [3, 2], stride: [2, 3], output_pad: 1, groups: 2)": (
        lambda x, weight, bias: F.conv_transpose2d(x, weight, bias, (2, 3), 0, (1, 1), 2)
    ),
    "deconv([2, 5], filters: 3, kernel: 3, pad: 2, dilation: 2, bias: false)": (
        lambda x, weight: F.conv_transpose1d(x, weight, padding=2, dilation=2)
    ),
    "deconv([2, 2, 3, 2], filters: 3, kernel: 3, stride: [2, 1, 2], pad: 1)": (
        lambda x, weight, bias: F.conv_transpose3d(x, weight, bias, (2, 1, 2), 1)
    ),
    "dense([2, 3, 3], units: 4)": lambda x, weight, bias: F.linear(x.flatten(1), weight, bias),
    "dense([2, 3], units: 4, transposed: true)": lambda x, weight, bias: (
        x.flatten(1) @ weight + bias
    ),
    "max_pool([2, 7, 6], kernel: 3, stride: 2)": lambda x: F.max_pool2d(x, 3, 2, ceil_mode=True),
    "max_pool([2, 7, 6], kernel: 3, stride: 2, pad: 1, round: down)": lambda x: F.max_pool2d(
        x, 3, 2, 1
    ),
    "max_pool([2, 8], kernel: 2)": lambda x: F.max_pool1d(x, 2),
    "avg_pool([2, 8, 6], kernel: 3, stride: 2, pad: 1)": lambda x: F.avg_pool2d(
        x, 3, 2, 1, ceil_mode=True
    ),
    "avg_pool([2, 8, 6], kernel: 3, stride: 2, pad: 1, count_pad: false)": lambda x: F.avg_pool2d(
        x, 3, 2, 1, ceil_mode=True, count_include_pad=False
    ),
    "avg_pool([2, 8], kernel: 2, round: down)": lambda x: F.avg_pool1d(x, 2),
    "global_avg_pool([3, 4, 5])": lambda x: F.adaptive_avg_pool2d(x, 1),
    "global_max_pool([3, 4, 5])": lambda x: F.adaptive_max_pool2d(x, 1),
    "batch_norm([3, 4, 5], momentum: 0.8, epsilon: 0.001)": (
        lambda x, scale, shift, mean, var: F.batch_norm(
            x, mean, var, scale, shift, training=True, momentum=0.2, eps=0.001
        )
    ),
    "batch_norm([3, 4], frozen: true)": lambda x, scale, shift, mean, var: F.batch_norm(
        x, mean, var, scale, shift, training=False
    ),
    "group_norm([6, 3, 2], groups: 3, epsilon: 0.01)": lambda x, scale, shift: F.group_norm(
        x, 3, scale, shift, 0.01
    ),
    "instance_norm([3, 4, 2])": lambda x, scale, shift: F.instance_norm(
        x, weight=scale, bias=shift
    ),
    "layer_norm([3, 4])": lambda x, scale, shift: F.layer_norm(x, (3, 4), scale, shift),
    "layer_norm([4, 3], over: channels)": lambda x, scale, shift: (
        F.layer_norm(x.mT, (4,), scale, shift).mT
    ),
    "lrn([2, 5, 4], size: 3, alpha: 0.5, k: 2.0, over: image)": lambda x: (
        x / (2 + 0.5 * F.avg_pool2d(x**2, 3, 1, 1)) ** 0.75
    ),
    "lrn([6, 2, 3], size: 3, alpha: 0.5, k: 2.0)": lambda x: F.local_response_norm(
        x, 3, 0.5, 0.75, 2.0
    ),
    "relu([3, 4])": torch.relu,
    "leaky_relu([3, 4], slope: 0.1)": lambda x: F.leaky_relu(x, 0.1),
    "elu([3, 4], alpha: 0.5)": lambda x: F.elu(x, 0.5),
    "sigmoid([3, 4])": torch.sigmoid,
    "tanh([3, 4])": torch.tanh,
    "softmax([3, 4])": lambda x: torch.softmax(x, 1),
    "flatten([3, 2, 4])": lambda x: x.flatten(1),
    "reshape([3, 4], shape: [2, -1])": lambda x: x.reshape(-1, 2, 6),
    "identity([3, 4])": lambda x: x * 1,
    "add([3, 4], [3, 4], [3, 4])": lambda a, b, c: a + b + c,
    "mul([3, 4], [3, 4], [3, 4])": lambda a, b, c: a * b * c,
    "max([3, 4], [3, 4], [3, 4])": lambda *xs: torch.stack(xs).amax(0),
    "by_phase([3, 4], [3, 4])": lambda train, test: train + 0 * test,
    "concat([3, 4], [5, 4])": lambda a, b: torch.cat([a, b], 1),
    "softmax_loss([5], class(5))": F.cross_entropy,
    "softmax_loss([5], class(5), smoothing: 0.1)": lambda scores, label: F.cross_entropy(
        scores, label, label_smoothing=0.1
    ),
    "softmax_loss([5], class(5), ignore: 2)": lambda scores, label: F.cross_entropy(
        scores, label, ignore_index=2
    ),
    "sigmoid_loss([3], [3])": lambda scores, target: (
        F.binary_cross_entropy_with_logits(scores, target, reduction="none").sum(1).mean()
    ),
    "euclidean_loss([3], [3])": lambda x, target: (
        F.mse_loss(x, target, reduction="sum") / 2 / BATCH
    ),
    "hinge_loss([5], class(5))": lambda scores, label: (
        F.relu(1 - scores * (2 * F.one_hot(label, 5) - 1)).sum() / BATCH
    ),
    "softmax_loss([5, 3], class(5) [3], ignore: 2)": lambda scores, label: F.cross_entropy(
        scores, label, ignore_index=2
    ),
    "softmax_loss([5, 3], [5, 3], smoothing: 0.1)": lambda scores, label: F.cross_entropy(
        scores, label, label_smoothing=0.1
    ),
    "log_loss([5], class(5))": lambda prob, label: F.nll_loss(prob.clamp(1e-20).log(), label),
    "sum_loss([3])": lambda x: x.sum() / BATCH,
    "smooth_l1_loss([3], [3], beta: 0.5)": lambda x, target: (
        F.smooth_l1_loss(x, target, reduction="sum", beta=0.5) / BATCH
    ),
    "contrastive_loss([3], [3], class(2), margin: 3)": lambda left, right, same: (
        torch.where(
            same == 1,
            F.pairwise_distance(left, right, eps=0) ** 2,
            F.relu(3 - F.pairwise_distance(left, right, eps=0)) ** 2,
        ).mean()
        / 2
    ),
    "triplet_loss([3], [3], [3], margin: 1)": lambda anchor, positive, negative: (
        F.triplet_margin_with_distance_loss(
            anchor,
            positive,
            negative,
            distance_function=lambda a, b: F.mse_loss(a, b, reduction="none").sum(1),
            margin=1,
        )
    ),
    "rbf([5], units: 3)": lambda x, center: torch.cdist(x, center) ** 2,
    "rbf_loss([5], class(5), j: 0.5)": lambda penalties, label: (
        penalties.gather(1, label[:, None])[:, 0]
        + torch.cat([-penalties, torch.full((BATCH, 1), -0.5)], 1).logsumexp(1)
    ).mean(),
    "accuracy([5], class(5), top: 2)": lambda scores, label: (
        (scores.topk(2).indices == label[:, None]).any(1).double().mean()
    ),
    "class_accuracy([3, 4], class(3) [4])": lambda scores, label: torch.stack(
        [
            torch.stack([((scores.argmax(1) == label) & (label == k)).sum() for k in range(3)]),
            torch.stack([(label == k).sum() for k in range(3)]),
        ]
    ),
    "confusion([3], class(3))": lambda scores, label: (
        F.one_hot(label, 3).T @ F.one_hot(scores.argmax(1), 3)
    ),
    "mean_iou([3, 4], class(3) [4])": lambda scores, label: torch.stack(
        [
            (F.one_hot(label, 3) & F.one_hot(scores.argmax(1), 3)).sum((0, 1)),
            (F.one_hot(label, 3) | F.one_hot(scores.argmax(1), 3)).sum((0, 1)),
        ]
    ),
    "rnn([3, 5], units: 4)": lambda x, w, h, b: module(torch.rnn_tanh, x, w, h, b),
    "lstm([3, 5], units: 4)": lambda x, w, h, b: module(torch.lstm, x, w, h, b),
    "gru([3, 5], units: 4, reset: after)": lambda x, w, h, b, c: module(
        torch.gru, x, w, h, b, torch.cat([torch.zeros(8), c])
    ),
    "multi_label_accuracy([5], [5])": lambda scores, target: torch.stack(
        [((scores > 0) == (target > 0.5)).sum(), torch.tensor(target.numel())]
    ),
    "prelu([3, 4])": F.prelu,
    "prelu([3, 4], shared: true)": F.prelu,
    "selu([3, 4])": F.selu,
    "gelu([3, 4])": F.gelu,
    "gelu([3, 4], approximate: tanh)": lambda x: F.gelu(x, approximate="tanh"),
    "silu([3, 4])": F.silu,
    "mish([3, 4])": F.mish,
    "hard_swish([3, 4])": F.hardswish,
    "softplus([3, 4])": F.softplus,
    "scaled_tanh([3, 4])": lambda x: 1.7159 * torch.tanh(2 * x / 3),
    "hard_sigmoid([3, 4])": lambda x: F.relu6(x + 3) / 6,
    "clip([3, 4], min: 0, max: 6)": F.relu6,
    "threshold([3, 4], at: 0.5)": lambda x: (
        torch.heaviside(x.detach() - 0.5, x.new_zeros(1)) + 0 * x
    ),
    "maxout([6, 4], pieces: 3)": lambda x: F.max_pool2d(x, (3, 1)),
    "abs([3, 4])": torch.abs,
    "negate([3, 4])": torch.neg,
    "power([3, 4], power: 3, scale: 0.5, shift: 1)": lambda x: torch.pow(1 + x / 2, 3),
    "exp([3, 4], base: 2)": torch.exp2,
    "log([3, 4], base: 10, scale: 0.1, shift: 2)": lambda x: torch.log10(2 + 0.1 * x),
    "slice([6, 4], start: 1, stop: 3)": lambda x: x.narrow(1, 1, 2),
    "split([6, 4], parts: 3, part: 1)": lambda x: x.chunk(3, 1)[1],
    "crop([2, 6, 5], [7, 4, 3], offset: [1, 0])": lambda x, like: (
        F.pad(x, (0, -2, -1, -1)) + 0 * like.sum()
    ),
    "permute([3, 4, 5], order: [2, 3, 1])": lambda x: x.movedim(1, -1),
    "tile([3, 4], times: 2, axis: 2)": lambda x: x.tile(2),
    "pad([2, 4, 5], amount: 1, channels: [0, 2])": lambda x: F.pad(x, (1, 1, 1, 1, 0, 2)),
    "pad([2, 4, 5], amount: [2, 1], how: edge)": lambda x: F.pad(x, (1, 1, 2, 2), "replicate"),
    "pad([2, 4, 5], amount: [2, 1], how: reflect)": lambda x: F.pad(x, (1, 1, 2, 2), "reflect"),
    "reduce([3, 4, 5], how: mean, axis: [2, 3])": lambda x: F.adaptive_avg_pool2d(x, 1).flatten(1),
    "reduce([3, 4], how: max, axis: 2)": lambda x: x.max(2).values,
    "reduce([3, 4], how: sum_squares)": lambda x: torch.linalg.vector_norm(x, dim=(1, 2)) ** 2,
    "scale([3, 4, 5], bias: true)": lambda x, scale, bias: (
        torch.einsum("nchw,c->nchw", x, scale) + bias[:, None, None]
    ),
    "bias([3, 4, 5])": lambda x, bias: x + bias[:, None, None],
    "embed(class(9) [6], units: 4)": lambda label, weight: F.conv1d(
        F.one_hot(label, 9).double().mT, weight.T[:, :, None]
    ),
    "argmax([10])": lambda x: x.topk(1).indices[:, 0],
    "max_pool([2, 4, 5, 4], kernel: [2, 3, 2], stride: [1, 2, 2], pad: [0, 1, 1], round: down)": (
        lambda x: F.max_pool3d(x, (2, 3, 2), (1, 2, 2), (0, 1, 1))
    ),
    "avg_pool([2, 4, 5, 4], kernel: 2, round: down)": lambda x: F.avg_pool3d(x, 2),
    "l2_pool([2, 6, 5], kernel: 2, round: down)": lambda x: F.lp_pool2d(x, 2, 2),
    "subsample([3, 6, 4], kernel: 2)": lambda x, scale, bias: F.conv2d(
        x, scale[:, None, None, None].expand(3, 1, 2, 2), bias, 2, groups=3
    ),
    "channel_pool([6, 4], kernel: 4, stride: 2)": lambda x: F.max_pool2d(x, (4, 1), (2, 1)),
    "channel_pool([6, 4], kernel: 2, how: avg)": lambda x: F.avg_pool2d(x, (2, 1)),
    "unpool([2, 3, 3], [2, 6, 6], kernel: 2)": lambda x, image: (
        F.max_unpool2d(x, F.max_pool2d(image, 2, return_indices=True)[1], 2) + 0 * image
    ),
    "adaptive_avg_pool([2, 7, 5], size: [3, 2])": lambda x: F.adaptive_avg_pool2d(x, (3, 2)),
    "pyramid_pool([2, 6, 4], levels: 2)": lambda x: torch.cat(
        [F.adaptive_max_pool2d(x, bins).flatten(1) for bins in (1, 2)], 1
    ),
    "upsample([2, 3, 4], factor: 2)": lambda x: F.interpolate(x, scale_factor=2),
    "upsample([2, 3, 4], factor: 2, how: bilinear)": lambda x: F.interpolate(
        x, scale_factor=2, mode="bilinear"
    ),
    "upsample([2, 3, 4], factor: 3, how: bilinear, corners: true)": lambda x: F.interpolate(
        x, scale_factor=3, mode="bilinear", align_corners=True
    ),
    "resize([2, 5, 4], size: [3, 7])": lambda x: F.interpolate(x, (3, 7)),
    "resize([2, 5, 4], size: [3, 7], how: bilinear)": lambda x: F.interpolate(
        x, (3, 7), mode="bilinear"
    ),
    "resize([2, 5], size: 8, how: bilinear, corners: true)": lambda x: F.interpolate(
        x, 8, mode="linear", align_corners=True
    ),
    "svm_loss([5], class(5))": lambda scores, label: 5 * F.multi_margin_loss(scores, label),
    "svm_loss([5], class(5), margin: 0.3)": lambda scores, label: (
        5 * F.multi_margin_loss(scores, label, margin=0.3)
    ),
    "quadratic([3, 2])": lambda x: torch.cat(
        [x, torch.einsum("nip,njp->nijp", x, x).reshape(BATCH, 9, 2)], 1
    ),
    "tanh([3, 4], compat: convnetjs)": lambda x: torch.expm1(2 * x) / (torch.exp(2 * x) + 1),
}
"""Uses of layers, and the same in PyTorch: of inputs, weights and states, in this order.

Dropout is missing: its masks cannot be those of PyTorch, and without one it does nothing.
"""

BATCH = 4
