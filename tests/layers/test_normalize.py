import numpy as np
import pytest

from netc.kernels import layout
from netc.layers.batch_norm import BatchNorm
from netc.layers.group_norm import GroupNorm, InstanceNorm
from netc.layers.layer_norm import LayerNorm
from netc.layers.lrn import Lrn
from netc.sizes import Size
from netc.training import Network, predict
from netc.types import Reject, Tensor
from tests.nets import graph_of
from tests.rules import Bench, engine_array, scattered_array


@pytest.fixture(params=[engine_array, scattered_array], ids=["engine", "scattered"])
def new(request, monkeypatch):
    monkeypatch.setattr(layout, "_CHUNK", 20)
    return request.param


def test_batch_norm_gives_each_channel_mean_shift_and_deviation_scale(new):
    bench = Bench(BatchNorm(epsilon=1e-12), Tensor((4, 3, 5), "f64"), batch=6, new=new)
    bench.arrays["x"] *= 7
    bench.arrays["x"] += 100
    y = bench.forward()
    np.testing.assert_allclose(y.mean(axis=(0, 2, 3)), bench.arrays["shift"], atol=1e-11)
    np.testing.assert_allclose(y.std(axis=(0, 2, 3)), np.abs(bench.arrays["scale"]), rtol=1e-9)


def test_running_statistics_move_towards_the_batch_by_what_momentum_leaves(new):
    bench = Bench(BatchNorm(momentum=0.75), Tensor((3, 2), "f64"), batch=5, new=new)
    x = bench.arrays["x"]
    bench.forward()
    np.testing.assert_allclose(bench.arrays["mean"], 0.25 * x.mean(axis=(0, 2)))
    unbiased = x.var(axis=(0, 2), ddof=1)
    np.testing.assert_allclose(bench.arrays["var"], 0.75 + 0.25 * unbiased)


def test_in_the_test_phase_the_running_statistics_are_used_and_stay(new):
    bench = Bench(BatchNorm(), Tensor((3, 2), "f64"), batch=5, training=False, new=new)
    bench.put({"mean": np.array([1.0, 2, 3]), "var": np.array([4.0, 9, 16])})
    a = bench.arrays
    mean, std = np.array([1.0, 2, 3])[:, None], np.array([2.0, 3, 4])[:, None]
    expected = (a["x"] - mean) / std * a["scale"][:, None] + a["shift"][:, None]
    np.testing.assert_allclose(bench.forward(), expected, rtol=1e-4)
    np.testing.assert_array_equal(a["mean"], [1, 2, 3])
    np.testing.assert_array_equal(a["var"], [4, 9, 16])


def test_a_frozen_batch_norm_trains_with_the_running_statistics_and_keeps_them(new):
    frozen = Bench(BatchNorm(frozen=True), Tensor((3, 2), "f64"), batch=5, new=new)
    tested = Bench(BatchNorm(), Tensor((3, 2), "f64"), batch=5, training=False, new=new)
    known = {"mean": np.array([1.0, 2, 3]), "var": np.array([4.0, 9, 16])}
    frozen.put(known)
    tested.put(known)
    np.testing.assert_array_equal(frozen.forward(), tested.forward())
    np.testing.assert_array_equal(frozen.arrays["mean"], [1, 2, 3])
    assert BatchNorm(frozen=True).of_batch() is None
    gradients = tested.backward()
    for name, gradient in frozen.backward().items():
        np.testing.assert_array_equal(gradient, gradients[name])


def test_the_states_of_a_batch_are_its_statistics_to_the_bit(new):
    of_batch = BatchNorm(momentum=0.99).of_batch()
    bench = Bench(of_batch, Tensor((3, 2), "f64"), batch=5, new=new)
    bench.put({"mean": np.zeros(3), "var": np.zeros(3)})
    bench.forward()
    np.testing.assert_array_equal(bench.arrays["mean"], bench.arrays["center"])
    unbiased = bench.arrays["x"].var(axis=(0, 2), ddof=1)
    np.testing.assert_allclose(bench.arrays["var"], unbiased, rtol=1e-13)


def test_a_single_number_in_a_channel_is_normalized_to_the_shift():
    bench = Bench(BatchNorm(), Tensor((3,), "f64"), batch=1)
    np.testing.assert_array_equal(bench.forward()[0], bench.arrays["shift"])
    assert np.isfinite(bench.arrays["var"]).all()


