"""Lists of ConvNetJS in JSON: definitions, definitions with trainers, and saved networks."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from netc.diag import Source, Span
from netc.formats.convnetjs.listing import Listing
from netc.formats.convnetjs.problems import SeveralNets
from netc.formats.convnetjs.words import TYPES
from netc.formats.json.nodes import Array, Node, Object, Piece, String

_OWN_TYPES = {"fc", "pool", "maxout", "svm", "regression", "quadtransform"}
_OWN_WORDS = {
    *("out_sx", "out_sy", "out_depth", "sx", "sy", "num_neurons", "num_classes", "drop_prob"),
    *("bias_pref", "l1_decay_mul", "l2_decay_mul", "group_size", "tensor", "layer_type"),
}
_SIZES = {name for option in TYPES["input"].values() for name in option.names}


def listing_of(source: Source, root: Node) -> Listing | None:
    """What a JSON text says in ConvNetJS's words; None where it is in others."""
    if isinstance(root, Array):
        return Listing(source, root) if _is_foreign(root) else None
    if not isinstance(root, Object):
        return None
    members = {member.key.value: member.value for member in root.members}
    definitions, layers = members.get("layer_defs"), members.get("layers")
    network = members.get("network")
    if definitions is None and isinstance(network, Array) and _is_foreign(network):
        definitions = network
    nets = members.get("nets")
    if isinstance(nets, Array) and nets.items and definitions is None and layers is None:
        return _first_of(source, nets)
    if isinstance(definitions, Array):
        return Listing(source, definitions, tuple(_trainers(members)))
    if isinstance(layers, Array) and _is_saved(root):
        return Listing(source, layers, is_saved=True)
    return None


def saved_inside(root: Node) -> Piece | None:
    """Where a saved network is, if it is no more than a part of an object or a list."""
    for node in root.items if isinstance(root, Array) else ():
        if _is_saved(node):
            return Piece(node.start, node.start + 1)
    members = root.members if isinstance(root, Object) else ()
    return next((member.key for member in members if _is_saved(member.value)), None)


def _is_saved(node: Node) -> bool:
    """Whether an object is a network that ConvNetJS saved."""
    members = node.members if isinstance(node, Object) else ()
    layers = [member.value for member in members if member.key.value == "layers"]
    return any(isinstance(v, Array) and any("layer_type" in k for k in _keys(v)) for v in layers)


def _first_of(source: Source, nets: Array) -> Listing | None:
    """The first network that a MagicNet has saved."""
    listing = listing_of(source, nets.items[0])
    if listing is None or len(nets.items) == 1:
        return listing
    place = Span(source, nets.start, nets.start + 1)
    notice = SeveralNets(place, count=len(nets.items))
    return replace(listing, notices=(notice,))


def _trainers(members: Mapping[str, Node]) -> Iterator[Object]:
    """The options of every trainer, given alone or in a list."""
    for key in ("trainer", "trainer_defs"):
        value = members.get(key)
        each = value.items if isinstance(value, Array) else (value,)
        yield from (node for node in each if isinstance(node, Object))


def _is_foreign(layers: Array) -> bool:
    """Whether a list is plainly ConvNetJS's: the input says, or, where it does not, any other."""
    first = layers.items[0] if layers.items else None
    if isinstance(first, Object) and _type(first) == "input":
        keys = {member.key.value for member in first.members}
        if "shape" in keys:
            return False
        if keys & _SIZES:
            return True
    kinds = {_type(node) for node in layers.items}
    return bool(kinds & _OWN_TYPES) or any(keys & _OWN_WORDS for keys in _keys(layers))


def _keys(layers: Array) -> Iterator[set[str]]:
    for node in layers.items:
        if isinstance(node, Object):
            yield {member.key.value for member in node.members}


def _type(node: Node) -> str:
    members = node.members if isinstance(node, Object) else ()
    values = (member.value for member in members if member.key.value == "type")
    value = next(values, None)
    return value.value if isinstance(value, String) else ""
