"""One definition of a list: what it says, word by word."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from netc.diag import listed, quoted
from netc.formats.convnetjs.findings import Findings, advice
from netc.formats.convnetjs.problems import (
    AbsentOption,
    IdleOption,
    IgnoredOption,
    NotADefinition,
    UnknownActivation,
    UnknownLayerType,
    UnusableOption,
)
from netc.formats.convnetjs.values import Given, printed, read_number, shown
from netc.formats.convnetjs.words import (
    ACTIVATIONS,
    COUNT,
    COUNTS,
    FOREIGN,
    RENAMED,
    SHARE,
    SIDES,
    SUGAR,
    TYPES,
    WITHOUT,
    WRITTEN_IN,
    Option,
)
from netc.formats.json.nodes import Broken, Constant, Member, Node, Number, Object, Piece, String
from netc.formats.json.problems import RepeatedKey

UNKNOWN = "?"
"""The type of a definition that is wrong, which has been told."""

_EVERYWHERE = {name for options in TYPES.values() for name in options} | {
    "depth",
    "width",
    "height",
}


@dataclass(frozen=True)
class Definition:
    """What an entry says; the sugar beside the options of its own type."""

    type: str
    place: Piece
    whole: Piece
    options: Mapping[str, Given] = field(default_factory=dict)
    activation: String | None = None
    group: Given | None = None
    drop: Given | None = None
    tensor: Piece | None = None


def read_definition(found: Findings, node: Node) -> Definition:
    """An entry of a list; what is wrong with it is told."""
    if not isinstance(node, Object):
        if not isinstance(node, Broken):
            what = f"{shown(node)} defines no layer"
            way_out = "a layer is an object: `{type: 'fc', num_neurons: 20}`"
            found.add(NotADefinition(found.span(node), what=what, way_out=way_out))
        return Definition(UNKNOWN, node, node)
    members = members_of(found, node)
    kind = _type(found, node, members)
    place = members["type"].value if "type" in members else node
    if kind == UNKNOWN:
        return Definition(UNKNOWN, place, node)
    options = read_options(found, f"`{kind}`", members, TYPES[kind])
    _check_absent(found, kind, place, members, options)
    _check_others(found, kind, members)
    activation = _activation(found, members)
    return Definition(
        kind,
        place,
        node,
        options,
        activation=activation,
        group=_group(found, kind, members, activation),
        drop=_drop(found, kind, members),
        tensor=_tensor(found, kind, members),
    )


def members_of(found: Findings, node: Object) -> dict[str, Member]:
    """The members of an object by their keys; one that is repeated is told of."""
    members: dict[str, Member] = {}
    for member in node.members:
        key = member.key.value
        if key in members:
            first = found.word(members[key].key)
            found.add(RepeatedKey(found.word(member.key), key=printed(key), first=first))
        else:
            members[key] = member
    return members


def read_options(
    found: Findings, owner: str, members: Mapping[str, Member], known: Mapping[str, Option]
) -> dict[str, Given]:
    """The options of a kind that are given, by the first of their names."""
    options: dict[str, Given] = {}
    for name, option in known.items():
        names = [each for each in option.names or (name,) if each in members]
        for idle in names[1:]:
            where = f"beside `{names[0]}`, which counts"
            place = found.span(members[idle].key)
            found.add(IdleOption(place, name=idle, where=where, way_out="leave one of the two out"))
        value = read_number(found, members[names[0]], option.form) if names else None
        if value is not None:
            options[name] = value
    return options


def _type(found: Findings, node: Object, members: Mapping[str, Member]) -> str:
    """The type that a definition says, if there is one."""
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
    _unknown_type(found, value)
    return UNKNOWN


def _unknown_type(found: Findings, value: String) -> None:
    folded = value.value.lower().replace("-", "_")
    near = FOREIGN.get(folded) or found.meant(value, tuple(TYPES))
    if value.value in ACTIVATIONS:
        near = None
    found.add(
        UnknownLayerType(
            found.word(value),
            near=found.fixable(value, near),
            advice=advice(near, f"its types are {quoted(TYPES)}"),
            name=printed(value.value),
        )
    )


# ---- what is missing and what is too much


def _check_absent(
    found: Findings,
    kind: str,
    place: Piece,
    members: Mapping[str, Member],
    options: Mapping[str, Given],
) -> None:
    for name, option in TYPES[kind].items():
        is_given = any(each in members for each in option.names or (name,))
        if not option.lacking or is_given or _meant_by(kind, name, members):
            continue
        found.add(
            AbsentOption(
                found.span(place),
                type=kind,
                name=name,
                consequence=option.lacking,
                way_out=f"add `{name}: {option.example}`: {option.doc}",
            )
        )


def _known(kind: str) -> set[str]:
    """The words that count in a definition of this type."""
    own = {each for name, option in TYPES[kind].items() for each in option.names or (name,)}
    return own | set(WRITTEN_IN) | set(SUGAR)


def _check_others(found: Findings, kind: str, members: Mapping[str, Member]) -> None:
    """Tell of the words that ConvNetJS does not look at here."""
    known = _known(kind)
    others = [member for key, member in members.items() if key not in known]
    taken = set(members)
    for member in others:
        key = member.key.value
        near = _renamed(kind, key, members)
        if near is None and key in _EVERYWHERE:
            where = f"in a layer of type `{kind}`"
            idle = IdleOption(found.span(member.key), name=key, where=where, way_out="leave it out")
            found.add(idle)
            continue
        near = near or found.meant(member.key, tuple(sorted(known - set(WRITTEN_IN))))
        report_ignored(found, f"`{kind}`", member.key, near, taken)


def report_ignored(
    found: Findings, owner: str, key: String, near: str | None, taken: set[str]
) -> None:
    """Tell of a word that ConvNetJS never looks at: an error where it stands for another.

    `taken` are the words that are there, or that another word stands for already.
    """
    if near is None:
        where = f"in {owner}: ConvNetJS has no such option"
        way_out = "leave it out, or make a comment of it"
        name = printed(key.value)
        found.add(IdleOption(found.span(key), name=name, where=where, way_out=way_out))
        return
    is_free = near not in taken
    taken.add(near)
    found.add(
        IgnoredOption(
            found.word(key),
            near=found.fixable(key, near) if is_free else None,
            advice=advice(near, ""),
            owner=owner,
            name=printed(key.value),
            so=WITHOUT.get(near, "") if is_free else "",
        )
    )


def _renamed(kind: str, key: str, members: Mapping[str, Member]) -> str | None:
    """The option that a word stands for which is no slip: that of another layer, or program."""
    if (near := RENAMED.get(key)) and (near in TYPES[kind] or near in SUGAR):
        return near
    for name, option in TYPES[kind].items():
        is_given = any(each in members for each in option.names or (name,))
        alike = COUNTS if name in COUNTS else SIDES if name == "sx" else set()
        if option.lacking and not is_given and key in alike:
            return name
    return None


def _meant_by(kind: str, name: str, members: Mapping[str, Member]) -> bool:
    """Whether a word is there that stands for a missing option, which is told of."""
    others: Iterable[String] = (m.key for k, m in members.items() if k not in _known(kind))
    return any(_renamed(kind, key.value, members) == name for key in others)


# ---- what stands for layers of its own


def _activation(found: Findings, members: Mapping[str, Member]) -> String | None:
    if "activation" not in members:
        return None
    value = members["activation"].value
    if isinstance(value, Broken) or (isinstance(value, String) and value.value in ACTIVATIONS):
        return value if isinstance(value, String) else None
    words = listed((f"`{word}`" for word in ACTIVATIONS), "or")
    if not isinstance(value, String):
        wanted = f"{words}, in quotes"
        why = "ConvNetJS goes on without an activation here"
        found.add(
            UnusableOption(
                found.span(value), name="activation", value=shown(value), wanted=wanted, why=why
            )
        )
        return None
    near = found.meant(value, ACTIVATIONS)
    otherwise = f"it knows {words}; leave `activation` out where there is to be none"
    found.add(
        UnknownActivation(
            found.word(value),
            near=found.fixable(value, near),
            advice=advice(near, otherwise),
            name=printed(value.value),
        )
    )
    return None


def _group(
    found: Findings, kind: str, members: Mapping[str, Member], activation: String | None
) -> Given | None:
    if "group_size" not in members or kind == "maxout":
        return None
    if activation is None or activation.value != "maxout":
        place = found.span(members["group_size"].key)
        way_out = "leave it out, or set `activation` to `maxout`"
        found.add(IdleOption(place, name="group_size", where="without maxout", way_out=way_out))
        return None
    return read_number(found, members["group_size"], COUNT)


def _drop(found: Findings, kind: str, members: Mapping[str, Member]) -> Given | None:
    if "drop_prob" not in members or kind == "dropout":
        return None
    return read_number(found, members["drop_prob"], SHARE)


def _tensor(found: Findings, kind: str, members: Mapping[str, Member]) -> Piece | None:
    if "tensor" not in members:
        return None
    value = members["tensor"].value
    is_set = isinstance(value, Constant | Number) and bool(value.value)
    if not is_set or kind in ("fc", "conv"):
        return members["tensor"].key if is_set else None
    wanted = "`tensor` in a layer of type `fc` or `conv`"
    found.add(UnusableOption(found.span(value), name="tensor", value=shown(value), wanted=wanted))
    return None
