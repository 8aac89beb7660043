import numpy as np
import pytest

from netc.layers.affine import Bias, Scale
from netc.sizes import Size
from netc.types import Reject, Tensor
from tests.rules import Bench, engine_array, scattered_array


@pytest.mark.parametrize("new", [engine_array, scattered_array])
@pytest.mark.parametrize("shared", [False, True])
def test_scale_and_bias_are_the_formula(new, shared):
    bench = Bench(Scale(bias=True, shared=shared), Tensor((3, 4, 5), "f64"), new=new)
    a = bench.arrays
    scale, bias = (a[name].reshape(-1, 1, 1) for name in ("scale", "bias"))
    np.testing.assert_allclose(bench.forward(), a["x"] * scale + bias)
    found, axes = bench.backward(), (0, 1, 2, 3) if shared else (0, 2, 3)
    np.testing.assert_allclose(found["x"], a["dy"] * scale)
    np.testing.assert_allclose(found["scale"], (a["x"] * a["dy"]).sum(axis=axes).reshape(-1))
    np.testing.assert_allclose(found["bias"], a["dy"].sum(axis=axes).reshape(-1))


def test_they_begin_by_doing_nothing():
    weights = Scale(bias=True).weights(Tensor((3, 2)))
    assert [(w.init.value, w.decay, w.shape) for w in weights.values()] == [
        (1, 0, (3,)),
        (0, 0, (3,)),
    ]
    (bias,) = Bias().weights(Tensor((3, 2))).values()
    assert (bias.init.value, bias.shape) == (0, (3,))


@pytest.mark.parametrize("kind", [Scale, Bias])
def test_channels_must_be_there_and_known(kind):
    with pytest.raises(Reject, match="no channels"):
        kind().infer(Tensor(()))
    with pytest.raises(Reject, match="the number of channels, c, is not known"):
        kind().infer(Tensor((Size.symbol("c"), 4)))
    assert str(kind(shared=True).infer(Tensor((Size.symbol("c"), 4)))) == "[c, 4]"
