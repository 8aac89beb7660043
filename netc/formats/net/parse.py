"""A `.net` text read into a spec, with every syntax problem that can be told apart."""

from lark import Token, Tree
from lark.exceptions import UnexpectedInput

from netc.diag import Problem, Source, Span
from netc.formats.net.explain import explain_error
from netc.formats.net.grammar import parser
from netc.formats.net.lower import Item, Lower
from netc.formats.net.scan import scan
from netc.formats.problems import NoNet, SecondSection, TooDeep
from netc.spec import Comment, NetSpec, Spec, TrainSpec

_DEEPEST = 50
_MOST_ERRORS = 20


def parse(source: Source) -> Spec | list[Problem]:
    """The spec that a `.net` text writes, or all that is wrong with its syntax.

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
) -> Spec | list[Problem]:
    problems: list[Problem] = []
    found: dict[str, Item] = {}
    for item in items:
        kind = "net" if isinstance(item, NetSpec) else "train"
        if kind in found:
            word = Span(source, item.span.start, item.span.start + len(kind))
            first = found[kind].span.start
            problems.append(
                SecondSection(word, kind=kind, first=Span(source, first, first + len(kind)))
            )
        found.setdefault(kind, item)
    net, train = found.get("net"), found.get("train")
    if not isinstance(net, NetSpec):
        problems.append(NoNet(_start(source)))
        return problems
    if problems:
        return problems
    return Spec(source, net, train if isinstance(train, TrainSpec) else None, comments)


def _start(source: Source) -> Span:
    """The first word of the text, or its first place when there is none."""
    text = source.text
    start = len(text) - len(text.lstrip())
    start = start if start < len(text) else 0
    return Span(source, start, start)
