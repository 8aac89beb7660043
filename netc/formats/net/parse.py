"""A `.net` text read into a spec, with every syntax problem that can be told apart."""

from lark import Token, Tree
from lark.exceptions import UnexpectedInput

from netc.diag import Problem, Source, Span
from netc.formats.net.brackets import DEEPEST
from netc.formats.net.depth import WAY_OUT, too_deep
from netc.formats.net.grammar import parser
from netc.formats.net.lower import Item, Lower
from netc.formats.net.recover import first_mistake, mistakes
from netc.formats.net.scan import scan
from netc.formats.problems import SecondSection, TooDeep
from netc.spec import Block, Comment, Let, Library, NetSpec, Spec, TrainSpec, Use

_DEEPEST_TREE = 150
"""Levels of the syntax tree of a file."""


def parse(source: Source) -> Spec | Library | list[Problem]:
    """The spec or library that a `.net` text writes, or all that is wrong with its syntax."""
    scanned = scan(source.text)
    tree = _tree(source.text) if scanned.deepest <= DEEPEST else 0
    if isinstance(tree, int):
        return mistakes(source, right_up_to=tree) or _at_least_one(source, scanned.deepest_at)
    deep = too_deep(tree, _DEEPEST_TREE)
    if deep is not None:
        span, what = (
            Span(source, deep.meta.start_pos, deep.meta.end_pos),
            "choices or operations are",
        )
        return [TooDeep(span, limit=_DEEPEST_TREE, what=what, way_out=WAY_OUT)]
    comments = tuple(
        Comment(source.text[start:end], Span(source, start, end)) for start, end in scanned.comments
    )
    return _assemble(source, Lower(source).items(tree), comments)


def _tree(text: str) -> Tree[Token] | int:
    """The syntax tree, or else the place up to which there is nothing wrong."""
    try:
        return parser().parse(text)
    except UnexpectedInput as error:
        return error.pos_in_stream or 0


def _at_least_one(source: Source, deepest_at: int) -> list[Problem]:
    """What is wrong with a text whose statements are all right by themselves."""
    found = first_mistake(source)
    return [found or TooDeep(Span(source, deepest_at, deepest_at + 1), limit=DEEPEST)]


def _assemble(
    source: Source, items: list[Item], comments: tuple[Comment, ...]
) -> Spec | Library | list[Problem]:
    problems: list[Problem] = []
    nets = [item for item in items if isinstance(item, NetSpec)]
    trains = [item for item in items if isinstance(item, TrainSpec)]
    for kind, sections in (("net", nets), ("train", trains)):
        problems += [_second(kind, sections[0].span, again.span) for again in sections[1:]]
    if problems:
        return problems
    library = Library(
        source,
        tuple(item for item in items if isinstance(item, Use)),
        tuple(item for item in items if isinstance(item, Let)),
        tuple(item for item in items if isinstance(item, Block)),
        comments,
        trains[0] if trains else None,
    )
    return Spec(**vars(library), net=nets[0]) if nets else library


def _second(kind: str, first: Span, again: Span) -> Problem:
    source = first.source
    words = [Span(source, span.start, span.start + len(kind)) for span in (again, first)]
    return SecondSection(words[0], kind=kind, first=words[1])
