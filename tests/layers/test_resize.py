from fractions import Fraction

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper

from netc.layers.base import Window
from netc.layers.resize import Resize, Upsample
from netc.sizes import Size
from netc.types import Tensor
from tests.rules import Bench, engine_array, scattered_array
from tests.test_every_onnx_rule import Model


def weights(side, out, how, *, corners):
    """The matrix [out, side] that resizes one axis, from the definitions in the manuals."""
    table = np.zeros((out, side))
    for o in range(out):
        if how == "nearest":
            table[o, o * side // out] = 1
            continue
        at = (o + 0.5) * side / out - 0.5
        if corners:
            at = o * (side - 1) / (out - 1) if out > 1 else 0
        at = min(max(at, 0), side - 1)
        low = min(int(at), side - 1)
        table[o, low] += 1 - (at - low)
        table[o, min(low + 1, side - 1)] += at - low
    return table


def cases(seed, count):
    rng = np.random.default_rng(seed)
    ways = [("nearest", False), ("bilinear", False), ("bilinear", True)]
    for i in range(count):
        axes = int(rng.integers(1, 4))
        sides, size = (tuple(map(int, rng.integers(1, 8, axes))) for _ in range(2))
        yield sides, size, *ways[i % 3]


@pytest.mark.parametrize("new", [engine_array, scattered_array], ids=["engine", "scattered"])
@pytest.mark.parametrize(("sides", "size", "how", "corners"), [*cases(2, 45)])
def test_resize_multiplies_every_axis_by_a_matrix(sides, size, how, corners, new):
    layer = Resize(size, how, corners)
    bench = Bench(layer, Tensor((2, *sides), "f64"), batch=3, new=new)
    y, dx = bench.arrays["x"], bench.arrays["dy"]
    for axis, (side, out) in enumerate(zip(sides, size, strict=True), start=2):
        table = weights(side, out, how, corners=corners)
        y = np.moveaxis(np.tensordot(table, y, (1, axis)), 0, axis)
        dx = np.moveaxis(np.tensordot(table, dx, (0, axis)), 0, axis)
    np.testing.assert_allclose(bench.forward(), y, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(bench.backward()["x"], dx, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("how", ["nearest", "bilinear"])
def test_upsample_is_resize_to_a_multiple(how):
    x = Tensor((2, 3, 5), "f64")
    larger, sized = Bench(Upsample((2, 3), how), x), Bench(Resize((6, 15), how), x)
    np.testing.assert_array_equal(larger.forward(), sized.forward())
    np.testing.assert_array_equal(larger.backward()["x"], sized.backward()["x"])


def test_nearest_repeats_numbers():
    bench = Bench(Upsample((2, 3)), Tensor((2, 2, 2), "f64"))
    expected = bench.arrays["x"].repeat(2, axis=2).repeat(3, axis=3)
    np.testing.assert_array_equal(bench.forward(), expected)


def test_what_is_not_finite_stays_in_its_place():
    bench = Bench(Upsample(2, "bilinear"), Tensor((1, 6), "f64"))
    bench.arrays["x"][0, 0, 4] = np.inf
    assert np.isfinite(bench.forward()[0, 0, :6]).all()


@pytest.mark.parametrize(("side", "out"), [(102, 54), (184, 186), (14, 78), (3, 7), (9, 3)])
def test_onnxruntime_takes_the_same_neighbours_where_ratios_are_not_round(side, out):
    bench = Bench(Resize(out), Tensor((1, side)), batch=1)
    model = Model(bench)
    name = bench.layer.onnx(model, "x")
    graph = helper.make_graph(
        [*model.nodes, helper.make_node("Identity", [name], ["y"])],
        "resize",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 1, side])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 1, out])],
        model.constants,
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    session = onnxruntime.InferenceSession(
        made.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    (found,) = session.run(None, {"x": bench.arrays["x"]})
    np.testing.assert_array_equal(found, bench.forward())


def test_neighbours_of_a_larger_image_lie_a_part_of_a_place_apart():
    assert Upsample((2, 3)).window(Tensor((1, 4, 4))) == Window(
        (1, 1), (Fraction(1, 2), Fraction(1, 3))
    )
    assert Resize(6, "bilinear").window(Tensor((1, 4))) == Window((2,), (Fraction(2, 3),))


def test_sizes_of_open_images():
    h, w = Size.symbol("h"), Size.symbol("w")
    assert str(Upsample((2, 3)).infer(Tensor((4, h, w)))) == "[4, 2 * h, 3 * w]"
    assert str(Resize((5, 6)).infer(Tensor((4, h, w)))) == "[4, 5, 6]"


@pytest.mark.parametrize(
    ("layer", "shape", "culprit", "reason", "help"),
    [
        (
            Upsample(2, corners=True),
            (2, 4, 4),
            "corners",
            "`corners` says where lines between places begin, and `how` is nearest",
            "set `how` to bilinear",
        ),
        (Resize(2, corners=True), (2, 4), "corners", "`how` is nearest", "leave out `corners`"),
        (Upsample((2, 2)), (2, 4), "factor", "`factor` has 2 numbers", "a single number"),
        (Resize((2, 2)), (2, 4, 4, 4), "size", "`size` has 2 numbers", "depth, height and width"),
        (Upsample(2), (4,), "x", "[4] is not an image", ""),
        (Resize(2), (1, 2, 3, 4, 5), "x", "is not an image", ""),
    ],
)
def test_what_cannot_be_resized_is_refused(refused, layer, shape, culprit, reason, help):
    refused(layer, Tensor(shape), because=(culprit, reason, help))
