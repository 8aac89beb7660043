"""Chains: where they start, what their steps are, and what comes out at the end."""

from collections.abc import Iterable
from dataclasses import replace

from netc import spec
from netc.ir.application import Application, Naming
from netc.ir.frame import Frame
from netc.ir.functions import FUNCTIONS
from netc.ir.instances import Instances, Run
from netc.ir.joins import misplaced_value, no_join, phases_differ, wrong_to_read
from netc.ir.problems import (
    LooseValues,
    MissingArgument,
    MissingOption,
    NoBranches,
    NotALayer,
    UnknownLayer,
    WrongInputs,
)
from netc.ir.roles import no_layer
from netc.ir.scope import Scope, Value
from netc.ir.state import State
from netc.ir.steps import apply_layer, is_type, named_step, split, unknown_step
from netc.ir.values import no_source, value_of
from netc.layers import INITIALIZERS, REGISTRY, inputs_of
from netc.options import main_option


class Chains:
    """Builds chains of one net. `run` walks through a body that a step holds or names."""

    def __init__(self, state: State, run: Run) -> None:
        self._state = state
        self._problems = state.problems
        self._run = run
        self.instances = Instances(state, run)

    def chain(self, chain: spec.Chain, frame: Frame, *, role: str | None = None) -> Value | None:
        """Append the layers of a chain; give its last value, or None when nothing was there."""
        scope = frame.scope
        prefix, name = _full_name(chain, scope.prefix)
        owner = scope.owner + prefix.removeprefix(scope.prefix)
        flowing, steps = self._source(chain, frame)
        named = named_step(steps, scope)
        for index, step in enumerate(steps):
            last = index == len(steps) - 1
            naming = Naming(
                layer=name if index == named else None,
                value=name if last else None,
                role=role if last else None,
                prefix=prefix,
                owner=owner,
            )
            made = self._step(step, flowing, naming, frame)
            if made.type is not None:
                known = replace(made, phase=frame.phase) if frame.phase else made
                scope.inside.setdefault(made.name, known)
            flowing = (self._end_of_flow(made, frame, last=last, role=role),)
        value = flowing[-1] if flowing else None
        if role == "output" and value is not None and value.type is not None:
            return self._called(value, name or self._known_as(chain, scope), chain)
        return value

    # ---- where a chain starts

    def _source(
        self, chain: spec.Chain, frame: Frame
    ) -> tuple[tuple[Value, ...], tuple[spec.Step, ...]]:
        """What flows into the chain, and the steps that are left for it to flow through."""
        first, *rest = chain.steps
        if isinstance(first, spec.Tuple):
            if not rest:
                return (self._loose(first),), ()
            return tuple(value_of(self._state, name, frame) for name in first.names), tuple(rest)
        if isinstance(first, spec.Name):
            known = frame.scope.value(first.text) is not None
            if known or not is_type(first.text, frame.scope):
                what = "value" if known else "layer"
                return (value_of(self._state, first, frame, what=what),), tuple(rest)
        if isinstance(first, spec.Call) and self._has_inputs(first, frame):
            return (), chain.steps
        if not isinstance(first, spec.Name | spec.Call | spec.Join):
            # Among arguments a flow may begin with any expression.
            return (no_source(self._state, first, frame),), tuple(rest)
        self._problems += wrong_to_read(frame.current)
        return frame.current, chain.steps

    def _loose(self, values: spec.Tuple) -> Value:
        """What stands for several values that nothing joins, after saying so."""
        written = f"({', '.join(name.text for name in values.names)})"
        self._problems.append(LooseValues(values.span, written=written))
        return Value("", None, values.span)

    # ---- steps

    def _step(
        self, step: spec.Step, flowing: tuple[Value, ...], naming: Naming, frame: Frame
    ) -> Value:
        if isinstance(step, spec.Tuple):
            self._problems.append(NotALayer(step.span, name=step.names[0].text))
            return Value("", None, step.span)
        if isinstance(step, spec.Join):
            return self._join(step, flowing, naming, frame)
        word, arguments = split(step)
        inputs, options = self._parted(arguments, frame)
        what = "value or constant" if _takes_constants(word, frame) else "value"
        given = [
            self._given(a, frame, word, what, _port(word, len(flowing) + i, naming, frame))
            for i, a in enumerate(inputs)
        ]
        values = (*flowing, *given)
        before = len(self._problems)
        made = self._made(Application(word, options, values, step.span, naming), frame)
        if any(_is_unknown(argument.value, frame) for argument in inputs):
            # The word that is not known may be what else seems to be missing.
            told = self._problems[before:]
            follows = MissingOption | MissingArgument | WrongInputs
            self._problems[before:] = [p for p in told if not isinstance(p, follows)]
        return made

    def _made(self, call: Application, frame: Frame) -> Value:
        """What a shared layer, a block or a layer type makes of values."""
        word = call.type
        shared, block = frame.scope.shared_layer(word.text), frame.scope.block(word.text)
        if shared is not None:
            return self.instances.shared(shared, call, frame)
        if block is not None:
            return self.instances.block(block, call, frame)
        if word.text not in REGISTRY:
            if not self._state.is_told(UnknownLayer, word.span):
                self._problems.append(unknown_step(word, frame.scope))
            return Value(word.text, None, call.span)
        return apply_layer(self._state, call, frame)

    def _join(
        self, join: spec.Join, flowing: tuple[Value, ...], naming: Naming, frame: Frame
    ) -> Value:
        """Build every branch from what flows in, and join what they give."""
        word, arguments = split(join.type)
        inputs, options = self._parted(arguments, frame)
        self._problems += [misplaced_value(inputs[0].span)] if inputs else []
        poisoned, before = Value(word.text, None, join.span), self._state.found
        branching = frame.branching(flowing)
        self._run(join.body, branching)
        branches = tuple(branching.branches or ())
        problem = no_join(word, frame.scope)
        if problem is not None:
            self._problems.append(problem)
        if problem is not None or inputs:
            return poisoned
        if not branches:
            if self._state.found == before:
                self._problems.append(NoBranches(join.span, type=word.text))
            return poisoned
        call = Application(word, options, branches, join.span, naming)
        return apply_layer(self._state, call, frame)

    def by_phase(self, statement: spec.When, inside: Frame, outside: Frame) -> tuple[Value, ...]:
        """What flows on after a `when`: in its phase what it made, in the other what came in."""
        if inside.current == outside.current or not inside.current or not outside.current:
            return outside.current
        made, came = inside.current[0], outside.current[0]
        if made.type and came.type and made.type != came.type:
            # It is no mistake where a line behind it names what it goes on from.
            return (replace(made, type=None, wrong=phases_differ(statement, made, came)),)
        pair = (made, came) if inside.phase == "train" else (came, made)
        word = spec.Name("by_phase", statement.phase.span)
        scope = outside.scope
        naming = Naming(None, None, None, scope.prefix, scope.owner)
        call = Application(word, (), pair, word.span, naming)
        return (apply_layer(self._state, call, outside),)

    # ---- arguments

    def _parted(
        self, arguments: Iterable[spec.Argument], frame: Frame
    ) -> tuple[tuple[spec.Argument, ...], tuple[spec.Argument, ...]]:
        """The arguments that are values which flow in, and those that are options."""
        inputs: list[spec.Argument] = []
        options: list[spec.Argument] = []
        for argument in arguments:
            is_input = argument.name is None and self._is_input(argument.value, frame)
            (inputs if is_input else options).append(argument)
        return tuple(inputs), tuple(options)

    def _has_inputs(self, call: spec.Call, frame: Frame) -> bool:
        """Whether any of the arguments is a value that flows in."""
        return any(a.name is None and self._is_input(a.value, frame) for a in call.arguments)

    def _is_input(self, written: spec.Value | spec.Chain, frame: Frame) -> bool:
        if isinstance(written, spec.Chain):
            return True
        if isinstance(written, spec.Call):
            word = written.type.text
            if word in FUNCTIONS:
                # `abs`, `log` and `max` are layer types too, and are meant so of a value.
                flows = (self._flows(a.value, frame) for a in written.arguments if not a.name)
                return word in REGISTRY and any(flows)
            if word in INITIALIZERS:
                return False
            # What is given values can only be a layer, if a misspelt one.
            return is_type(word, frame.scope) or self._has_inputs(written, frame)
        if isinstance(written, spec.Attribute):
            name = spec.dotted(written)
            return name is not None and frame.scope.value(name.text) is not None
        return isinstance(written, spec.Name) and not frame.scope.is_constant(written.text)

    def _flows(self, written: spec.Value | spec.Chain, frame: Frame) -> bool:
        """Whether an argument of a function is a value, which a name must be known as."""
        if isinstance(written, spec.Name):
            return frame.scope.value(written.text) is not None
        return self._is_input(written, frame)

    def _given(
        self, argument: spec.Argument, frame: Frame, type: spec.Name, what: str, port: str
    ) -> Value:
        """The value that an argument names, or makes on the spot, for this input of the layer."""
        written = argument.value
        if isinstance(written, spec.Call):
            written = spec.Chain(None, (written,), written.span)
        if isinstance(written, spec.Chain):
            made = self.chain(written, frame)
            return made or Value("", None, written.span)
        name = spec.dotted(written)
        if name is None:
            return Value("", None, written.span)
        is_label = port == "label"
        return value_of(self._state, name, frame, what=what, is_label=is_label, of=type.text)

    # ---- ends

    def _known_as(self, chain: spec.Chain, scope: Scope) -> str | None:
        """The full name of the value that a chain consists of; what is known by this name may have
        been called otherwise by the block that made it."""
        (only, *more) = chain.steps
        if more or not isinstance(only, spec.Name):
            return None
        return scope.full_name(only.text)

    def _called(self, value: Value, name: str | None, chain: spec.Chain) -> Value:
        """The value under the name that an output asks for, which may be another one's too."""
        if name is None or name == value.name:
            return value
        known = self._state.apply.made.get(name)
        if known is not None and known.inputs == (value.name,):
            return Value(name, value.type, value.span)
        word = spec.Name("identity", chain.span)
        layer = None if self._state.apply.is_layer(name) else name
        naming = Naming(layer, name, "output")
        return self._state.apply.layer(Application(word, (), (value,), chain.span, naming))

    def _end_of_flow(self, value: Value, frame: Frame, *, last: bool, role: str | None) -> Value:
        """The value, unless a loss or a metric stands where only a layer can."""
        node = self._state.apply.made.get(value.name)
        if node is None or not type(node.layer).roles or (last and role in ("loss", "metric")):
            return value
        self._problems.append(no_layer(value, node, last=last, in_block=frame.kind == "block"))
        return Value(value.name, None, value.span)


def _takes_constants(word: spec.Name, frame: Frame) -> bool:
    """Whether an argument without a name may be a constant."""
    cls = REGISTRY.get(word.text)
    return cls is None or main_option(cls) is not None


def _port(word: spec.Name, index: int, naming: Naming, frame: Frame) -> str:
    """The name of an input of a layer type; empty where there is none. What comes second in a loss
    or a metric is compared with the first, even where the layer type is the wrong one."""
    cls = None if frame.scope.block(word.text) else REGISTRY.get(word.text)
    if naming.role in ("loss", "metric") and not (cls and cls.roles):
        return "label" if index == 1 else ""
    names = inputs_of(cls) if cls is not None else ()
    return names[index] if index < len(names) else ""


def _is_unknown(written: spec.Value | spec.Chain, frame: Frame) -> bool:
    return isinstance(written, spec.Name) and frame.scope.value(written.text) is None


def _full_name(chain: spec.Chain, prefix: str) -> tuple[str, str | None]:
    """The prefix of what a chain makes, and its full name: a dotted name stands in the scope that
    it begins with."""
    if chain.name is None:
        return prefix, None
    scope, dot, _ = chain.name.text.rpartition(".")
    return prefix + scope + dot, prefix + chain.name.text
