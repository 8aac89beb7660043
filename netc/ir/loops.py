"""Loops: what they go over, and their rounds, each in a scope of its own."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from netc import spec
from netc.diag import Problem, Span
from netc.ir.constants import LONGEST, Constant, brief, described, is_number, shown
from netc.ir.evaluate import Evaluator
from netc.ir.frame import Frame
from netc.ir.instances import Run
from netc.ir.problems import WrongRounds
from netc.ir.spoil import spoil
from netc.ir.state import State


@dataclass(frozen=True)
class _Loop:
    """A loop while its rounds are walked through."""

    place: Span
    name: str
    body: Sequence[spec.Statement]
    variable: spec.Name | None = None


class Loops:
    """Walks through the rounds of loops. `run` walks through a body once."""

    def __init__(self, state: State, run: Run) -> None:
        self._state = state
        self._problems = state.problems
        self._run = run

    def for_each(self, statement: spec.For, frame: Frame) -> None:
        """The body once for each value of a list or a range."""
        values = self._values(statement, frame)
        if values is None:
            spoil(statement, frame)
            return
        place = Span(statement.span.source, statement.span.start, statement.values.span.end)
        word = statement.name.text
        name = self._state.names.loop(frame.scope.prefix, word)
        loop = _Loop(place, name, statement.body, statement.name)
        numbers = _numbers(values)
        for index, value in enumerate(values):
            number = numbers[index] if numbers else index + 1
            self._round(loop, frame, number, f"with `{word}` = {brief(value)}", {word: value})

    def repeat(self, statement: spec.Repeat, frame: Frame) -> None:
        """The body so many times."""
        count = Evaluator(self._problems, frame).constant(statement.count)
        if count is None:
            spoil(statement, frame)
            return
        if type(count) is not int or count < 0:
            found = shown(count) if is_number(count) else described(count)
            takes = "a whole number, 0 or more"
            self._problems.append(
                WrongRounds(
                    statement.count.span,
                    loop="repeat",
                    takes=takes,
                    found=found,
                    way_out=_as_whole(count, statement.count),
                )
            )
            spoil(statement, frame)
            return
        place = Span(statement.span.source, statement.span.start, statement.count.span.end)
        loop = _Loop(place, self._state.names.loop(frame.scope.prefix, "repeat"), statement.body)
        for index in range(count):
            # What is wrong in the first round is so because of the lines, not of the round.
            self._round(loop, frame, index + 1, f"in round {index + 1}" if index else "", {})

    def _round(
        self,
        loop: _Loop,
        frame: Frame,
        number: int,
        text: str,
        constants: dict[str, Constant | None],
    ) -> None:
        """One round of a loop, in a scope of its own."""
        self._state.count_line(loop.place)
        outer = frame.scope
        prefix = f"{self._state.names.round(outer.prefix, loop.name, number)}."
        scope = outer.inner(prefix, outer.owner + prefix.removeprefix(outer.prefix))
        scope.constants, scope.lines = constants, loop.body
        if loop.variable is not None:
            scope.places[loop.variable.text] = loop.variable.span
        self._state.names.reserve(prefix, loop.body)
        inner = frame.inner(scope)
        told = self._state.used_by(loop.place, text, is_round=True) if text else nullcontext()
        with told:
            self._run(loop.body, inner)
        if frame.branches is None:
            frame.current = inner.current

    def _values(self, statement: spec.For, frame: Frame) -> Sequence[Constant] | None:
        """What a `for` goes over; None where that is wrong, and was said to be."""
        evaluator, values = Evaluator(self._problems, frame), statement.values
        if not isinstance(values, spec.Range):
            found = evaluator.constant(values)
            if found is None or isinstance(found, tuple):
                return found
            way_out = f"write `0..{shown(found)}`" if type(found) is int else ""
            self._problems.append(_wrong_values(values.span, described(found), way_out))
            return None
        ends = (evaluator.constant(values.start), evaluator.constant(values.stop))
        for end, written in zip(ends, (values.start, values.stop), strict=True):
            if end is not None and type(end) is not int:
                found_text = shown(end) if is_number(end) else described(end)
                self._problems.append(
                    _wrong_values(written.span, found_text, _as_whole(end, written))
                )
        start, stop = ends
        return range(start, stop) if type(start) is int and type(stop) is int else None


def _numbers(values: Sequence[Constant]) -> list[int]:
    """What the rounds of a loop are numbered by where its values tell them apart, so that another
    value between them renames none; empty where they do not."""
    if isinstance(values, range):
        # `len` takes no length that is beyond all memory.
        return list(values) if values.start >= 0 and not values[LONGEST:] else []
    whole = [value for value in values if type(value) is int and value >= 0]
    return whole if len(set(whole)) == len(values) else []


def _as_whole(value: Constant, written: spec.Value) -> str:
    """Help for who wrote or worked out a number such as 2.0."""
    if not isinstance(value, float) or not value.is_integer() or value < 0:
        return ""
    is_plain = isinstance(written, spec.Number)
    return f"write `{value:.0f}`" if is_plain else "`//` divides to a whole number, `/` does not"


def _wrong_values(span: Span, found: str, way_out: str) -> Problem:
    takes = "a list, or a range of whole numbers such as `0..4`"
    return WrongRounds(span, loop="for", takes=takes, found=found, way_out=way_out)
