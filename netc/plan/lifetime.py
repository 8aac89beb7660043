"""Which values share one buffer, and from which step to which each buffer is needed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from netc.ir import Graph
from netc.plan.step import Step
from netc.types import Tensor

_OVERLAYS = {"forward": ("y",), "backward": ("dx",)}


@dataclass(frozen=True)
class Buffers:
    """`root` names the buffer of every value; `first` and `last` are the steps of a buffer's use.

    `views` are the steps that need not run, because what they would write is already there.
    """

    root: Mapping[str, str]
    first: Mapping[str, int]
    last: Mapping[str, int]
    views: frozenset[int]


def find_buffers(
    graph: Graph, steps: Sequence[Step], types: Mapping[str, Tensor], *, reuse: bool
) -> Buffers:
    """Give every value a buffer; with `reuse`, views and overlays share the one of their source."""
    pinned = _pinned(graph)
    root = {v: v for step in steps for v in _values(step)} | {v: v for v in pinned}
    views: set[int] = set()
    if reuse:
        for index, step in enumerate(steps):
            pair = _view(step)
            if pair is not None and not set(pair) & _stored(graph):
                made, source = pair
                root[made] = root[source]
                views.add(index)
    first, last = _uses(steps, root, pinned)
    if reuse:
        for index, step in enumerate(steps):
            if index not in views:
                for made, source in _overlays(graph, step, types):
                    _try_overlay(made, source, index, root, first, last)
    return Buffers(root, first, last, frozenset(views))


def _pinned(graph: Graph) -> set[str]:
    """Values that must outlive a run: what is fed, what is asked for, and what the store keeps."""
    return {*graph.inputs, *graph.constants, *graph.roots, *_stored(graph)}


def _stored(graph: Graph) -> set[str]:
    return {*graph.weights, *graph.states, *graph.gradients.values()}


def _values(step: Step) -> Iterator[str]:
    yield from step.node.reads
    yield from step.node.writes
    yield from step.work.values()


def _uses(
    steps: Sequence[Step], root: Mapping[str, str], pinned: set[str]
) -> tuple[dict[str, int], dict[str, int]]:
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for index, step in enumerate(steps):
        for value in _values(step):
            first.setdefault(root[value], index)
            last[root[value]] = index
    for value in pinned:
        first[root[value]], last[root[value]] = -1, len(steps)
    return first, last


def _view(step: Step) -> tuple[str, str] | None:
    """What a view step would write, and the value it is a view of."""
    node = step.node
    if not node.layer.view:
        return None
    made, source = ("y", "x") if node.rule == "forward" else ("dx", "dy")
    if made not in node.ports:
        return None
    return str(node.ports[made]), str(node.ports[source])


def _overlays(graph: Graph, step: Step, types: Mapping[str, Tensor]) -> Iterator[tuple[str, str]]:
    """Pairs of values that the step's layer allows to lie on each other."""
    ports = step.node.ports
    for made, source in step.node.layer.overlay.items():
        if made not in ports or source not in ports or not step.node.is_written(made):
            continue
        target, origin = ports[made], ports[source]
        origin = origin if isinstance(origin, str) else origin[0]
        if not isinstance(target, str) or {target, origin} & _stored(graph):
            continue
        if types[target] == types[origin]:
            yield target, origin


def _try_overlay(
    made: str,
    source: str,
    index: int,
    root: dict[str, str],
    first: dict[str, int],
    last: dict[str, int],
) -> None:
    """Lay `made` over `source` if this step is the last that needs the source."""
    old, new = root[made], root[source]
    if old == new or last[new] != index or first[old] != index:
        return
    for value in [v for v, r in root.items() if r == old]:
        root[value] = new
    last[new] = last.pop(old)
    del first[old]
