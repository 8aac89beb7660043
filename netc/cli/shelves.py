"""Every kind of thing that has a manual page, by its noun."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from netc import exchange as exchange
from netc import export as export
from netc import searching as searching
from netc.cli import problems as problems
from netc.diag import CATALOGUE
from netc.formats import WORDS, convnetjs, import_languages
from netc.layers import INITIALIZERS, REGISTRY
from netc.options import manual, options_of
from netc.training import OPTIMIZERS, SCHEDULES, SOURCES, Counts

import_languages()


@dataclass(frozen=True)
class Shelf:
    """Kinds of one noun. `use` says how one is written in a spec, `{name}` being its name."""

    noun: str
    plural: str
    kinds: Mapping[str, type]
    use: str = ""


def shelves() -> tuple[Shelf, ...]:
    """All shelves, in the order of `netc explain --list`."""
    return (
        Shelf("word of the language", "words of the language", {**WORDS, "train": Counts}),
        Shelf("layer type", "layer types", REGISTRY),
        Shelf("initializer", "initializers", INITIALIZERS, "conv(8, kernel: 3, init: {name})"),
        Shelf("optimizer", "optimizers", OPTIMIZERS, "optimizer {name}"),
        Shelf("schedule", "schedules", SCHEDULES, "schedule {name}"),
        Shelf("data source", "data sources", SOURCES, "data {name}"),
        Shelf("other language", "other languages", {"convnetjs": convnetjs.Manual}),
        Shelf("problem", "problems", problem_kinds()),
    )


def find(name: str) -> Iterator[tuple[Shelf, str, type]]:
    """All kinds of this name; a word may stand for a schedule and for a layer type too.

    A setting is on the page of the section it belongs to; a word of the language that goes with
    another is on its page.
    """
    name = "train" if name in options_of(Counts) else name
    name = next((word for word, page in WORDS.items() if name in page.also), name)
    name = "convnetjs" if name in convnetjs.ALSO else name
    for shelf in shelves():
        for word in {name, name.replace("_", "-"), name.replace("-", "_")}:
            if word in shelf.kinds:
                yield shelf, word, shelf.kinds[word]


def first_line(kind: type) -> str:
    """The sentence that a page begins with, on one line."""
    paragraph = manual(kind)[0].split("\n\n")[0]
    return " ".join(paragraph.split())


def problem_kinds() -> Mapping[str, type]:
    """Every kind of problem: each is in the catalogue once its package is imported."""
    return dict(sorted(CATALOGUE.items()))
