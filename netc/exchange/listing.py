"""A graph as the list of layers that ConvNetJS would make for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from netc.diag import Problem, listed
from netc.exchange.chain import Chain, chain_of
from netc.exchange.entries import Entry, Size
from netc.exchange.layers import entry_of, volume_of
from netc.exchange.problems import NotThere
from netc.formats import convnetjs
from netc.ir import Graph, Node
from netc.options import options_of, plain
from netc.sizes import is_open
from netc.types import Tensor

_ENDINGS: Mapping[str, str] = {
    "softmax": "softmax",
    **{loss.word: kind for kind, loss in convnetjs.LOSSES.items()},
}
"""What stands at the end in ConvNetJS, by netc's layer."""


def listing_of(graph: Graph) -> tuple[Entry, ...] | list[Problem]:
    """The layers, from the input to the loss, or all that ConvNetJS has no word for."""
    try:
        chain = chain_of(graph)
        first = _input(graph, chain)
        entries, problems = _entries(graph, chain, first.after)
        if problems:
            return problems
        whole = tuple(_joined([first, *entries]))
        if chain.ending is None:
            return whole
        return (*whole, _ending(chain.ending, whole[-1].after))
    except NotThere as refusal:
        return [refusal.problem]


def _input(graph: Graph, chain: Chain) -> Entry:
    type = graph.types[chain.data]
    span = chain.nodes[0].span if chain.nodes else None
    if is_open(type.shape):
        what = f"the input `{chain.data}` is {type}, and ConvNetJS has to know every size"
        raise NotThere(span, what, "set the open sizes, as with `--set h=24`")
    try:
        volume = volume_of(type)
    except ValueError:
        what = f"the input `{chain.data}` is {type}, and ConvNetJS takes images and rows of numbers"
        way_out = "declare it as `[channels, height, width]` or as `[numbers]`"
        raise NotThere(span, what, way_out) from None
    return Entry("input", volume, volume)


def _entries(graph: Graph, chain: Chain, size: Size) -> tuple[list[Entry], list[Problem]]:
    """The layers between input and loss. Behind one that has no word the sizes are netc's own."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    for node in chain.nodes:
        x, y = graph.types[node.inputs[0]], graph.types[node.value]
        try:
            entry = entry_of(node, size, x, y)
        except NotThere as refusal:
            problems.append(refusal.problem)
            size = _size_or(size, y)
            continue
        if entry is not None:
            entries.append(entry)
            size = entry.after
    return entries, problems


def _size_or(before: Size, y: Tensor) -> Size:
    try:
        return volume_of(y, before)
    except ValueError:
        return Size(1, 1, 1)


def _joined(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Each slice made part of the maxout behind it, which leaves the last channels out itself."""
    for before, entry in zip((None, *entries), entries, strict=False):
        if entry.type == "slice":
            continue
        cut = before if before is not None and before.type == "slice" else None
        if cut is None:
            yield entry
        elif entry.type == "maxout" and _groups(cut.before, entry) == entry.after.depth:
            yield replace(entry, before=cut.before)
        else:
            raise _slice_alone(cut)
    if entries[-1].type == "slice":
        raise _slice_alone(entries[-1])


def _groups(before: Size, maxout: Entry) -> int:
    return before.depth // int(maxout.options["group_size"])


def _slice_alone(entry: Entry) -> NotThere:
    what = "ConvNetJS leaves out no channels, but those at the end that fill no group of maxout"
    return NotThere(entry.node.span if entry.node else None, what, "leave the `slice` out")


def _ending(node: Node, size: Size) -> Entry:
    """The layer that the loss is, or the softmax at the end."""
    kind = type(node.layer).name
    if kind not in _ENDINGS:
        what = f"ConvNetJS has no loss like `{kind}`"
        words = (f"`{loss.word}`" for loss in convnetjs.LOSSES.values())
        way_out = f"its losses are {listed(words, 'and')}"
        raise NotThere(node.span, what, way_out)
    for name, option in options_of(type(node.layer)).items():
        value: Any = getattr(node.layer, name)
        if value != option.default:
            what = f"ConvNetJS's {_ENDINGS[kind]} has no `{name}: {plain(value)}`"
            raise NotThere(node.span, what, f"leave `{name}` out")
    if not size.is_flat:
        what = f"`{node.name}` takes a {size} volume, whose numbers ConvNetJS has in another order"
        raise NotThere(node.span, what, "put a `dense` layer before it")
    return Entry(_ENDINGS[kind], size, size, {}, node)
