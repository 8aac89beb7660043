"""Batch normalization: sums over the batch in one pass, a few numbers for each channel, and a
formula in another pass. Both passes fuse with the layers around.

The first pass sums in double precision: a variance is a small difference of large numbers.
"""

from collections.abc import Mapping
from math import prod
from typing import Any

from netc.ir import Node
from netc.native.formula import Formula, Recorder, Step
from netc.native.kernels.statistics import (
    BatchStatistics,
    KnownStatistics,
    StatisticsGradient,
)
from netc.native.lower.lowering import Lowering, lowers
from netc.native.lower.pointwise import pointwise
from netc.native.task import Task


@lowers("batch_norm", "forward")
def forward(lowering: Lowering, node: Node) -> list[Task] | None:
    """Center and rate, then y = (x - center) * factor + shift."""
    x = str(node.ports["x"])
    if not lowering.types[x].batched or not lowering.types[x].shape:
        return None
    channels = lowering.types[x].shape[0]
    lowering.array(_factor(node), channels)
    if _learns(lowering, node):
        tasks = _measured(lowering, node, x)
    else:
        lowering.early.append(_channel_task(lowering, node, KnownStatistics, {}))
        tasks = []
    recorder = Recorder()
    made = recorder.mul(
        recorder.sub(recorder.value(x), recorder.channel(str(node.ports["center"]))),
        recorder.channel(_factor(node)),
    )
    if "shift" in node.ports:
        made = recorder.add(made, recorder.channel(str(node.ports["shift"])))
    formula = Formula(tuple(recorder.steps), ((node.value, made),))
    return [*tasks, pointwise(lowering, node, formula, x, "forward")]


@lowers("batch_norm", "backward")
def backward(lowering: Lowering, node: Node) -> list[Task] | None:
    """The sums that the gradients of scale and shift are, and the gradient of x from them."""
    x, dy = str(node.ports["x"]), str(node.ports["dy"])
    if not lowering.types[x].batched or not lowering.types[x].shape:
        return None
    channels = lowering.types[x].shape[0]
    recorder = Recorder()
    gradient = recorder.value(dy)
    away = recorder.sub(recorder.value(x), recorder.channel(str(node.ports["center"])))
    product = recorder.mul(gradient, away)
    steps = tuple(recorder.steps)
    sums = {"sums": gradient, "products": product}
    parts = {name: f"part:{node.name}::backward {name}" for name in sums}
    tasks = [_summing(lowering, node, steps, parts, sums, dy)]
    for name in ("tilt", "offset"):
        lowering.array(f"{node.name}::{name}", channels)
    for name in ("dscale", "dshift"):
        if name not in node.ports:
            lowering.array(f"{node.name}::{name}", channels)
    tasks.append(_channel_task(lowering, node, StatisticsGradient, parts))
    if "dx" in node.ports:
        tasks.append(_input_gradient(lowering, node, x, dy))
    return tasks


def _input_gradient(lowering: Lowering, node: Node, x: str, dy: str) -> Task:
    recorder = Recorder()
    made = recorder.mul(recorder.value(dy), recorder.channel(_factor(node)))
    if _learns(lowering, node):
        away = recorder.sub(recorder.value(x), recorder.channel(str(node.ports["center"])))
        tilted = recorder.mul(away, recorder.channel(f"{node.name}::tilt"))
        made = recorder.add(recorder.add(made, tilted), recorder.channel(f"{node.name}::offset"))
        # What is not there would else get a gradient, and weights before it with it.
        made = recorder.mul(made, recorder.there())
    formula = Formula(tuple(recorder.steps), ((str(node.ports["dx"]), made),))
    return pointwise(lowering, node, formula, dy, "input gradient")


def _measured(lowering: Lowering, node: Node, x: str) -> list[Task]:
    channels = lowering.types[x].shape[0]
    part = f"part:{node.name}::moments"
    doubles = 2 * channels * lowering.target.lanes(lowering.dtype)
    lowering.partials[part] = doubles * (2 if lowering.dtype == "f32" else 1)
    formula = Formula((Step("value", name=x),), moments=((part, 0),))
    shape = lowering.types[x].shape
    return [
        Task(node, "block", formula=formula, shape=shape, partial=(part,), what="moments"),
        _channel_task(lowering, node, BatchStatistics, {"moments": part}),
    ]


def _summing(
    lowering: Lowering,
    node: Node,
    steps: tuple[Step, ...],
    parts: Mapping[str, str],
    sums: Mapping[str, int],
    like: str,
) -> Task:
    shape = lowering.types[like].shape
    for part in parts.values():
        lowering.partials[part] = shape[0] * lowering.target.lanes(lowering.dtype)
    formula = Formula(steps, (), tuple((parts[name], sums[name]) for name in sums)).tidied()
    return Task(
        node, "block", formula=formula, shape=shape, partial=tuple(parts.values()), what="sums"
    )


def _channel_task(lowering: Lowering, node: Node, kind: Any, parts: dict[str, str]) -> Task:
    """A task on the few numbers of each channel."""
    layer: Any = node.layer
    x = lowering.types[str(node.ports["x"])]
    count = lowering.batch * prod(x.shape[1:])
    has_scale = "scale" in node.ports
    numbers = (x.shape[0], lowering.threads, count, layer.epsilon, layer.momentum, has_scale)
    own = {
        name: f"{node.name}::{name}" for name in ("factor", "tilt", "offset", "dscale", "dshift")
    }
    given = {name: str(port) for name, port in node.ports.items()}
    known = {**own, **given, **parts}
    kernel = kind(lowering.dtype, *numbers)
    operands = {a.name: known[a.name] for a in kernel.arguments if a.kind != "integer"}
    writes = {
        BatchStatistics: ("mean", "var", "center", "rate", "factor"),
        KnownStatistics: ("center", "rate", "factor"),
        StatisticsGradient: ("dscale", "dshift", "tilt", "offset"),
    }
    return Task(
        node,
        "whole",
        operands=operands,
        made=writes[kind],
        make=lambda sizes, tail: kernel,
        what="statistics",
    )


def _factor(node: Node) -> str:
    return f"{node.name}::factor"


def _learns(lowering: Lowering, node: Node) -> bool:
    """Whether the statistics are those of the batch."""
    layer: Any = node.layer
    return lowering.graph.training and not layer.frozen
