import numpy as np
import pytest

from netc.kernels import product
from netc.layers.dense import Dense
from netc.types import Reject, Tensor
from tests.rules import Bench, engine_array, scattered_array


@pytest.mark.parametrize("shape", [(7,), (3, 4), (2, 3, 4)])
@pytest.mark.parametrize("new", [engine_array, scattered_array])
@pytest.mark.parametrize("threads", [1, 3])
def test_kernels_agree_with_the_formula(shape, new, threads, monkeypatch):
    monkeypatch.setattr(product, "_WORTH_SHARING", 0)
    bench = Bench(Dense(5), Tensor(shape, "f64"), batch=3, new=new, threads=threads)
    a = bench.arrays
    rows = np.array(a["x"], order="C").reshape(3, -1)
    np.testing.assert_allclose(bench.forward(), rows @ a["weight"].T + a["bias"], rtol=1e-12)
    found = bench.backward()
    np.testing.assert_allclose(found["weight"], a["dy"].T @ rows, rtol=1e-12)
    np.testing.assert_allclose(found["bias"], a["dy"].sum(axis=0), rtol=1e-12)
    np.testing.assert_allclose(
        found["x"], (a["dy"] @ a["weight"]).reshape(3, *shape), rtol=1e-12, atol=1e-14
    )


def test_weights_count_every_number_of_the_input():
    weight, bias = Dense(10).weights(Tensor((50, 4, 4))).values()
    assert (weight.shape, weight.fan_in, weight.fan_out) == ((10, 800), 800, 10)
    assert (bias.shape, bias.decay) == ((10,), 0)
    assert Dense(10).macs(Tensor((50, 4, 4))) == 8000


def test_without_bias_there_is_one_weight():
    assert list(Dense(10, bias=False).weights(Tensor((3,)))) == ["weight"]


def test_class_labels_are_refused():
    with pytest.raises(Reject) as refused:
        Dense(3).infer(Tensor((), "i64", classes=10))
    assert refused.value.culprit == "x"
