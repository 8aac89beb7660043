"""One layer applied to its inputs: options bound, shape proved, node made."""

from collections.abc import Iterable, Mapping
from math import prod

from netc.diag import Problem, Span
from netc.ir.application import Application
from netc.ir.edges import unread_edge
from netc.ir.graph import Graph, Node, Port
from netc.ir.options import bind_several
from netc.ir.problems import ClashingNames, MissingOption, SharedMismatch, TooLarge
from netc.ir.refuse import numbers_in
from netc.ir.roles import squeezed_twice
from netc.ir.scope import Names, Value
from netc.ir.unfit import bad_shape, wrong_inputs
from netc.layers import (
    REGISTRY,
    Counting,
    Layer,
    Learning,
    State,
    Weight,
    common_options,
    inputs_of,
)
from netc.layers import arguments_of as arguments_of_rule
from netc.options import main_option
from netc.types import Reject, Tensor, show_shape

LARGEST = 2**40
"""Numbers that one array may hold."""

_USUAL_SIZE = 9_999
"""No option is blamed that has no larger number than this."""


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

    def is_layer(self, name: str) -> bool:
        """Whether a layer has this full name."""
        return name in self._layers

    def layer(self, call: Application) -> Value:
        """Apply a layer; give its value, poisoned when anything was wrong."""
        cls = REGISTRY[call.type.text]
        name, value_name = self._name(call)
        poisoned = Value(value_name, None, call.span)
        before = len(self._problems)
        bound = bind_several((cls, *common_options(cls)), call.type, call.options, self._problems)
        if not self._inputs_fit(cls, call, before) or bound is None:
            return poisoned
        types = [value.type for value in call.values if value.type is not None]
        if len(types) < len(call.values):
            return poisoned
        layer, *extra = bound.value
        try:
            type = layer.infer(*types)
            weights = layer.weights(*types)
            learning = extra[0] if extra and isinstance(extra[0], Learning) else Learning()
            weights = learning.apply(weights)
            tied_to = learning.tied_to
            if tied_to is not None:
                self._require_fit(tied_to, weights)
        except Reject as reject:
            told = (reject.reason, tuple(v.name for v in call.values))
            if told not in self._told:
                self._problems.append(
                    bad_shape(call, cls, bound.spans, reject, self.made, self.types)
                )
            self._told.add(told)
            return poisoned
        if self._is_too_large(name, call, type, weights):
            return poisoned
        if name in self._layers:
            self._problems.append(ClashingNames(call.span, self._layers[name], name=name))
            return poisoned
        if not self._shares(name, call, _own(weights, tied_to)):
            return poisoned
        if extra and isinstance(extra[0], Counting):
            self.loss_weights[value_name] = extra[0].weight
        place = bound.spans.get("stride", call.type.span)
        self._problems += unread_edge(layer, call.type.text, place, types, type)
        self._problems += squeezed_twice(call.type, self.made.get(call.values[0].name))
        return self._add(name, value_name, layer, call, types, weights, type, tied_to)

    def has_weight(self, name: str) -> bool:
        """Whether a layer has made a weight of this full name."""
        return name in self._weights

    def weights_called(self, argument: str) -> list[str]:
        """What the names of all weights begin with that layers have for an argument."""
        ending = f".{argument}"
        return [name.removesuffix(ending) for name in self._weights if name.endswith(ending)]

    def _require_fit(self, tied_to: str, weights: Mapping[str, Weight]) -> None:
        """Ask that the weight of another layer is what a layer needs for its own."""
        if "weight" not in weights:
            raise Reject("tied_to", "this layer has no `weight`", help="leave `tied_to` out")
        found, wanted = self._weights[f"{tied_to}.weight"].shape, weights["weight"].shape
        if found != wanted:
            reason = f"the weight of `{tied_to}` is {show_shape(found)}, and {show_shape(wanted)} "
            way_out = "tied layers need a weight of the same shape, as a `deconv` of a `conv`"
            if found == wanted[::-1] and len(found) == 2:
                way_out = "set `transposed` to true in one of the two"
            raise Reject("tied_to", f"{reason}is needed here", help=way_out)

    def _name(self, call: Application) -> tuple[str, str]:
        """The name of the layer and of its value; they differ inside a named chain."""
        naming, type = call.naming, call.type.text
        in_role = naming.role in ("loss", "metric")
        name = naming.layer or self._names.layer(naming.prefix, type, role=in_role)
        if naming.value:
            return name, naming.value
        if not naming.layer:
            return name, name
        # An array of the layer may be called like its type: the `scale` of `scale`.
        is_array = type in arguments_of_rule(REGISTRY[type], "forward")
        return name, f"{name}.{'y' if is_array else type}"

    def _inputs_fit(self, cls: type[Layer], call: Application, before: int) -> bool:
        """Whether as many values flow in as the layer takes; where one stands in the place of the
        main option, what was told since `before` of its absence is taken back."""
        names = inputs_of(cls)
        got = len(call.values)
        if names[0].startswith("*") or got == len(names):
            return True
        told = self._problems[before:]
        is_main_missing = any(isinstance(problem, MissingOption) for problem in told)
        too_many = is_main_missing and got > len(names)
        if too_many:
            told = [problem for problem in told if not isinstance(problem, MissingOption)]
        problem = wrong_inputs(cls, call, is_main_missing=too_many)
        self._problems[before:] = [*told, problem]
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
        tied_to: str | None,
    ) -> Value:
        ports: dict[str, Port] = _input_ports(layer, tuple(v.name for v in call.values))
        owner, states, keeps = call.naming.weights_of(name), layer.state(*types), layer.keep(*types)
        if tied_to is not None:
            ports["weight"] = f"{tied_to}.weight"
        weights = _own(weights, tied_to)
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
        node = Node(
            name,
            layer,
            "forward",
            bound,
            inputs,
            tuple(keeps),
            tuple(states),
            call.span,
            tied_to,
        )
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
        self._problems.append(
            TooLarge(
                call.span, layer=name, what=what, count=f"{count:.1e}", blamed=_largest_option(call)
            )
        )
        return True


def _largest_option(call: Application) -> str:
    """The option with by far the largest number, where one is larger than sizes usually are."""
    main = main_option(REGISTRY[call.type.text])
    largest: float = _USUAL_SIZE
    blamed = "the sizes"
    for argument in call.options:
        found = max((abs(n.value) for n in numbers_in(argument.value)), default=0)
        option = argument.name.text if argument.name else main.name if main else ""
        if found > largest and option:
            largest, blamed = found, f"`{option}`"
    return blamed


def _own(weights: Mapping[str, Weight], tied_to: str | None) -> dict[str, Weight]:
    """The weights that are the layer's own, and not those of the one it is tied to."""
    return {name: w for name, w in weights.items() if tied_to is None or name != "weight"}


def numbers(type: Tensor) -> int:
    """How many numbers one array holds; with an open size, those of a usual image. Of more than any
    array could hold it is said that they are 10^300."""
    return min(prod(map(int, type.shape)), 10**300)


def _input_ports(layer: Layer, values: tuple[str, ...]) -> dict[str, Port]:
    names = inputs_of(type(layer))
    if names[0].startswith("*"):
        return {names[0][1:]: values}
    return dict(zip(names, values, strict=True))
