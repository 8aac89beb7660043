"""Blocks used like layer types, and layers that are shared."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from netc import spec
from netc.ir.application import Naming
from netc.ir.constants import Constant, shown
from netc.ir.evaluate import Evaluator
from netc.ir.frame import Frame
from netc.ir.joins import wrong_to_read
from netc.ir.parameters import bind_arguments
from netc.ir.problems import NothingFlows, OptionsOfShared, TooDeepBlocks
from netc.ir.scope import BlockOf, Scope, SharedLayer, Value
from netc.ir.state import DEEPEST, State, Stop
from netc.ir.steps import apply_layer, split, unknown_step
from netc.layers import REGISTRY

Body = Sequence[spec.Statement]
Run = Callable[[Body, Frame], None]


class Instances:
    """Uses blocks and shared layers of one net. `run` walks through the body of a block."""

    def __init__(self, state: State, run: Run) -> None:
        self._state = state
        self._problems = state.problems
        self._run = run
        self._open: list[spec.Block] = []

    def block(
        self,
        found: BlockOf,
        word: spec.Name,
        step: spec.Step,
        options: Sequence[spec.Argument],
        values: tuple[Value, ...],
        naming: Naming,
        frame: Frame,
    ) -> Value:
        """Build a block's body once more, with its parameters set; give its result."""
        block, poisoned = found.block, Value(word.text, None, step.span)
        given = Evaluator(self._problems, frame.at_step(values))
        constants = bind_arguments(block, word, options, given, self._problems)
        # A block that uses itself is told of before anything is built.
        if constants is None or block in self._open:
            return poisoned
        if not values:
            self._problems.append(NothingFlows(step.span, type=word.text))
            return poisoned
        if len(self._open) >= DEEPEST:
            self._problems.append(TooDeepBlocks(step.span, limit=DEEPEST))
            raise Stop
        name = naming.layer or self._state.names.layer(naming.prefix, word.text)
        scope = Scope(
            f"{name}.",
            f"{naming.weights_of(name)}.",
            found.file,
            constants=constants,
            inside=frame.scope.inside,
            parameters=block.parameters,
            lines=block.body,
        )
        inside = Frame(scope, "block", values, phase=frame.phase)
        with self._state.used_by(step.span, _used_text(constants)):
            self._fill_defaults(block, inside)
            self._state.names.reserve(scope.prefix, block.body)
            self._open.append(block)
            self._run(block.body, inside)
            self._open.pop()
        result = inside.results[-1] if inside.results else inside.current[-1]
        self._problems += wrong_to_read((result,))
        return Value(result.name, result.type, step.span)

    def _fill_defaults(self, block: spec.Block, inside: Frame) -> None:
        """Work out the defaults of what was not given; each may ask for those before it."""
        scope = inside.scope
        for parameter in block.parameters:
            name = parameter.name.text
            scope.places[name] = parameter.name.span
            if name not in scope.constants:
                default = parameter.default
                value = Evaluator(self._problems, inside).constant(default) if default else None
                scope.constants[name] = value

    def shared(
        self,
        shared: SharedLayer,
        step: spec.Step,
        options: Sequence[spec.Argument],
        values: tuple[Value, ...],
        naming: Naming,
        frame: Frame,
    ) -> Value:
        """Use a shared layer once more: another node with the same weights."""
        scope, poisoned = shared.scope, Value(shared.name, None, step.span)
        if options:
            self._problems.append(OptionsOfShared(options[0].span, layer=shared.name))
            return poisoned
        word, written = split(shared.made)
        if word.text not in REGISTRY and scope.block(word.text) is None:
            return poisoned
        shared.uses += 1
        name = scope.prefix + shared.name
        if shared.uses > 1:
            name = self._state.names.layer(scope.prefix, shared.name, role=True)
        owner = scope.owner + shared.name
        naming = replace(naming, layer=name, value=naming.value or name, shared=owner)
        at = Frame(scope, frame.kind, frame.current, phase=frame.phase)
        block = scope.block(word.text)
        if block is not None:
            return self.block(block, word, step, written, values, naming, at)
        return apply_layer(self._state, word, step, written, values, naming, at)

    def check_shared(self, statement: spec.Shared, frame: Frame) -> None:
        """Say at once where a shared layer is made of something that is no layer."""
        word = split(statement.made)[0]
        known = word.text in REGISTRY or frame.scope.block(word.text) is not None
        if not known:
            self._problems.append(unknown_step(word, frame.scope))


def _used_text(constants: dict[str, Constant | None]) -> str:
    """What a block was given, in words."""
    given = [f"{name}: {shown(v)[:40]}" for name, v in constants.items() if v is not None]
    return f"used here, with {', '.join(given)}" if given else "used here"
