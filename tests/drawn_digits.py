"""Files called like those of MNIST, with a few images that are told apart at a glance."""

import struct
from pathlib import Path

import numpy as np


def draw_digits(folder: Path) -> None:
    """Write 640 images to train with and 100 to test with, of 28x28 pixels in ten classes."""
    folder.mkdir()
    for part, count in (("train", 640), ("t10k", 100)):
        labels = np.arange(count, dtype=np.uint8) % 10
        images = np.zeros((count, 28, 28), np.uint8)
        for image, label in zip(images, labels, strict=True):
            image[4 : 8 + 2 * label, 4:24] = 255
        for name, array in (("images-idx3", images), ("labels-idx1", labels)):
            head = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
            (folder / f"{part}-{name}-ubyte").write_bytes(head + array.tobytes())
