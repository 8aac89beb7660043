"""Losses of margins and of logarithms against the rules of their layers."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from netc.layers import REGISTRY
from netc.native.kernels.label_losses import HingeLoss, LogLoss, SvmLoss
from netc.types import NUMPY_DTYPES
from tests.native.blocks import in_block, planes
from tests.native.guarded import check_guards, guarded, guarded_copy
from tests.native.test_softmax import CLOSE, Case, cases, runs, tail_of

pytest.importorskip("llvmlite")


@pytest.mark.parametrize("case", cases())
@pytest.mark.parametrize("norm", ["l1", "l2"])
def test_hinge_loss(case: Case, norm: str) -> None:
    case = replace(case, ignore=None)
    scores, layer = case.scores(), REGISTRY["hinge_loss"](norm=norm)
    y, dscores, miss = np.zeros((), scores.dtype), np.empty_like(scores), np.empty_like(scores)
    layer.forward(scores, case.labels(), y, miss)
    layer.backward(np.array(0.7, scores.dtype), case.labels(), miss, dscores)
    kernel = HingeLoss(case.dtype, case.layout, case.lanes, squared=norm == "l2")
    _check(case, kernel, layer, scores, float(y), dscores)


@pytest.mark.parametrize("case", cases())
@pytest.mark.parametrize("margin", [1.0, 0.3])
def test_svm_loss(case: Case, margin: float) -> None:
    case = replace(case, ignore=None)
    scores, layer = case.scores(), REGISTRY["svm_loss"](margin=margin)
    y, dscores, miss = np.zeros((), scores.dtype), np.empty_like(scores), np.empty_like(scores)
    layer.forward(scores, case.labels(), y, miss)
    layer.backward(np.array(0.7, scores.dtype), case.labels(), miss, dscores)
    kernel = SvmLoss(case.dtype, case.layout, case.lanes, margin=margin)
    _check(case, kernel, layer, scores, float(y), dscores)


@pytest.mark.parametrize("case", cases())
def test_log_loss(case: Case) -> None:
    prob = np.abs(case.scores())
    prob[prob < 0.3] = 1e-30
    layer = REGISTRY["log_loss"](ignore=case.ignore)
    y, dprob = np.zeros((), prob.dtype), np.empty_like(prob)
    layer.forward(prob, case.labels(), y)
    layer.backward(np.array(0.7, prob.dtype), prob, case.labels(), dprob)
    kernel = LogLoss(case.dtype, case.layout, case.lanes, case.ignore, least=1e-20)
    _check(case, kernel, layer, prob, float(y), dprob)


def _check(
    case: Case, kernel: Any, layer: Any, scores: np.ndarray, y: float, wanted: np.ndarray
) -> None:
    labels = case.labels()
    counted = layer.counts(labels)
    total = guarded(1, np.float64)
    given = {
        "scores": in_block(scores, case.layout),
        "label": case.label_memory(labels),
        "dy": guarded_copy(np.array([0.7], scores.dtype)),
        "count": guarded_copy(np.array([counted])),
        "sum": total,
        "valid": case.valid,
    }
    close = CLOSE[case.dtype]
    runs(kernel, total, **given)
    assert total[0] / max(1, counted) == pytest.approx(y, rel=close, abs=close)
    found = guarded(case.layout.size, NUMPY_DTYPES[case.dtype])
    runs(replace(kernel, tail=tail_of("dx", case)), found, **given, dx=found)
    view = planes(found, case.layout)
    np.testing.assert_allclose(view[: case.valid], wanted, rtol=close, atol=close)
    assert not view[case.valid :].any()
    assert total[0] / max(1, counted) == pytest.approx(y, rel=close, abs=close)
    check_guards()
