"""Write the pages of docs/ that are made of docstrings and option tables: `make docs`.

The editors' grammar lists the layer types, so that list is written here too.
"""

import re
import runpy
from collections.abc import Iterable, Iterator
from pathlib import Path

from netc.cli.checked import check_example, proven
from netc.cli.example import example_of
from netc.cli.shelves import Shelf, first_line, shelves
from netc.diag import Problem, render
from netc.draw import lay_out, part_of, picture, svg
from netc.ir import expected_text
from netc.layers import Counting, Layer, Learning, families, has_weights, inputs_of
from netc.options import Option, manual, options_of, plain

FOLDER = Path(__file__).parent
NETWORKS = runpy.run_path(str(FOLDER / "networks.py"))["parts"]
DRAWN = {
    "lenet": ("lenet.net", ""),
    "resnet": ("resnet.net", ""),
    "dense_block": ("densenet.net", "stage_0"),
}
"""The pictures of drawing.md: a spec, and a block of it."""
GRAMMAR = "../editors/vscode/syntaxes/net.tmLanguage.json"
NOTICE = "<!-- Written by `make docs` from the docstrings of netc; change those. -->"
COUNTED = "<!-- Written by `make docs` from specs/ and docs/networks.py; change those. -->"


def main() -> None:
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """The generated pages by their file names."""
    by_noun = {shelf.noun: shelf for shelf in shelves()}
    training = [by_noun[n] for n in ("data source", "optimizer", "schedule", "initializer")]
    return {
        "networks.md": _page("Networks of papers", NETWORKS(), notice=COUNTED),
        "layers.md": _page("Layers", _layers(by_noun["layer type"])),
        "training.md": _page("Data, optimizers, schedules, initializers", _training(training)),
        "problems.md": _page("Problems", _problems(by_noun["problem"])),
        GRAMMAR: _grammar(by_noun["layer type"].kinds),
        **{f"pictures/{name}.svg": _picture(*drawn) for name, drawn in DRAWN.items()},
    }


def _picture(spec: str, block: str) -> str:
    """What `netc draw` writes for a spec, or for a block of it."""
    graph = proven(str(FOLDER.parent / "specs" / spec)).graph
    drawn = picture(part_of(graph, block) if block else graph)
    return svg(drawn, lay_out(drawn))


def _grammar(layer_types: Iterable[str]) -> str:
    """The editors' grammar with all layer types in its rule `known`."""
    text = (FOLDER / GRAMMAR).read_text(encoding="utf-8")
    listed = "|".join(sorted(layer_types))
    return re.sub(r'("known": \{.*?\(\?:)[a-z_0-9|]+', rf"\g<1>{listed}", text, count=1, flags=re.S)


def _page(title: str, parts: Iterator[str], notice: str = NOTICE) -> str:
    return "\n\n".join([f"# {title}", notice, *parts]) + "\n"


def _layers(shelf: Shelf) -> Iterator[str]:
    yield "\n".join(
        f"- {family}: {', '.join(f'[`{k.name}`](#{k.name})' for k in members)}"
        for family, members in families().items()
    )
    yield "Every layer with weights also takes these:"
    yield _options(Learning)
    yield "and every loss this:"
    yield _options(Counting)
    for kind in (kind for members in families().values() for kind in members):
        yield from _layer(kind)


def _layer(kind: type[Layer]) -> Iterator[str]:
    yield f"## {kind.name}"
    yield _manual(kind)[0]
    names = inputs_of(kind)
    inputs = "any number of values" if names[0].startswith("*") else ", ".join(names)
    learns = "; it learns" if has_weights(kind) else ""
    yield f"Inputs: {inputs}{learns}."
    yield _options(kind)
    yield _fenced(example_of(kind).text)


def _training(found: list[Shelf]) -> Iterator[str]:
    for shelf in found:
        yield f"## {shelf.plural.capitalize()}"
        yield "\n".join(f"- `{name}`: {first_line(k)}" for name, k in shelf.kinds.items())
        for name, kind in shelf.kinds.items():
            text, example = _manual(kind)
            yield f"### {name}"
            yield text
            yield _options(kind)
            if example:
                yield _fenced(shelf.use.format(name=example))


def _problems(shelf: Shelf) -> Iterator[str]:
    yield "\n".join(f"- [`{slug}`](#{slug}): {first_line(k)}" for slug, k in shelf.kinds.items())
    for slug, kind in shelf.kinds.items():
        text, example = _manual(kind)
        yield f"## {slug}"
        yield text
        if example:
            yield _fenced(example)
        checked = check_example(example) if issubclass(kind, Problem) else None
        if checked:
            found = [p.diagnostic() for p in checked.problems if p.slug == slug]
            if found:
                yield _fenced("\n\n".join(render(diagnostic) for diagnostic in found))


def _manual(kind: type) -> tuple[str, str]:
    text, example = manual(kind)
    return _escaped(text), example


def _escaped(text: str) -> str:
    """Formulas are no Markdown: their stars and angles are kept, outside of backticks."""
    parts = text.split("`")
    parts[::2] = [p.replace("*", "\\*").replace("<", "&lt;") for p in parts[::2]]
    return "`".join(parts)


def _options(kind: type) -> str:
    declared = options_of(kind).values()
    if not declared:
        return "No options."
    rows = [f"| {_name(o)} | {_takes(o)} | {_default(o)} | {o.doc} |" for o in declared]
    return "\n".join(["| option | takes | default | |", "|---|---|---|---|", *rows])


def _name(option: Option) -> str:
    return f"**`{option.name}`**" if option.main else f"`{option.name}`"


def _takes(option: Option) -> str:
    return ", ".join(filter(None, (expected_text(option), option.range_text())))


def _default(option: Option) -> str:
    if option.required:
        return "needed"
    return "" if option.default in (None, "", ()) else f"`{plain(option.default)}`"


def _fenced(text: str) -> str:
    return f"```\n{text.rstrip()}\n```"


if __name__ == "__main__":
    main()
