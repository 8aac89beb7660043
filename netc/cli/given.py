"""Files to predict on, brought into the shape that a model takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile

import numpy as np

from netc.cli.model import Model, Side
from netc.cli.pixels import read_picture, with_channels
from netc.cli.problems import UnfitInput, UnreadableInput
from netc.cli.resample import resample
from netc.cli.screen import say
from netc.diag import Problem, printable, quoted, refusal
from netc.options import options_of
from netc.training import Settings
from netc.types import Array, Reject

T = TypeVar("T")

_ARRAYS = (".npy", ".npz")
_WAY = "a spec that names its data says how to scale them"


@dataclass(frozen=True)
class Given:
    """The examples of one file. `is_one` says that it holds one example and not a list of them."""

    path: str
    arrays: Mapping[str, Array]
    is_one: bool


@dataclass(frozen=True)
class Pictures:
    """How pictures become numbers: by themselves 0 (black) to 1 (white), or as a spec's data."""

    settings: Settings | None = None
    is_resized: bool = False
    is_inverted: bool = False

    def prepared(self, picture: Array, shape: tuple[Side, ...]) -> Array:
        """A picture [channels, h, w] for an input of this shape. May raise `Reject`."""
        channels, *sides = shape
        image: Array = with_channels(picture, channels or len(picture))
        image = 1 - image if self.is_inverted else image
        source: Any = self.settings.data if self.settings else None
        if self.is_resized and None not in sides:
            image = resample(image, *(side or 1 for side in sides))
            source = replace(source, crop=None, pad=0) if hasattr(source, "crop") else source
        if not hasattr(source, "image_field"):
            return image
        # By default every source of images brings its brightest pixel to 1.
        white = 1 / options_of(type(source))["scale"].default
        return _as_data(source, image * white)

    def numbers(self, path: str, array: Array) -> Array:
        """An array as a spec's data would have it: there bytes are pixels. May raise `Reject`."""
        source: Any = self.settings.data if self.settings else None
        is_pixels = array.dtype == np.uint8 and array.ndim >= 2
        if is_pixels and source is None:
            say(f"note: `{printable(path)}` holds bytes, which go in as they are, 0 to 255; {_WAY}")
        return _as_data(source, array) if is_pixels and hasattr(source, "image_field") else array


def _as_data(source: Any, images: Array) -> Array:
    """Pixels [..., h, w], cropped and scaled by a source of images."""
    field = source.image_field(images[np.newaxis])
    out: Array = np.empty((1, *field.shape))
    field.fill(np.zeros(1, np.int64), out)
    first: Array = out[0]
    return first


def read_given(path: str, model: Model, pictures: Pictures) -> Given | Problem:
    """The examples in a file, in the shapes of the model's inputs."""
    suffix = Path(path).suffix.lower()
    if suffix in _ARRAYS:
        try:
            return _read_arrays(path, model, pictures)
        except Reject as reject:
            return UnfitInput(None, path=path, reason=f"cannot be used: {reject.reason}")
    picture = read_picture(path)
    if isinstance(picture, Problem):
        return picture
    if len(model.inputs) != 1 or len(_shape(model)) != 3:
        return UnfitInput(None, path=path, reason=f"is a picture, and {_takes(model)}")
    try:
        image = pictures.prepared(picture, _shape(model))
    except Reject as reject:
        return UnfitInput(None, path=path, reason=f"cannot be used: {reject.reason}")
    fitted = _fit(path, _name(model), image, _shape(model))
    if isinstance(fitted, Problem):
        return replace(fitted, way_out="`--resize` brings a picture to the right size")
    return Given(path, {_name(model): fitted[0]}, is_one=True)


