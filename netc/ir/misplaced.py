"""What is said of lines that stand where they cannot, and of phases there are not."""

from typing import Literal

from netc import spec
from netc.diag import Problem, nearest
from netc.ir.problems import Misplaced, UnknownPhase
from netc.types import Phase

PHASES: dict[str, Phase] = {"train": "train", "test": "test"}
"""The phases that `when` can name."""

_OTHER_WORDS = ("eval", "evaluation", "infer", "inference", "predict", "val", "validation")
"""What other programs call the phase in which a net is not trained."""

Where = Literal["in a block", "in a join", "in a loop", "in a `when`"]


def misplaced_input(statement: spec.Input, where: Where) -> Problem:
    """An `input` line that is not one of the net itself."""
    way_out = "declare it in the net itself, above the layers"
    if where == "in a block":
        way_out = "a block's input is what flows into it; give it several: `(a, b) -> block`"
    return Misplaced(statement.span, what="an `input`", where=where, way_out=way_out)


def misplaced_role(statement: spec.Role, where: Where) -> Problem:
    """An `output`, `loss` or `metric` line that is not one of the net itself."""
    role = statement.role.text
    way_out = f"let it give its value, and write the `{role}` line in the net"
    if where == "in a join" and role == "output":
        way_out = "leave the word out: every line here is a branch"
    article = "an" if role == "output" else "a"
    return Misplaced(statement.role.span, what=f"{article} `{role}`", where=where, way_out=way_out)


def misplaced_when(word: spec.Name) -> Problem:
    """A `when` among the branches of a join."""
    way_out = "put it into a block, and use the block here"
    return Misplaced(word.span, what="`when`", where="in a join", way_out=way_out)


def second_result(statement: spec.Role) -> Problem:
    """A second `output` line that a block comes to."""
    return Misplaced(
        statement.role.span,
        what="a second `output`",
        where="in a block",
        way_out="a block has one result: leave one of the lines out, or the word `output`",
    )


def unknown_phase(word: spec.Name) -> Problem:
    """No phase, behind `when`."""
    near = nearest(word.text, PHASES) or ("train" if "train" in word.text else None)
    near = "test" if word.text in _OTHER_WORDS else near
    advice = f"did you mean `{near}`?" if near else "write `when train` or `when test`"
    return UnknownPhase(word.span, near=near, advice=advice, name=word.text)
