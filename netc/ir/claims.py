"""The `assert` lines of a file: worked out once the whole net is known."""

from collections.abc import Sequence
from dataclasses import replace

from netc import spec
from netc.diag import Problem
from netc.ir.constants import Constant, shown
from netc.ir.evaluate import Evaluator
from netc.ir.graph import Graph, Node
from netc.ir.measures import Measures, Memory
from netc.ir.no_value import unknown_value
from netc.ir.open_sizes import open_sizes
from netc.ir.operators import Refused
from netc.ir.problems import FailedAssert, OpenSize, WrongArguments
from netc.ir.state import Claim
from netc.ir.written import source_text
from netc.sizes import way_to_give

_MOST_SIDES = 4


class _Facts(Evaluator):
    """Evaluates with the words that an `assert` knows beside all others."""

    def __init__(self, problems: list[Problem], claim: Claim, measures: Measures) -> None:
        super().__init__(problems, claim.frame)
        self._measures = measures

    def _name(self, name: spec.Name) -> Constant:
        if name.text not in spec.MEASURES or self._frame.scope.is_constant(name.text):
            return super()._name(name)
        return self._fact(name, None)

    def _call(self, call: spec.Call) -> Constant:
        if call.type.text not in spec.MEASURES:
            return super()._call(call)
        values = [argument.value for argument in call.arguments]
        if len(values) != 1 or isinstance(values[0], spec.Chain):
            takes = "a number of examples" if call.type.text == "memory" else "one name"
            raise Refused(
                WrongArguments(
                    call.span,
                    function=call.type.text,
                    takes=takes,
                    detail=f"{len(values)} are given" if values else "nothing is given",
                )
            )
        return self._fact(call.type, values[0])

    def _fact(self, word: spec.Name, of: spec.Value | None) -> Constant:
        if word.text == "memory":
            return self._bytes(word, of)
        if word.text == "shape":
            return self._shape(word, of)
        measures = self._measures
        if of is None:
            return measures.all_params if word.text == "params" else measures.all_macs
        nodes = self._nodes(word.text, of)
        return measures.params(nodes) if word.text == "params" else measures.macs(nodes)

    def _shape(self, word: spec.Name, of: spec.Value | None) -> Constant:
        if of is None:
            if self._frame.current and self._frame.current[0].type is not None:
                return self._frame.current[0].type.shape
            raise Refused(
                WrongArguments(
                    word.span, function="shape", takes="a value", detail="nothing flows here"
                )
            )
        name = spec.dotted(of)
        value = self._frame.scope.value(name.text) if name else None
        if value is not None and value.type is not None:
            return value.type.shape
        nodes = self._found(name.text) if name else ()
        if nodes:
            return self._measures.graph.types[nodes[-1].value].shape
        raise Refused(unknown_value(of, self._frame, "no layer or value has this name"))

    def _bytes(self, word: spec.Name, of: spec.Value | None) -> Constant:
        batch = 1 if of is None else self._constant(of)
        if type(batch) is not int or batch < 1:
            raise Refused(
                WrongArguments(
                    of.span if of else word.span,
                    function="memory",
                    takes="a number of examples",
                    detail=f"this is {shown(batch)}",
                )
            )
        if sizes := open_sizes(self._measures.graph):
            reason = "the memory hangs on the size of the images"
            raise Refused(OpenSize(word.span, reason, way_to_give(sizes)))
        return self._measures.memory(batch)

    def _found(self, name: str) -> Sequence[Node]:
        """The layers of this name: a layer, an instance of a block, all uses of a shared layer."""
        shared = self._frame.scope.shared_layer(name)
        if shared is not None:
            return [node for use in shared.uses for node in self._measures.nodes(use)]
        names = self._frame.scope.full_names(name)
        return next(filter(None, map(self._measures.nodes, names)), ())

    def _nodes(self, word: str, of: spec.Value) -> Sequence[Node]:
        """The layers that a measure is asked of."""
        name = spec.dotted(of)
        value = self._frame.scope.value(name.text) if name else None
        found = self._found(name.text) if name else ()
        if found:
            return found
        producers = self._measures.graph.producers
        if value is not None and value.name in producers:
            return [producers[value.name]]
        if value is not None:
            raise Refused(
                WrongArguments(
                    of.span,
                    function=word,
                    takes="the name of a layer",
                    detail="this is an input",
                )
            )
        raise Refused(unknown_value(of, self._frame, "no layer or value has this name"))


def check_claims(
    claims: list[Claim], graph: Graph, memory: Memory | None, problems: list[Problem]
) -> None:
    """Add a problem for every `assert` that does not hold, or cannot be worked out."""
    measures = Measures(graph, memory)
    for claim in claims:
        before = len(problems)
        facts = _Facts(problems, claim, measures)
        condition = claim.statement.condition
        for part in _parts(condition):
            if facts.condition(part) is False:
                problems.append(_failed(part, facts))
        for index in range(before, len(problems)):
            problems[index] = replace(problems[index], via=claim.via)


def _parts(condition: spec.Value) -> list[spec.Value]:
    """What is joined by `and` is claimed one by one, so that each is told by itself."""
    if isinstance(condition, spec.Binary) and condition.operator.text == "and":
        return [*_parts(condition.left), *_parts(condition.right)]
    return [condition]


def _failed(part: spec.Value, facts: Evaluator) -> Problem:
    """The problem, with the value of each side."""
    told: list[str] = []
    for side in _sides(part):
        value, text = facts.constant(side), f"`{source_text(side.span)}`"
        if value is not None and text != f"`{shown(value)}`":
            told.append(f"{text} is {shown(value)}")
    found = ", ".join(dict.fromkeys(told[:_MOST_SIDES]))
    return FailedAssert(part.span, found=found or "this is false")


def _sides(part: spec.Value) -> list[spec.Value]:
    """What is compared in a condition, without what stands for itself."""
    match part:
        case spec.Binary():
            return [*_sides(part.left), *_sides(part.right)] if _is_logic(part) else _both(part)
        case spec.Unary() if part.operator.text == "not":
            return _sides(part.operand)
        case spec.Number() | spec.Text() | spec.Boolean():
            return []
    return [part]


def _is_logic(part: spec.Binary) -> bool:
    return part.operator.text in ("and", "or")


def _both(part: spec.Binary) -> list[spec.Value]:
    plain = (spec.Number, spec.Text, spec.Boolean)
    return [side for side in (part.left, part.right) if not isinstance(side, plain)]
