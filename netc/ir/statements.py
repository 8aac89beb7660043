"""The lines of a body walked through: what each kind of statement does."""

from netc import spec
from netc.diag import Problem
from netc.ir.chains import Chains
from netc.ir.constants import Constant
from netc.ir.evaluate import Evaluator
from netc.ir.frame import Frame
from netc.ir.graph import Loss
from netc.ir.input_types import input_type
from netc.ir.instances import Body
from netc.ir.loops import Loops
from netc.ir.misplaced import (
    PHASES,
    Where,
    misplaced_input,
    misplaced_role,
    misplaced_when,
    second_result,
    unknown_phase,
)
from netc.ir.problems import (
    RepeatedConstant,
    RepeatedName,
    ReservedName,
)
from netc.ir.roles import no_output, not_in_role
from netc.ir.scope import SharedLayer, Value
from netc.ir.spoil import spoil
from netc.ir.state import Claim, State
from netc.layers import REGISTRY


class Statements:
    """Walks through the bodies of one net."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._problems = state.problems
        self._chains = Chains(state, self.run)
        self._loops = Loops(state, self.run)

    def run(self, body: Body, frame: Frame) -> None:
        """Walk through a body; the frame holds what comes of it."""
        for statement in body:
            before = len(self._problems)
            self._state.count_line(statement.span)
            self._statement(statement, frame)
            self._state.mark(before)

    def _statement(self, statement: spec.Statement, frame: Frame) -> None:
        match statement:
            case spec.Chain():
                self._chain(statement, frame)
            case spec.Let():
                self._let(statement, frame)
            case spec.Role():
                self._role(statement, frame)
            case spec.For():
                self._loops.for_each(statement, frame)
            case spec.Repeat():
                self._loops.repeat(statement, frame)
            case spec.If():
                self._if(statement, frame)
            case spec.When():
                self._when(statement, frame)
            case spec.Input():
                self._input(statement, frame)
            case spec.Shared():
                self._shared(statement, frame)
            case spec.Assert():
                self._state.claims.append(Claim(statement, _copied(frame), self._state.via))

    # ---- names

    def _let(self, statement: spec.Let, frame: Frame) -> None:
        value = Evaluator(self._problems, frame).constant(statement.value)
        self._name_constant(statement.name, value, frame)

    def _name_constant(self, name: spec.Name, value: Constant | None, frame: Frame) -> None:
        scope, word = frame.scope, name.text
        known = scope.values.get(word)
        if word in scope.constants or known is not None:
            first = scope.places.get(word) or (known.span if known else None)
            scope.constants.setdefault(word, None)
            self._problems.append(RepeatedConstant(name.span, name=word, first=first))
            return
        scope.constants[word] = value
        scope.places[word] = name.span

    def _is_new(self, name: spec.Name, frame: Frame, *, what: str = "a value") -> bool:
        """Whether a value may take this name; where not, that is a problem."""
        scope, word = frame.scope, name.text
        problem: Problem | None = None
        if word in REGISTRY or scope.block(word) is not None:
            kind = "layer type" if word in REGISTRY else "block"
            problem = ReservedName(name.span, name=word, what=what, kind=kind)
        elif word in scope.values:
            problem = RepeatedName(name.span, name=word, first=scope.values[word].span)
        elif word in scope.shared:
            first, way_out = scope.places[word], "give one of the two another name"
            problem = RepeatedName(
                name.span, first=first, name=word, kind="shared layer", way_out=way_out
            )
        elif word in scope.constants:
            problem = RepeatedConstant(name.span, name=word, first=scope.places.get(word))
        if problem is not None:
            self._problems.append(problem)
        return problem is None

    # ---- what flows

    def _chain(self, statement: spec.Chain, frame: Frame) -> None:
        value = self._named(statement, frame, role=None)
        if value is None:
            return
        if frame.branches is None:
            frame.current = (value,)
        else:
            frame.branches.append(value)

    def _named(self, chain: spec.Chain, frame: Frame, *, role: str | None) -> Value | None:
        """The value of a chain, known by the chain's name from here on."""
        name = chain.name
        if name is not None and not self._is_new(name, frame):
            name, chain = None, spec.Chain(None, chain.steps, chain.span)
        value = self._chains.chain(chain, frame, role=role)
        if name is not None and value is not None:
            known = Value(value.name, value.type, chain.span, frame.phase)
            frame.scope.values[name.text] = known
            frame.scope.inside[frame.scope.prefix + name.text] = known
        return value

    def _role(self, statement: spec.Role, frame: Frame) -> None:
        role = statement.role.text
        if frame.branches is not None or (frame.kind == "block" and role != "output"):
            where: Where = "in a join" if frame.branches is not None else "in a block"
            self._problems.append(misplaced_role(statement, where))
            if frame.branches is not None:
                frame.branches.append(Value("", None, statement.span))
            return
        if frame.kind == "block":
            if frame.results:
                self._problems.append(second_result(statement))
            value = self._named(statement.chain, frame, role=None)
            frame.results += [value] if value is not None else []
            return
        value = self._named(statement.chain, frame, role=role)
        if value is None or value.type is None:
            return
        self._note_phase(value.name, frame)
        node, last = self._state.apply.made.get(value.name), statement.chain.steps[-1]
        roles = type(node.layer).roles if node else ()
        if role == "output" and not roles:
            self._state.outputs.append(value.name)
        elif role == "output":
            self._problems.append(no_output(last))
        elif role not in roles:
            self._problems.append(not_in_role(last, role))
        elif role == "loss":
            weight = self._state.apply.loss_weights[value.name]
            self._state.losses.append(Loss(value.name, weight))
        else:
            self._state.metrics.append(value.name)

    def _note_phase(self, value: str, frame: Frame) -> None:
        """Note in which phase a role is; what has one in both phases has it in all."""
        state = self._state
        is_new = value not in state.in_roles
        state.in_roles.add(value)
        if is_new and frame.phase is not None:
            state.phases[value] = frame.phase
        elif not is_new and state.phases.get(value) != frame.phase:
            state.phases.pop(value, None)

    def _input(self, statement: spec.Input, frame: Frame) -> None:
        if frame.kind == "block" or frame.is_loop or frame.branches is not None or frame.phase:
            self._problems.append(misplaced_input(statement, _where(frame)))
            poisoned = Value("", None, statement.span)
            frame.current = frame.current or (poisoned,)
            frame.scope.values.setdefault(statement.name.text, poisoned)
            if frame.branches is not None:
                frame.branches.append(poisoned)
            return
        name = statement.name
        type = input_type(statement, frame, self._problems)
        if not self._is_new(name, frame):
            return
        value = Value(name.text, type, statement.span)
        frame.scope.values[name.text] = self._state.inputs[name.text] = value
        if type is not None:
            self._state.apply.types[name.text] = type
        if not frame.current and (type is None or type.classes is None):
            frame.current = (value,)

    def _shared(self, statement: spec.Shared, frame: Frame) -> None:
        if not self._is_new(statement.name, frame, what="a shared layer"):
            return
        self._chains.instances.check_shared(statement, frame)
        scope, name = frame.scope, statement.name.text
        scope.shared[name] = SharedLayer(statement.made, name, scope)
        scope.places[name] = statement.name.span

    # ---- what is repeated and chosen

    def _if(self, statement: spec.If, frame: Frame) -> None:
        condition = Evaluator(self._problems, frame).condition(statement.condition)
        if condition:
            self.run(statement.body, frame)
        elif condition is None:
            spoil(statement, frame)
        elif statement.otherwise is not None:
            self.run(statement.otherwise, frame)

    def _when(self, statement: spec.When, frame: Frame) -> None:
        word = statement.phase
        if word.text not in PHASES:
            self._problems.append(unknown_phase(word))
            spoil(statement, frame)
            return
        phase = PHASES[word.text]
        if frame.phase is not None:
            # All that is made here is for one phase already.
            self.run(statement.body if phase == frame.phase else (), frame)
            return
        if frame.branches is not None:
            self._problems.append(misplaced_when(word))
            spoil(statement, frame)
            return
        inside = frame.within(phase)
        self.run(statement.body, inside)
        frame.current = self._chains.by_phase(statement, inside, frame)


def _where(frame: Frame) -> Where:
    """What is told of the place of a line that cannot stand there."""
    if frame.kind == "block":
        return "in a block"
    if frame.branches is not None:
        return "in a join"
    return "in a loop" if frame.is_loop else "in a `when`"


def _copied(frame: Frame) -> Frame:
    return Frame(frame.scope, frame.kind, frame.current, phase=frame.phase)
