"""Matrix products of a dense layer, their outputs shared among threads."""

from collections.abc import Callable

import numpy as np

from netc.kernels.layout import batch_last, share
from netc.types import Array, Threads

_WORTH_SHARING = 1 << 21
"""Multiply-adds that take longer than waking another thread (about 50 us)."""


def affine(x: Array, weight: Array, bias: Array | None, y: Array, threads: Threads) -> None:
    """y = x weight^T + bias; x [n, ...], weight [units, size], y [n, units]."""
    rows, out = _rows(x), y.T

    def run(low: int, high: int) -> None:
        np.matmul(weight[low:high], rows, out=out[low:high])
        if bias is not None:
            out[low:high] += bias[low:high, None]

    _share(run, weight.shape[0], weight.size * len(x), threads)


def affine_dw(dy: Array, x: Array, dweight: Array, threads: Threads) -> None:
    """The gradient of the weights: dy^T x."""
    rows, out = _rows(x), dy.T

    def run(low: int, high: int) -> None:
        np.matmul(out[low:high], rows.T, out=dweight[low:high])

    _share(run, dweight.shape[0], dweight.size * len(x), threads)


def affine_dx(dy: Array, weight: Array, dx: Array, threads: Threads) -> None:
    """The gradient of the input: dy weight."""
    last = batch_last(dx)
    is_flat = last.flags.c_contiguous
    rows = last.reshape(-1, len(dx)) if is_flat else np.empty((weight.shape[1], len(dx)), dx.dtype)

    def run(low: int, high: int) -> None:
        np.matmul(weight.T[low:high], dy.T, out=rows[low:high])

    _share(run, weight.shape[1], weight.size * len(dx), threads)
    if not is_flat:
        np.copyto(last, rows.reshape(last.shape))


def _rows(x: Array) -> Array:
    """[n, ...] as [size, n]: a view when the batch is innermost in memory."""
    return batch_last(x).reshape(-1, len(x))


def _share(run: Callable[[int, int], None], size: int, cost: int, threads: Threads) -> None:
    if cost < _WORTH_SHARING:
        run(0, size)
    else:
        threads.each(lambda t: run(*share(t, threads.count, size)))
