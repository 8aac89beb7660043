"""Pictures in a terminal."""

import re

import numpy as np
import pytest

from netc.cli.drawing import columns_of, draw, side_by_side, style_for

SQUARE = np.zeros((1, 8, 8))
SQUARE[0, :, 4:] = 16


def test_small_images_are_drawn_larger_and_large_ones_smaller() -> None:
    assert columns_of(np.zeros((1, 8, 8))) == 16
    assert columns_of(np.zeros((1, 28, 28))) == 28
    assert columns_of(np.zeros((3, 224, 224))) == 32


def test_shades_go_from_blank_to_full() -> None:
    assert draw(SQUARE, "shades") == [" " * 8 + "█" * 8] * 8
    assert draw(SQUARE, "ascii") == [" " * 8 + "@" * 8] * 8


def test_colours_show_two_pixels_in_a_character(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    image = np.zeros((3, 32, 32))
    image[0, 1::2] = 1
    line = draw(image, "color")[0]
    assert line.startswith("\x1b[38;2;0;0;0m\x1b[48;2;255;0;0m▀")
    assert re.sub(r"\x1b\[[^m]*m", "", line) == "▀" * 32


def test_an_old_terminal_gets_256_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLORTERM", raising=False)
    line = draw(SQUARE, "color")[0]
    assert "38;5;232m" in line
    assert "38;5;255m" in line


def test_a_stream_gets_what_it_can_show() -> None:
    assert style_for(colored=True, unicode=True) == "color"
    assert style_for(colored=False, unicode=True) == "shades"
    assert style_for(colored=True, unicode=False) == "ascii"


def test_an_image_of_one_shade_or_without_numbers_can_be_drawn() -> None:
    assert draw(np.full((1, 16, 16), 3), "ascii") == [" " * 16] * 8
    assert len(draw(np.full((1, 16, 16), np.nan), "ascii")) == 8


def test_drawings_stand_side_by_side_as_far_as_there_is_room() -> None:
    drawings, captions = [["ab", "cd"]] * 3, ["1 ", "2 ", "3 "]
    lines = side_by_side(drawings, captions, columns=2, width=7)
    assert lines == ["ab   ab", "cd   cd", "1    2", "", "ab", "cd", "3"]
