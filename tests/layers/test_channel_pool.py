import numpy as np
import pytest

from netc.layers.channel_pool import ChannelPool
from netc.types import Tensor
from tests.rules import Bench, engine_array, scattered_array


def cases():
    rng = np.random.default_rng(3)
    for _ in range(25):
        kernel, stride, windows = (int(n) for n in rng.integers(1, 5, 3))
        channels = kernel + stride * (windows - 1)
        rest = tuple(int(n) for n in rng.integers(1, 5, rng.integers(0, 4)))
        yield ChannelPool(kernel, stride), (channels, *rest)


@pytest.mark.parametrize("how", ["max", "avg"])
@pytest.mark.parametrize("new", [engine_array, scattered_array], ids=["engine", "scattered"])
@pytest.mark.parametrize(("layer", "shape"), [*cases()])
def test_each_place_keeps_one_number_of_each_window_of_channels(layer, shape, how, new):
    layer = ChannelPool(layer.kernel, layer.stride, how)
    bench = Bench(layer, Tensor(shape, "f64"), batch=3, new=new)
    x, dy = bench.arrays["x"], bench.arrays["dy"]
    np.round(x, 0, out=x)  # many ties
    y, dx = np.empty_like(dy), np.zeros_like(x)
    for out in range(dy.shape[1]):
        part = slice(out * layer.stride, out * layer.stride + layer.kernel)
        for place in np.ndindex(len(x), *shape[1:]):
            at = (place[0], part, *place[1:])
            first = np.argmax(x[at])
            y[place[0], out, *place[1:]] = x[at][first] if how == "max" else x[at].mean()
            gradient = dy[place[0], out, *place[1:]]
            if how == "max":
                dx[at][first] += gradient
            else:
                dx[at] += gradient / layer.kernel
    np.testing.assert_allclose(bench.forward(), y, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(bench.backward()["x"], dx, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    ("options", "shape", "culprit", "reason", "help"),
    [
        (
            {"kernel": 7},
            (6, 4, 4),
            "kernel",
            "a window of 7 channels does not fit in 6",
            "`kernel` to at most 6",
        ),
        (
            {"kernel": 4},
            (6, 4, 4),
            "kernel",
            "windows of 4 channels, 4 apart, leave out the last 2 of 6",
            "give the layer before it 4 channels",
        ),
        (
            {"kernel": 3, "stride": 2},
            (6, 4),
            "stride",
            "windows of 3 channels, 2 apart, leave out the last 1 of 6",
            "5 channels",
        ),
        ({"kernel": 1}, (), "x", "a single number has no channels to pool", ""),
    ],
)
def test_windows_that_do_not_fit_the_channels_are_refused(
    refused, options, shape, culprit, reason, help
):
    refused(ChannelPool(**options), Tensor(shape), because=(culprit, reason, help))
