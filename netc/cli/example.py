"""The example in the manual of a layer type, turned into a net that one can copy."""

import re
from dataclasses import dataclass

from netc.diag import Source
from netc.formats import read_source
from netc.ir import Graph, build
from netc.layers import Layer, inputs_of
from netc.options import main_option, manual
from netc.spec import Spec
from netc.summary import memory_of
from netc.types import Bug

_EXAMPLE = re.compile(r"^\s*(?P<type>\w+)\((?P<inside>.*)\) -> (?P<result>.+)$", re.MULTILINE)
_OTHERWISE = {"train": "while_training", "test": "otherwise"}
"""Names for inputs that are called by a word of the language."""

_INPUT = re.compile(r"(\[[^\]]*\]|class\(\d+\)(?: \[[^\]]*\])?)(?:, |$)")


@dataclass(frozen=True)
class Example:
    """A net around one layer, its graph, and the shape the manual promises."""

    text: str
    graph: Graph
    promised: str


def example_of(kind: type[Layer]) -> Example:
    """Make the example of a layer type's manual a net, and build it."""
    found = _EXAMPLE.search(manual(kind)[1])
    if found is None:
        raise Bug(f"the example of `{kind.name}` cannot be read")
    types, options = _split(found["inside"])
    names = _names(kind, len(types))
    lines = [f"input {name} {type}" for name, type in zip(names, types, strict=True)]
    lines.append(_line(kind, names, _short(kind, options), flows=types[0].startswith("[")))
    text = "\n".join(["net example {", *(f"    {line}" for line in lines), "}"])
    spec = read_source(Source("example.net", text))
    graph = build(spec, memory=memory_of).graph if isinstance(spec, Spec) else None
    if graph is None:
        raise Bug(f"the example of `{kind.name}` has problems:\n{text}")
    return Example(text, graph, found["result"].strip())


def _split(inside: str) -> tuple[list[str], str]:
    """The shapes that come first, and the options after them."""
    types: list[str] = []
    at = 0
    while match := _INPUT.match(inside, at):
        types.append(match[1])
        at = match.end()
    return types, inside[at:]


def _names(kind: type[Layer], count: int) -> list[str]:
    declared = inputs_of(kind)
    if declared[0].startswith("*"):
        return ["a", "b", "c", "d", "e", "f"][:count]
    return [_OTHERWISE.get(name, name) for name in declared]


def _short(kind: type[Layer], options: str) -> str:
    """The options with the main one first and without its name, as one writes it."""
    main = main_option(kind)
    return options.removeprefix(f"{main.name}: ") if main else options


def _line(kind: type[Layer], names: list[str], options: str, *, flows: bool) -> str:
    """The line of the layer; `flows` says that its only input is what flows in anyway."""
    if kind.roles:
        return f"{kind.roles[0]} {kind.name}({', '.join(filter(None, [*names, options]))})"
    call = f"{kind.name}({options})" if options else kind.name
    if len(names) > 1:
        return f"({', '.join(names)}) -> {call}"
    return call if flows else f"{names[0]} -> {call}"
