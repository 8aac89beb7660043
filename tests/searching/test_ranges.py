"""What is drawn lies within its bounds, evenly, and is written as it is asked for."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netc.diag import Source, Span
from netc.searching.ranges import Choices, Range, plain
from netc.searching.wanted import Wanted, read_wanted

SPAN = Span(Source("", ""), 0, 0)


def draws(among, count=2000, seed=1):
    rng = np.random.default_rng(seed)
    return [plain(among.draw(rng, SPAN)) for _ in range(count)]


def among_of(text):
    wanted = read_wanted(text)
    assert isinstance(wanted, Wanted), wanted
    return wanted.among


@pytest.mark.parametrize("text", ["x=1..5", "x=1..5,log"])
def test_whole_numbers_are_drawn_with_both_ends(text):
    counts = Counter(draws(among_of(text)))
    assert set(counts) == {1, 2, 3, 4, 5}
    assert all(isinstance(value, int) for value in counts)


def test_each_whole_number_is_as_likely():
    counts = Counter(draws(among_of("x=1..4"), count=8000))
    assert all(abs(count - 2000) < 200 for count in counts.values())


def test_orders_of_magnitude_are_as_likely():
    found = np.array(draws(among_of("x=1e-4..1e0,log"), count=8000))
    counts = np.histogram(np.log10(found), bins=4, range=(-4, 0))[0]
    assert all(abs(count - 2000) < 200 for count in counts)


@pytest.mark.parametrize(("low", "high"), [(5, 16), (8, 16), (5, 19), (8, 19)])
def test_widths_in_groups_are_multiples_of_them(low, high):
    assert set(draws(Range(low, high, grain=4))) == {8, 12, 16}
    assert set(draws(Range(low, high, is_log=True, grain=4))) == {8, 12, 16}


def test_real_numbers_have_three_digits():
    assert all(value == float(f"{value:.3g}") for value in draws(Range(0, 1)))


@settings(max_examples=200, deadline=None)
@given(st.floats(1e-12, 1e6), st.floats(1.001, 1e6), st.booleans(), st.integers(0, 2**32 - 1))
def test_no_draw_leaves_its_bounds(low, factor, is_log, seed):
    among = Range(low, low * factor, is_log)
    assert all(low <= value <= low * factor for value in draws(among, count=20, seed=seed))


@pytest.mark.parametrize("text", ["1..5", "1..5,log", "0.001..0.5,log", "1e-5..1", "-1.0..1.5"])
def test_a_range_reads_back_as_it_is_written(text):
    among = among_of(f"x={text}")
    assert among_of(f"x={among}") == among


def test_one_of_several_values_is_drawn():
    among = among_of("optimizer=sgd(rate: 0.1, momentum: 0.9), adam, -3")
    assert isinstance(among, Choices)
    assert set(draws(among)) == {"sgd(rate: 0.1, momentum: 0.9)", "adam", -3}
    assert str(among) == "sgd(rate: 0.1, momentum: 0.9),adam,-3"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "=",
        "x=",
        "x=1..",
        "x=..1",
        "x=1...5..",
        "x=nan..inf",
        "x=1..1e999",
        "x=2..2",
        "x=1,",
        "x=;",
        "x=1\n..2",
        "3x=1..2",
        "x=1..2,lin",
        "x=]\n}\nnet b {",
        "x=" + "(" * 5000,
        "x==1..2",
    ],
)
def test_what_is_no_range_is_told_of(text):
    problems = read_wanted(text)
    assert isinstance(problems, list)
    assert all(p.diagnostic() and p.span.source.path == "--vary" for p in problems)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_read_or_told_of(text):
    found = read_wanted(f"x={text}")
    assert isinstance(found, Wanted) or all(problem.diagnostic() for problem in found)
