"""One layer applied to its inputs: options bound, shape proved, node made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod

from netc import spec
from netc.diag import Fix, Label, Problem, Span, quoted
from netc.ir.edges import unread_edge
from netc.ir.graph import Graph, Node, Port
from netc.ir.options import bind_several
from netc.ir.problems import BadShape, ClashingNames, SharedMismatch, TooLarge, WrongInputs
from netc.ir.roles import meant_in_role
from netc.ir.scope import Names, Value
from netc.layers import REGISTRY, Counting, Layer, Learning, State, Weight, has_weights, inputs_of
from netc.layers import arguments_of as arguments_of_rule
from netc.types import Reject, Tensor, show_shape

LARGEST = 2**40
"""Numbers that one array may hold."""


@dataclass(frozen=True)
class Naming:
    """Full names that the chain gives to a layer and to its value, the role it stands in, and the
    scope that numbers what has no name.

    `owner` begins the names of the weights instead of `prefix` where a block is shared; `shared`
    is the whole name of a layer that is.
    """

    layer: str | None
    value: str | None
    role: str | None
    prefix: str = ""
    owner: str = ""
    shared: str | None = None

    def weights_of(self, name: str) -> str:
        """What the names of the weights of a layer begin with."""
        return self.shared or self.owner + name.removeprefix(self.prefix)


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
        self._places: dict[str, Span] = {}
        self._layers: dict[str, Span] = {}
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
        if name in self._layers:
            self._problems.append(ClashingNames(call.span, self._layers[name], name=name))
            return poisoned
        if not self._shares(name, call, weights):
            return poisoned
        if extra and isinstance(extra[0], Counting):
            self.loss_weights[value_name] = extra[0].weight
        place = bound.spans.get("stride", call.type.span)
        self._problems += unread_edge(layer, call.type.text, place, types, type)
        return self._add(name, value_name, layer, call, types, weights, type)

    def _name(self, call: Application) -> tuple[str, str]:
        """The name of the layer and of its value; they differ inside a named chain."""
        naming, type = call.naming, call.type.text
        in_role = naming.role in ("loss", "metric")
        name = naming.layer or self._names.layer(naming.prefix, type, role=in_role)
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
    ) -> Value:
        ports: dict[str, Port] = _input_ports(layer, tuple(v.name for v in call.values))
        owner, states, keeps = call.naming.weights_of(name), layer.state(*types), layer.keep(*types)
        ports |= {argument: f"{owner}.{argument}" for argument in (*weights, *states)}
        ports |= {argument: f"{name}.{argument}" for argument in keeps} | {"y": value_name}
        found = {
            argument: Tensor(weight.shape, batched=False) for argument, weight in weights.items()
        }
        found |= {
            argument: Tensor(state.shape, batched=False) for argument, state in states.items()
        }
        found |= {**keeps, "y": type}
        made = {str(ports[argument]): type for argument, type in found.items()}
        stored = {f"{owner}.{argument}" for argument in (*weights, *states)}
        if self._clashes(name, made, stored, call):
            return Value(value_name, None, call.span)
        for argument, weight in weights.items():
            self._weights.setdefault(f"{owner}.{argument}", weight)
        self._states |= {f"{owner}.{argument}": state for argument, state in states.items()}
        self.types |= made
        self._layers[name] = call.span
        for full in made:
            self._places.setdefault(full, call.span)
        taken = arguments_of_rule(layer.__class__, "forward")
        bound = {argument: port for argument, port in ports.items() if argument in taken}
        inputs = tuple(v.name for v in call.values)
        node = Node(name, layer, "forward", bound, inputs, tuple(keeps), tuple(states), call.span)
        self._nodes.append(node)
        self.made[value_name] = node
        return Value(value_name, type, call.span)

    def _clashes(self, name: str, made: Iterable[str], stored: set[str], call: Application) -> bool:
        """Whether a layer, its value or one of its arrays would be called like something else;
        what is `stored` may be there already, where layers share it."""
        shared = {full for full in stored if full in self._weights or full in self._states}
        clash = next((full for full in made if full in self.types and full not in shared), None)
        if clash is None:
            return False
        array = clash.removeprefix(f"{name}.") if clash in stored else ""
        again = f"the `{array}` of this layer" if array else "this"
        first = self._places[clash]
        self._problems.append(ClashingNames(call.span, first, name=clash, again=again))
        return True

    def _shares(self, name: str, call: Application, weights: Mapping[str, Weight]) -> bool:
        """Whether weights that another layer has made already have the shapes this one needs."""
        owner = call.naming.weights_of(name)
        for argument, weight in weights.items():
            known = self._weights.get(f"{owner}.{argument}")
            if known is not None and known.shape != weight.shape:
                self._problems.append(
                    SharedMismatch(
                        call.span,
                        layer=owner,
                        weight=argument,
                        found=show_shape(weight.shape),
                        wanted=show_shape(known.shape),
                        first=self._places[f"{owner}.{argument}"],
                    )
                )
                return False
        return True

    def _is_too_large(
        self, name: str, call: Application, type: Tensor, weights: Mapping[str, Weight]
    ) -> bool:
        sizes = {"its output": numbers(type)}
        sizes |= {f"its {k}": numbers(Tensor(w.shape)) for k, w in weights.items()}
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
            change=_added(call, *reject.change) if reject.change else None,
        )


def numbers(type: Tensor) -> int:
    """How many numbers one array holds; with an open size, those of a usual image."""
    return prod(map(int, type.shape))


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


def _added(call: Application, option: str, value: str) -> Fix | None:
    """The fix that gives a layer one more option, behind those it has.

    A line that is used more than once may be right elsewhere as it is.
    """
    if not call.options or call.span.source.is_json:
        return None
    last = max((argument.span for argument in call.options), key=lambda span: span.end)
    place = Span(last.source, last.end, last.end)
    is_safe = not call.naming.prefix
    return Fix(f"add `{option}: {value}`", place, f", {option}: {value}", is_safe=is_safe)


def _count(number: int) -> str:
    return {1: "one value", 2: "two values"}.get(number, f"{number} values")
