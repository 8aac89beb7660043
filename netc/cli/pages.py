"""The pages of `netc explain`: docstrings, with what only the running program can add."""

import textwrap
from collections.abc import Iterable, Sequence

from netc.cli import convnetjs_words
from netc.cli.checked import check_example
from netc.cli.code import painted
from netc.cli.example import example_of
from netc.cli.shelves import Shelf
from netc.cli.table import Column, columns
from netc.diag import Problem, render
from netc.formats import convnetjs
from netc.ir import expected_text
from netc.layers import (
    REGISTRY,
    Constant,
    Counting,
    Layer,
    Learning,
    Weight,
    families,
    has_weights,
    inputs_of,
)
from netc.options import Option, manual, options_of, plain

_BOLD, _RESET = "\x1b[1m", "\x1b[0m"


def page(shelf: Shelf, name: str, kind: type, width: int) -> str:
    """The page of a kind, with colours, for a screen of `width` columns."""
    if issubclass(kind, Problem):
        parts = _problem(kind)
    elif issubclass(kind, Layer):
        parts = _layer(kind, width)
    else:
        parts = _kind(shelf, name, kind, width)
    return "\n\n".join(part for part in parts if part)


def foreign_page(word: str, width: int) -> str:
    """The page of a word of ConvNetJS; empty where it has no such word."""
    noun, text = convnetjs_words.word_page(word, width)
    way_on = "`netc explain convnetjs` shows all of its words."
    return "\n\n".join([_title(word, noun), text, way_on]) if noun else ""


def _problem(kind: type[Problem]) -> list[str]:
    text, example = manual(kind)
    parts = [_title(f"{kind.level.value}[{kind.slug}]", "problem"), text]
    if example:
        parts += [_heading("For example"), _code(example)]
    shown = _shown(kind, example)
    if shown:
        parts += [_heading("gives"), _indented(shown)]
    return parts


def _shown(kind: type[Problem], example: str) -> str:
    """What netc says about the example, if the example is a whole file."""
    checked = check_example(example)
    problems = checked.problems if checked else ()
    found = [p.diagnostic() for p in problems if p.slug == kind.slug]
    return "\n\n".join(render(diagnostic, color=True) for diagnostic in found)


def _layer(kind: type[Layer], width: int) -> list[str]:
    text, _ = manual(kind)
    example = example_of(kind)
    graph = example.graph
    made = f"{type_of(kind, graph.types[graph.nodes[-1].value])}"
    parts = [_title(kind.name, f"layer type, {kind.family}"), text]
    parts += _options("Options", kind, width)
    if has_weights(kind):
        parts += _options("Options of every layer with weights", Learning, width)
    if "loss" in kind.roles:
        parts += _options("Options of every loss", Counting, width)
    facts = [_inputs(kind)]
    learned = ", ".join(f"`{n.split('.')[-1]}` {graph.types[n]}" for n in graph.weights)
    carried = ", ".join(f"`{n.split('.')[-1]}` {graph.types[n]}" for n in graph.states)
    gives = f"It gives {made}."
    gives += f" It learns {learned}." if learned else " It has nothing to learn."
    gives += "".join(f" {_start(name, weight)}" for name, weight in graph.weights.items())
    gives += f" It carries {carried} from step to step." if carried else ""
    parts += [*facts, _heading("Example"), _code(example.text), textwrap.fill(gives, width)]
    return parts


def _start(name: str, weight: Weight) -> str:
    """How a weight starts where nothing else is asked for."""
    init, short = weight.init, name.split(".")[-1]
    if isinstance(init, Constant):
        return f"`{short}` starts at {init.value:g}."
    return f"`{short}` starts by `{init.name}`."


def type_of(kind: type[Layer], type: object) -> str:
    """What a layer gives, in words."""
    return "one number for the whole batch" if kind.roles else f"{type} for each example"


def _inputs(kind: type[Layer]) -> str:
    names = inputs_of(kind)
    if names[0].startswith("*"):
        return f"{_heading('Inputs')}  any number of values"
    return f"{_heading('Inputs')}  {', '.join(names)}"


def _kind(shelf: Shelf, name: str, kind: type, width: int) -> list[str]:
    text, example = manual(kind)
    parts = [_title(name, shelf.noun), text]
    if kind is convnetjs.Manual:
        parts += [
            f"{_heading(head)}\n{_indented(text, by=2)}"
            for head, text in convnetjs_words.tables(width - 2)
        ]
    parts += _options("Options" if shelf.use else "Settings that are numbers", kind, width)
    if shelf.use:
        example = shelf.use.format(name=example or f"{name}({_sample(kind)})")
    return [*parts, _heading("Example"), _code(example)]


def _sample(kind: type) -> str:
    """Arguments as one writes them: the options that are needed, or else the first."""
    declared = list(options_of(kind).values())
    needed = [o for o in declared if o.required] or declared[:1]
    return ", ".join(f"{o.name}: {_sample_value(o)}" for o in needed)


def _sample_value(option: Option) -> str:
    if not option.required:
        return plain(option.default)
    return "[2, 4]" if "tuple" in str(option.type) else "2"


def _options(heading: str, kind: type, width: int) -> list[str]:
    declared = list(options_of(kind).values())
    if not declared:
        return []
    rows = [(f"{o.name}", _takes(o), _default(o), _doc(o)) for o in declared]
    table = columns(
        (Column("name"), Column("takes", most=34), Column("default"), Column("meaning", rest=True)),
        rows,
        width=width - 2,
    )
    return [f"{_heading(heading)}\n{_indented(table, by=2)}"]


def _takes(option: Option) -> str:
    return ", ".join(filter(None, [expected_text(option), option.range_text()])).replace("`", "")


def _default(option: Option) -> str:
    if option.required:
        return "needed"
    return "-" if option.default is None else plain(option.default)


def _doc(option: Option) -> str:
    return f"{option.doc} May stand without its name." if option.main else option.doc


def _title(name: str, noun: str) -> str:
    return f"{_BOLD}{name}{_RESET}   {noun}"


def _heading(text: str) -> str:
    return f"{_BOLD}{text}{_RESET}"


def _code(text: str) -> str:
    return _indented(painted(text))


def _indented(text: str, by: int = 4) -> str:
    return textwrap.indent(text, " " * by)


def listing(shelves: Sequence[Shelf], summary: dict[str, dict[str, str]], width: int) -> str:
    """All names, each with the first sentence of its page."""
    parts = []
    for shelf in shelves:
        heading = _heading(shelf.plural[:1].upper() + shelf.plural[1:])
        for group, names in _groups(shelf):
            rows = [(name, summary[shelf.noun][name]) for name in names]
            table = columns((Column(""), Column("", rest=True)), rows, width=width - 2)
            parts.append(f"{heading}{group}\n{_indented(table, by=2)}")
    return "\n\n".join(parts)


def _groups(shelf: Shelf) -> Iterable[tuple[str, Iterable[str]]]:
    """The names of a shelf, those of layer types by their family."""
    if shelf.kinds is not REGISTRY:
        return [("", shelf.kinds)]
    return [(f": {family}", [k.name for k in kinds]) for family, kinds in families().items()]
