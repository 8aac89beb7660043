"""Which values share one buffer, and from which step to which each buffer is needed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from netc.ir import Graph
from netc.plan.step import Step
from netc.types import Tensor


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
    given = {*graph.inputs, *graph.constants, *graph.stored}
    root = {v: v for step in steps for v in _values(step)} | {v: v for v in given}
    views = _lay_views(steps, root, graph.stored) if reuse else frozenset()
    first, last = _uses(steps, root, given, graph.roots)
    if reuse:
        for index, step in enumerate(steps):
            if index not in views:
                _lay_over(_overlays(step, types, graph.stored), index, root, first, last)
        root = {value: root[buffer] for value, buffer in root.items()}
    return Buffers(root, first, last, views)


def _values(step: Step) -> Iterator[str]:
    yield from step.node.reads
    yield from step.node.writes
    yield from step.work.values()


def _uses(
    steps: Sequence[Step], root: Mapping[str, str], given: Iterable[str], asked: Iterable[str]
) -> tuple[dict[str, int], dict[str, int]]:
    """The first and last step of each buffer's use: what is `given` must outlive the whole run, and
    what is `asked` for is read after it."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for index, step in enumerate(steps):
        for value in _values(step):
            first.setdefault(root[value], index)
            last[root[value]] = index
    for value in given:
        first[root[value]], last[root[value]] = -1, len(steps)
    for value in asked:
        last[root[value]] = len(steps)
    return first, last


def _lay_views(steps: Sequence[Step], root: dict[str, str], stored: Set[str]) -> frozenset[int]:
    """Give what view steps make the buffers of their sources; the steps that need not run."""
    views: set[int] = set()
    for index, step in enumerate(steps):
        ports = step.node.ports
        made, source = ("y", "x") if step.node.rule == "forward" else ("dx", "dy")
        if step.node.layer.view and made in ports and not stored & {ports[made], ports[source]}:
            root[str(ports[made])] = root[str(ports[source])]
            views.add(index)
    return frozenset(views)


def _overlays(
    step: Step, types: Mapping[str, Tensor], stored: Set[str]
) -> Iterator[tuple[str, str]]:
    """Pairs of values that the step's layer allows to lie on each other."""
    ports = step.node.ports
    for made, source in step.node.layer.overlay.items():
        if made not in ports or source not in ports or not step.node.is_written(made):
            continue
        target, origin = ports[made], ports[source]
        origin = origin if isinstance(origin, str) else origin[0]
        if not isinstance(target, str) or stored & {target, origin}:
            continue
        if types[target] == types[origin]:
            yield target, origin


def _lay_over(
    pairs: Iterable[tuple[str, str]],
    index: int,
    root: dict[str, str],
    first: dict[str, int],
    last: dict[str, int],
) -> None:
    """Lay buffers over those of their sources where this step is the last that needs the source.

    Only the buffer's own entry in `root` changes, so that values which share it cost nothing: from
    here on the root of a value is `root[root[value]]`.
    """
    for made, source in pairs:
        old, new = root[made], root[root[source]]
        if old != new and last[new] == index == first[old]:
            root[old] = new
            last[new] = last.pop(old)
            del first[old]
