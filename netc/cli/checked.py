"""A spec file read and proved, as nearly every command needs it first."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from netc.cli.overrides import override
from netc.cli.screen import is_error, show, stop
from netc.diag import Problem, Source
from netc.formats import no_net, read_any, read_any_source
from netc.ir import Graph, build, new_problems, static_problems
from netc.spec import Library, Spec
from netc.summary import memory_of
from netc.training import Settings, Where, check_data, check_settings

_JAVASCRIPT = re.compile(r"(?:layer.defs|var \w+|\w+) = |<html>")


@dataclass(frozen=True)
class Checked:
    """What became of a file. `spec` and `graph` are absent where problems stand in their way, and
    in a `library`, which is a file of blocks without a net."""

    path: str
    spec: Spec | None
    graph: Graph | None
    problems: tuple[Problem, ...]
    settings: Settings | None = None
    library: Library | None = None

    @property
    def name(self) -> str:
        """What the file is called in messages."""
        return "<stdin>" if self.path == "-" else self.path

    @property
    def errors(self) -> int:
        return sum(map(is_error, self.problems))

    @property
    def warnings(self) -> int:
        return len(self.problems) - self.errors


def check(path: str, changes: Sequence[str] = ()) -> Checked:
    """Read a file, with `changes` to its settings, and prove it, collecting everything wrong."""
    return _prove(path, read_any(path), changes)


def with_data(checked: Checked, folders: Sequence[str] = ()) -> Checked:
    """The same with what is wrong between the net and its data, which are not read for it."""
    spec, graph, settings = checked.spec, checked.graph, checked.settings
    if spec is None or graph is None or settings is None:
        return checked
    where = Where(Path(spec.source.path).parent, tuple(map(Path, folders)))
    found = check_data(spec, graph, settings, where)
    return replace(checked, problems=(*checked.problems, *found))


def check_text(text: str, path: str = "example.net", changes: Sequence[str] = ()) -> Checked:
    """Prove a text that is in memory, as if it stood in a file of this path."""
    suffix = Path(path).suffix.lower()
    suffix = suffix if suffix in (".json", ".js") else ".net"
    return _prove(path, read_any_source(Source(path, text), suffix), changes)


def check_example(text: str) -> Checked | None:
    """Prove the example of a manual page, if it is a whole file of any language."""
    if text.startswith(("{", "[")):
        return check_text(text, "example.json")
    if _JAVASCRIPT.match(text):
        return check_text(text, "example.js")
    starts = ("net ", "train ", "use ", "let ", "block ")
    return check_text(text) if text.startswith(starts) else None


def _prove(path: str, made: Library | list[Problem], changes: Sequence[str] = ()) -> Checked:
    if isinstance(made, Library) and not isinstance(made, Spec):
        return _prove_library(path, made)
    spec = made if isinstance(made, list) else override(made, changes)
    if not isinstance(spec, Spec):
        return Checked(path, None, None, tuple(spec))
    built = build(spec, memory=memory_of)
    bound = check_settings(spec, built.graph)
    problems = (*spec.notices, *built.problems, *new_problems(bound.problems, built.problems))
    return Checked(path, spec, built.graph, problems, bound.settings)


def _prove_library(path: str, library: Library) -> Checked:
    """A file without a net; one that has no block either, or says how to train, lacks its net."""
    if library.train or not library.blocks:
        return Checked(path, None, None, (no_net(library),))
    return Checked(path, None, None, tuple(static_problems(library)), library=library)


@dataclass(frozen=True)
class Proven:
    """A spec without errors, and the graph it means."""

    spec: Spec
    graph: Graph
    settings: Settings | None


def proven(path: str, changes: Sequence[str] = (), *, is_taken_over: bool = False) -> Proven:
    """Check a file; a wrong one ends the run, and warnings are shown.

    The notices of another program's file are shown where it `is_taken_over`: where netc makes
    something of it that stays.
    """
    checked = check(path, changes)
    if checked.library is not None and not checked.errors:
        stop([no_net(checked.library)])
    if checked.errors or checked.spec is None or checked.graph is None:
        stop(checked.problems)
    quiet = () if is_taken_over else checked.spec.notices
    show([problem for problem in checked.problems if problem not in quiet])
    return Proven(checked.spec, checked.graph, checked.settings)
