import numpy as np
import pytest

from netc.layers.argmax import Argmax
from netc.sizes import Size
from netc.types import Reject, Tensor


@pytest.mark.parametrize("axis", [1, 2, 3])
def test_the_highest_score_names_the_class(axis, run):
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5))
    np.testing.assert_array_equal(run(Argmax(axis), x).y, x.argmax(axis))
    classes, rest = x.shape[axis], [s for a, s in enumerate(x.shape) if a not in (0, axis)]
    assert Argmax(axis).infer(Tensor((3, 4, 5))) == Tensor((*rest,), "i64", classes=classes)


def test_of_equal_scores_the_first_wins(run):
    assert run(Argmax(), [[1.0, 7.0, 7.0], [0.0, 0.0, 0.0]]).y.tolist() == [1, 0]


def test_no_gradient_flows_through_it():
    assert Argmax.backward is None


def test_classes_must_be_known_but_places_need_not():
    image = Tensor((21, Size.symbol("h"), Size.symbol("w")))
    assert str(Argmax().infer(image)) == "class(21) [h, w]"
    with pytest.raises(Reject, match="the number of classes, h, is not known") as refused:
        Argmax(2).infer(image)
    assert refused.value.culprit == "axis"
