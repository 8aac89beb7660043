"""Numbers that code looks up by an index that is not known yet."""

from collections.abc import Callable, Sequence

from netc.native.function import Function, Int


def integers(f: Function, numbers: Sequence[int]) -> Callable[[Int], Int]:
    """Integers by index: by arithmetic where they are evenly apart, else from a table."""
    first = numbers[0]
    step = numbers[1] - first if len(numbers) > 1 else 0
    if all(number == first + i * step for i, number in enumerate(numbers)):
        return lambda index: f.sum((index, step), first)
    table = f.table(numbers)
    return lambda index: numbers[index] if isinstance(index, int) else f.load_int(table, index)


def vectors(f: Function, numbers: Sequence[float]) -> Callable[[Int], str]:
    """Numbers by index, each in all lanes."""
    if len(set(numbers)) == 1:
        return lambda index: f.constant(numbers[0])
    table = f.number_table(numbers)
    return lambda index: f.broadcast(table, index)
