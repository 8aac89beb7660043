"""What each layer becomes: tasks for kernels. Families register their rules when imported."""

from netc.native.lower import (
    batch_norm,
    convolution,
    cut,
    deconv,
    dense,
    dropout,
    join,
    l2_pool,
    loss,
    lrn,
    over_channels,
    pointwise,
    pooling,
    resize,
    softmax,
    subsample,
)
from netc.native.lower.lowering import Lowering, lower

__all__ = [
    "Lowering",
    "batch_norm",
    "convolution",
    "cut",
    "deconv",
    "dense",
    "dropout",
    "join",
    "l2_pool",
    "loss",
    "lower",
    "lrn",
    "over_channels",
    "pointwise",
    "pooling",
    "resize",
    "softmax",
    "subsample",
]
