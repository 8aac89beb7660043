"""Each layer of netc in ConvNetJS's words, as far as it has them."""

from collections.abc import Callable, Mapping
from typing import Any

from netc.diag import listed
from netc.exchange.entries import Entry, Size, Value
from netc.exchange.problems import NotThere
from netc.formats import convnetjs
from netc.ir import Node
from netc.sizes import is_open
from netc.types import Tensor

Written = Entry | None
"""None for a layer that changes nothing that ConvNetJS would notice."""

_TYPES = {counterpart.word: kind for kind, counterpart in convnetjs.LAYERS.items()}
"""ConvNetJS's type by netc's."""

_LAYERS = f"its layers are {listed((f'`{word}`' for word in _TYPES), 'and')}"
_CURVES = "take `relu`, `sigmoid` or `tanh`, or maxout, which is `channel_pool`"
_INSTEAD = {
    "batch_norm": "leave it out, and train with a smaller learning rate",
    "avg_pool": "`max_pool` is the only pooling there",
    "global_avg_pool": "`max_pool` is the only pooling there",
    **dict.fromkeys(("leaky_relu", "prelu", "elu", "selu", "gelu", "swish", "softplus"), _CURVES),
}


def volume_of(type: Tensor, before: Size | None = None) -> Size:
    """The volume that a value is; of a row of numbers `before`, where that has as many. Raises
    ValueError where it is none."""
    if type.rank == 3:
        depth, height, width = type.shape
        return Size(width, height, depth)
    if type.rank == 1:
        is_kept = before is not None and before.numbers == type.shape[0]
        return before if before is not None and is_kept else Size(1, 1, type.shape[0])
    raise ValueError


def entry_of(node: Node, before: Size, x: Tensor, y: Tensor) -> Written:
    """A layer that takes `x` and gives `y`, `before` being what ConvNetJS has for `x`. Raises
    `NotThere` where it has no such layer."""
    kind = type(node.layer).name
    writer = _WRITERS.get(kind)
    if writer is None:
        what = f"ConvNetJS has no layer like `{kind}`"
        raise NotThere(node.span, what, _INSTEAD.get(kind, _LAYERS))
    if is_open(y.shape):
        what = f"`{node.name}` gives {y}, and ConvNetJS has to know every size"
        raise NotThere(node.span, what, "set the open sizes, as with `--set h=24`")
    if kind in _BY_CHANNEL and x.rank == 1 and not before.is_flat:
        what = f"`{node.name}` takes the {x.size} numbers of a {before} volume channel by channel"
        raise NotThere(node.span, what, "put it before the layer that flattens, or behind `dense`")
    return writer(node, node.layer, before, x, y)


def _conv(node: Node, layer: Any, before: Size, x: Tensor, y: Tensor) -> Entry:
    after = volume_of(_image(node, y))
    if layer.groups != 1 or layer.connect is not None:
        option = "groups" if layer.groups != 1 else "connect"
        what = f"ConvNetJS's filters see all channels: there is no `{option}`"
        raise NotThere(node.span, what, f"leave `{option}` out")
    kernel, stride, pad, dilation = layer.sides(x)
    if set(dilation) != {1}:
        what = "ConvNetJS has no `dilation`"
        raise NotThere(node.span, what, "take a larger kernel in its place")
    options: dict[str, Value] = {
        "sx": kernel[1],
        "sy": kernel[0],
        "stride": _single(node, "stride", stride),
        "pad": _single(node, "pad", pad),
    }
    return _entry(node, before, after, options)


def _dense(node: Node, layer: Any, before: Size, x: Tensor, y: Tensor) -> Entry:
    return _entry(node, before, Size(1, 1, layer.units))


