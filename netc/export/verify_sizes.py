"""Which sizes of images a model of open sizes is compared at."""

from collections.abc import Iterable
from itertools import count, islice

from netc.ir import Graph, Unfit, at_sizes, open_sizes

_FIRST = 16


def sizes_to_try(graph: Graph, wanted: int) -> list[dict[str, int]]:
    """As many different ones as wanted, small but large enough for every layer.

    They are even and odd by turns, so that what is rounded is seen at both of its sides. A graph
    without open sizes is tried as it is.
    """
    names = open_sizes(graph)
    if not names:
        return [{}] * wanted
    tried = (_sizes(names, number) for number in count())
    return list(islice((sizes for sizes in tried if _fits(graph, sizes)), wanted))


def _sizes(names: Iterable[str], number: int) -> dict[str, int]:
    """Sizes that grow by a half each time, no two of them equal."""
    least = int(_FIRST * 1.5**number)
    return {name: least + number % 2 + 3 * i for i, name in enumerate(names)}


def _fits(graph: Graph, sizes: dict[str, int]) -> bool:
    try:
        at_sizes(graph, sizes)
    except Unfit:
        return False
    return True