def _read_arrays(path: str, model: Model, pictures: Pictures) -> Given | Problem:
    arrays = _load(path)
    if isinstance(arrays, Problem):
        return arrays
    if len(model.inputs) == 1 and len(arrays) == 1:
        arrays = {_name(model): next(iter(arrays.values()))}
    absent = [f"`{name}`" for name in model.inputs if name not in arrays]
    if absent:
        has = quoted(arrays) or "nothing"
        return UnfitInput(None, path=path, reason=f"has {has}, but no {', '.join(absent)}")
    fitted: dict[str, Array] = {}
    single: set[bool] = set()
    for name, shape in model.inputs.items():
        classes = model.labels.get(name)
        array = arrays[name] if classes else pictures.numbers(path, arrays[name])
        rows = (classes and _not_labels(path, name, array, classes)) or _fit(
            path, name, array, shape
        )
        if isinstance(rows, Problem):
            return rows
        fitted[name] = rows[0]
        single.add(rows[1])
    if len({len(rows) for rows in fitted.values()}) != 1:
        return UnfitInput(None, path=path, reason="has not as many examples for each input")
    if len(next(iter(fitted.values()))) == 0:
        return UnfitInput(None, path=path, reason="has no examples")
    return Given(path, fitted, is_one=single == {True})


def _load(path: str) -> dict[str, Array] | Problem:
    """All arrays of a file; those of a `.npy` have no name."""
    try:
        loaded = np.load(path, allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            return {"": loaded}
        with loaded:
            return {name: loaded[name] for name in loaded.files}
    except FileNotFoundError:
        return UnreadableInput(None, path=path, reason="no such file or directory")
    except OSError as error:
        return UnreadableInput(None, path=path, reason=refusal(error))
    except MemoryError:
        reason = "it promises more numbers than there is memory for"
        return UnreadableInput(None, path=path, reason=reason)
    except (ValueError, EOFError, BadZipFile, KeyError, SyntaxError, NotImplementedError):
        return UnreadableInput(None, path=path, reason="it is no file of arrays, or is damaged")


def _fit(
    path: str, name: str, array: Array, shape: tuple[Side, ...]
) -> tuple[Array, bool] | UnfitInput:
    """The array with the batch in front, and whether it was one example."""
    if array.dtype.kind not in "fiub":
        return UnfitInput(None, path=path, reason=f"holds no numbers but {array.dtype}")
    with np.errstate(over="ignore"):
        if not np.isfinite(array.astype(np.float32, copy=False)).all():
            return UnfitInput(None, path=path, reason="holds numbers that are not finite")
    for candidate, is_one in ((array[np.newaxis], True), (array, False)):
        if candidate.ndim and _matches(candidate.shape[1:], shape):
            return candidate, is_one
    for candidate, is_one in ((array[np.newaxis], True), (array, False)):
        squeezed = _squeezed(candidate.shape[1:])
        if candidate.ndim and _matches(squeezed, _squeezed(shape)):
            rest = iter(squeezed)
            sides = [1 if side == 1 else next(rest) for side in shape]
            return candidate.reshape(len(candidate), *sides), is_one
    wanted = f"and `{name}` takes {_show(shape)}"
    return UnfitInput(None, path=path, reason=f"is {_show(array.shape)}, {wanted}")


def _not_labels(path: str, name: str, array: Array, classes: int) -> UnfitInput | None:
    """What is wrong with class numbers, if something is."""
    wanted = f"and `{name}` takes class numbers from 0 to {classes - 1}"
    if array.dtype.kind not in "iub":
        return UnfitInput(None, path=path, reason=f"holds {array.dtype}, {wanted}")
    if array.size and (array.min() < 0 or array.max() >= classes):
        worst = array.min() if array.min() < 0 else array.max()
        return UnfitInput(None, path=path, reason=f"holds {worst}, {wanted}")
    return None


def _matches(found: Sequence[int], wanted: Sequence[Side]) -> bool:
    pairs = zip(found, wanted, strict=False)
    return len(found) == len(wanted) and all(w is None or f == w for f, w in pairs)


def _squeezed(shape: tuple[T, ...]) -> list[T]:
    return [side for side in shape if side != 1]


def _show(shape: tuple[Side, ...]) -> str:
    return f"[{', '.join('?' if side is None else str(side) for side in shape)}]"


def _name(model: Model) -> str:
    return next(iter(model.inputs))


def _shape(model: Model) -> tuple[Side, ...]:
    return next(iter(model.inputs.values()))


def _takes(model: Model) -> str:
    inputs = ", ".join(f"`{name}` {_show(shape)}" for name, shape in model.inputs.items())
    return f"the model takes {inputs}"
