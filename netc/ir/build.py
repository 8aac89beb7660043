"""A spec turned into a graph: names found, options bound, every shape proved, all problems kept."""

from dataclasses import dataclass

from netc import spec
from netc.diag import Level, Problem, quoted
from netc.ir.apply import LARGEST, Application, Applier, Naming
from netc.ir.graph import Graph, Loss
from netc.ir.meant import advise, is_sure, meant
from netc.ir.problems import (
    BadInput,
    NoInput,
    NotALayer,
    NothingFlows,
    RepeatedName,
    ReservedName,
    TooLarge,
    UnknownLayer,
    UnknownValue,
    UnknownWord,
    UnusedInput,
    UnusedValue,
)
from netc.ir.roles import no_layer, no_output, not_in_role
from netc.ir.scope import Names, Value
from netc.layers import REGISTRY, has_weights
from netc.types import Tensor


@dataclass(frozen=True)
class Built:
    """What became of a spec: its graph, unless there are errors, and all problems found."""

    graph: Graph | None
    problems: tuple[Problem, ...]


def build(net: spec.NetSpec) -> Built:
    """Build the graph of a net, or say everything that is wrong with it."""
    builder = _Builder(net)
    for statement in net.body:
        builder.statement(statement)
    return builder.finish()


class _Builder:
    """Walks the statements of a net; holds what is known at each point of it."""

    def __init__(self, net: spec.NetSpec) -> None:
        self._net = net
        self._problems: list[Problem] = []
        self._values: dict[str, Value] = {}
        self._inputs: dict[str, Value] = {}
        self._outputs: list[str] = []
        self._losses: list[Loss] = []
        self._metrics: list[str] = []
        self._current: Value | None = None
        self._names = Names(net.body)
        self._apply = Applier(self._problems, self._names)

    def statement(self, statement: spec.Statement) -> None:
        if isinstance(statement, spec.Input):
            self._input(statement)
        elif isinstance(statement, spec.Role):
            self._role(statement)
        else:
            self._current = self._chain(statement, role=None)

    # ---- inputs and names

    def _input(self, statement: spec.Input) -> None:
        name, type = statement.name, self._input_type(statement)
        if not self._is_new(name):
            return
        value = Value(name.text, type, statement.span)
        self._values[name.text] = self._inputs[name.text] = value
        if type is not None:
            self._apply.types[name.text] = type
        if self._current is None and (type is None or type.classes is None):
            self._current = value

    def _input_type(self, statement: spec.Input) -> Tensor | None:
        written = statement.type
        items = written.items if isinstance(written, spec.List) else _arguments(written)
        wrong = [i for i in items if _size(i) is None]
        sizes = tuple(size for size in map(_size, items) if size is not None)
        place, reason = written.span, ""
        if isinstance(written, spec.Call) and written.type.text != "class":
            place, reason = written.type.span, f"`{written.type.text}` is no kind of input"
        elif isinstance(written, spec.Call) and (wrong or len(sizes) != 1 or sizes[0] < 2):
            reason = "`class` takes the number of classes, at least 2"
        elif wrong:
            place, reason = wrong[0].span, "every size must be a whole number, at least 1"
        elif not sizes:
            reason = "at least one size is needed"
        if reason:
            self._problems.append(BadInput(place, name=statement.name.text, reason=reason))
            return None
        if isinstance(written, spec.Call):
            return Tensor((), "i64", classes=sizes[0])
        type = Tensor(sizes)
        if type.size <= LARGEST:
            return type
        what, count = "this input", f"{type.size:.1e}"
        self._problems.append(TooLarge(place, layer=statement.name.text, what=what, count=count))
        return None

    def _is_new(self, name: spec.Name) -> bool:
        if name.text in REGISTRY:
            self._problems.append(ReservedName(name.span, name=name.text))
            return False
        if name.text in self._values:
            first = self._values[name.text].span
            self._problems.append(RepeatedName(name.span, name=name.text, first=first))
            return False
        return True

    # ---- chains

    def _role(self, statement: spec.Role) -> None:
        role = statement.role.text
        value = self._chain(statement.chain, role=role)
        if value is None or value.type is None:
            return
        node, last = self._apply.made.get(value.name), statement.chain.steps[-1]
        roles = type(node.layer).roles if node else ()
        if role == "output" and not roles:
            self._outputs.append(value.name)
        elif role == "output":
            self._problems.append(no_output(last))
        elif role not in roles:
            self._problems.append(not_in_role(last, role))
        elif role == "loss":
            self._losses.append(Loss(value.name, self._apply.loss_weights[value.name]))
        else:
            self._metrics.append(value.name)

    def _chain(self, chain: spec.Chain, *, role: str | None) -> Value | None:
        """Append the layers of a chain; give its last value, or None when nothing was there."""
        name = chain.name.text if chain.name and self._is_new(chain.name) else None
        flowing, steps = self._source(chain)
        if not steps and name and role == "output":
            steps = (spec.Name("identity", chain.span),)
        named = _named_step(steps)
        for index, step in enumerate(steps):
            last = index == len(steps) - 1
            naming = Naming(
                layer=name if index == named else None,
                value=name if last else None,
                role=role if last else None,
            )
            made = self._step(step, flowing, naming)
            flowing = (self._end_of_flow(made, last=last, role=role),)
        value = flowing[-1] if flowing else None
        if name and value is not None:
            self._values[name] = Value(value.name, value.type, chain.span)
        return value

    def _source(self, chain: spec.Chain) -> tuple[tuple[Value, ...], tuple[spec.Step, ...]]:
        """What flows into the chain, and the steps that are left for it to flow through."""
        first, *rest = chain.steps
        if isinstance(first, spec.Tuple):
            return tuple(self._value(name) for name in first.names), tuple(rest)
        if isinstance(first, spec.Name):
            known = first.text in self._values
            if known or first.text not in REGISTRY:
                return (self._value(first, or_layer=not known),), tuple(rest)
        starts_itself = isinstance(first, spec.Call) and any(
            a.name is None and isinstance(a.value, spec.Name) for a in first.arguments
        )
        if starts_itself or self._current is None:
            return (), chain.steps
        return (self._current,), chain.steps

    def _value(self, name: spec.Name, *, or_layer: bool = False) -> Value:
        """The value of this name; when there is none, a problem and a stand-in for silence."""
        if name.text in self._values:
            return self._values[name.text]
        known = [*self._values, *REGISTRY] if or_layer else list(self._values)
        near = meant(name.text, known)
        values = quoted(list(self._values)[-8:])
        otherwise = f"the values so far are {values}" if values else ""
        if self._names.is_written(name.text):
            near, otherwise = None, "it is named further down; use it below the line that names it"
        advice = advise(name.text, near, otherwise)
        kind = UnknownWord if or_layer else UnknownValue
        self._problems.append(
            kind(
                name.span,
                near=near,
                advice=advice,
                name=name.text,
                is_sure=is_sure(name.text, near, known),
            )
        )
        return Value(name.text, None, name.span)

    def _step(self, step: spec.Step, flowing: tuple[Value, ...], naming: Naming) -> Value:
        if isinstance(step, spec.Tuple):
            self._problems.append(NotALayer(step.span, name=step.names[0].text))
            return Value("", None, step.span)
        word, arguments = (step.type, step.arguments) if isinstance(step, spec.Call) else (step, ())
        if word.text not in REGISTRY:
            self._problems.append(self._unknown_step(word))
            return Value(word.text, None, step.span)
        given = [a for a in arguments if a.name is None and isinstance(a.value, spec.Name)]
        values = (*flowing, *self._given(given))
        if not values:
            self._problems.append(NothingFlows(step.span, type=word.text))
            return Value(word.text, None, step.span)
        options = tuple(a for a in arguments if a not in given)
        return self._apply.layer(Application(word, options, values, step.span, naming))

    def _given(self, given: list[spec.Argument]) -> list[Value]:
        return [self._value(a.value) for a in given if isinstance(a.value, spec.Name)]

    def _unknown_step(self, word: spec.Name) -> Problem:
        if word.text in self._values:
            return NotALayer(word.span, name=word.text)
        near = meant(word.text, REGISTRY)
        advice = advise(word.text, near, "`netc explain --list` shows the layer types")
        sure = is_sure(word.text, near, REGISTRY)
        return UnknownLayer(word.span, near=near, advice=advice, type=word.text, is_sure=sure)

    def _end_of_flow(self, value: Value, *, last: bool, role: str | None) -> Value:
        """The value, unless a loss or a metric stands where only a layer can."""
        node = self._apply.made.get(value.name)
        if node is None or not type(node.layer).roles or (last and role in ("loss", "metric")):
            return value
        self._problems.append(no_layer(value, node, last=last))
        return Value(value.name, None, value.span)

    # ---- the end

    def finish(self) -> Built:
        if not self._inputs:
            self._problems.insert(0, NoInput(self._net.name.span, name=self._net.name.text))
        if any(p.level is Level.ERROR for p in self._problems):
            return Built(None, tuple(self._problems))
        graph = self._apply.graph(self._net.name.text, tuple(self._inputs)).replace(
            outputs=tuple(dict.fromkeys(self._outputs)),
            losses=tuple(dict.fromkeys(self._losses)),
            metrics=tuple(dict.fromkeys(self._metrics)),
        )
        return Built(graph, (*self._problems, *self._unused(graph)))

    def _unused(self, graph: Graph) -> list[Problem]:
        found: list[Problem] = []
        for name, value in self._inputs.items():
            if name not in graph.read:
                way_out = "let it flow into a layer, or remove the line"
                if graph.types[name].classes is not None:
                    way_out = "compare something with it in a `loss` or a `metric`"
                found.append(UnusedInput(value.span, name=name, way_out=way_out))
        if graph.roots:
            ends = (node for node in graph.nodes if not graph.read.intersection(node.writes))
            found += [UnusedValue(node.span, name=node.name) for node in ends]
        return found


def _named_step(steps: tuple[spec.Step, ...]) -> int:
    """Which layer of a chain takes the chain's name: the first with weights, else the last."""
    for index, step in enumerate(steps):
        word = step.type if isinstance(step, spec.Call) else step
        if (
            isinstance(word, spec.Name)
            and word.text in REGISTRY
            and has_weights(REGISTRY[word.text])
        ):
            return index
    return len(steps) - 1


def _size(written: spec.Value) -> int | None:
    """The size of an axis, if that is what is written."""
    size = written.value if isinstance(written, spec.Number) else 0
    return size if isinstance(size, int) and size > 0 else None


def _arguments(call: spec.Call) -> tuple[spec.Value, ...]:
    return tuple(a.value for a in call.arguments)
