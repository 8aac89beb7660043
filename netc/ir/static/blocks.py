"""Blocks as a whole: their names, who uses whom, and what nothing uses."""

from collections.abc import Iterator, Mapping, Sequence

from netc import spec
from netc.diag import Label, Problem, quoted
from netc.ir.functions import FUNCTIONS
from netc.ir.problems import (
    RecursiveBlock,
    RepeatedBlock,
    RepeatedConstant,
    RepeatedUse,
    ReservedName,
    UnusedBlock,
    UnusedUse,
)
from netc.ir.static.file import File, Known
from netc.layers import REGISTRY

Uses = Mapping[str, Sequence[spec.Name]]
"""For each own block of a file, the words in it that name own blocks."""


def wrong_names(file: File) -> Iterator[Problem]:
    """Blocks that share a name, or are called like what is always there."""
    first: dict[str, Known] = {}
    for known in file.known():
        name = known.block.name
        if name.text in first:
            yield _repeated(known, first[name.text])
        first.setdefault(name.text, known)
    for block in file.library.blocks:
        word, span = block.name.text, block.name.span
        if word in REGISTRY or word in FUNCTIONS:
            kind = "layer type" if word in REGISTRY else "function"
            yield ReservedName(span, name=word, what="a block", kind=kind, suffix="block")
    lets: dict[str, spec.Name] = {}
    for let in file.library.lets:
        if let.name.text in lets:
            first_span = lets[let.name.text].span
            yield RepeatedConstant(let.name.span, name=let.name.text, first=first_span)
        lets.setdefault(let.name.text, let.name)


def _repeated(again: Known, first: Known) -> Problem:
    lines = tuple(Label(known.use.path.span, "used here") for known in (again, first) if known.use)
    name = again.block.name
    return RepeatedBlock(name.span, name=name.text, first=first.block.name.span, via=lines)


def recursive(uses: Uses, blocks: Mapping[str, Known]) -> Iterator[Problem]:
    """Blocks that use themselves, each circle once.

    The walk keeps its own stack, so that no chain of blocks is too long for it.
    """
    done: set[str] = set()
    for start in uses:
        trail: list[tuple[str, Iterator[spec.Name], spec.Name | None]] = []
        if start not in done:
            trail.append((start, iter(uses[start]), None))
        while trail:
            name, words, _ = trail[-1]
            word = next(words, None)
            if word is None:
                done.add(name)
                trail.pop()
                continue
            open_blocks = [block for block, _, _ in trail]
            if word.text in open_blocks:
                at = open_blocks.index(word.text)
                before = [by for _, _, by in trail[at + 1 :] if by]
                yield _circle(word, before, blocks[word.text].block)
            elif word.text in uses and word.text not in done:
                trail.append((word.text, iter(uses[word.text]), word))


def _circle(last: spec.Name, before: list[spec.Name], block: spec.Block) -> Problem:
    if not before:
        return RecursiveBlock(
            last.span,
            what=f"the block `{last.text}` uses itself",
            back="used in itself",
            chain=(Label(block.name.span, "this block"),),
        )
    words = [last.text, *(word.text for word in before)]
    chain = tuple(
        Label(word.span, f"`{user}` uses `{word.text}`")
        for user, word in zip(words, before, strict=False)
    )
    return RecursiveBlock(
        last.span,
        what="blocks use each other in a circle",
        back=f"`{before[-1].text}` uses `{last.text}` again",
        chain=chain,
    )


def unused(file: File, from_net: Sequence[spec.Name], uses: Uses) -> Iterator[Problem]:
    """Warnings about blocks that no way from the net leads to, and about files used for nothing."""
    if isinstance(file.library, spec.Spec):
        reached: set[str] = set()
        waiting = [word.text for word in from_net]
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting += [word.text for word in uses.get(name, ())]
        for block in file.library.blocks:
            name = block.name.text
            if name not in reached and not name.startswith("_"):
                yield UnusedBlock(block.name.span, name=name)
    named = {word.text for words in (from_net, *uses.values()) for word in words}
    yield from _unused_files(file, named)


def _unused_files(file: File, named: set[str]) -> Iterator[Problem]:
    first: dict[int, spec.Use] = {}
    for use, library in file.used:
        path = use.path.value
        if id(library) in first:
            yield RepeatedUse(use.path.span, path=path, first=first[id(library)].path.span)
            continue
        first[id(library)] = use
        names = [block.name.text for block in library.blocks]
        if not named.intersection(names):
            shown = quoted(names[:5]) + (", ..." if len(names) > 5 else "")
            holds = f"holds {shown}" if names else "holds no blocks"
            yield UnusedUse(use.path.span, path=path, holds=holds)
