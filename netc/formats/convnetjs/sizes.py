"""What size each layer gives, by the formulas of ConvNetJS; here they must come out right."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from netc.diag import Label, listed
from netc.formats.convnetjs.counterparts import LOSSES
from netc.formats.convnetjs.findings import Findings
from netc.formats.convnetjs.layers import Layer
from netc.formats.convnetjs.problems import LeftOverChannels, TrimmedEdge, UnfitWindow
from netc.formats.json.nodes import Piece


class Size(NamedTuple):
    """Width, height and channels, in the order of ConvNetJS."""

    sx: int
    sy: int
    depth: int

    def __str__(self) -> str:
        return f"{self.sx}x{self.sy}x{self.depth}"

    @property
    def is_flat(self) -> bool:
        """Whether it is a row of numbers, and no image."""
        return self.sx == self.sy == 1

    @property
    def numbers(self) -> int:
        """How many numbers a volume of these sides has."""
        return self.sx * self.sy * self.depth


@dataclass(frozen=True)
class Sized:
    """A layer with what it is given and what it gives."""

    layer: Layer
    before: Size
    after: Size


def with_sizes(found: Findings, layers: Sequence[Layer]) -> list[Sized]:
    """The layers with their sizes, without those behind a mistake whose size cannot be known."""
    return list(_with_sizes(found, layers))


def _with_sizes(found: Findings, layers: Sequence[Layer]) -> Iterator[Sized]:
    before: Size | None = None
    source: Piece | None = None
    for layer in layers:
        if layer.type == "?":
            before = None
        elif layer.type == "input":
            after = Size(*(layer.count(name) for name in ("out_sx", "out_sy", "out_depth")))
            yield Sized(layer, after, after)
            before = after
        elif layer.type == "fc":
            after = Size(1, 1, layer.count("num_neurons"))
            yield Sized(layer, before or after, after)
            before = after
        elif before is not None:
            after_it = _RULES.get(layer.type, _same)(_Place(found, layer, source), before)
            if after_it is not None:
                yield Sized(layer, before, after_it)
            before = after_it
        source = layer.place


@dataclass(frozen=True)
class _Place:
    """Where a rule tells of mistakes; `source` is the layer before."""

    found: Findings
    layer: Layer
    source: Piece | None

    def unfit(self, piece: Piece, before: Size, what: str, why: str, way_out: str) -> None:
        label = Label(self.found.span(self.source), f"gives {before}") if self.source else None
        if self.source is not None and self.source.start >= piece.start:
            label = None
        place = self.found.span(piece)
        self.found.add(UnfitWindow(place, what=what, why=why, way_out=way_out, source=label))


def _same(place: _Place, before: Size) -> Size | None:
    return before


def _windows(place: _Place, before: Size) -> tuple[int, int] | None:
    """How many windows there are along the width and the height."""
    layer = place.layer
    sides = layer.count("sx"), layer.count("sy")
    stride, pad = layer.count("stride"), layer.count("pad")
    rooms = [size + 2 * pad - side for size, side in zip(before[:2], sides, strict=True)]
    counts = rooms[0] // stride + 1, rooms[1] // stride + 1
    if min(rooms) < 0:
        _too_large(place, before, sides, counts)
        return None
    lost = [room % stride for room in rooms]
    if any(rest > pad for rest in lost):
        _trimmed(place, before, sides, [max(rest - pad, 0) for rest in lost])
    return counts[0], counts[1]


def _too_large(
    place: _Place, before: Size, sides: tuple[int, int], counts: tuple[int, int]
) -> None:
    layer = place.layer
    pad = layer.count("pad")
    depth = layer.count("filters") if layer.type == "conv" else before.depth
    noun = "filter" if layer.type == "conv" else "window"
    padded = f" padded by {pad}" if pad else ""
    lack = max(side - size for size, side in zip(before[:2], sides, strict=True))
    place.unfit(
        layer.options["sx"].place,
        before,
        f"a {noun} of {sides[0]}x{sides[1]} does not fit in {before}{padded}",
        f"ConvNetJS goes on with a size of {Size(*counts, depth)}",
        f"set `pad` to at least {-(-lack // 2)}, take a smaller `sx`, or shrink less before it"
        if layer.type == "conv"
        else "take a smaller `sx`, or shrink less before it",
    )


def _trimmed(place: _Place, before: Size, sides: tuple[int, int], lost: Sequence[int]) -> None:
    layer = place.layer
    stride = layer.count("stride")
    shown = [
        f"the last {word}" if rest == 1 else f"the last {rest} {word}s"
        for rest, word in zip(lost, ("column", "row"), strict=True)
        if rest
    ]
    place.found.add(
        TrimmedEdge(
            place.found.span(layer.options["stride"].place),
            what=f"`{layer.type}` of {sides[0]}x{sides[1]} with stride {stride}",
            lost=listed(shown, "and"),
            size=str(before),
            way_out="ConvNetJS leaves them out too; another `stride`, `sx` or `pad` may fit",
        )
    )


def _conv(place: _Place, before: Size) -> Size | None:
    counts = _windows(place, before)
    return Size(*counts, place.layer.count("filters")) if counts else None


def _pool(place: _Place, before: Size) -> Size | None:
    layer = place.layer
    pad, least = layer.count("pad"), min(layer.count("sx"), layer.count("sy"))
    if pad >= least:
        place.unfit(
            layer.options["pad"].place,
            before,
            f"a `pad` of {pad} is too wide for a window of {least}: one may lie in padding alone",
            "ConvNetJS gives -99999 there",
            f"set `pad` to at most {least - 1}",
        )
        return None
    counts = _windows(place, before)
    return Size(*counts, before.depth) if counts else None


def _maxout(place: _Place, before: Size) -> Size | None:
    group, depth = place.layer.count("group_size"), before.depth
    piece = place.layer.options["group_size"].place
    if group > depth:
        place.unfit(
            piece,
            before,
            f"a group of {group} channels does not fit in {before}",
            "ConvNetJS makes an output without any number",
            f"set `group_size` to at most {depth}",
        )
        return None
    lost = depth % group
    if lost:
        where, fits = place.found.span(piece), -(-depth // group) * group
        several = f" {lost}" if lost > 1 else ""
        problem = LeftOverChannels(where, group=group, lost=several, depth=depth, fitting=fits)
        place.found.add(problem)
    return Size(before.sx, before.sy, depth // group)


def _quadratic(place: _Place, before: Size) -> Size | None:
    return Size(before.sx, before.sy, before.depth + before.depth**2)


def _loss(place: _Place, before: Size) -> Size | None:
    """A loss as it stands in a saved net, whose classes have to be what comes in."""
    layer = place.layer
    count = layer.options[LOSSES[layer.type].count]
    if before.numbers == count.value and (before.is_flat or before.depth == 1):
        return Size(1, 1, before.numbers)
    place.unfit(
        count.place,
        before,
        f"`{layer.type}` compares {count.value} numbers, and is given {before}",
        "ConvNetJS compares the numbers as they lie, all channels of one place after another",
        f"put an `fc` layer of {count.value} neurons before it",
    )
    return None


_Rule = Callable[[_Place, Size], Size | None]
_RULES: Mapping[str, _Rule] = {
    "conv": _conv,
    "pool": _pool,
    "maxout": _maxout,
    "quadtransform": _quadratic,
    "softmax": _loss,
    "svm": _loss,
    "regression": _loss,
}
"""How a layer changes the size; those not in the table leave it."""
