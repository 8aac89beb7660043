"""A spec turned into a graph: names found, options bound, every shape proved, all problems kept."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from netc import spec
from netc.diag import Level, Problem
from netc.ir.claims import check_claims
from netc.ir.evaluate import Evaluator
from netc.ir.frame import Frame
from netc.ir.graph import Graph
from netc.ir.measures import Memory
from netc.ir.problems import (
    Misplaced,
    MissingParameter,
    NoInput,
    UnreadEdge,
    UnusedInput,
    UnusedValue,
)
from netc.ir.scope import BlockOf, Scope, Value
from netc.ir.state import State, Stop
from netc.ir.statements import Statements
from netc.ir.static import new_problems, static_problems
from netc.layers import REGISTRY


@dataclass(frozen=True)
class Built:
    """What became of a spec: its graph, unless there are errors, and all problems found."""

    graph: Graph | None
    problems: tuple[Problem, ...]


def build(whole: spec.Spec, *, memory: Memory | None = None) -> Built:
    """Build the graph of a spec, or say everything that is wrong with it.

    `memory` measures the bytes a graph takes for a batch; it must be given for specs that make
    claims about memory.
    """
    state = State()
    net = whole.net
    file = _file_scope(whole, state, {})
    scope = Scope(outer=file, parameters=net.parameters, lines=net.body)
    frame = Frame(scope, "net")
    _set_parameters(net, frame, state)
    state.names.reserve("", net.body)
    with suppress(Stop):
        Statements(state).run(net.body, frame)
    return _finish(whole, state, memory)


def constants_of(whole: spec.Spec) -> Frame:
    """Where the `train` section stands: it sees the file's constants and the net's parameters.

    What is wrong with them is for `build` to tell.
    """
    state = State()
    frame = Frame(Scope(outer=_file_scope(whole, state, {})), "train")
    _set_parameters(whole.net, frame, state)
    return frame


def _file_scope(library: spec.Library, state: State, known: dict[int, Scope]) -> Scope:
    """What every section of a file sees: its constants, its blocks, and those of files it uses."""
    if id(library) in known:
        return known[id(library)]
    scope = known[id(library)] = Scope(lines=library.lets)
    blocks: dict[str, BlockOf] = {}
    for used in library.used:
        theirs = _file_scope(used, state, known)
        blocks |= {block.name.text: BlockOf(block, theirs) for block in used.blocks}
    blocks |= {block.name.text: BlockOf(block, scope) for block in library.blocks}
    scope.blocks = blocks
    Statements(state).run(library.lets, Frame(scope, "block"))
    return scope


def _set_parameters(net: spec.NetSpec, frame: Frame, state: State) -> None:
    """Give every parameter of the net its value; each may ask for those before it."""
    scope = frame.scope
    for parameter in net.parameters:
        name = parameter.name
        value = None
        if parameter.default is None:
            state.problems.append(MissingParameter(parameter.span, name=name.text))
        else:
            value = Evaluator(state.problems, frame).constant(parameter.default)
        scope.constants[name.text] = value
        scope.places[name.text] = name.span


def _finish(whole: spec.Spec, state: State, memory: Memory | None) -> Built:
    problems = state.problems
    is_misplaced = any(isinstance(p, Misplaced) and "input" in p.what for p in problems)
    if not state.inputs and not is_misplaced:
        name = whole.net.name
        problems.insert(0, NoInput(name.span, name=name.text))
    graph = None
    if not any(p.level is Level.ERROR for p in problems):
        graph = state.apply.graph(whole.net.name.text, tuple(state.inputs)).replace(
            outputs=tuple(dict.fromkeys(state.outputs)),
            losses=tuple(dict.fromkeys(state.losses)),
            metrics=tuple(dict.fromkeys(state.metrics)),
            phases=state.phases,
        )
        problems += _unused(graph, state.inputs)
        check_claims(state.claims, graph, memory, problems)
    problems += new_problems(static_problems(whole), problems)
    found = _untold(whole, _once(problems))
    if any(p.level is Level.ERROR for p in found):
        graph = None
    return Built(graph, found)


def _untold(whole: spec.Spec, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Those that who reads the nets of another program does not tell of in its words."""
    if whole.origin is None:
        return problems
    return tuple(problem for problem in problems if not isinstance(problem, UnreadEdge))


def _once(problems: list[Problem]) -> tuple[Problem, ...]:
    """Every problem once for its place, however often a block or a loop came by it."""
    found: dict[object, Problem] = {}
    for problem in problems:
        span = problem.span
        place = (span.source.path, span.start, span.end) if span else id(problem)
        found.setdefault((problem.slug, place), problem)
    return tuple(found.values())


def _unused(graph: Graph, inputs: Mapping[str, Value]) -> list[Problem]:
    found: list[Problem] = []
    for name, value in inputs.items():
        if name not in graph.read:
            way_out = "let it flow into a layer, or remove the line"
            if graph.types[name].classes is not None:
                way_out = "compare something with it in a `loss` or a `metric`"
            found.append(UnusedInput(value.span, name=name, way_out=way_out))
    if graph.roots:
        # Where nothing goes on from a `when`, its phases need not come together.
        nodes = (node for node in graph.nodes if not isinstance(node.layer, REGISTRY["by_phase"]))
        ends = (node for node in nodes if not graph.read.intersection(node.writes))
        found += [UnusedValue(node.span, name=node.name) for node in ends]
    return found
