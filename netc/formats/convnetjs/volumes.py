"""The weights of a saved network: where they stand, how many they must be, and what they are."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from netc.diag import Problem, Source, Span
from netc.formats.convnetjs.findings import Findings
from netc.formats.convnetjs.sizes import Sized
from netc.formats.convnetjs.weight_problems import BadVolume, NullWeights
from netc.formats.json.nodes import Array, Node, Number, Object, Piece, String
from netc.formats.json.numbers import without_numbers
from netc.formats.json.scan import scan
from netc.types import Array as Numbers

_MOST = 10_000_000
"""No side of a volume is longer, so that their products stay numbers one can read."""

_WITH_WEIGHTS = ("conv", "fc")
_NUMBERS = {int, float, type(None)}


@dataclass(frozen=True)
class Volume:
    """A volume as it stands in the file: `start` and `end` are those of its numbers."""

    sides: tuple[int, int, int]
    source: Source
    start: int
    end: int

    def numbers(self) -> Numbers:
        """The numbers, as [sy, sx, depth]. Raises ValueError where they are none."""
        count = prod(self.sides)
        read = json.loads(self.source.text[self.start : self.end])
        if isinstance(read, dict):
            absent = next((i for i in range(count) if str(i) not in read), None)
            if absent is not None:
                raise ValueError(f"number {absent} of a volume is not there")
            read = [read[str(i)] for i in range(count)]
        if not {type(value) for value in read} <= _NUMBERS:
            raise ValueError("there is something in a volume that is no number")
        try:
            found = np.array([value or 0.0 for value in read], np.float64)
        except OverflowError:
            raise ValueError("there are numbers in a volume that are not finite") from None
        if found.shape != (count,) or not np.isfinite(found).all():
            raise ValueError("there are numbers in a volume that are not finite")
        return found.reshape(self.sides)

    @property
    def nulls(self) -> int:
        """How many of the numbers are `null`."""
        return self.source.text.count("null", self.start, self.end)


@dataclass(frozen=True)
class SavedLayer:
    """A `conv` or `fc` layer with its weights. `inputs` are the sides (sy, sx, depth) of what comes
    in, which is (1, 1, n) where the layer does not say."""

    kind: str
    index: int
    span: Span
    inputs: tuple[int, int, int]
    filters: tuple[Volume, ...]
    biases: Volume

    def weight(self) -> Numbers:
        """The filters as netc has them: [filters, depth, sy, sx], or [neurons, inputs] with the
        inputs by channels, rows and columns, where ConvNetJS has rows, columns and channels."""
        read = np.stack([volume.numbers() for volume in self.filters])
        if self.kind == "conv":
            return np.ascontiguousarray(read.transpose(0, 3, 1, 2))
        by_place = read.reshape(len(read), *self.inputs)
        return np.ascontiguousarray(by_place.transpose(0, 3, 1, 2)).reshape(len(read), -1)

    def bias(self) -> Numbers:
        """A number for each filter."""
        return self.biases.numbers().reshape(-1)


def read_layers(source: Source) -> tuple[SavedLayer, ...] | list[Problem]:
    """The layers with weights in the text of a saved network, in their order."""
    root = scan(source, without_numbers(source.text))
    if isinstance(root, list):
        return root
    layers = layers_in(root)
    if layers is None:
        way_out = 'a file that ConvNetJS saved begins with `{"layers":[`'
        place = root.span(source)
        return [BadVolume(place, what="this is no saved network", way_out=way_out)]
    return saved_layers(source, layers)


def layers_in(root: Node) -> Array | None:
    """The list of layers in a saved network, or in the first of several."""
    found = _member(root, "layers")
    if found is None and isinstance(nets := _member(root, "nets"), Array) and nets.items:
        found = _member(nets.items[0], "layers")
    return found if isinstance(found, Array) else None


def saved_layers(source: Source, layers: Array) -> tuple[SavedLayer, ...] | list[Problem]:
    """The weights in a list of saved layers, or all that is wrong with where they should be."""
    found: list[SavedLayer] = []
    problems: list[Problem] = []
    before = (1, 1, 1)
    for index, layer in enumerate(layers.items):
        kind = _member(layer, "layer_type")
        if isinstance(kind, String) and kind.value in _WITH_WEIGHTS:
            try:
                found.append(_layer(source, layer, index, kind.value, before))
            except _Wrong as wrong:
                problems.append(wrong.problem)
        sides = tuple(_count(_member(layer, key)) for key in ("out_sy", "out_sx", "out_depth"))
        before = (sides[0] or 1, sides[1] or 1, sides[2] or 1)
    return problems or tuple(found)


def check_volumes(found: Findings, layers: Array, sized: Sequence[Sized]) -> None:
    """Tell of weights that are not those of the layers they are in; no number is looked at."""
    saved = saved_layers(found.source, layers)
    for each in saved if isinstance(saved, list) else _of_another_size(saved, sized):
        found.add(each)
    if not isinstance(saved, list):
        for notice in _null_weights(saved):
            found.add(notice)


def _of_another_size(saved: Sequence[SavedLayer], sized: Sequence[Sized]) -> Iterator[Problem]:
    """What there is of weights that a layer of its size does not have."""
    for layer in saved:
        here = sized[layer.index]
        first = layer.filters[0]
        place = Span(first.source, first.start, first.start + 1)
        height, width, depth = first.sides
        if layer.kind == "conv":
            options = here.layer.options
            wanted = (options["sx"].value, options["sy"].value, here.before.depth)
            if (width, height, depth) != wanted:
                shown = "x".join(map(str, wanted))
                what = f"a filter of this layer is {shown}, and the weights are {_shown(first)}"
                yield BadVolume(place, what=what)
                continue
        if len(layer.filters) != here.after.depth:
            count = f"{len(layer.filters)} filters"
            what = f"this layer has {here.after.depth} outputs, and the weights of {count}"
            yield BadVolume(place, what=what)


def _null_weights(layers: Sequence[SavedLayer]) -> Iterator[NullWeights]:
    """A warning for each layer that has weights which are no numbers."""
    for layer in layers:
        volumes = [v for v in (*layer.filters, layer.biases) if v.nulls]
        if volumes:
            first = volumes[0]
            at = first.source.text.index("null", first.start)
            count = sum(volume.nulls for volume in volumes)
            yield NullWeights(Span(first.source, at, at + len("null")), count=count)


class _Wrong(Exception):
    """Carries a problem out of a layer, whose rest is not looked at."""

    def __init__(self, place: Span, what: str, found: str = "", way_out: str = "") -> None:
        super().__init__(what)
        self.problem = BadVolume(place, what=what, found=found, way_out=way_out)


def _layer(
    source: Source, layer: Node, index: int, kind: str, before: tuple[int, int, int]
) -> SavedLayer:
    span = layer.span(source)
    listed = _member(layer, "filters")
    if not isinstance(listed, Array) or not listed.items:
        place = (listed or _member(layer, "layer_type") or layer).span(source)
        raise _Wrong(place, f"this `{kind}` layer has no weights", "expected a list `filters`")
    filters = tuple(_volume(source, each, "filter") for each in listed.items)
    for node, volume in zip(listed.items, filters, strict=True):
        if volume.sides != filters[0].sides:
            what = f"a filter is {_shown(volume)}, and the first of the layer {_shown(filters[0])}"
            raise _Wrong(node.span(source), what)
    biases = _member(layer, "biases")
    bias = _volume(source, biases or layer, "`biases`")
    if prod(bias.sides) != len(filters):
        what = f"there are {prod(bias.sides)} biases for {len(filters)} filters"
        raise _Wrong((biases or layer).span(source), what)
    size = prod(filters[0].sides)
    inputs = before
    if kind == "fc" and size != prod(before):
        height, width, depth = before
        what = f"each neuron has {size} weights, and {width}x{height}x{depth} numbers come in"
        raise _Wrong(listed.items[0].span(source), what)
    return SavedLayer(kind, index, span, inputs, filters, bias)


def _volume(source: Source, node: Node, noun: str) -> Volume:
    place = node.span(source)
    sides = [_count(_member(node, key)) for key in ("sy", "sx", "depth")]
    if not all(sides):
        raise _Wrong(place, f"this {noun} is no volume", "expected `sx`, `sy`, `depth` and `w`")
    height, width, depth = sides
    numbers = _member(node, "w")
    if not isinstance(numbers, Array | Object):
        raise _Wrong(place, f"this {noun} has no numbers", "expected them in `w`")
    volume = Volume((height, width, depth), source, numbers.start, numbers.end)
    _check_numbers(volume, numbers)
    return volume


def _check_numbers(volume: Volume, numbers: Piece) -> None:
    place, wanted = numbers.span(volume.source), prod(volume.sides)
    what = f"a volume of {_shown(volume)} has {wanted} number{'s' * (wanted != 1)}"
    count = _numbers_in(volume.source.text[numbers.start + 1 : numbers.end - 1])
    if count < wanted:
        raise _Wrong(place, what, f"{count} are here", "the file may have been cut short")
    if count > wanted and isinstance(numbers, Array):
        raise _Wrong(place, what, f"{count} are here")


def _numbers_in(text: str) -> int:
    return text.count(",") + 1 if text.strip() else 0


def _shown(volume: Volume) -> str:
    height, width, depth = volume.sides
    return f"{width}x{height}x{depth}"


def _member(node: Node, key: str) -> Node | None:
    """What an object has by a key; the last, where it stands there twice."""
    if not isinstance(node, Object):
        return None
    return next((m.value for m in reversed(node.members) if m.key.value == key), None)


def _count(node: Node | None) -> int:
    """A number that counts something; 0 where it is none."""
    value = node.value if isinstance(node, Number) else 0
    return int(value) if 1 <= value <= _MOST and value == int(value) else 0
