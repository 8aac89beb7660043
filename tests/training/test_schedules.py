"""Schedules follow their formulas, in epochs and in steps."""

import math

import pytest

from netc.training.schedules import (
    Cosine,
    Exp,
    Fixed,
    Inv,
    Multistep,
    Poly,
    Progress,
    Step,
)


def factors(schedule, steps, *, per_epoch=4, every=1):
    return [schedule.factor_at(Progress(step, per_epoch, steps)) for step in range(0, steps, every)]


def test_fixed_stays():
    assert factors(Fixed(), 3) == [1, 1, 1]


def test_step_drops_after_whole_epochs():
    got = factors(Step(every=2, factor=0.5), 24)
    assert got == [1] * 8 + [0.5] * 8 + [0.25] * 8


def test_step_takes_parts_of_an_epoch():
    assert factors(Step(every=0.5, factor=0.5), 6) == [1, 1, 0.5, 0.5, 0.25, 0.25]


def test_rounding_does_not_move_a_drop():
    schedule = Step(every=0.1, factor=0.5)
    got = factors(schedule, 10, per_epoch=10)
    assert got == [0.5**step for step in range(10)]


def test_multistep_drops_at_its_places():
    got = factors(Multistep(at=(1, 3), factor=0.1), 16, every=4)
    assert got == pytest.approx([1, 0.1, 0.1, 0.01])


def test_exp_is_smooth_and_exact_at_whole_epochs():
    got = factors(Exp(factor=0.81), 5, every=2)
    assert got == pytest.approx([1, 0.9, 0.81])


def test_inv_is_the_formula_of_caffe():
    got = factors(Inv(factor=0.0001, power=0.75, unit="step"), 3)
    assert got == [(1 + 0.0001 * step) ** -0.75 for step in range(3)]


def test_poly_ends_at_zero():
    got = [Poly(power=2).factor_at(Progress(step, 4, 10)) for step in (0, 5, 10, 11)]
    assert got == [1, 0.25, 0, 0]


def test_cosine_falls_from_one_to_its_lowest():
    at = [Cosine(lowest=0.2).factor_at(Progress(step, 4, 8)) for step in (0, 4, 8)]
    assert at == pytest.approx([1, 0.6, 0.2])
    assert Cosine().factor_at(Progress(2, 4, 8)) == pytest.approx((1 + math.cos(math.pi / 4)) / 2)


def test_a_factor_too_large_is_infinite_and_no_crash():
    assert Exp(factor=1e9, unit="step").factor_at(Progress(10_000, 4, 10_000)) == math.inf
