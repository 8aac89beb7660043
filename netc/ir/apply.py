"""One layer applied to its inputs: options bound, shape proved, node made."""

from collections.abc import Mapping
from dataclasses import dataclass

from netc import spec
from netc.diag import Label, Problem, Span, quoted
from netc.ir.edges import unread_edge
from netc.ir.graph import Graph, Node, Port
from netc.ir.options import bind_several
from netc.ir.problems import BadShape, TooLarge, WrongInputs
from netc.ir.roles import meant_in_role
from netc.ir.scope import Names, Value
from netc.layers import REGISTRY, Counting, Layer, Learning, State, Weight, has_weights, inputs_of
from netc.layers import arguments_of as arguments_of_rule
from netc.types import Reject, Tensor

LARGEST = 2**40
"""Numbers that one array may hold."""


@dataclass(frozen=True)
class Naming:
    """Names that the chain gives to a layer and to its value, and the role it stands in."""

    layer: str | None
    value: str | None
    role: str | None


@dataclass(frozen=True)
class Application:
    """A layer type with its options as written, and the values that flow into it."""

    type: spec.Name
    options: tuple[spec.Argument, ...]
    values: tuple[Value, ...]
    span: Span
    naming: Naming


class Applier:
    """Makes nodes of applications; collects them, the types of their values, and problems."""

    def __init__(self, problems: list[Problem], names: Names) -> None:
        self._problems = problems
        self._names = names
        self._told: set[tuple[str, tuple[str, ...]]] = set()
        self._nodes: list[Node] = []
        self._weights: dict[str, Weight] = {}
        self._states: dict[str, State] = {}
        self.types: dict[str, Tensor] = {}
        self.made: dict[str, Node] = {}
        self.loss_weights: dict[str, float] = {}

    def graph(self, name: str, inputs: tuple[str, ...]) -> Graph:
        """All that was made, as a graph without roles."""
        return Graph(name, inputs, tuple(self._nodes), self.types, self._weights, self._states)

    def layer(self, call: Application) -> Value:
        """Apply a layer; give its value, poisoned when anything was wrong."""
        cls = REGISTRY[call.type.text]
        name, value_name = self._name(call)
        poisoned = Value(value_name, None, call.span)
        common = (Learning,) if has_weights(cls) else (Counting,) if "loss" in cls.roles else ()
        bound = bind_several((cls, *common), call.type, call.options, self._problems)
        if not self._inputs_fit(cls, call) or bound is None:
            return poisoned
        types = [value.type for value in call.values if value.type is not None]
        if len(types) < len(call.values):
            return poisoned
        layer, *extra = bound.value
        try:
            type = layer.infer(*types)
            weights = layer.weights(*types)
            if extra and isinstance(extra[0], Learning):
                weights = extra[0].apply(weights)
        except Reject as reject:
            told = (reject.reason, tuple(v.name for v in call.values))
            if told not in self._told:
                self._problems.append(self._bad_shape(call, cls, bound.spans, reject))
            self._told.add(told)
            return poisoned
        if self._is_too_large(name, call, type, weights):
            return poisoned
        if extra and isinstance(extra[0], Counting):
            self.loss_weights[value_name] = extra[0].weight
        place = bound.spans.get("stride", call.type.span)
        self._problems += unread_edge(layer, call.type.text, place, types, type)
        self._add(name, value_name, layer, call, types, weights, type)
        return Value(value_name, type, call.span)

    def _name(self, call: Application) -> tuple[str, str]:
        """The name of the layer and of its value; they differ inside a named chain."""
        naming, type = call.naming, call.type.text
        in_role = naming.role in ("loss", "metric")
        name = naming.layer or self._names.layer(type, role=in_role)
        if naming.value:
            return name, naming.value
        return name, f"{name}.{type}" if naming.layer else name

    def _inputs_fit(self, cls: type[Layer], call: Application) -> bool:
        names = inputs_of(cls)
        got = len(call.values)
        if names[0].startswith("*") or got == len(names):
            return True
        takes = quoted(names)
        missing = quoted(names[got:])
        self._problems.append(
            WrongInputs(
                call.span,
                type=call.type.text,
                takes=f"{_count(len(names))} ({takes})",
                got=str(got),
                detail=f"{missing} is missing" if missing else "too many values flow in here",
                way_out=meant_in_role(call.type.text, call.naming.role)
                or (
                    f"write `{call.type.text}({', '.join(names)})` with names of values"
                    if missing
                    else "leave one out, or join them first with `add` or `concat`"
                ),
            )
        )
        return False

    def _add(
        self,
        name: str,
        value_name: str,
        layer: Layer,
        call: Application,
        types: list[Tensor],
        weights: Mapping[str, Weight],
        type: Tensor,
    ) -> None:
        ports: dict[str, Port] = _input_ports(layer, tuple(v.name for v in call.values))
        for argument, weight in weights.items():
            ports[argument] = value = f"{name}.{argument}"
            self._weights[value] = weight
            self.types[value] = Tensor(weight.shape, batched=False)
        states = layer.state(*types)
        for argument, state in states.items():
            ports[argument] = value = f"{name}.{argument}"
            self._states[value] = state
            self.types[value] = Tensor(state.shape, batched=False)
        keeps = layer.keep(*types)
        for argument, kept in keeps.items():
            ports[argument] = value = f"{name}.{argument}"
            self.types[value] = kept
        ports["y"] = value_name
        self.types[value_name] = type
        taken = arguments_of_rule(layer.__class__, "forward")
        bound = {argument: port for argument, port in ports.items() if argument in taken}
        inputs = tuple(v.name for v in call.values)
        node = Node(name, layer, "forward", bound, inputs, tuple(keeps), tuple(states), call.span)
        self._nodes.append(node)
        self.made[value_name] = node

    def _is_too_large(
        self, name: str, call: Application, type: Tensor, weights: Mapping[str, Weight]
    ) -> bool:
        sizes = {"its output": type.size}
        sizes |= {f"its {k}": Tensor(w.shape).size for k, w in weights.items()}
        what, count = max(sizes.items(), key=lambda item: item[1])
        if count <= LARGEST:
            return False
        self._problems.append(TooLarge(call.span, layer=name, what=what, count=f"{count:.1e}"))
        return True

    def _bad_shape(
        self,
        call: Application,
        cls: type[Layer],
        spans: Mapping[str, Span],
        reject: Reject,
    ) -> Problem:
        span = spans.get(reject.culprit, call.type.span)
        blamed = _blamed(cls, call.values, reject.culprit)
        return BadShape(
            span,
            layer=call.naming.layer or call.type.text,
            reason=reject.reason,
            way_out=reject.help,
            sources=tuple(Label(v.span, f"gives {v.type}") for v in blamed if v.span != span),
        )


def _input_ports(layer: Layer, values: tuple[str, ...]) -> dict[str, Port]:
    names = inputs_of(type(layer))
    if names[0].startswith("*"):
        return {names[0][1:]: values}
    return dict(zip(names, values, strict=True))


def _blamed(cls: type[Layer], values: tuple[Value, ...], culprit: str) -> list[Value]:
    """The inputs, each once; of many only the first and the one that the culprit names."""
    names = inputs_of(cls)
    if names[0].startswith("*") and culprit.startswith(names[0][1:] + "["):
        index = int(culprit.rstrip("]").split("[")[1])
        values = (values[0], values[index])
    return list(dict.fromkeys(values))


def _count(number: int) -> str:
    return {1: "one value", 2: "two values"}.get(number, f"{number} values")
