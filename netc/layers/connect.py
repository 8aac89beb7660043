"""Filters that see some of the input channels only, as those of LeNet-5's third layer do."""

from functools import cache

import numpy as np

from netc.options import Table
from netc.types import Array, Onnx, Reject, Tensor


def check(connect: Table, filters: int, groups: int, x: Tensor) -> None:
    """Reject a table that does not say for each filter which channels of `x` it sees."""
    if groups != 1:
        raise Reject(
            "connect",
            "both `connect` and `groups` say which channels a filter sees",
            help="leave one of them out",
        )
    if len(connect) != filters:
        lists = "1 list" if len(connect) == 1 else f"{len(connect)} lists"
        raise Reject(
            "connect",
            f"`connect` has {lists}, but there are {filters} filters",
            help="give for each filter the list of the input channels it sees",
        )
    for f, channels in enumerate(connect):
        for i, channel in enumerate(channels):
            place = f"connect[{f}][{i}]"
            if channel >= x.shape[0]:
                reason = f"filter {f} cannot see channel {channel} of {x}"
                help = f"channels are counted from 0: the last one is {x.shape[0] - 1}"
                raise Reject(place, reason, help=help)
            if channel in channels[:i]:
                reason = f"filter {f} sees channel {channel} twice"
                raise Reject(place, reason, help="name each channel once")
        if not channels:
            raise Reject("connect", f"filter {f} sees no channel", help="leave the filter out")


def count(connect: Table) -> int:
    """How many connections there are: kernels in the weight."""
    return sum(map(len, connect))


@cache
def places(connect: Table, channels: int) -> Array:
    """For each connection where its kernel lies among those of a dense weight."""
    found = [f * channels + c for f, seen in enumerate(connect) for c in seen]
    return np.array(found, np.int64)


def spread(connect: Table, weight: Array, dense: Array) -> None:
    """Fill a `dense` weight [filters, channels, ...] from that of the connections, else zeros."""
    dense.fill(0)
    kernels = dense.reshape(dense.shape[0] * dense.shape[1], -1)
    kernels[places(connect, dense.shape[1])] = weight.reshape(len(weight), -1)


def collect(connect: Table, dense: Array, weight: Array) -> None:
    """Fill the weight of the connections from a `dense` one [filters, channels, ...]."""
    kernels = dense.reshape(dense.shape[0] * dense.shape[1], -1)
    into = weight.reshape(len(weight), -1)
    np.take(kernels, places(connect, dense.shape[1]), axis=0, out=into, mode="clip")


def onnx_dense(g: Onnx, connect: Table, weight: str, channels: int, kernel: tuple[int, ...]) -> str:
    """The dense weight, made by nodes that a runtime folds: a kernel of zeros is gathered where
    there is no connection."""
    zeros = g.constant(np.zeros((1, 1, *kernel), np.float32))
    table = np.full(len(connect) * channels, count(connect), np.int64)
    table[places(connect, channels)] = np.arange(count(connect))
    kernels = g.op("Concat", weight, zeros, axis=0)
    shape = g.constant(np.array([len(connect), channels, *kernel], np.int64))
    return g.op("Reshape", g.op("Gather", kernels, g.constant(table), axis=0), shape)
