"""Arrays of one's own in NumPy's NPZ files, read without believing what their headers say."""

import io
import warnings
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, BinaryIO, Literal

import numpy as np

from netc.diag import quoted
from netc.options import option
from netc.training.data.examples import Dataset, Examples, Field, hold_out
from netc.training.data.find import Where, find_file
from netc.training.data.idx import MOST_INFLATED, Stream, read_into
from netc.training.data.images import Images, same_shapes
from netc.training.data.problems import Unusable, damaged, first_line, unreadable, unusable
from netc.training.data.source import source
from netc.types import Array, Reject, Shape

_MOST_HEADER = 10_000
_MOST_AXES = 32
_HEADERS = {1: np.lib.format.read_array_header_1_0, 2: np.lib.format.read_array_header_2_0}


@source("npz")
class Npz(Images):
    """Arrays of your own, from a file written by `numpy.savez` or `numpy.savez_compressed`.

    Each array is a field of its own name, with an example in each row. Names that begin with
    `train_` and `test_` say which part is for testing; without them a part is kept for testing:
    always the same one, spread over the file. Whole numbers, one for each example, are class
    labels, and so are arrays of whole numbers for an input such as `class(21) [28, 28]`. Bytes are
    pixels: only they are cropped, mirrored, padded and scaled. Other numbers stay.

    Example:
        npz("faces.npz", crop: 64)
    """

    file: str = option(doc="The file.", main=True)
    holdout: float = option(
        0.2, "Part kept for testing when no array is named `test_`.", at_least=0, below=1
    )

    def open(self, where: Where) -> Dataset:
        path = find_file(self.name, self.file, where)
        return self._parted(path, self._fields(path, read_npz(path)))

    def outline(self, where: Where) -> Dataset:
        path = find_file(self.name, self.file, where)
        fields = self._fields(path, outline_npz(path))
        first = np.arange(1)
        return self._parted(path, {name: field.rows(first) for name, field in fields.items()})

    def _fields(self, path: Path, arrays: Mapping[str, Array]) -> dict[str, Field]:
        if self.image_option and not any(map(_is_image, arrays.values())):
            raise Reject(self.image_option, f"there are no images, arrays of bytes, in `{path}`")
        if self.mirror:
            _require_bytes(arrays)
        return {name: self._field(path, name, array) for name, array in arrays.items()}

    def _parted(self, path: Path, fields: Mapping[str, Field]) -> Dataset:
        trained, tested, rest = (_part(fields, p) for p in ("train_", "test_", ""))
        if not trained and not tested:
            return Dataset(self.name, *hold_out(_examples(path, rest), self.holdout))
        if rest or not trained or (tested and set(tested) != set(trained)):
            raise unusable(
                f"the arrays in `{path}` do not pair up: {quoted(fields)}",
                "begin the name of each with `train_` or `test_`, or of none",
            )
        train = _examples(path, trained)
        if not tested:
            return Dataset(self.name, *hold_out(train, self.holdout))
        test = _examples(path, {name: tested[name] for name in trained})
        same_shapes(self.name, train, test)
        return Dataset(self.name, train, test)

    def _field(self, path: Path, name: str, array: Array) -> Field:
        if not array.ndim or not len(array):
            raise damaged(path, "it holds no examples", f"in array `{name}`")
        if array.dtype.kind == "f":
            return Field(_finite(path, name, array))
        if array.ndim == 1 and array.dtype.kind in "iu":
            if array.min() < 0:
                at = int(np.argmin(array))
                raise damaged(path, f"there is no class {array[at]}", f"in `{name}`, row {at}")
            return Field(array, classes=int(array.max()) + 1)
        if _is_image(array):
            return self.image_field(array)
        if array.dtype == np.uint8:
            return Field(array, mean=self.mean, scale=self.scale)
        return Field(array)


def _is_image(array: Array) -> bool:
    return array.dtype == np.uint8 and array.ndim >= 3


def _require_bytes(arrays: Mapping[str, Array]) -> None:
    """Refuse to mirror images without the maps of their size: the two would no longer agree."""
    sizes = {array.shape[-2:] for array in arrays.values() if _is_image(array)}
    for name, array in arrays.items():
        if array.ndim > 2 and array.shape[-2:] in sizes and not _is_image(array):
            reason = (
                f"`{name}` is as large as the images, but {array.dtype}: it would stay as it is"
            )
            raise Reject("mirror", reason, help=f"save `{name}` as uint8, and it is mirrored too")


def _finite(path: Path, name: str, array: Array) -> Array:
    with np.errstate(over="ignore"):
        array = array.astype(np.float32, copy=False)
    rows = np.isfinite(array).reshape(len(array), -1).all(axis=1)
    if not rows.all():
        row = int(np.argmin(rows))
        raise damaged(path, "it holds numbers that are not finite", f"in array `{name}`, row {row}")
    return array


def _part(fields: Mapping[str, Field], prefix: str) -> dict[str, Field]:
    """The fields of one part, without its prefix; for no prefix, those that have none."""
    if not prefix:
        return {n: f for n, f in fields.items() if not n.startswith(("train_", "test_"))}
    return {n.removeprefix(prefix): f for n, f in fields.items() if n.startswith(prefix)}


