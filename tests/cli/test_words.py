"""Counts, durations and speeds as people read them."""

import pytest

from netc.cli.words import speed_text, time_text


@pytest.mark.parametrize(
    ("rate", "text"), [(12_345.4, "12,345/s"), (3.2, "3/s"), (1.66, "1.7/s"), (0.412, "0.41/s")]
)
def test_a_slow_step_has_a_speed_too(rate: float, text: str) -> None:
    assert speed_text(rate) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (0.034, "0.03 s"), (0.34, "0.3 s"), (9.96, "10 s"), (125, "2:05")],
)
def test_a_short_time_is_more_than_nothing(seconds: float, text: str) -> None:
    assert time_text(seconds) == text
