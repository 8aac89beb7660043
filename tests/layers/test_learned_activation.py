import numpy as np
import pytest

from netc.layers.learned_activation import Maxout, Prelu
from netc.sizes import Size
from netc.types import Reject, Tensor
from tests.rules import Bench


def test_prelu_has_a_slope_for_each_channel():
    bench = Bench(Prelu(), Tensor((2, 3), "f64"), batch=1)
    x = np.array([[[-2.0, 0.0, 4.0], [-2.0, 0.0, 4.0]]])
    bench.put({"x": x, "slope": np.array([0.5, 3.0]), "dy": np.ones((1, 2, 3))})
    assert bench.forward().tolist() == [[[-1, 0, 4], [-6, 0, 4]]]
    found = bench.backward()
    assert found["x"].tolist() == [[[0.5, 0.5, 1], [3, 3, 1]]]
    assert found["slope"].tolist() == [-2, -2]


def test_a_shared_slope_gathers_the_gradient_of_all_channels():
    bench = Bench(Prelu(shared=True), Tensor((2,), "f64"), batch=2)
    bench.put({"x": np.array([[-2.0, 3.0], [-1.0, -4.0]]), "dy": np.ones((2, 2))})
    bench.forward()
    assert bench.backward()["slope"].tolist() == [-7]


def test_prelu_starts_at_a_quarter_and_is_not_decayed():
    # He et al. 2015, section 2.1
    slope = Prelu().weights(Tensor((7, 3, 3)))["slope"]
    assert (slope.shape, slope.init.value, slope.decay) == ((7,), 0.25, 0)
    assert Prelu(shared=True).weights(Tensor((7, 3, 3)))["slope"].shape == (1,)


def test_prelu_of_a_number_wants_a_shared_slope():
    with pytest.raises(Reject, match="no channels") as refused:
        Prelu().infer(Tensor(()))
    assert refused.value.help == "set `shared`"
    assert Prelu(shared=True).infer(Tensor(())) == Tensor(())


def test_maxout_keeps_the_greatest_of_each_group(run):
    x = [[1.0, 5.0, 3.0, -2.0, -1.0, -3.0]]
    ran = run(Maxout(3), x, dy=[[10.0, 20.0]])
    assert ran.y.tolist() == [[5, -1]]
    assert ran.gradients["dx"].tolist() == [[0, 10, 0, 0, 20, 0]]


def test_of_equal_pieces_the_first_takes_the_gradient(run):
    # ConvNetJS, convnet_layers_nonlinearities.js: only a greater one replaces it
    ran = run(Maxout(2), [[4.0, 4.0]], dy=[[1.0]])
    assert ran.gradients["dx"].tolist() == [[1, 0]]


def test_maxout_of_a_dense_layer_is_the_paper_s(run):
    # |x| is the greatest of the two lines x and -x: Goodfellow et al. 2013, figure 1
    x = np.linspace(-2, 2, 9)[:, None]
    np.testing.assert_array_equal(run(Maxout(2), np.hstack([x, -x])).y, np.abs(x))


def test_groups_that_do_not_divide_are_refused():
    with pytest.raises(Reject, match="7 channels cannot be cut into groups of 3") as refused:
        Maxout(3).infer(Tensor((7, 4, 4)))
    assert refused.value.culprit == "pieces"
    assert refused.value.help.endswith("such as 6")


def test_groups_of_open_channels_must_be_known_to_divide():
    size = Size.symbol("c")
    assert str(Maxout(2).infer(Tensor((2 * size, 4)))) == "[c, 4]"
    with pytest.raises(Reject, match="whether c channels go into such groups cannot be told"):
        Maxout(2).infer(Tensor((size, 4)))
