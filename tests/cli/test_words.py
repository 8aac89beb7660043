"""Counts, durations and speeds as people read them."""

import pytest

from netc.cli.words import speed_text


@pytest.mark.parametrize(
    ("rate", "text"), [(12_345.4, "12,345/s"), (3.2, "3/s"), (1.66, "1.7/s"), (0.412, "0.41/s")]
)
def test_a_slow_step_has_a_speed_too(rate: float, text: str) -> None:
    assert speed_text(rate) == text
