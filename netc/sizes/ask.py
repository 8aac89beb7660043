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


def name_of(size: object) -> str | None:
    """The name of an unknown size that stands alone; None for any other."""
    names = open_names((size,))
    is_alone = isinstance(size, Size) and str(size) in names
    return names[0] if is_alone else None


def is_equal(a: int, b: int) -> bool:
    """Whether two sizes are equal for all sizes or for none; else `Undecided`.

    `a == b` is meant for types: there what is equal for some sizes only is not equal.
    """
    found = signs(formula_of(a) - formula_of(b))
    if found == {0} or a == b:
        return True
    if 0 not in found:
        return False
    raise Undecided(f"whether `{a}` is equal to `{b}`", symbols_of(a, b))


def undecided(question: str, *sizes: object) -> Undecided:
    """The refusal of a question that hangs on the unknown ones among sizes."""
    return Undecided(question, symbols_of(*sizes))


def way_to_close(sizes: Iterable[object]) -> str:
    """How the unknown ones among sizes are given on the command line."""
    return way_to_give(witnesses(sizes))


def witnesses(sizes: Iterable[object]) -> dict[str, int]:
    """The witnesses of the unknown ones among sizes, by name, in the order they appear."""
    return {s.name: s.witness for s in symbols_of(*sizes)}


def where(sizes: Mapping[str, int]) -> str:
    """` where `h` is 224 and `w` is 224`; empty where no sizes are given."""
    text = " and ".join(f"`{name}` is {size}" for name, size in sizes.items())
    return text and f" where {text}"


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
    spare = size - least
    return int(spare) >= 0 and -1 not in signs_when_large(formula_of(spare))


@contextmanager
def asking(question: str, *, culprit: str) -> Iterator[None]:
    """Put a question of the layer in place of the comparison inside that cannot be decided."""
    try:
        yield
    except Undecided as undecided:
        raise Undecided(question, undecided.open, culprit=culprit) from None
