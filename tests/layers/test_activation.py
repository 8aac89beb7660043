import numpy as np
import pytest

from netc.layers.activation import Elu, LeakyRelu, Relu, Sigmoid, Tanh
from netc.types import Reject, Tensor

X = [[-2.0, 0.0, 3.0]]
DY = [[10.0, 20.0, 30.0]]


def test_relu_cuts_negative_values_and_their_gradient(run):
    ran = run(Relu(), X, dy=DY)
    assert ran.y.tolist() == [[0, 0, 3]]
    assert ran.gradients["dx"].tolist() == [[0, 0, 30]]


def test_relu_passes_what_is_not_a_number_on(run):
    assert np.isnan(run(Relu(), [[np.nan]]).y).all()


def test_leaky_relu_scales_negative_values_and_the_gradient_at_zero(run):
    ran = run(LeakyRelu(0.1), X, dy=DY)
    np.testing.assert_allclose(ran.y, [[-0.2, 0, 3]])
    np.testing.assert_allclose(ran.gradients["dx"], [[1, 2, 30]])


def test_leaky_relu_with_slope_one_is_the_identity(run):
    ran = run(LeakyRelu(1.0), X, dy=DY)
    assert ran.y.tolist() == X
    assert ran.gradients["dx"].tolist() == DY


def test_elu_bends_towards_minus_alpha(run):
    ran = run(Elu(2.0), [[-1.0, 0.0, 3.0, -800.0]], dy=[[1.0, 1.0, 1.0, 1.0]])
    # 2 (1/e - 1) and its slope 2/e; below, the curve is flat
    np.testing.assert_allclose(ran.y, [[-1.2642411176571153, 0, 3, -2]])
    np.testing.assert_allclose(ran.gradients["dx"], [[0.7357588823428847, 2, 1, 0]])


def test_sigmoid_has_its_known_values_and_no_overflow(run):
    with np.errstate(all="raise", under="ignore"):
        ran = run(Sigmoid(), np.float32([[0, 1, -1000, 1000]]))
    np.testing.assert_allclose(ran.y, [[0.5, 0.7310586, 0, 1]], rtol=1e-6)
    np.testing.assert_allclose(ran.gradients["dx"], [[0.25, 0.19661193, 0, 0]], rtol=1e-6)


def test_sigmoid_keeps_its_digits_far_below_zero(run):
    np.testing.assert_allclose(run(Sigmoid(), np.float32([[-20]])).y, 2.0611537e-09, rtol=1e-6)


def test_tanh_has_its_known_values(run):
    ran = run(Tanh(), [[0.0, 1.0, 400.0]])
    np.testing.assert_allclose(ran.y, [[0, 0.7615941559557649, 1]])
    np.testing.assert_allclose(ran.gradients["dx"], [[1, 0.41997434161402614, 0]])


@pytest.mark.parametrize("layer", [Relu(), LeakyRelu(0.3), Elu(0.5), Sigmoid(), Tanh()], ids=str)
def test_in_place_gives_the_same_numbers(layer, run):
    rng = np.random.default_rng(3)
    x, dy = rng.normal(size=(5, 4)), rng.normal(size=(5, 4))
    apart = run(layer, x, dy=dy)
    work = {k: np.empty((5, 4), "u1" if t.dtype == "u8" else "f8") for k, t in _work(layer).items()}
    _call(layer.forward, {**work, "x": x, "y": x})
    _call(layer.backward, {**work, "y": x, "dy": dy, "dx": dy})
    np.testing.assert_array_equal(x, apart.y)
    np.testing.assert_array_equal(dy, apart.gradients["dx"])


@pytest.mark.parametrize("layer", [Relu(), LeakyRelu(), Elu(), Sigmoid(), Tanh()], ids=str)
def test_class_labels_are_refused(layer):
    with pytest.raises(Reject, match="class label") as caught:
        layer.infer(Tensor((), "i64", classes=10))
    assert caught.value.culprit == "x"


def _work(layer):
    return layer.work(5, 1, Tensor((4,), "f64"))


def _call(rule, arrays):
    rule(**{k: v for k, v in arrays.items() if k in rule.__code__.co_varnames})
