"""The digits that come with netc, so that a first network trains without a download."""

from pathlib import Path

import numpy as np

from netc.options import option
from netc.training.data.examples import Dataset, Examples, Field
from netc.training.data.find import Where
from netc.training.data.images import DIGITS, Images
from netc.training.data.source import source

_FILE = Path(__file__).with_name("digits.npz")


@source("digits")
class Digits(Images):
    """1,797 real handwritten digits of 8x8 pixels from 0 to 16; they come with netc.

    The test part of Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, UCI Machine
    Learning Repository, 1998, doi 10.24432/C50P49, CC BY 4.0. Every fifth digit is kept for
    testing (359 of them). Fields: `image` [1, 8, 8] and `label`, class(10).

    Example:
        digits()
    """

    scale: float = option(1 / 16, "What pixels are multiplied by, the mean taken off before.")

    def open(self, where: Where) -> Dataset:
        with np.load(_FILE, allow_pickle=False) as file:
            images, labels = file["images"][:, np.newaxis], file["labels"]
        fields = {"image": self.image_field(images), "label": Field(labels, 10)}
        tested = np.arange(len(labels)) % 5 == 4
        both = Examples(fields)
        train, test = (both.rows(np.flatnonzero(part)) for part in (~tested, tested))
        return Dataset(self.name, train, test, DIGITS)

    def outline(self, where: Where) -> Dataset:
        both = self.outlined(np.empty((0, 1, 8, 8), np.uint8), np.empty(0, np.int64), len(DIGITS))
        return Dataset(self.name, both, both, DIGITS)
