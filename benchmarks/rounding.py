"""How many digits convolutions of 3 by 3 taps keep: by plain sums, by fewer multiplications, and in
PyTorch.

    python -m benchmarks.rounding

The largest error over all numbers as a share of the largest number, against sums in double
precision, of the output, the input gradient, and the weight gradient.
"""

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from benchmarks.peers import has_torch
from netc.native.call import call
from netc.native.formula import result_of
from netc.native.geometry import Geometry, Side
from netc.native.kernel import Kernel
from netc.native.kernels import winograd_choice
from netc.native.kernels.direct import Direct
from netc.native.kernels.weight_gradient import WeightGradient
from netc.native.kernels.winograd_points import FOUR, TWO, Points
from netc.native.layout import Layout
from netc.native.tail import Tail
from netc.native.target import host
from netc.types import Array

_BATCH = 16
_SIZES = ((16, 32), (64, 32), (64, 56), (256, 14), (512, 14))
"""Channels, and the side of an image."""

Made = Mapping[str, Array]


def main() -> None:
    print(f"{'channels':>8} {'image':>7}  {'by':<8} {'y':>8} {'dx':>8} {'dweight':>8}")
    for channels, side in _SIZES:
        rng = np.random.default_rng(0)
        shape = (_BATCH, channels, side, side)
        x = np.maximum(rng.standard_normal(shape), 0).astype(np.float32)
        dy = rng.standard_normal(shape).astype(np.float32)
        weight = rng.standard_normal((channels, channels, 3, 3)) * (2 / (9 * channels)) ** 0.5
        given = x, weight.astype(np.float32), dy
        exact = plain(*(array.astype(np.float64) for array in given))
        for name, made in _found(*given):
            errors = (np.abs(made[n] - exact[n]).max() / np.abs(exact[n]).max() for n in exact)
            cells = " ".join(f"{error:8.1e}" for error in errors)
            print(f"{channels:>8} {f'{side}x{side}':>7}  {name:<8} {cells}", flush=True)


def _found(x: Array, weight: Array, dy: Array) -> Iterator[tuple[str, Made]]:
    yield "sums", kernels(x, weight, dy, None)
    yield "2 by 2", kernels(x, weight, dy, TWO)
    yield "4 by 4", kernels(x, weight, dy, FOUR)
    if has_torch():
        yield "PyTorch", torch(x, weight, dy)


def plain(x: Array, weight: Array, dy: Array) -> Made:
    """Tap by tap, in the precision of what is given."""
    side = x.shape[2]
    wide = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    y, dwide, dweight = np.zeros_like(dy), np.zeros_like(wide), np.zeros_like(weight)
    for i, j in np.ndindex(3, 3):
        rows, columns = slice(i, i + side), slice(j, j + side)
        seen = wide[:, :, rows, columns]
        y += np.tensordot(seen, weight[:, :, i, j], (1, 1)).transpose(0, 3, 1, 2)
        spread = np.tensordot(dy, weight[:, :, i, j], (1, 0)).transpose(0, 3, 1, 2)
        dwide[:, :, rows, columns] += spread
        dweight[:, :, i, j] = np.tensordot(dy, seen, ((0, 2, 3), (0, 2, 3)))
    return {"y": y, "dx": dwide[:, :, 1:-1, 1:-1], "dweight": dweight}


def kernels(x: Array, weight: Array, dy: Array, points: Points | None) -> Made:
    """By netc's kernels, in one block."""
    channels, side = x.shape[1:3]
    sides = Side(side, side, 3, 1, 1)
    geometry = Geometry(channels, channels, 1, sides, sides)
    layout, target = Layout(x.shape[1:], len(x)), host()
    sizes = ("f32", geometry, layout)

    def image(of: Callable[..., Kernel], name: str, **given: Array) -> Array:
        tail, out = Tail(result_of(name), ((name, layout),)), np.zeros(layout.size, np.float32)
        options = {"target": target} if points is None else {"points": points, "target": target}
        _run(of(*sizes, tail, **options), **given, **{name: out})
        return np.moveaxis(out.reshape(*layout.shape, len(x)), -1, 0)

    dweight, kinds = np.zeros_like(weight), Direct if points is None else winograd_choice
    if points is None:
        gradient: Kernel = WeightGradient.choose(*sizes, layout, target)
    else:
        gradient = winograd_choice.weight_gradient(*sizes, layout, points, target=target)
    blocks = {"x": _in_block(x), "dy": _in_block(dy)}
    _run(gradient, **blocks, dweight=dweight, blocks=1, adds=0, x_step=0, dy_step=0)
    return {
        "y": image(kinds.forward, "y", x=blocks["x"], weight=weight),
        "dx": image(kinds.input_gradient, "dx", dy=blocks["dy"], weight=weight),
        "dweight": dweight,
    }


def _in_block(array: Array) -> Array:
    return np.ascontiguousarray(np.moveaxis(array, 0, -1))


def _run(kernel: Kernel, **given: Array | int) -> None:
    scratch = np.zeros(kernel.scratch + 64, np.float32)
    call(kernel, scratch=scratch, first=0, stop=kernel.units, **given)


def torch(x: Array, weight: Array, dy: Array) -> Made:
    """By PyTorch's convolution."""
    import torch as t

    image, taps = (t.tensor(array, requires_grad=True) for array in (x, weight))
    y = t.nn.functional.conv2d(image, taps, padding=1)
    y.backward(t.tensor(dy))
    return {"y": y.detach().numpy(), "dx": image.grad.numpy(), "dweight": taps.grad.numpy()}


if __name__ == "__main__":
    main()