def test_float32_statistics_survive_a_large_mean():
    bench = Bench(BatchNorm(scale=False, shift=False), Tensor((1, 64, 64)), batch=32)
    bench.arrays["x"] += 1000
    assert abs(bench.forward().std() - 1) < 1e-3


@pytest.mark.parametrize(("scale", "shift"), [(True, False), (False, True), (False, False)])
def test_weights_are_there_only_where_asked_for(scale, shift):
    weights = BatchNorm(scale=scale, shift=shift).weights(Tensor((3, 4)))
    assert list(weights) == ["scale"] * scale + ["shift"] * shift


@pytest.mark.parametrize("size", [1, 3, 5, 9])
@pytest.mark.parametrize("beta", [0.75, 0.5])
@pytest.mark.parametrize("threads", [1, 2])
def test_lrn_agrees_with_the_formula(size, beta, threads, new):
    layer = Lrn(size=size, alpha=0.7, beta=beta, k=2.0)
    bench = Bench(layer, Tensor((6, 3, 4), "f64"), new=new, threads=threads)
    x = bench.arrays["x"]
    expected = np.empty_like(x)
    for c in range(6):
        near = x[:, max(0, c - size // 2) : c + size // 2 + 1]
        base = 2.0 + 0.7 / size * (near**2).sum(axis=1)
        expected[:, c] = x[:, c] * base**-beta
    np.testing.assert_allclose(bench.forward(), expected, rtol=1e-12)


@pytest.mark.parametrize("size", [1, 3, 5, 9])
@pytest.mark.parametrize("shape", [(2, 4, 6), (3, 7)])
@pytest.mark.parametrize("threads", [1, 2])
def test_lrn_over_the_image_agrees_with_the_formula(size, shape, threads, new):
    layer = Lrn(size=size, alpha=0.7, beta=0.6, k=2.0, over="image")
    bench = Bench(layer, Tensor(shape, "f64"), new=new, threads=threads)
    x, far = bench.arrays["x"], size // 2
    axes = len(shape) - 1
    padded = np.pad(x**2, [(0, 0), (0, 0), *[(far, far)] * axes])
    windows = np.lib.stride_tricks.sliding_window_view(
        padded, (size,) * axes, axis=tuple(range(2, 2 + axes))
    )
    base = 2.0 + 0.7 / size**axes * windows.sum(axis=tuple(range(-axes, 0)))
    np.testing.assert_allclose(bench.forward(), x * base**-0.6, rtol=1e-12)


@pytest.mark.parametrize(("over", "what"), [("channels", "channels"), ("image", "places")])
def test_an_even_lrn_window_is_refused_with_the_odd_sizes_beside_it(over, what):
    with pytest.raises(Reject) as refused:
        Lrn(size=4, over=over).infer(Tensor((6, 3, 4)))
    assert refused.value.culprit == "size"
    assert refused.value.reason == f"a window of 4 {what} has no middle"
    assert refused.value.help == "set `size` to 3 or 5"


def normalized(x, axes, epsilon=1e-5):
    return (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + epsilon)


def learned(bench, *shape):
    return bench.arrays["scale"].reshape(shape), bench.arrays["shift"].reshape(shape)


PER_EXAMPLE = [
    (GroupNorm(groups=3), lambda x: normalized(x.reshape(5, 3, -1), 2), (6, 1, 1)),
    (InstanceNorm(), lambda x: normalized(x, (2, 3)), (6, 1, 1)),
    (LayerNorm(), lambda x: normalized(x, (1, 2, 3)), (6, 2, 4)),
    (LayerNorm(over="channels"), lambda x: normalized(x, 1), (6, 1, 1)),
]


@pytest.mark.parametrize(("layer", "formula", "shape"), PER_EXAMPLE)
@pytest.mark.parametrize("threads", [1, 3])
def test_each_example_is_normalized_as_the_paper_says(layer, formula, shape, threads, new):
    bench = Bench(layer, Tensor((6, 2, 4), "f64"), batch=5, threads=threads, new=new)
    x = 3 * bench.arrays["x"] + 7
    bench.put({"x": x})
    scale, shift = learned(bench, *shape)
    expected = scale * formula(x).reshape(x.shape) + shift
    np.testing.assert_allclose(bench.forward(), expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("layer", [row[0] for row in PER_EXAMPLE])
def test_an_example_does_not_see_the_others_of_its_batch(layer):
    many, one = (Bench(layer, Tensor((6, 2, 4), "f64"), batch=n) for n in (4, 1))
    one.put({name: many.arrays[name] for name in ("scale", "shift")})
    one.put({"x": many.arrays["x"][2:3], "dy": many.arrays["dy"][2:3]})
    np.testing.assert_allclose(one.forward()[0], many.forward()[2], rtol=1e-12)
    np.testing.assert_allclose(one.backward()["x"][0], many.backward()["x"][2], rtol=1e-9)


def test_groups_of_all_and_of_each_are_layer_norm_and_instance_norm():
    type = Tensor((4, 3, 2), "f64")

    def y(layer):
        return Bench(layer, type, batch=3).forward()

    options = {"scale": False, "shift": False}
    all_together = y(GroupNorm(groups=1, **options))
    np.testing.assert_allclose(all_together, y(LayerNorm(**options)), rtol=1e-12)
    each = y(GroupNorm(groups=4, **options))
    np.testing.assert_allclose(each, y(InstanceNorm(**options)), rtol=1e-12)


def test_float32_survives_a_large_mean_in_every_example():
    for layer in (GroupNorm(groups=2), LayerNorm(), InstanceNorm()):
        bench = Bench(layer, Tensor((4, 32, 32)), batch=8)
        bench.arrays["x"] += 1000
        bench.put({"scale": np.float32(1), "shift": np.float32(0)})
        assert abs(bench.forward().std() - 1) < 2e-3


h, w = Size.symbol("h"), Size.symbol("w")


@pytest.mark.parametrize(
    ("layer", "shape", "culprit", "reason", "help"),
    [
        (
            GroupNorm(),
            (16, 4),
            "groups",
            "16 channels cannot be cut into 32 equal groups",
            "set `groups` to 8",
        ),
        (
            GroupNorm(groups=5),
            (12, h, w),
            "groups",
            "12 channels cannot be cut into 5 equal groups",
            "set `groups` to 4 or 6",
        ),
        (
            GroupNorm(groups=6),
            (6,),
            "groups",
            "each of 6 groups of [6] is a single number, and all become 0",
            "set `groups` to less than the number of channels",
        ),
        (InstanceNorm(), (6, 1, 1), "x", "each channel of [6, 1, 1] is a single number", "places"),
        (LayerNorm(), (1,), "x", "[1] has a single number of each example", ""),
        (LayerNorm(over="channels"), (1, 9), "x", "[1, 9] has a single number at each place", ""),
        (LayerNorm(), (6, h, w), "x", "how many numbers [6, h, w] has is not known", "`over`"),
        (GroupNorm(), (h, 4), "x", "the number of channels, h, is not known", ""),
        (InstanceNorm(), (), "x", "a single number has no channels to normalize", ""),
    ],
)
def test_what_cannot_be_normalized_is_refused(refused, layer, shape, culprit, reason, help):
    refused(layer, Tensor(shape), because=(culprit, reason, help))


@pytest.mark.parametrize(
    "layer",
    [
        GroupNorm(groups=2),
        InstanceNorm(),
        LayerNorm(over="channels"),
        LayerNorm(scale=False, shift=False),
    ],
)
def test_images_of_any_size_keep_their_formulas(layer):
    assert str(layer.infer(Tensor((6, h, w)))) == "[6, h, w]"


def test_a_gamma_may_start_at_zero_so_that_a_branch_starts_as_nothing():
    graph = graph_of(
        """net a {
    input x [4, 3]
    output y = add(x, x -> conv(4, kernel: 1) -> batch_norm(init: 0))
    output z = group_norm(2, init: 0, bias_init: 0.5)
}
"""
    )
    network, x = Network(graph, seed=1), np.ones((2, 4, 3), np.float32)
    found = predict(network, {"x": x})
    np.testing.assert_array_equal(found["y"], x)
    np.testing.assert_array_equal(found["z"], np.full_like(x, 0.5))
