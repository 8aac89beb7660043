import numpy as np
import pytest

from netc.layers.embed import Embed
from netc.types import Reject, Tensor
from tests.rules import Bench, engine_array, scattered_array


@pytest.mark.parametrize("shape", [(), (6,), (3, 2)])
@pytest.mark.parametrize("new", [engine_array, scattered_array])
def test_it_is_dense_on_ones_at_the_class(shape, new):
    labels = Tensor(shape, "i64", classes=7)
    bench = Bench(Embed(4, bias=True), labels, batch=5, new=new, dtype="f64")
    a = bench.arrays
    ones = np.eye(7)[a["label"]]
    y = np.moveaxis(ones @ a["weight"] + a["bias"], -1, 1)
    np.testing.assert_allclose(bench.forward(), y)
    found, dy = bench.backward(), np.moveaxis(a["dy"], 1, -1)
    np.testing.assert_allclose(
        found["weight"], ones.reshape(-1, 7).T @ dy.reshape(-1, 4), atol=1e-12
    )
    np.testing.assert_allclose(found["bias"], dy.reshape(-1, 4).sum(axis=0), atol=1e-12)


def test_classes_that_are_not_there_have_no_gradient():
    bench = Bench(Embed(3), Tensor((), "i64", classes=4), batch=2, dtype="f64")
    bench.put({"label": np.array([2, 2])})
    bench.forward()
    dweight = bench.backward()["weight"]
    assert not dweight[[0, 1, 3]].any()
    np.testing.assert_allclose(dweight[2], bench.arrays["dy"].sum(axis=0))


def test_the_weight_has_a_row_for_each_class():
    weight = Embed(8).weights(Tensor((50,), "i64", classes=96))["weight"]
    assert weight.shape == (96, 8)
    assert str(Embed(8).infer(Tensor((50,), "i64", classes=96))) == "[8, 50]"


@pytest.mark.parametrize("label", [Tensor((96,)), Tensor((), batched=False)])
def test_numbers_are_refused(label):
    with pytest.raises(Reject, match="expected class labels, found numbers of shape") as refused:
        Embed(8).infer(label)
    assert refused.value.culprit == "label"
