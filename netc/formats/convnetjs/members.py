"""The members of a definition, or of the options of a trainer, by their keys."""

from collections.abc import Mapping

from netc.formats.convnetjs.findings import Findings
from netc.formats.convnetjs.problems import IdleOption
from netc.formats.convnetjs.values import Given, printed, read_number
from netc.formats.convnetjs.words import Option
from netc.formats.json.nodes import Member, Object
from netc.formats.json.problems import RepeatedKey


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
    found: Findings, members: Mapping[str, Member], known: Mapping[str, Option]
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
