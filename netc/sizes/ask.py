"""What layers and tools ask about sizes that may be open."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from netc.sizes.signs import signs, signs_when_large
from netc.sizes.size import Size, formula_of, symbols_of
from netc.sizes.undecided import Undecided, way_to_give


def is_open(size: object) -> bool:
    """Whether a size, or one of the sizes in a shape, is not known yet."""
    return any(map(is_open, size)) if isinstance(size, tuple) else isinstance(size, Size)


def open_names(sizes: Iterable[object]) -> tuple[str, ...]:
    """The unknown sizes that some sizes are made of, each once, in the order they appear."""
    return tuple(s.name for s in symbols_of(*sizes))


def way_to_close(sizes: Iterable[object]) -> str:
    """How the unknown ones among sizes are given on the command line."""
    return way_to_give(symbols_of(*sizes))


def witnesses(sizes: Iterable[object]) -> str:
    """`h` is 224 and `w` is 224: the unknown ones among sizes; empty without any."""
    return " and ".join(f"`{s}` is {s.witness}" for s in symbols_of(*sizes))


def closed(size: int, sizes: Mapping[str, int]) -> int:
    """A size with unknown ones given by name; a plain number stays."""
    return size.at(sizes) if isinstance(size, Size) else size


def smaller(a: int, b: int) -> int:
    """The smaller of two sizes; unlike `min` it takes two that may be equal but need not."""
    found = signs(formula_of(a) - formula_of(b))
    if 1 not in found:
        return a
    if -1 not in found:
        return b
    raise Undecided(f"which of `{a}` and `{b}` is smaller", symbols_of(a, b))


def reaches(size: int, least: int) -> bool:
    """Whether a size is at least `least` once the unknown ones are large enough.

    They are as large as their witnesses, so those must do.
    """
    if int(size) < least or not is_open(size):
        return int(size) >= least
    return -1 not in signs_when_large(formula_of(size) - formula_of(least))


@contextmanager
def asking(question: str, *, culprit: str) -> Iterator[None]:
    """Put a question of the layer in place of the comparison inside that cannot be decided."""
    try:
        yield
    except Undecided as undecided:
        raise Undecided(question, undecided.open, culprit=culprit) from None
