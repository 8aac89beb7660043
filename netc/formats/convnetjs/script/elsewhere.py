"""Trainers that are made in another part of a script than the net."""

from collections.abc import Iterator, Sequence
from itertools import islice

from netc.diag import Problem, Span
from netc.formats.convnetjs.script.branches import branch_of
from netc.formats.convnetjs.script.cut import Statement
from netc.formats.convnetjs.script.freeze import Freezer
from netc.formats.convnetjs.script.problems import AssumedCode
from netc.formats.convnetjs.script.statements import Script
from netc.formats.convnetjs.script.tokens import CLOSES, OPENS, Token
from netc.formats.convnetjs.script.trees import Trees

_TRAINERS = ("Trainer", "SGDTrainer")
_LONGEST = 2_000
_MOST = 10


def read_trainers(script: Script, words: Sequence[Token]) -> None:
    """Read the trainers there are, if what they are given is known where the net is made."""
    sites = list(islice(_sites(words), _MOST))
    made = script.reader.made
    for site in sites:
        trainers, problems = len(made.trainers), len(script.problems)
        if not _read(script, site):
            del made.trainers[trainers:], script.problems[problems:]
    if sites and not made.trainers:
        what = "how the net is trained is not read, as only a run of the script would show it"
        way_out = "write the options into the `{ }` of one trainer, each with its value"
        span = Span(script.source, sites[0][0].start, sites[0][-1].end)
        script.notices.append(AssumedCode(span, what=what, way_out=way_out))


def _read(script: Script, words: list[Token]) -> bool:
    """Make a trainer; False where a value in it is not known."""
    tree, problems = Trees(script.source).read(Statement(words))
    if tree is None or problems:
        return False
    script.reader.value(branch_of(branch_of(tree.children[0]).children[0]))
    wrong = list[Problem]()
    for trainer in script.reader.made.trainers[-1:]:
        Freezer(script.source, wrong).node(trainer.options)
    return not wrong


def _sites(words: Sequence[Token]) -> Iterator[list[Token]]:
    """What makes a trainer, from `new` to the bracket at its end."""
    for at, word in enumerate(words[:-1]):
        if word.text not in _TRAINERS or words[at + 1].kind != "(":
            continue
        start = at - 1
        while start > 0 and words[start].kind == ".":
            start -= 2
        if start >= 0 and words[start].text == "new":
            yield list(words[start : _end(words, at + 1)])


def _end(words: Sequence[Token], opening: int) -> int:
    depth = 0
    for at in range(opening, min(opening + _LONGEST, len(words))):
        depth += (words[at].kind in OPENS) - (words[at].kind in CLOSES)
        if depth == 0:
            return at + 1
    return opening
