"""Blocks used like layer types, and layers that are shared."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from netc import spec
from netc.ir.application import Application
from netc.ir.constants import Constant, brief
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

    def block(self, found: BlockOf, call: Application, frame: Frame) -> Value:
        """Build a block's body once more, with its parameters set; give its result."""
        block, word, poisoned = found.block, call.type, Value(call.type.text, None, call.span)
        given = Evaluator(self._problems, frame.at_step(call.values))
        constants = bind_arguments(block, word, call.options, given, self._problems)
        # A block that uses itself is told of before anything is built.
        if constants is None or any(block is each for each in self._open):
            return poisoned
        if not call.values:
            self._problems.append(NothingFlows(call.span, type=word.text))
            return poisoned
        if len(self._open) >= DEEPEST:
            what = f"blocks are nested more than {DEEPEST} deep"
            self._problems.append(TooDeepBlocks(call.span, what=what))
            raise Stop
        naming = call.naming
        name = naming.layer or self._state.names.layer(naming.prefix, word.text)
        scope = Scope(
            f"{name}.",
            f"{naming.weights_of(name)}.",
            found.file,
            constants=constants,
            inside=frame.scope.inside,
            work=frame.scope.work,
            parameters=block.parameters,
            lines=block.body,
        )
        inside = Frame(scope, "block", call.values, phase=frame.phase)
        with self._state.used_by(call.span, _used_text(constants)):
            self._fill_defaults(block, inside)
            self._state.names.reserve(scope.prefix, block.body)
            self._walk_through(block, call, inside)
        result = inside.results[-1] if inside.results else inside.current[-1]
        self._problems += wrong_to_read((result,))
        return Value(result.name, result.type, call.span)

    def _walk_through(self, block: spec.Block, call: Application, inside: Frame) -> None:
        """Build the body. Each file has its bounds, but blocks stand in what blocks nest: together
        they may go deeper than Python does."""
        self._open.append(block)
        try:
            self._run(block.body, inside)
        except RecursionError:
            what = "joins, loops and choices in blocks are nested too deep"
            self._problems.append(TooDeepBlocks(call.span, what=what))
            raise Stop from None
        self._open.pop()

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

    def shared(self, shared: SharedLayer, call: Application, frame: Frame) -> Value:
        """Use a shared layer once more: another node with the same weights."""
        scope, poisoned = shared.scope, Value(shared.name, None, call.span)
        if call.options:
            self._problems.append(OptionsOfShared(call.options[0].span, layer=shared.name))
            return poisoned
        word, written = split(shared.made)
        if word.text not in REGISTRY and scope.block(word.text) is None:
            return poisoned
        name = scope.prefix + shared.name
        if shared.uses:
            name = self._state.names.layer(scope.prefix, shared.name, role=True)
        shared.uses.append(name)
        owner = scope.owner + shared.name
        naming = replace(call.naming, layer=name, value=call.naming.value or name, shared=owner)
        made = replace(call, type=word, options=written, naming=naming)
        at = Frame(scope, frame.kind, frame.current, phase=frame.phase)
        block = scope.block(word.text)
        if block is not None:
            return self.block(block, made, at)
        return apply_layer(self._state, made, at)

    def check_shared(self, statement: spec.Shared, frame: Frame) -> None:
        """Say at once where a shared layer is made of something that is no layer."""
        word = split(statement.made)[0]
        known = word.text in REGISTRY or frame.scope.block(word.text) is not None
        if not known:
            self._problems.append(unknown_step(word, frame.scope))


def _used_text(constants: dict[str, Constant | None]) -> str:
    """What a block was given, in words."""
    given = [f"{name}: {brief(v)}" for name, v in constants.items() if v is not None]
    return f"used here, with {', '.join(given)}" if given else "used here"
