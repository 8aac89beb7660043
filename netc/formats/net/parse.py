"""A `.net` text read into a spec, with every syntax problem that can be told apart."""

from lark import Token, Tree
from lark.exceptions import UnexpectedInput

from netc.diag import Problem, Source, Span
from netc.formats.net.explain import explain_error
from netc.formats.net.grammar import parser
from netc.formats.net.lower import Item, Lower
from netc.formats.net.scan import scan
from netc.formats.problems import SecondSection, TooDeep
from netc.spec import Block, Comment, Let, Library, NetSpec, Spec, TrainSpec, Use

_DEEPEST = 50
_MOST_ERRORS = 20


def parse(source: Source) -> Spec | Library | list[Problem]:
    """The spec or library that a `.net` text writes, or all that is wrong with its syntax.

    After a mistake reading goes on at the next line, as if the line with the mistake were empty.
    """
    scanned = scan(source.text)
    if scanned.deepest > _DEEPEST:
        at = scanned.deepest_at
        return [TooDeep(Span(source, at, at + 1), limit=_DEEPEST)]
    tree, problems = _parse_lines(source)
    if tree is None or problems:
        return problems
    comments = tuple(
        Comment(source.text[start:end], Span(source, start, end)) for start, end in scanned.comments
    )
    return _assemble(source, Lower(source).items(tree), comments)


def _parse_lines(source: Source) -> tuple[Tree[Token] | None, list[Problem]]:
    """Parse, blanking each line with a mistake in turn; the tree counts only without problems."""
    text, problems = source.text, list[Problem]()
    while True:
        try:
            return parser().parse(text), problems
        except UnexpectedInput as error:
            problem, blank = explain_error(source, text, error)
            problems.append(problem)
            if blank is None or len(problems) == _MOST_ERRORS:
                return None, problems
            start, end = blank
            text = text[:start] + " " * (end - start) + text[end:]


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
