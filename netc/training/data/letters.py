"""Texts as sequences of letters, each to be told from those before it."""

import numpy as np

from netc.options import option
from netc.training.data.examples import Dataset, Examples, Field
from netc.training.data.find import Where, find_file
from netc.training.data.problems import damaged, unreadable, unusable
from netc.training.data.source import Source, source
from netc.types import Array

ASCII = ("\n", *map(chr, range(32, 127)))
"""The letters that class numbers stand for, in their order."""

MOST_BYTES = 1 << 28


@source("text")
class Letters(Source):
    """A text file as sequences of letters: what a net reads, and what comes next.

    Letters are class numbers. As `ascii` they are class(96): the end of a line, then all from the
    blank to `~`; a tab counts as a blank, and texts with other letters are refused. As `bytes`
    they are class(256), whatever the text is written in. Each example begins where the one before
    ended. The end of the text is for testing.

    Fields: `text` and `next`, class(96) [length] or class(256) [length]: at each place of `next`
    stands the letter that follows in the text.

    Example:
        text("shakespeare.txt", length: 100)
    """

    file: str = option(doc="The file.", main=True)
    length: int = option(64, "Letters in each example.", at_least=1)
    letters: str = option("ascii", "What a letter is.", choices=("ascii", "bytes"))
    step: int | None = option(
        None, "Letters from one example to the next; `length` where not given.", at_least=1
    )
    holdout: float = option(
        0.1, "Part at the end of the text kept for testing.", at_least=0, below=1
    )

    def open(self, where: Where) -> Dataset:
        path = find_file(self.name, self.file, where)
        try:
            if path.stat().st_size > MOST_BYTES:
                raise unusable(f"`{path}` is larger than {MOST_BYTES >> 20} MiB")
            whole = np.frombuffer(path.read_bytes(), np.uint8)
        except OSError as error:
            raise unreadable(path, error) from None
        if self.letters == "ascii":
            whole = whole[whole != ord("\r")]
            numbers = _ASCII_NUMBERS[whole]
            if (numbers == _NO_LETTER).any():
                first = int(np.argmax(numbers == _NO_LETTER))
                line = 1 + int(np.count_nonzero(whole[:first] == ord("\n")))
                reason = f"byte {whole[first]} in line {line} of `{path}` is no ASCII letter"
                raise unusable(reason, "set `letters` to bytes, with `class(256)` for inputs")
            whole = numbers
        if not len(whole):
            raise damaged(path, "there is nothing in it")
        tested = round(len(whole) * self.holdout)
        parts = whole[: len(whole) - tested], whole[len(whole) - tested :]
        if len(parts[0]) <= self.length or (tested and tested <= self.length):
            reason = f"`{path}` has {len(whole)} letters, too few for sequences of {self.length}"
            raise unusable(reason, "set `length` or `holdout` to less, or take a longer text")
        train, test = map(self._examples, parts)
        return Dataset(self.name, train, test, ASCII if self.letters == "ascii" else ())

    def outline(self, where: Where) -> Dataset:
        none = self._examples(np.empty(0, np.uint8))
        return Dataset(self.name, none, none, ASCII if self.letters == "ascii" else ())

    def _examples(self, letters: Array) -> Examples:
        classes = len(ASCII) if self.letters == "ascii" else 256
        step = self.step or self.length
        if not len(letters):
            none = np.empty((0, self.length), np.uint8)
            return Examples({"text": Field(none, classes), "next": Field(none, classes)})
        windows = np.lib.stride_tricks.sliding_window_view(letters, self.length + 1)[::step]
        return Examples(
            {"text": Field(windows[:, :-1], classes), "next": Field(windows[:, 1:], classes)}
        )


_NO_LETTER = 255


def _ascii_numbers() -> Array:
    """The class number of every byte."""
    numbers = np.full(256, _NO_LETTER, np.uint8)
    for number, letter in enumerate(ASCII):
        numbers[ord(letter)] = number
    numbers[ord("\t")] = numbers[ord(" ")]
    return numbers


_ASCII_NUMBERS = _ascii_numbers()
