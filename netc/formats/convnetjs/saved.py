"""The layers of a saved network, in which everything is written out and has its size beside it."""

from collections.abc import Iterator, Mapping, Sequence

from netc.diag import quoted
from netc.formats.convnetjs.counterparts import LOSSES
from netc.formats.convnetjs.definition import UNKNOWN, Definition
from netc.formats.convnetjs.findings import Findings, advice
from netc.formats.convnetjs.layers import Layer
from netc.formats.convnetjs.members import members_of
from netc.formats.convnetjs.order import check_order
from netc.formats.convnetjs.problems import (
    AbsentOption,
    DiffersFromOriginal,
    NotADefinition,
    SizeMismatch,
    UnknownLayerType,
)
from netc.formats.convnetjs.sizes import Sized
from netc.formats.convnetjs.values import Given, given, printed, read_number, shown
from netc.formats.convnetjs.words import COUNT, TYPES, Option
from netc.formats.json.nodes import Array, Broken, Member, Node, Object, Piece, String

_ALIKE = {"num_neurons": "out_depth", "filters": "out_depth", "num_classes": "out_depth"}
"""Options that a saved network has by another name."""

_DEFAULTS = {"pad": 0, "l1_decay_mul": 1, "l2_decay_mul": 1, "out_sx": 1, "out_sy": 1}
"""What ConvNetJS takes where a file does not say; the multipliers are not those of `makeLayers`."""

_SIZES = ("out_sx", "out_sy", "out_depth")


def read_saved(found: Findings, layers: Array) -> list[Layer]:
    """The layers of a saved network; what is wrong with them is told."""
    made = [_read(found, node) for node in layers.items]
    definitions = [Definition(layer.type, layer.place) for layer in made]
    check_order(found, layers, definitions)
    return made


def _read(found: Findings, node: Node) -> Layer:
    if not isinstance(node, Object):
        if not isinstance(node, Broken):
            what, way_out = f"{shown(node)} is no layer", "save the net again with `toJSON`"
            found.add(NotADefinition(found.span(node), what=what, way_out=way_out))
        return Layer(UNKNOWN, node)
    members = members_of(found, node)
    kind = members["layer_type"].value if "layer_type" in members else None
    if not isinstance(kind, String):
        what, way_out = "this layer has no `layer_type`", "save the net again with `toJSON`"
        found.add(NotADefinition(found.span(_head(node)), what=what, way_out=way_out))
        return Layer(UNKNOWN, node)
    if kind.value not in TYPES:
        _unknown(found, kind)
        return Layer(UNKNOWN, kind)
    options = dict(_options(found, kind, members))
    is_whole = all(name in options for name in _written(kind.value))
    return Layer(kind.value if is_whole else UNKNOWN, kind, options, starts=True)


def _head(node: Object) -> Piece:
    """The bracket that an object begins with, which may be long."""
    return Piece(node.start, node.start + 1)


def _unknown(found: Findings, kind: String) -> None:
    near = found.meant(kind, tuple(TYPES))
    found.add(
        UnknownLayerType(
            found.word(kind),
            near=near,
            advice=advice(near, f"its types are {quoted(TYPES)}"),
            name=printed(kind.value),
            so="ConvNetJS takes the layer before it a second time",
        )
    )


def _written(kind: str) -> Mapping[str, Option]:
    """The options that a saved layer of this type has; how biases start is no longer said."""
    return {name: option for name, option in TYPES[kind].items() if name != "bias_pref"}


def _options(
    found: Findings, kind: String, members: Mapping[str, Member]
) -> Iterator[tuple[str, Given]]:
    for name, option in _written(kind.value).items():
        key = name if kind.value == "input" else _ALIKE.get(name, name)
        key = "sx" if key == "sy" and "sy" not in members else key
        if key in members:
            value = read_number(found, members[key], option.form)
            if value is not None:
                yield name, value
        elif key in _DEFAULTS:
            yield name, given(_DEFAULTS[key], kind)
        else:
            _absent(found, kind, key)


def _absent(found: Findings, kind: String, name: str) -> None:
    found.add(
        AbsentOption(
            found.span(kind),
            type=kind.value,
            name=f"`{name}`",
            consequence="ConvNetJS loads the net, and computes with `undefined`",
            way_out="save the net again with `toJSON`",
        )
    )


# ---- what the file says beside it


def check_saved(found: Findings, layers: Array, sized: Sequence[Sized]) -> None:
    """Tell of sizes in the file that do not follow from the layers before."""
    at = {layer.layer.place.start: layer for layer in sized}
    for node in layers.items:
        members = {m.key.value: m for m in node.members} if isinstance(node, Object) else {}
        kind = members["layer_type"].value if "layer_type" in members else None
        layer = at.get(kind.start) if kind is not None else None
        if layer is not None:
            _check_sizes(found, members, layer)


def _check_sizes(found: Findings, members: Mapping[str, Member], layer: Sized) -> None:
    wanted = dict(zip(_SIZES, layer.after, strict=True))
    if layer.layer.type == "input":
        return
    if layer.layer.type == "fc" or layer.layer.type in LOSSES:
        wanted["num_inputs"] = layer.before.numbers
    if layer.layer.type in ("conv", "pool"):
        wanted["in_depth"] = layer.before.depth
    for name, size in wanted.items():
        if name not in members:
            continue
        value = read_number(found, members[name], COUNT)
        if value is not None and value.value != size:
            place, written = found.span(value.place), f"{value.value}"
            found.add(SizeMismatch(place, name=name, value=written, wanted=f"{size}"))
            return


def tell_of_saved(found: Findings, layers: Sequence[Layer]) -> None:
    """Tell of what ConvNetJS does wrong with a net that it loads."""
    place = next((layer.place for layer in layers if layer.type == "maxout"), None)
    if place is not None:
        original = "a loaded net with `maxout` cannot be trained rightly in ConvNetJS"
        here = "there, gradients reach the first `group_size` outputs alone; netc's reach all"
        where = found.span(place)
        found.add(DiffersFromOriginal(where, original=original, here=here, way_out=""))