def _max_pool(node: Node, layer: Any, before: Size, x: Tensor, y: Tensor) -> Entry:
    after = volume_of(_image(node, y))
    sy, sx = _sides(layer.kernel)
    stride = _single(node, "stride", (sy, sx) if layer.stride is None else layer.stride)
    pad = _single(node, "pad", layer.pad)
    wide, high = ((n + 2 * pad - k) // stride + 1 for n, k in ((before.sx, sx), (before.sy, sy)))
    down = Size(wide, high, after.depth)
    if down != after:
        what = f"ConvNetJS rounds sizes down: it would give {down}, not {after}"
        raise NotThere(node.span, what, "set `round` to down, and train the net so")
    options: dict[str, Value] = {"sx": sx, "sy": sy, "stride": stride, "pad": pad}
    return _entry(node, before, after, options)


def _maxout(node: Node, layer: Any, before: Size, x: Tensor, y: Tensor) -> Entry:
    if layer.how != "max" or layer.stride not in (None, layer.kernel):
        option = "how" if layer.how != "max" else "stride"
        what = f"ConvNetJS's maxout has no `{option}`"
        raise NotThere(node.span, what, f"leave `{option}` out")
    return _entry(node, before, before._replace(depth=before.depth // layer.kernel))


def _slice(node: Node, layer: Any, before: Size, x: Tensor, y: Tensor) -> Entry:
    """Channels left out at the end: what maxout does itself with those that fill no group."""
    if layer.axis != 1 or layer.start != 0:
        raise NotThere(node.span, "ConvNetJS has no layer like `slice`", _LAYERS)
    return Entry("slice", before, before._replace(depth=y.shape[0]), {}, node)


def _lrn(node: Node, layer: Any, before: Size, x: Tensor, y: Tensor) -> Entry:
    if layer.over != "channels":
        what = "ConvNetJS normalizes by the neighbours in other channels alone"
        raise NotThere(node.span, what, "leave `over` out")
    return _entry(node, before, volume_of(_image(node, y)))


def _alike(node: Node, layer: Any, before: Size, x: Tensor, y: Tensor) -> Entry:
    """A layer that leaves the sizes, and whose options are all in the table."""
    return _entry(node, before, before)


def _quadratic(node: Node, layer: Any, before: Size, x: Tensor, y: Tensor) -> Entry:
    depth = before.depth * (before.depth + 1)
    return _entry(node, before, before._replace(depth=depth))


def _arranged(node: Node, layer: Any, before: Size, x: Tensor, y: Tensor) -> Written:
    """Another shape of the same numbers; ConvNetJS has no shapes but volumes, and keeps its own."""
    if y.rank == 1 or (y.rank == 3 and volume_of(y) == before):
        return None
    what = f"ConvNetJS has {before} here and cannot make it {y}"
    raise NotThere(node.span, what, "leave the layer out")


_WRITERS: Mapping[str, Callable[[Node, Any, Size, Tensor, Tensor], Written]] = {
    "conv": _conv,
    "dense": _dense,
    "max_pool": _max_pool,
    "channel_pool": _maxout,
    "slice": _slice,
    "dropout": _alike,
    "lrn": _lrn,
    "relu": _alike,
    "sigmoid": _alike,
    "tanh": _alike,
    "quadratic": _quadratic,
    "flatten": _arranged,
    "reshape": _arranged,
    "identity": _arranged,
}
"""How each layer is written; what a rule takes: the node, its layer, the volume before it, and the
types of what it takes and gives."""

_BY_CHANNEL = ("channel_pool", "slice", "quadratic")


def _entry(
    node: Node, before: Size, after: Size, options: Mapping[str, Value] | None = None
) -> Entry:
    """The layer in ConvNetJS's words; `options` are those that are no single option in netc."""
    kind = _TYPES[type(node.layer).name]
    shared = {
        theirs: getattr(node.layer, ours) for theirs, ours in convnetjs.LAYERS[kind].options.items()
    }
    return Entry(kind, before, after, {**(options or {}), **shared}, node)


def _image(node: Node, type: Tensor) -> Tensor:
    if type.rank != 3:
        what = f"`{node.name}` gives {type}, and ConvNetJS has images alone"
        raise NotThere(node.span, what, "a sequence is an image of one row: `reshape` it")
    return type


def _sides(value: Any) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else (value[0], value[-1])


def _single(node: Node, option: str, value: Any) -> int:
    high, wide = _sides(value)
    if high != wide:
        what = f"`{option}` is {high} by {wide}, and ConvNetJS has one `{option}` for both axes"
        raise NotThere(node.span, what, f"give `{option}` one number")
    return wide
