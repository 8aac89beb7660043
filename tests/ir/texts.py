"""What the tests of the language ask of a text: its layers, its weights, its problems."""

from netc.diag import Problem, Source
from netc.formats import read_source
from netc.ir import Built, build
from netc.spec import Spec
from tests.nets import graph_of

INPUT = "net a {\n    input x [4]\n"


def net(*lines: str, blocks: str = "") -> str:
    """The text of a net with an input `x` of four numbers."""
    body = "".join(f"    {line}\n" for line in lines)
    return f"{INPUT}{body}}}\n{blocks}"


def built(text: str) -> Built:
    """What becomes of a text that can be read."""
    spec = read_source(Source("a.net", text))
    assert isinstance(spec, Spec), spec
    return build(spec)


def layers(text: str) -> list[str]:
    """The full names of the layers of a right text."""
    return [node.name for node in graph_of(text).nodes]


def weights(text: str) -> list[str]:
    return list(graph_of(text).weights)


def problems(text: str) -> list[tuple[str, str]]:
    """Slug and place of what is wrong with a text."""
    return [(problem.slug, place(problem)) for problem in built(text).problems]


def errors(text: str) -> list[str]:
    """Slugs of what is wrong, warnings aside."""
    return [p.slug for p in built(text).problems if p.level.value == "error"]


def place(problem: Problem) -> str:
    span = problem.span
    return span.source.text[span.start : span.end] if span else ""
