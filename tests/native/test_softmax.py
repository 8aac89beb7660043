"""Softmax, the loss of a classifier and its accuracy against the rules of their layers."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from netc.layers import REGISTRY
from netc.native.call import call
from netc.native.formula import Formula, Step, result_of
from netc.native.kernels.mean import CountLabels, Mean
from netc.native.kernels.softmax import Softmax, SoftmaxGradient
from netc.native.kernels.softmax_loss import Accuracy, SoftmaxLoss
from netc.native.layout import Layout
from netc.native.tail import Tail
from netc.native.target import host
from netc.types import NUMPY_DTYPES, Dtype
from tests.native.blocks import in_block, planes
from tests.native.guarded import check_guards, guarded, guarded_copy

pytest.importorskip("llvmlite")

BLOCKS = (1, 2, 3, 5, 8, 16, 17, 32, 48)
CLOSE = {"f32": 3e-6, "f64": 1e-13}


@dataclass(frozen=True)
class Case:
    """Sizes and options."""

    layout: Layout
    valid: int
    dtype: Dtype
    smoothing: float
    ignore: int | None
    top: int
    seed: int

    @property
    def lanes(self) -> int:
        return host().lanes(self.dtype)

    def scores(self) -> np.ndarray:
        drawn = np.random.default_rng(self.seed).normal(0, 3, (self.valid, *self.layout.shape))
        return drawn.astype(NUMPY_DTYPES[self.dtype])

    def labels(self) -> np.ndarray:
        rng = np.random.default_rng(self.seed + 1)
        labels = rng.integers(0, self.layout.channels, (self.valid, *self.layout.sides))
        if self.ignore is not None:
            labels[rng.random(labels.shape) < 0.3] = self.ignore
        return labels

    def label_memory(self, labels: np.ndarray) -> np.ndarray:
        """Labels of no class for the examples that are not there."""
        memory = guarded((self.layout.block, *self.layout.sides), np.int64)
        memory[...] = 1 << 33
        memory[: self.valid] = labels
        return memory


def cases() -> list[Any]:
    rng = np.random.default_rng(11)
    made = []
    for seed in range(100):
        sides = [(), (), (3,), (4, 5), (1, 7)][rng.integers(5)]
        classes = int(rng.choice([1, 2, 3, 10, 21, 40]))
        block, dtype = int(rng.choice(BLOCKS)), str(rng.choice(["f32", "f64"]))
        layout = Layout((classes, *sides), block, int(rng.choice([0, 0, 16, 5])))
        made.append(
            Case(
                layout,
                valid=int(rng.choice([block, rng.integers(1, block + 1)])),
                dtype=dtype,
                smoothing=float(rng.choice([0, 0.1])),
                ignore=[None, -1, 255][rng.integers(3)],
                top=int(rng.integers(1, classes + 1)),
                seed=seed,
            )
        )
    return made


def runs(kernel: Any, into: np.ndarray, **given: Any) -> np.ndarray:
    """Run a kernel twice, which gives the same bits; the memory `into` is filled each time."""
    results = []
    for _ in range(2):
        into.fill(3)
        call(kernel, **given, first=0, stop=kernel.units)
        results.append(into.copy())
    np.testing.assert_array_equal(results[0], results[1])
    check_guards()
    return into


def tail_of(name: str, case: Case) -> Tail:
    return Tail(result_of(name), ((name, case.layout),))


@pytest.mark.parametrize("case", cases())
def test_softmax(case: Case) -> None:
    x = case.scores()
    y = np.empty_like(x)
    layer = REGISTRY["softmax"]()
    row = np.empty((case.valid, 1, *case.layout.sides), x.dtype)
    layer.forward(x, y, row)
    kernel = Softmax(case.dtype, (("x", case.layout),), tail_of("y", case), case.lanes)
    found = guarded(case.layout.size, x.dtype)
    runs(kernel, found, x=in_block(x, case.layout), y=found)
    close = CLOSE[case.dtype]
    np.testing.assert_allclose(planes(found, case.layout)[: case.valid], y, rtol=close, atol=1e-30)

    dy, dx = np.cos(x), np.empty_like(x)
    layer.backward(dy, y, dx, row)
    other = replace(case.layout, pad=3)
    layouts = (("dy", case.layout), ("y", other))
    gradient = SoftmaxGradient(case.dtype, layouts, tail_of("dx", case), case.lanes)
    given = {"y": in_block(y, other), "dy": in_block(dy, case.layout)}
    runs(gradient, found, **given, dx=found)
    np.testing.assert_allclose(planes(found, case.layout)[: case.valid], dx, atol=close)


@pytest.mark.parametrize("case", cases())
def test_softmax_loss(case: Case) -> None:
    scores, labels = case.scores(), case.labels()
    layer = REGISTRY["softmax_loss"](smoothing=case.smoothing, ignore=case.ignore)
    prob, wanted = np.empty_like(scores), np.empty_like(scores)
    y, dy = np.zeros((), scores.dtype), np.array(0.7, scores.dtype)
    layer.forward(scores, labels, y, prob)
    layer.backward(dy, labels, prob, dscores=wanted)
    kernel = SoftmaxLoss(case.dtype, case.layout, case.lanes, case.ignore, smoothing=case.smoothing)
    counted = layer.counts(labels)
    given = {
        "scores": in_block(scores, case.layout),
        "label": case.label_memory(labels),
        "dy": guarded_copy(dy.reshape(1)),
        "count": guarded_copy(np.array([counted])),
        "valid": case.valid,
    }
    close = CLOSE[case.dtype]
    total = guarded(1, np.float64)
    runs(kernel, total, **given, sum=total)
    np.testing.assert_allclose(total[0] / max(1, counted), y, rtol=close, atol=close)

    found, bias = guarded(case.layout.size, scores.dtype), _sums(case)
    whole = replace(kernel, tail=_with_sums(case))
    runs(whole, found, **given, sum=total, dscores=found, dbias=bias)
    view = planes(found, case.layout)
    np.testing.assert_allclose(view[: case.valid], wanted, atol=close)
    assert not view[case.valid :].any()
    axes = (0, *range(2, wanted.ndim))
    # Both runs added to it.
    np.testing.assert_allclose(bias.sum(1), 2 * wanted.sum(axes), atol=10 * close)
    np.testing.assert_allclose(total[0] / max(1, counted), y, rtol=close, atol=close)

    scores_memory = given["scores"]
    call(whole, **given, sum=total, dscores=scores_memory, dbias=bias, first=0, stop=whole.units)
    np.testing.assert_array_equal(planes(scores_memory, case.layout), view)


def _sums(case: Case) -> np.ndarray:
    bias = guarded((case.layout.channels, case.lanes), NUMPY_DTYPES[case.dtype])
    bias.fill(0)
    return bias


def _with_sums(case: Case) -> Tail:
    formula = Formula((Step("made"),), (("dscores", 0),), (("dbias", 0),))
    return Tail(formula, (("dscores", case.layout),))


@pytest.mark.parametrize("case", cases())
def test_accuracy(case: Case) -> None:
    scores, labels = np.round(case.scores()), case.labels()
    scores[scores == 3] = np.nan
    layer = REGISTRY["accuracy"](top=case.top, ignore=case.ignore)
    y = np.zeros((), scores.dtype)
    layer.forward(scores, labels, y, np.empty(scores.shape, np.uint8))
    kernel = Accuracy(case.dtype, case.layout, case.lanes, case.ignore, case.top)
    sum_, label = guarded(1, np.float64), case.label_memory(labels)
    given = {"scores": in_block(scores, case.layout), "label": label}
    runs(kernel, sum_, **given, sum=sum_, valid=case.valid)
    assert sum_[0] == np.round(y * layer.counts(labels))


@pytest.mark.parametrize("case", cases()[:30])
def test_units_add_up(case: Case) -> None:
    labels = case.labels()
    given = {
        "scores": in_block(case.scores(), case.layout),
        "label": case.label_memory(labels),
        "valid": case.valid,
    }
    kernel = SoftmaxLoss(case.dtype, case.layout, case.lanes, case.ignore, smoothing=case.smoothing)
    parts = guarded(4, np.float64)
    for t in range(4):
        first, stop = (kernel.units * i // 4 for i in (t, t + 1))
        call(kernel, **given, sum=parts[t:], first=first, stop=stop)
    whole = guarded(1, np.float64)
    call(kernel, **given, sum=whole, first=0, stop=kernel.units)
    assert parts.sum() == pytest.approx(whole[0], rel=1e-12)


@pytest.mark.parametrize("dtype", ["f32", "f64"])
@pytest.mark.parametrize(("count", "number"), [(5, 3), (0, 3), (5, 0), (1 << 40, 7)])
def test_mean(dtype: Dtype, count: int, number: int) -> None:
    sums, y = guarded(number, np.float64), guarded(1, NUMPY_DTYPES[dtype])
    sums[...] = np.arange(number) + 0.25
    kernel = Mean(dtype, factor=0.5)
    call(kernel, sums=sums, count=np.array([count]), y=y, number=number)
    assert y[0] == pytest.approx(sums.sum() / 2 / max(1, count), rel=1e-7)
    check_guards()


def test_labels_that_count() -> None:
    rng = np.random.default_rng(3)
    for dtype in ("f32", "f64"):
        for places in (1, 1, 1, 3, 10):
            kernel = CountLabels(dtype, ignore=255, places=places)
            for _ in range(10):
                valid = int(rng.integers(0, 50))
                label = guarded_copy(rng.choice([3, 255, -1], (valid + 3, places)))
                count = guarded(1, np.int64)
                call(kernel, label=label, count=count, valid=valid)
                assert count[0] == np.count_nonzero(label[:valid] != 255)
    check_guards()
