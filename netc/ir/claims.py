"""The `assert` lines of a file: worked out once the whole net is known."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from netc import spec
from netc.diag import Problem
from netc.ir.constants import Constant, shown
from netc.ir.evaluate import Evaluator
from netc.ir.graph import Graph, Node
from netc.ir.meant import advise, meant
from netc.ir.open_sizes import open_sizes
from netc.ir.operators import Refused
from netc.ir.problems import FailedAssert, OpenSize, UnknownValue, WrongArguments
from netc.ir.state import Claim
from netc.sizes import way_to_give

_WORDS = ("shape", "params", "macs", "memory")

Memory = Callable[[Graph, int], int]
"""Bytes that training takes for a batch of so many, or answering where a net has no loss."""


class _Facts(Evaluator):
    """Evaluates with the words that an `assert` knows beside all others."""

    def __init__(
        self, problems: list[Problem], claim: Claim, graph: Graph, memory: Memory | None
    ) -> None:
        super().__init__(problems, claim.frame)
        self._graph, self._memory = graph, memory

    def _name(self, name: spec.Name) -> Constant:
        if name.text not in _WORDS or self._frame.scope.is_constant(name.text):
            return super()._name(name)
        return self._fact(name, None)

    def _call(self, call: spec.Call) -> Constant:
        if call.type.text not in _WORDS:
            return super()._call(call)
        values = [argument.value for argument in call.arguments]
        if len(values) != 1 or isinstance(values[0], spec.Chain):
            takes = "a number of examples" if call.type.text == "memory" else "one name"
            raise Refused(
                WrongArguments(
                    call.span,
                    function=call.type.text,
                    takes=takes,
                    detail=f"{len(values)} are given",
                )
            )
        return self._fact(call.type, values[0])

    def _fact(self, word: spec.Name, of: spec.Value | None) -> Constant:
        if word.text == "memory":
            return self._bytes(word, of)
        if word.text == "shape":
            return self._shape(word, of)
        nodes = self._graph.nodes if of is None else self._nodes(word.text, of)
        measure: Mapping[str, Callable[[Graph, list[Node]], int]] = {
            "params": _params,
            "macs": _macs,
        }
        return measure[word.text](self._graph, list(nodes))

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
        full = self._frame.scope.prefix + name.text if name else ""
        if full in self._graph.producers:
            return self._graph.types[self._graph.producers[full].value].shape
        raise Refused(self._unknown_value(of))

    def _bytes(self, word: spec.Name, of: spec.Value | None) -> Constant:
        batch = 1 if of is None else self._constant(of)
        if type(batch) is not int or batch < 1:
            raise Refused(
                WrongArguments(
                    word.span,
                    function="memory",
                    takes="a number of examples",
                    detail=f"this is {shown(batch)}",
                )
            )
        if sizes := open_sizes(self._graph):
            reason = "the memory hangs on the size of the images"
            raise Refused(OpenSize(word.span, reason, way_to_give(sizes)))
        if self._memory is None:
            raise AssertionError("who builds a net with claims about memory measures memory")
        return self._memory(self._graph, batch)

    def _nodes(self, word: str, of: spec.Value) -> list[Node]:
        """The layers of this name, be it a layer, an instance of a block or a shared layer."""
        name = spec.dotted(of)
        full = self._frame.scope.prefix + name.text if name else ""
        value = self._frame.scope.value(name.text) if name else None
        inside = f"{full}."
        nodes = self._graph.nodes
        found = [node for node in nodes if node.name == full or node.name.startswith(inside)]
        # The name of a chain is that of its first layer with weights, and of its last value.
        found = found or [node for node in nodes if node.value == full]
        if found and name:
            return found
        if value is not None and value.name in self._graph.producers:
            return [self._graph.producers[value.name]]
        if value is not None:
            raise Refused(
                WrongArguments(
                    of.span,
                    function=word,
                    takes="the name of a layer",
                    detail="this is an input",
                )
            )
        raise Refused(self._unknown_value(of))

    def _unknown_value(self, of: spec.Value) -> Problem:
        span = of.span
        text = " ".join(span.source.text[span.start : span.end].split())[:60]
        values = self._frame.scope.all_values()
        near = meant(text, values)
        return UnknownValue(
            span, near=near, advice=advise(text, near, "no layer or value has this name"), name=text
        )


def check_claims(
    claims: list[Claim], graph: Graph, memory: Memory | None, problems: list[Problem]
) -> None:
    """Add a problem for every `assert` that does not hold, or cannot be worked out."""
    for claim in claims:
        before = len(problems)
        facts = _Facts(problems, claim, graph, memory)
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
    sides = [part]
    if isinstance(part, spec.Binary) and part.operator.text not in ("and", "or"):
        sides = [part.left, part.right]
    told = []
    for side in sides:
        if isinstance(side, spec.Number | spec.Text | spec.Boolean):
            continue
        value = facts.constant(side)
        if value is not None and _text(side) != f"`{shown(value)}`":
            told.append(f"{_text(side)} is {shown(value)}")
    return FailedAssert(part.span, found=", ".join(told[:2]) or "this is false")


def _params(graph: Graph, nodes: list[Node]) -> int:
    weights = {value for node in nodes for value in node.reads if value in graph.weights}
    return sum(graph.types[weight].size for weight in weights)


def _macs(graph: Graph, nodes: list[Node]) -> int:
    total = 0
    for node in nodes:
        total += node.layer.macs(*(graph.types[value] for value in node.inputs))
    return total


def _text(written: spec.Value) -> str:
    span = written.span
    return f"`{' '.join(span.source.text[span.start : span.end].split())[:60]}`"
