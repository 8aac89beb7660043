"""Where nodes stand across their rows (Brandes and Köpf, Fast and Simple Horizontal Coordinate
Assignment, 2001): chains of wires straight, the rest in the middle between four extremes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from netc.draw.layout.order import Rows


@dataclass(frozen=True)
class Sides:
    """How far each node reaches to the left and to the right of the point its wires meet."""

    left: Sequence[float]
    right: Sequence[float]
    gap: float


def placed(
    rows: Rows,
    above: Sequence[Sequence[int]],
    below: Sequence[Sequence[int]],
    sides: Sides,
    lanes: set[int],
) -> list[float]:
    """The place of each node across. `lanes` are the points that a long wire passes, which give
    way to nodes; and of several nodes, those are followed that the longest ways lead through. So
    the main path is straight, and what goes aside comes back to it."""
    count = len(above)
    depths, heights = _ways(rows, above, lanes), _ways(rows[::-1], below, lanes)
    ups = [_preferred(node, above[node], lanes, depths) for node in range(count)]
    downs = [_preferred(node, below[node], lanes, heights) for node in range(count)]
    above = [[n for n in ups[node] if node in downs[n]] for node in range(count)]
    below = [[n for n in downs[node] if node in ups[n]] for node in range(count)]
    forbidden = _crossed(rows, above, lanes)
    found = []
    for down in (True, False):
        vertical = rows if down else rows[::-1]
        for left in (True, False):
            order = vertical if left else [row[::-1] for row in vertical]
            roots = _aligned(order, above if down else below, forbidden, count)
            turned = sides if left else Sides(sides.right, sides.left, sides.gap)
            places = _compact(order, roots, turned, count)
            found.append(places if left else [-place for place in places])
    return _middle(found, sides)


def _ways(rows: Rows, neighbours: Sequence[Sequence[int]], lanes: set[int]) -> list[int]:
    """How many nodes the longest way has that ends at each node; lanes do not count."""
    ways = [0] * len(neighbours)
    for row in rows:
        for node in row:
            ways[node] = max((ways[n] + (n not in lanes) for n in neighbours[node]), default=0)
    return ways


def _preferred(
    node: int, neighbours: Sequence[int], lanes: set[int], ways: Sequence[int]
) -> list[int]:
    if node in lanes:
        return list(neighbours)
    real = [n for n in neighbours if n not in lanes] or list(neighbours)
    longest = max((ways[n] for n in real), default=0)
    return [n for n in real if ways[n] == longest]


def _crossed(rows: Rows, above: Sequence[Sequence[int]], lanes: set[int]) -> set[tuple[int, int]]:
    """Wires that cross a piece of a long one, which is to stay straight."""
    forbidden: set[tuple[int, int]] = set()
    for upper, lower in pairwise(rows):
        place = {node: at for at, node in enumerate(upper)}
        start, done = 0, 0
        for at, node in enumerate(lower):
            inner = next((n for n in above[node] if n in lanes and node in lanes), None)
            if inner is None and at < len(lower) - 1:
                continue
            end = place[inner] if inner is not None else len(upper)
            for other in lower[done : at + 1]:
                for n in above[other]:
                    crosses = not start <= place[n] <= end
                    if crosses and not (n in lanes and other in lanes):
                        forbidden.add((n, other))
            start, done = (end, at + 1) if inner is not None else (start, at + 1)
    return forbidden


def _aligned(
    rows: Rows, neighbours: Sequence[Sequence[int]], forbidden: set[tuple[int, int]], count: int
) -> list[int]:
    """Nodes put straight below the middle one of those they hang on: the root of each node."""
    roots, chain = list(range(count)), list(range(count))
    for number in range(1, len(rows)):
        place = {node: at for at, node in enumerate(rows[number - 1])}
        last = -1
        for node in rows[number]:
            around = sorted((n for n in neighbours[node] if n in place), key=place.__getitem__)
            middle = (len(around) - 1) / 2
            for n in around[int(middle) : int(middle + 0.5) + 1]:
                allowed = (n, node) not in forbidden and (node, n) not in forbidden
                if chain[node] == node and last < place[n] and allowed:
                    chain[n] = node
                    chain[node] = roots[node] = roots[n]
                    last = place[n]
    return roots


def _compact(rows: Rows, roots: list[int], sides: Sides, count: int) -> list[float]:
    """Each chain as far left as its neighbours allow, then right as far as they leave room."""
    spaces: list[dict[int, float]] = [{} for _ in range(count)]
    before: list[dict[int, float]] = [{} for _ in range(count)]
    for row in rows:
        for a, b in pairwise(row):
            space = sides.right[a] + sides.gap + sides.left[b]
            one, other = roots[a], roots[b]
            space = max(space, spaces[one].get(other, 0))
            spaces[one][other] = before[other][one] = space
    waits = [len(around) for around in before]
    order = [node for row in rows for node in row if roots[node] == node and not waits[node]]
    places = [0.0] * count
    for node in order:
        for other, space in spaces[node].items():
            places[other] = max(places[other], places[node] + space)
            waits[other] -= 1
            if not waits[other]:
                order.append(other)
    for node in reversed(order):
        if spaces[node]:
            room = min(places[other] - space for other, space in spaces[node].items())
            places[node] = max(places[node], room)
    return [places[roots[node]] for node in range(count)]


def _middle(found: list[list[float]], sides: Sides) -> list[float]:
    """The mean of the two middle ones of four layouts, each moved to the narrowest."""
    count = len(found[0])
    if not count:
        return []
    edges = [
        (
            min(places[n] - sides.left[n] for n in range(count)),
            max(places[n] + sides.right[n] for n in range(count)),
        )
        for places in found
    ]
    low, high = min(edges, key=lambda edge: edge[1] - edge[0])
    moved = []
    for number, (places, (left, right)) in enumerate(zip(found, edges, strict=True)):
        shift = low - left if number % 2 == 0 else high - right
        moved.append([place + shift for place in places])
    four = ([layout[node] for layout in moved] for node in range(count))
    return [sum(sorted(values)[1:3]) / 2 for values in four]
