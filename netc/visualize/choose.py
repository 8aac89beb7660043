"""Which layers, channels and examples are worth a picture, where nobody says."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from netc.ir import Graph, Node
from netc.passes import for_phase
from netc.types import Array


def picture_inputs(graph: Graph) -> list[str]:
    """The inputs that are pictures: numbers of the shape [channels, height, width]."""
    types = graph.types
    return [name for name in graph.inputs if types[name].rank == 3 and types[name].is_float]


def seen_from(graph: Graph, source: str) -> list[Node]:
    """The layers that see a picture when the net answers, in their order; losses are none."""
    reached, found = {source}, []
    for node in for_phase(graph, "test").nodes:
        if reached & set(node.inputs):
            reached |= set(node.writes)
            if not type(node.layer).roles and graph.types[node.value].is_float:
                found.append(node)
    return found


def telling(graph: Graph, nodes: Sequence[Node]) -> list[Node]:
    """The last layer of each size that maps have on their way: one for each scale of the net."""
    last: dict[tuple[int, ...], Node] = {}
    for node in nodes:
        shape = graph.types[node.value].shape
        if len(shape) == 3 and max(shape[1:]) > 1:
            last.pop(shape[1:], None)
            last[shape[1:]] = node
    return list(last.values())


@dataclass(frozen=True)
class Peak:
    """Where a channel of a layer was most active on one example."""

    channel: int
    example: int
    place: tuple[int, ...]
    value: float


def peaks(
    value: Array, channels: Sequence[int] | None, *, most: int, examples: int
) -> list[list[Peak]]:
    """For each channel the examples that excite it most, strongest first.

    `value` is [count, channels, ...]. Without `channels` they are the `most` with the greatest
    activation of all.
    """
    flat = value.reshape(*value.shape[:2], -1)
    strengths = flat.max(axis=2)
    if channels is None:
        channels = np.argsort(-strengths.max(axis=0), kind="stable")[:most].tolist()
    found = []
    for channel in channels:
        best = np.argsort(-strengths[:, channel], kind="stable")[:examples].tolist()
        found.append([_peak(flat, value.shape[2:], channel, example) for example in best])
    return found


def _peak(flat: Array, shape: tuple[int, ...], channel: int, example: int) -> Peak:
    at = int(flat[example, channel].argmax())
    place = tuple(int(i) for i in np.unravel_index(at, shape)) if shape else ()
    return Peak(channel, example, place, float(flat[example, channel, at]))


def wanted_at(value: Array, found: Sequence[Peak]) -> Array:
    """What is to be taken back: the activation at each peak, or 1 where that is not above 0, and
    zero elsewhere.

    One row for each peak, of the shape of an example of `value`.
    """
    gradient = np.zeros((len(found), *value.shape[1:]), value.dtype)
    for row, peak in zip(gradient, found, strict=True):
        row[(peak.channel, *peak.place)] = peak.value if peak.value > 0 else 1
    return gradient
