"""Which row each node stands in: below all it reads, and sources just above their readers."""

from collections.abc import Sequence

Wire = tuple[int, int]
"""From node to node, by number."""


def ranks_of(
    count: int, wires: Sequence[Wire], first: Sequence[int], last: Sequence[int]
) -> list[int]:
    """The rows, from 0 on. Nodes `first` are alone in the topmost row, nodes `last` in the lowest.

    The wires make no circle.
    """
    after: list[list[int]] = [[] for _ in range(count)]
    before: list[list[int]] = [[] for _ in range(count)]
    for source, target in wires:
        after[source].append(target)
        before[target].append(source)
    ranks = [1 if first else 0] * count
    for node in first:
        ranks[node] = 0
    waits = [len(sources) for sources in before]
    ready = [node for node in range(count) if not waits[node]]
    for node in ready:
        for target in after[node]:
            ranks[target] = max(ranks[target], ranks[node] + 1)
            waits[target] -= 1
            if not waits[target]:
                ready.append(target)
    pinned = set(first)
    for node in range(count):
        if not before[node] and after[node] and node not in pinned:
            ranks[node] = min(ranks[target] for target in after[node]) - 1
    if last:
        inner = [rank for node, rank in enumerate(ranks) if node not in set(last)]
        lowest = max(inner, default=-1) + 1
        for node in last:
            ranks[node] = lowest
    return ranks