def _examples(path: Path, fields: Mapping[str, Field]) -> Examples:
    if len({len(field) for field in fields.values()}) > 1:
        counts = ", ".join(f"{len(field)} in `{name}`" for name, field in fields.items())
        raise damaged(path, f"its arrays have not as many rows: {counts}")
    return Examples(fields)


@dataclass(frozen=True)
class _Header:
    """What stands before the numbers of an array; `place` is its name in messages."""

    shape: Shape
    by_columns: bool
    dtype: np.dtype[Any]
    place: str

    @property
    def size(self) -> int:
        """Bytes of all numbers."""
        return prod(self.shape) * self.dtype.itemsize


Take = Callable[[Path, Stream, _Header], Array]


def read_npz(path: Path) -> dict[str, Array]:
    """The arrays of numbers in an NPZ file. Raises `Unusable`.

    No memory is taken that the size of the file does not warrant, and nothing is unpickled.
    """
    return _arrays(path, _numbers)


def outline_npz(path: Path) -> dict[str, Array]:
    """The same, but of all that may not be class numbers there is one row, of zeros."""
    return _arrays(path, _outline)


def _arrays(path: Path, take: Take) -> dict[str, Array]:
    try:
        with path.open("rb") as file:
            arrays = _members(path, file, path.stat().st_size * MOST_INFLATED, take)
    except OSError as error:
        raise unreadable(path, error) from None
    if not arrays:
        raise damaged(path, "there are no arrays in it")
    return {name.removesuffix(".npy"): array for name, array in arrays.items()}


def _members(path: Path, file: BinaryIO, room: int, take: Take) -> dict[str, Array]:
    """The arrays by the names of their members; together they may not exceed `room` bytes."""
    arrays: dict[str, Array] = {}
    try:
        with zipfile.ZipFile(file) as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for info in archive.infolist():
                arrays[info.filename] = _member(path, archive, info, room, take)
                # Members may lie over one another in the file; their sum is bounded all the same.
                room -= arrays[info.filename].nbytes
    except (Unusable, MemoryError):
        raise
    except Exception as error:  # zipfile and zlib tell damage by errors of a dozen types
        raise damaged(path, "it is no sound NPZ file", first_line(error)) from None
    return arrays


def _member(
    path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: int, take: Take
) -> Array:
    place = f"in `{info.filename}`"
    deflated = info.compress_type == zipfile.ZIP_DEFLATED
    if not deflated and info.compress_type != zipfile.ZIP_STORED:
        raise damaged(path, "it is packed in a way NumPy never uses", place)
    room = min(room, info.compress_size * (MOST_INFLATED if deflated else 1))
    with archive.open(info) as stream:
        header = _header(path, stream, place)
        if header.size > room:
            promise = f"its header promises {list(header.shape)}, {header.size} bytes"
            raise damaged(path, f"{promise}, but there are at most {room}", place)
        return take(path, stream, header)


def _numbers(path: Path, stream: Stream, header: _Header) -> Array:
    data = np.empty(header.size, np.uint8)
    read = read_into(stream, data)
    if read < header.size:
        told = f"it ends after {read} of {header.size} bytes of numbers"
        raise damaged(path, told, header.place)
    if stream.read(1):  # reading to the end also makes zipfile compare the checksum
        raise damaged(path, "it goes on after the last of its numbers", header.place)
    array = data.view(header.dtype).astype(header.dtype.newbyteorder("="), copy=False)
    order: Literal["F", "C"] = "F" if header.by_columns else "C"
    return np.asarray(array.reshape(header.shape, order=order), order="C")


def _outline(path: Path, stream: Stream, header: _Header) -> Array:
    if not header.shape or (len(header.shape) == 1 and header.dtype.kind in "iu"):
        return _numbers(path, stream, header)  # class numbers, of which the largest is to be known
    rows, *sides = header.shape
    return np.zeros((min(rows, 1), *sides), header.dtype.newbyteorder("="))


def _header(path: Path, stream: Stream, place: str) -> _Header:
    """Shape, order and element type of an array; the stream is left at its first number."""
    start = stream.read(8)
    version = start[6] if len(start) == 8 and start.startswith(b"\x93NUMPY") else 0
    if version not in _HEADERS:
        raise damaged(path, "it is no NumPy array", place)
    length = stream.read(2 * version)
    told = int.from_bytes(length, "little")
    if told > _MOST_HEADER:
        raise damaged(path, f"no array has a header of {told} bytes", place)
    shape, by_columns, dtype = _HEADERS[version](io.BytesIO(length + stream.read(told)))
    if dtype.kind not in "biuf":
        raise damaged(path, f"its elements are {dtype}, not numbers", place)
    if len(shape) > _MOST_AXES or min(shape, default=0) < 0:
        raise damaged(path, f"no array has the shape {shape}", place)
    return _Header(shape, by_columns, dtype, place)
