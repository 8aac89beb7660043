"""Words that a definition lacks, and those that ConvNetJS never looks at."""

from collections.abc import Mapping

from netc.diag import listed
from netc.formats.convnetjs.findings import Findings, advice
from netc.formats.convnetjs.problems import AbsentOption, IdleOption, IgnoredOption
from netc.formats.convnetjs.values import printed
from netc.formats.convnetjs.words import COUNTS, RENAMED, SIDES, SUGAR, TYPES, WITHOUT, WRITTEN_IN
from netc.formats.json.nodes import Member, Piece

_EVERYWHERE = {"depth", "width", "height"}.union(*TYPES.values())
"""The words that count in some definition."""


def check_absent(found: Findings, kind: str, place: Piece, members: Mapping[str, Member]) -> None:
    """Tell of the options without which the layer cannot be known."""
    absent = {
        name: option
        for name, option in TYPES[kind].items()
        if option.lacking and not any(each in members for each in option.names or (name,))
    }
    if not absent:
        return
    written = ", ".join(f"{name}: {option.example}" for name, option in absent.items())
    meaning = f": {next(iter(absent.values())).doc}" if len(absent) == 1 else ""
    found.add(
        AbsentOption(
            found.span(place),
            type=kind,
            name=listed((f"`{name}`" for name in absent), "and"),
            consequence=next(iter(absent.values())).lacking,
            way_out=f"add `{written}`{meaning}",
            noun="option is" if len(absent) == 1 else "options are",
        )
    )


def _known(kind: str) -> set[str]:
    """The words that count in a definition of this type."""
    own = {each for name, option in TYPES[kind].items() for each in option.names or (name,)}
    return own | set(WRITTEN_IN) | set(SUGAR)


def as_meant(found: Findings, kind: str, members: Mapping[str, Member]) -> dict[str, Member]:
    """The members by the words that they stand for; those that ConvNetJS does not look at here
    are told of."""
    known, meant = _known(kind), dict(members)
    for key, member in members.items():
        if key in known:
            continue
        near = _renamed(kind, key, meant)
        if near is None and key in _EVERYWHERE:
            where = f"in a layer of type `{kind}`"
            idle = IdleOption(found.span(member.key), name=key, where=where, way_out="leave it out")
            found.add(idle)
            continue
        near = near or found.meant(member.key, tuple(sorted(known - set(WRITTEN_IN))))
        report_ignored(found, f"`{kind}`", member, near, meant)
    return meant


def report_ignored(
    found: Findings, owner: str, member: Member, near: str | None, meant: dict[str, Member]
) -> None:
    """Tell of a word that ConvNetJS never looks at: an error where it stands for another, which is
    put into `meant` if it is not there."""
    key = member.key
    if near is None:
        where = f"in {owner}: ConvNetJS has no such option"
        way_out = "leave it out, or make a comment of it"
        name = printed(key.value)
        found.add(IdleOption(found.span(key), name=name, where=where, way_out=way_out))
        return
    is_free = near not in meant
    meant.setdefault(near, member)
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
