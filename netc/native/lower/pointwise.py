"""Layers that say in a formula what they do at one place, and those that do nothing at all."""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

from netc.ir import Node, Port
from netc.native.formula import Formula, Recorder
from netc.native.lower.lowering import Lowering, lowers
from netc.native.task import Task


@lowers("*", "forward")
def forward(lowering: Lowering, node: Node) -> list[Task] | None:
    """A layer with a formula, or a view."""
    if node.layer.view:
        return _view(lowering, str(node.ports["y"]), str(node.ports["x"]))
    formula = type(node.layer).formula
    if formula is None:
        return None
    recorder = Recorder()
    given = _given(lowering, recorder, node, formula, {})
    if given is None:
        return None
    made = node.layer.formula(recorder, **given)  # type: ignore[misc]
    return _tasks(lowering, node, recorder, {node.value: made}, {}, node.value)


@lowers("*", "backward")
def backward(lowering: Lowering, node: Node) -> list[Task] | None:
    """The gradient of such a layer."""
    if node.layer.view:
        return _view(lowering, str(node.ports["dx"]), str(node.ports["dy"]))
    gradient = type(node.layer).gradient
    if gradient is None:
        return None
    recorder, like = Recorder(), str(node.ports["dy"])
    given = _given(lowering, recorder, node, gradient, lowering.forward(node).ports)
    if given is None:
        return None
    made: Mapping[str, int] = node.layer.gradient(recorder, **given)  # type: ignore[misc]
    stores: dict[str, int] = {}
    sums: dict[str, int] = {}
    for target, port in _targets(node):
        if target not in made:
            return None
        type_ = lowering.types[port]
        if type_.batched and type_.shape == lowering.types[like].shape:
            stores[port] = made[target]
        elif type_.shape in (lowering.types[like].shape[:1], (1,)):
            sums[port] = made[target]
        else:
            return None
    return _tasks(lowering, node, recorder, stores, sums, like)


def _targets(node: Node) -> Sequence[tuple[str, str]]:
    """The gradients to be filled, as `gradient` calls them, and their values."""
    found: list[tuple[str, str]] = []
    for argument, port in node.ports.items():
        if node.is_written(argument):
            if isinstance(port, str):
                found.append((argument, port))
            else:
                found += [(f"{argument}[{i}]", value) for i, value in enumerate(port)]
    return found


def _given(
    lowering: Lowering, recorder: Recorder, node: Node, rule: Any, more: Mapping[str, Port]
) -> dict[str, Any] | None:
    """The arguments of a formula; None where it cannot be computed place by place."""
    shape = lowering.types[str(node.ports["y" if node.rule == "forward" else "dy"])].shape
    given: dict[str, Any] = {}
    ports = {**more, **node.ports}
    for name, parameter in list(inspect.signature(rule).parameters.items())[2:]:
        if name == "training":
            given[name] = lowering.graph.training
        elif name in ports:
            port = ports[name]
            values = (port,) if isinstance(port, str) else port
            read = [_read(lowering, recorder, value, shape) for value in values]
            if any(number is None for number in read):
                return None
            given[name] = read[0] if isinstance(port, str) else read
        elif parameter.default is parameter.empty:
            return None
    return given


def _read(lowering: Lowering, recorder: Recorder, value: str, shape: Sequence[int]) -> int | None:
    type = lowering.types[value]
    if type.dtype != lowering.dtype:
        return None
    if type.batched:
        return recorder.value(value) if type.shape == tuple(shape) else None
    if type.shape == tuple(shape[:1]):
        return recorder.channel(value)
    return recorder.scalar(value) if type.size == 1 else None


def _tasks(
    lowering: Lowering,
    node: Node,
    recorder: Recorder,
    stores: Mapping[str, int],
    sums: Mapping[str, int],
    like: str,
) -> list[Task] | None:
    steps, tasks = tuple(recorder.steps), list[Task]()
    if lowering.types[like].shape == () or not lowering.types[like].batched:
        return None
    kept = {
        name: step
        for name, step in stores.items()
        if steps[step].kind != "value" or not lowering.is_same(name, steps[step].name)
    }
    if kept:
        formula = Formula(steps, tuple(kept.items())).tidied()
        tasks.append(pointwise(lowering, node, formula, like))
    if sums:
        tasks += lowering.sums_of(node, Formula(steps), sums, like)
    return tasks


def pointwise(lowering: Lowering, node: Node, formula: Formula, like: str, what: str = "") -> Task:
    """A task that is a formula and nothing else, on numbers of the shape of `like`."""
    return Task(node, "block", formula=formula, shape=lowering.types[like].shape, what=what)


def _view(lowering: Lowering, made: str, source: str) -> list[Task] | None:
    """The same numbers in another shape: the same memory, its planes without gaps."""
    if not lowering.types[source].is_float or not lowering.lay(made, source):
        return None
    lowering.flatten(source)
    return []
