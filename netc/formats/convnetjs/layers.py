"""A list of definitions as the layers that it stands for, in the order ConvNetJS makes them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from netc.formats.convnetjs.counterparts import BIAS_BEFORE_RELU, LOSSES
from netc.formats.convnetjs.definition import Definition, read_definition
from netc.formats.convnetjs.findings import Findings
from netc.formats.convnetjs.order import check_order
from netc.formats.convnetjs.values import Given, given
from netc.formats.convnetjs.words import TYPES
from netc.formats.json.nodes import Array, Piece


@dataclass(frozen=True)
class Layer:
    """A layer with all its options. `starts` where it begins what one definition stands for.

    One of the type `?` is wrong, which has been told.
    """

    type: str
    place: Piece
    options: Mapping[str, Given] = field(default_factory=dict)
    starts: bool = False

    def number(self, name: str) -> float:
        return self.options[name].value

    def count(self, name: str) -> int:
        return int(self.options[name].value)


def read_layers(found: Findings, list_of: Array) -> list[Layer]:
    """The layers that a list stands for."""
    definitions = [read_definition(found, node) for node in list_of.items]
    check_order(found, list_of, definitions)
    return [layer for each in definitions for layer in _written_out(each)]


def _written_out(definition: Definition) -> Iterator[Layer]:
    """What one definition stands for: net.js, makeLayers, in this order."""
    kind, place = definition.type, definition.place
    options = dict(definition.options)
    if kind in LOSSES:
        count = options.get(LOSSES[kind].count)
        yield _filled("fc", place, {"num_neurons": count} if count else {}, starts=True)
    if kind in ("fc", "conv") and "bias_pref" not in options:
        before_relu = definition.activation is not None and definition.activation.value == "relu"
        options["bias_pref"] = given(BIAS_BEFORE_RELU if before_relu else 0, place)
    if definition.tensor is not None:
        yield Layer("quadtransform", definition.tensor, starts=True)
    is_first = definition.tensor is None and kind not in LOSSES
    yield _filled(kind, place, options, starts=is_first)
    if definition.activation is not None:
        group = definition.group or options.get("group_size")  # one word for both in `maxout`
        of_group = {"group_size": group} if group else {}
        yield _filled(definition.activation.value, definition.activation, of_group)
    if definition.drop is not None:
        yield _filled("dropout", definition.drop.place, {"drop_prob": definition.drop})


def _filled(
    kind: str, place: Piece, options: Mapping[str, Given], *, starts: bool = False
) -> Layer:
    """A layer with its defaults, where its options are complete."""
    known = TYPES.get(kind, {})
    whole = {
        name: given(option.default, place)
        for name, option in known.items()
        if option.default is not None
    }
    whole |= options
    if "sx" in whole and "sy" in known:
        whole.setdefault("sy", whole["sx"])
    is_whole = all(name in whole for name, option in known.items() if option.lacking)
    return Layer(kind if kind in TYPES and is_whole else "?", place, whole, starts)
