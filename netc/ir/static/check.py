"""All that can be said of a file, and of the files it uses, from their texts alone."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from netc import spec
from netc.diag import Level, Misspelt, Problem
from netc.ir.problems import UnknownName, UnknownValue, UnknownWord, UnusedBlock, UnusedName
from netc.ir.static.blocks import recursive, unused, wrong_names
from netc.ir.static.file import File, Known, files_of
from netc.ir.static.scope import Declared, Scope
from netc.ir.static.walk import Walk


def static_problems(library: spec.Library) -> list[Problem]:
    """Errors of a file and all files it uses, and warnings about the file itself.

    Of a used file only the constants and blocks count, so its net and its warnings are left out.
    """
    found: list[Problem] = []
    for file in files_of(library):
        for problem in _problems_of(file):
            via = problem.via or file.via
            found.append(replace(problem, via=via))
    return found


def new_problems(found: Iterable[Problem], known: Iterable[Problem]) -> list[Problem]:
    """Those problems that are not told already: errors where none is known, other warnings.

    What a misspelt word was meant to name is not called unused.
    """
    told, found = list(known), list(found)
    exact = {(problem.slug, _place(problem)) for problem in told}
    errors = _Places(problem for problem in told if problem.level is Level.ERROR)
    misspelt = {p.near for p in (*told, *found) if isinstance(p, Misspelt)}
    misspelt |= {p.name for p in told if isinstance(p, UnknownName | UnknownValue | UnknownWord)}
    return [
        problem
        for problem in found
        if (problem.slug, _place(problem)) not in exact
        and not (problem.level is Level.ERROR and errors.overlap(problem))
        and not (isinstance(problem, UnusedName | UnusedBlock) and problem.name in misspelt)
    ]


class _Places:
    """The places of problems, by file, as ranges that do not overlap."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        spans = {(id(p.span.source), p.span.start, p.span.end) for p in problems if p.span}
        self._starts: dict[int, list[int]] = {}
        self._ends: dict[int, list[int]] = {}
        for source, start, end in sorted(spans):
            starts = self._starts.setdefault(source, [])
            ends = self._ends.setdefault(source, [])
            if ends and start < ends[-1]:
                ends[-1] = max(ends[-1], end)
            else:
                starts.append(start)
                ends.append(end)

    def overlap(self, problem: Problem) -> bool:
        """Whether any of them lies, in part at least, where this problem does."""
        span = problem.span
        if span is None:
            return False
        ends = self._ends.get(id(span.source), [])
        after = bisect_right(ends, span.start)
        return after < len(ends) and self._starts[id(span.source)][after] < span.end


def _place(problem: Problem) -> tuple[int, int, int]:
    span = problem.span
    return (id(span.source), span.start, span.end) if span else (0, 0, 0)


def _problems_of(file: File) -> Iterator[Problem]:
    library = file.library
    blocks = file.blocks()
    outside = Scope()
    lets = Walk(blocks, is_block=False)
    outside.foreseen = {let.name.text: True for let in library.lets}
    for let in library.lets:
        lets.declare("constant", let.name, outside, constant=True)
    for let in library.lets:
        lets.expression(let.value, outside)
    walks = [_walk_block(block, blocks, outside) for block in library.blocks]
    sections = [lets, *walks]
    from_net: list[spec.Name] = []
    if isinstance(library, spec.Spec) and file.is_main:
        net = _walk_net(library, blocks, outside)
        sections.append(net)
        from_net = net.blocks
    elif file.is_main:
        _walk_train(library, blocks, outside)
    yield from wrong_names(file)
    own = {block.name.text: walk.blocks for block, walk in zip(library.blocks, walks, strict=True)}
    yield from recursive(own, blocks)
    for section in sections:
        yield from section.errors
    if file.is_main:
        yield from unused(file, from_net, own)
        for section in sections:
            yield from section.warnings
            yield from filter(None, map(_unused_name, section.declared))


def _walk_block(block: spec.Block, blocks: Mapping[str, Known], outside: Scope) -> Walk:
    walk = Walk(blocks, is_block=True)
    scope = outside.inner()
    walk.parameters(block.parameters, scope)
    walk.scope_body(block.body, scope)
    return walk


def _walk_net(whole: spec.Spec, blocks: Mapping[str, Known], outside: Scope) -> Walk:
    walk = Walk(blocks, is_block=False)
    scope = outside.inner()
    walk.parameters(whole.net.parameters, scope)
    _walk_train(whole, blocks, scope)
    walk.scope_body(whole.net.body, scope)
    return walk


def _walk_train(library: spec.Library, blocks: Mapping[str, Known], scope: Scope) -> None:
    """Mark what the `train` section uses; what is wrong with it is for others to say."""
    walk = Walk(blocks, is_block=False)
    for setting in library.train.settings if library.train else ():
        walk.option(setting.value, scope)


_WAYS_OUT = {
    "constant": "remove the line, or begin the name with `_`",
    "parameter": "remove it, or begin its name with `_`",
    "loop variable": "write `repeat`, which needs no name, or begin the name with `_`",
    "shared layer": "use it where layer types stand, or remove the line",
}


def _unused_name(declared: Declared) -> Problem | None:
    name, noun = declared.name, declared.noun
    if declared.is_used or noun not in _WAYS_OUT or name.text.startswith("_"):
        return None
    return UnusedName(name.span, noun=noun, name=name.text, way_out=_WAYS_OUT[noun])
