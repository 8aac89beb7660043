"""Native code moves weights as the NumPy rules do, to the bit."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from netc.engines import Group, Limit
from netc.native.call import call
from netc.native.formula import Formula, Recorder
from netc.native.kernels.update import SquareSum, Update
from netc.native.update import FlatLength, FlatPass, Stretch
from netc.training.native_updater import NativeUpdater
from netc.training.optimizers import OPTIMIZERS, Adadelta, Adagrad, Adam, Optimizer, Rmsprop, Sgd
from netc.training.updater import Updater
from netc.types import NUMPY_DTYPES, Dtype
from tests.native.guarded import check_guards, guarded_copy

pytest.importorskip("llvmlite")

RULES = [
    Sgd(),
    Sgd(momentum=0.9),
    Sgd(momentum=0.7, nesterov=True),
    Adagrad(rate=0.1),
    Adagrad(rate=0.1, epsilon=1e-3, epsilon_in_root=True),
    Rmsprop(smoothing=0.8),
    Rmsprop(epsilon=1e-3, epsilon_in_root=True),
    Adadelta(),
    Adadelta(rate=0.5, smoothing=0.9),
    Adam(beta1=0.8, epsilon=1e-5),
    Adam(compat="convnetjs"),
]


def doubled() -> Formula:
    p = Recorder()
    p.mul(p.value("x"), p.scalar("factor"))
    return Formula(tuple(p.steps), (("y", 2),))


@pytest.mark.parametrize("dtype", ["f32", "f64"])
@pytest.mark.parametrize("seed", range(40))
def test_update_writes_what_it_is_asked_for(dtype: Dtype, seed: int) -> None:
    rng = np.random.default_rng(seed)
    number, size = NUMPY_DTYPES[dtype], int(rng.integers(1, 200))
    x = guarded_copy(rng.normal(size=size).astype(number), align=int(rng.choice([8, 16, 64])))
    y, factor = guarded_copy(x, align=8), np.array([3], number)
    first = int(rng.integers(0, size + 1))
    stop = int(rng.integers(first, size + 1))
    call(Update(dtype, doubled()), x=x, y=y, factor=factor, first=first, stop=stop)
    wanted = x.copy()
    wanted[first:stop] *= 3
    np.testing.assert_array_equal(y, wanted)
    check_guards()


@pytest.mark.parametrize("dtype", ["f32", "f64"])
@pytest.mark.parametrize("seed", range(30))
def test_squares_are_summed_in_float64(dtype: Dtype, seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(1, 300))
    x = guarded_copy((rng.normal(size=size) * 1e30).astype(NUMPY_DTYPES[dtype]), align=8)
    first, total = int(rng.integers(0, size)), np.array([1e60])
    call(SquareSum("f64", dtype), values=x, total=total, first=first, stop=size)
    wanted = 1e60 + np.sum(np.square(x[first:], dtype=np.float64))
    np.testing.assert_allclose(total, wanted, rtol=1e-14)
    check_guards()


def test_every_optimizer_is_tried() -> None:
    assert {type(rule) for rule in RULES} == set(OPTIMIZERS.values())


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("dtype", ["f32", "f64"])
@pytest.mark.parametrize("rule", RULES, ids=str)
def test_weights_and_arrays_have_the_same_bits(rule: Optimizer, dtype: Dtype, threads: int) -> None:
    rng = np.random.default_rng(3)
    for round_ in range(6):
        size = int(rng.choice([1, 7, 50, 1000, 40_000]))
        groups = random_groups(rng, size)
        rule = replace(rule, decay=one_of(rng, 0, 0.01), l1=one_of(rng, 0, 0.003))
        weights = (rng.normal(size=size) * rng.integers(0, 2, size)).astype(NUMPY_DTYPES[dtype])
        ours, theirs = weights.copy(), weights.copy()
        gradient = np.empty_like(weights)
        native = NativeUpdater(rule, ours, gradient, groups, threads=threads)
        plain = Updater(rule, theirs, gradient, groups)
        for count in (1, 2, 3):
            gradient[...] = rng.normal(size=size)
            for updater in (native, plain):
                updater.step(0.1 / count, count)
        np.testing.assert_array_equal(ours, theirs, err_msg=f"round {round_}")
        for name, array in plain.arrays.items():
            np.testing.assert_array_equal(native.arrays[name], array)


@pytest.mark.parametrize("dtype", ["f32", "f64"])
def test_clipping_and_limits(dtype: Dtype) -> None:
    rng = np.random.default_rng(5)
    groups = [Group(0, 500, 1.0, 1.0), Group(500, 700, 0.0, 1.0), Group(700, 50_000, 2.0, 0.0)]
    weights = rng.normal(size=50_000).astype(NUMPY_DTYPES[dtype])
    gradient = rng.normal(size=50_000).astype(NUMPY_DTYPES[dtype])
    for bound in (1.0, 1e9):
        made: list[Any] = []
        for kind in (NativeUpdater, Updater):
            w, g = weights.copy(), gradient.copy()
            limit = Limit(w[:500].reshape(5, 1, 100), 1.5)
            kind(Sgd(decay=0.1), w, g, groups, [limit], clip=bound).step(0.1, 1)
            made.append(w)
        np.testing.assert_allclose(*made, rtol=1e-6 if dtype == "f32" else 1e-14, atol=1e-15)
        assert (made[0][500:700] == weights[500:700]).all()


@pytest.mark.parametrize("wrong", [np.inf, np.nan])
def test_gradients_that_are_no_numbers_are_heard_of(wrong: float) -> None:
    weights, gradient = np.ones(40, np.float32), np.ones(40, np.float32)
    gradient[3] = wrong
    NativeUpdater(Sgd(), weights, gradient, [Group(0, 40, 1.0, 1.0)], clip=1.0).step(0.1, 1)
    assert not np.isfinite(weights[3])
    assert weights[0] == np.float32(0.9)


def test_the_length_of_large_arrays_does_not_depend_on_the_run() -> None:
    x = np.random.default_rng(0).normal(size=300_001).astype(np.float32)
    stretches = [Stretch(5, 100_000, doubled()), Stretch(200_000, 300_001, doubled())]
    length = FlatLength(stretches, x, threads=2)
    first = length.measure()
    assert {length.measure() for _ in range(5)} == {first}
    parts = np.concatenate([x[5:100_000], x[200_000:]])
    np.testing.assert_allclose(first, np.linalg.norm(parts.astype(np.float64)), rtol=1e-13)


def test_a_stretch_is_all_that_changes() -> None:
    x, y = np.arange(100_000, dtype=np.float32), np.zeros(100_000, np.float32)
    stretches = [Stretch(3, 50_001, doubled(), {"factor": 1})]
    FlatPass(stretches, {"x": x, "y": y}, np.array([0, 2], np.float32), threads=2).run()
    wanted = np.zeros_like(x)
    wanted[3:50_001] = 2 * x[3:50_001]
    np.testing.assert_array_equal(y, wanted)


def random_groups(rng: np.random.Generator, size: int) -> list[Group]:
    cuts = sorted({0, size, *rng.integers(0, size, 3).tolist()})
    return [
        Group(*ends, one_of(rng, 1, 1, 0.5, 0), one_of(rng, 1, 0), l2=one_of(rng, 0, 0.1))
        for ends in pairwise(cuts)
    ]


def one_of(rng: np.random.Generator, *numbers: float) -> float:
    """A number of Python: those of NumPy would make float32 arrays float64."""
    return float(rng.choice(numbers))
