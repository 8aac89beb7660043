"""The body of a net as a person would write it: a line for each layer with what belongs to it."""

from collections.abc import Iterator, Sequence

from netc import spec
from netc.formats.convnetjs.counterparts import LOSSES
from netc.formats.convnetjs.making import Maker
from netc.formats.convnetjs.sizes import Sized
from netc.formats.convnetjs.steps import Writer
from netc.formats.json.nodes import Piece

_OF_IMAGES = ("conv", "pool", "lrn")
"""What asks for an image, even if it is one of a single place."""

_JOINING = ("relu", "sigmoid", "tanh", "maxout", "dropout")
"""What stands on the line of the layer before it, if that has weights."""


def statements(writer: Writer, sized: Sequence[Sized]) -> Iterator[spec.Statement]:
    """Inputs, lines, and what is compared, shown and given out."""
    make = writer.make
    image, *layers = sized
    is_flat = image.after.is_flat and not _begins_with_image(layers)
    yield _input(make, image, is_flat=is_flat)
    ending = layers[-1] if layers and layers[-1].layer.type in LOSSES else None
    if ending is None:
        *lines, (place, steps) = _joined(writer, layers, is_flat=is_flat)
        yield from _chains(make, lines)
        yield make.role("output", make.chain(place, steps, "y"))
        return
    yield _compared_with(make, ending)
    compared = layers[:-1]
    name = "y" if ending.layer.type == "regression" else "scores"
    alone: _Line = (ending.layer.place, [make.name(ending.layer.place, "identity")])
    *lines, (place, steps) = list(_joined(writer, compared, is_flat=is_flat)) or [alone]
    if not _is_flat_behind(compared, is_flat=is_flat):
        steps.append(make.name(place, "flatten"))
    yield from _chains(make, lines)
    yield make.chain(place, steps, name)
    yield from _ending(make, ending, name)


def _is_flat_behind(layers: Sequence[Sized], *, is_flat: bool) -> bool:
    """Whether a row of numbers comes out, which comes in where `is_flat` says so."""
    kinds = [sized.layer.type for sized in layers]
    return next((kind == "fc" for kind in reversed(kinds) if kind in ("fc", *_OF_IMAGES)), is_flat)


def _begins_with_image(layers: Sequence[Sized]) -> bool:
    kinds = [sized.layer.type for sized in layers]
    before = kinds[: kinds.index("fc")] if "fc" in kinds else kinds
    return any(kind in _OF_IMAGES for kind in before)


def _input(make: Maker, image: Sized, *, is_flat: bool) -> spec.Input:
    place, size = image.layer.place, image.after
    shape = [size.depth] if is_flat else [size.depth, size.sy, size.sx]
    written = make.value(place, list[int](shape))
    assert isinstance(written, spec.List)
    return spec.Input(make.name(place, "x" if is_flat else "image"), written, make.span(place))


def _compared_with(make: Maker, loss: Sized) -> spec.Input:
    place = loss.layer.place
    span = make.span(place)
    count = loss.layer.options[LOSSES[loss.layer.type].count]
    if loss.layer.type == "regression":
        sizes = spec.List((make.value(place, count),), span)
        return spec.Input(make.name(place, "target"), sizes, span)
    classes = make.invoked(place, "class", count)
    return spec.Input(make.name(place, "label"), classes, span)


def _ending(make: Maker, loss: Sized, name: str) -> Iterator[spec.Statement]:
    """The loss, what is counted beside it, and the output."""
    place, kind = loss.layer.place, loss.layer.type
    wanted = "target" if kind == "regression" else "label"
    compared = make.call(place, LOSSES[kind].word, name, wanted)
    yield make.role("loss", make.chain(place, (compared,)))
    if kind != "regression":
        counted = make.call(place, "accuracy", name, wanted)
        yield make.role("metric", make.chain(place, (counted,)))
    if kind == "softmax":
        prob = make.call(place, "softmax", name)
        yield make.role("output", make.chain(place, (prob,), "prob"))
    else:
        yield make.role("output", make.chain(place, (make.name(place, name),)))


# ---- lines


def _chains(make: Maker, lines: Sequence["_Line"]) -> Iterator[spec.Chain]:
    yield from (make.chain(place, steps) for place, steps in lines)


_Line = tuple[Piece, list[spec.Step]]


def _joined(writer: Writer, layers: Sequence[Sized], *, is_flat: bool) -> Iterator[_Line]:
    """Each line with its place; `is_flat` where what comes in is a row of numbers."""
    line: _Line | None = None
    begun = ""
    for sized in layers:
        kind = sized.layer.type
        steps: list[spec.Step] = list(writer.steps(sized))
        if is_flat and kind in _OF_IMAGES:
            steps = [writer.image(sized), *steps]
        is_flat = kind == "fc" or (is_flat and kind not in _OF_IMAGES)
        joins = not sized.layer.starts or (kind in _JOINING and begun in ("conv", "fc"))
        if line is not None and joins:
            line[1].extend(steps)
            begun = begun if begun != "quadtransform" else kind
            continue
        if line is not None:
            yield line
        line, begun = (sized.layer.place, steps), kind
    if line is not None:
        yield line
