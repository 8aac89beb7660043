"""Nodes turned into tasks, one after the other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from netc.ir import Graph, Node, Port
from netc.native.formula import Formula, Step
from netc.native.kernels.sum_lanes import SumAll, SumLanes
from netc.native.places import Places
from netc.native.target import Target
from netc.native.task import Task
from netc.types import Dtype, Tensor

Rule = Callable[["Lowering", Node], list[Task] | None]

RULES: dict[tuple[str, str], Rule] = {}
"""How nodes of a layer type and a rule are lowered. A rule gives None where it has no kernel for
the sizes or options; the NumPy rule of the node then runs."""


def lowers(layer: str, rule: str) -> Callable[[Rule], Rule]:
    """Enter a lowering in the registry."""

    def enter(function: Rule) -> Rule:
        RULES[layer, rule] = function
        return function

    return enter


@dataclass
class Lowering:
    """What rules may know, and what they leave behind for the start and the end of the program.

    Values of their own are called by their node, two colons and a word: a gradient, also that of a
    layer called `d`, has one colon.
    """

    graph: Graph
    types: dict[str, Tensor]
    places: Places
    target: Target
    dtype: Dtype
    batch: int
    blocks: int
    threads: int
    early: list[Task] = field(default_factory=list)
    late: list[Task] = field(default_factory=list)
    partials: dict[str, int] = field(default_factory=dict)
    same: dict[str, str] = field(default_factory=dict)
    integers: dict[str, int] = field(default_factory=dict)
    slotted: set[str] = field(default_factory=set)

    @property
    def wide(self) -> bool:
        """Whether threads own whole blocks, rather than parts of the one block there is."""
        return self.blocks >= self.threads and self.block % self.target.lanes(self.dtype) == 0

    @property
    def block(self) -> int:
        return self.places.block

    def forward(self, node: Node) -> Node:
        """The forward node of the layer of a backward node."""
        return self._forward[node.name]

    def backward(self, node: Node) -> Node | None:
        """The backward node of the layer of a forward node, if there is one."""
        nodes = self.graph.nodes
        return next((n for n in nodes if n.rule == "backward" and n.name == node.name), None)

    @property
    def _forward(self) -> Mapping[str, Node]:
        return {n.name: n for n in self.graph.nodes if n.rule == "forward"}

    def array(self, name: str, *shape: int) -> str:
        """A new value that is an array without a batch."""
        self.types[name] = Tensor(shape, self.dtype, batched=False)
        return name

    def integer(self, name: str, number: int) -> str:
        """A new value that is one integer."""
        self.integers[name] = number
        return name

    def slots(self, name: str) -> str:
        """A new value with a double for each call that makes it."""
        self.slotted.add(name)
        return name

    def is_same(self, value: str, other: str) -> bool:
        """Let a value be a second name of another, unless somebody asks for it by its own."""
        if value in self.graph.roots:
            return False
        self.same[value] = self.first(other)
        return True

    def first(self, value: str) -> str:
        """The first name of a value."""
        return self.same.get(value, value)

    def lay(self, value: str, outer: str, channel: int = 0) -> bool:
        """Make a value a part of another from a channel on, unless it is a part already."""
        return self.places.lay(self.first(value), self.first(outer), channel)

    def flatten(self, value: str) -> None:
        """Let the planes of a value lie without gaps: it is also read as one row of numbers."""
        self.places.flat.add(self.first(value))

    def renamed(self, task: Task) -> Task:
        """A task on the first names of all values."""
        operands = {a: self.first(v) for a, v in task.operands.items()}
        formula = task.formula.renamed(self.same) if task.formula else None
        return replace(task, node=self._node(task.node), operands=operands, formula=formula)

    def _node(self, node: Node) -> Node:
        ports: dict[str, Port] = {}
        for argument, port in node.ports.items():
            values = (port,) if isinstance(port, str) else port
            first = tuple(self.same.get(value, value) for value in values)
            ports[argument] = first[0] if isinstance(port, str) else first
        return replace(node, ports=ports)

    def sum_of(self, node: Node, value: str, target: str) -> list[Task]:
        """Tasks that add up a batched value over all places of each channel, into an array."""
        return self.sums_of(node, Formula((Step("value", name=value),)), {target: 0}, value)

    def sums_of(
        self, node: Node, formula: Formula, targets: Mapping[str, int], like: str
    ) -> list[Task]:
        """Tasks for the sums over all places of each channel of steps of a formula that works on
        numbers of the shape of `like`. Gradients of weights are collected at the end."""
        shape = self.types[like].shape
        names = {target: f"part:{target}" for target in targets}
        for name in names.values():
            self.partials[name] = shape[0] * self.target.lanes(self.dtype)
        sums = tuple((names[target], step) for target, step in targets.items())
        full = Formula(formula.steps, formula.stores, (*formula.sums, *sums))
        tasks = [
            Task(
                node, "block", formula=full, shape=shape, partial=tuple(names.values()), what="sum"
            )
        ]
        for target, name in names.items():
            self.collect(tasks, self._collected(node, name, target, shape[0]), target)
        return tasks

    def collect(self, tasks: list[Task], task: Task, target: str) -> None:
        """Put a task that completes a value where it belongs: at the end if it is a gradient in
        the store that nobody else needs."""
        read = {value for node in self.graph.nodes for value in node.reads}
        is_last = target in self.graph.gradients.values() and target not in read
        (self.late if is_last else tasks).append(task)

    def _collected(self, node: Node, part: str, target: str, channels: int) -> Task:
        is_one = self.types[target].shape == (1,)
        kernel = SumAll if is_one and channels > 1 else SumLanes
        return Task(
            node,
            "whole",
            operands={"parts": part, "sums": target},
            made=("sums",),
            make=lambda sizes, tail: kernel(sizes.dtype, channels, sizes.threads),
            what="collect",
        )


def lower(lowering: Lowering) -> list[Task]:
    """All nodes of the graph as tasks."""
    tasks: list[Task] = []
    for node in lowering.graph.nodes:
        found = _lowered(lowering, node)
        tasks += [Task(node, "rule")] if found is None else found
    return [lowering.renamed(task) for task in (*lowering.early, *tasks, *lowering.late)]


def _lowered(lowering: Lowering, node: Node) -> list[Task] | None:
    rule = RULES.get((node.layer.name, node.rule)) or RULES["*", node.rule]
    return rule(lowering, node)
