"""One definition of a list: what it says, word by word."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from netc.diag import listed, quoted
from netc.formats.convnetjs.findings import Findings, advice
from netc.formats.convnetjs.members import members_of, read_options
from netc.formats.convnetjs.problems import NotADefinition, UnknownLayerType
from netc.formats.convnetjs.strays import as_meant, check_absent
from netc.formats.convnetjs.sugar import read_activation, read_drop, read_group, read_tensor
from netc.formats.convnetjs.values import Given, printed, shown
from netc.formats.convnetjs.words import FOREIGN, SUGAR, TYPES
from netc.formats.json.nodes import Broken, Member, Node, Object, Piece, String

UNKNOWN = "?"
"""The type of a definition that is wrong, which has been told."""


@dataclass(frozen=True)
class Definition:
    """What an entry says; the sugar beside the options of its own type. One that `is_bare` has
    none, right or wrong."""

    type: str
    place: Piece
    options: Mapping[str, Given] = field(default_factory=dict)
    activation: String | None = None
    group: Given | None = None
    drop: Given | None = None
    tensor: Piece | None = None
    is_bare: bool = True


def read_definition(found: Findings, node: Node) -> Definition:
    """An entry of a list; what is wrong with it is told."""
    if not isinstance(node, Object):
        if not isinstance(node, Broken):
            what = f"{shown(node)} defines no layer"
            way_out = "a layer is an object: `{type: 'fc', num_neurons: 20}`"
            found.add(NotADefinition(found.span(node), what=what, way_out=way_out))
        return Definition(UNKNOWN, node)
    members = members_of(found, node)
    kind = _type(found, node, members)
    place = members["type"].value if "type" in members else node
    if kind == UNKNOWN:
        return Definition(UNKNOWN, place)
    members = as_meant(found, kind, members)
    check_absent(found, kind, place, members)
    activation = read_activation(found, members)
    return Definition(
        kind,
        place,
        read_options(found, members, TYPES[kind]),
        activation=activation,
        group=read_group(found, kind, members, activation),
        drop=read_drop(found, kind, members),
        tensor=read_tensor(found, kind, members),
        is_bare=not members.keys() & set(SUGAR),
    )


def _type(found: Findings, node: Object, members: Mapping[str, Member]) -> str:
    """The type that a definition says, or means, if there is one."""
    if "type" not in members:
        what = "this definition has no `type`"
        kinds = listed((f"`{kind}`" for kind in TYPES), "or")
        way_out = f"say what the layer is: `type` is {kinds}"
        found.add(NotADefinition(found.span(node), what=what, way_out=way_out))
        return UNKNOWN
    value = members["type"].value
    if isinstance(value, Broken):
        return UNKNOWN
    if not isinstance(value, String):
        what = f"{shown(value)} is no layer type"
        way_out = "a type is a word in quotes, such as `'fc'`"
        found.add(NotADefinition(found.span(value), what=what, way_out=way_out))
        return UNKNOWN
    if value.value in TYPES:
        return value.value
    return _unknown_type(found, value)


def _unknown_type(found: Findings, value: String) -> str:
    """The type that a wrong word most likely stands for, after saying so."""
    folded = value.value.lower().replace("-", "_")
    near = FOREIGN.get(folded) or found.meant(value, tuple(TYPES))
    found.add(
        UnknownLayerType(
            found.word(value),
            near=found.fixable(value, near),
            advice=advice(near, f"its types are {quoted(TYPES)}"),
            name=printed(value.value),
        )
    )
    return near or UNKNOWN
