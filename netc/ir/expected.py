"""What an option takes, in words and as questions."""

from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin

from netc.diag import listed
from netc.layers import Initializer
from netc.options import LayerName, Option, Table

_EXPECTED: dict[Any, str] = {
    int: "a whole number",
    float: "a number",
    bool: "`true` or `false`",
    LayerName: "the name of a layer above",
    tuple[int, ...]: "a list of whole numbers",
    tuple[float, ...]: "a list of numbers",
    tuple[str, ...]: "a list of texts in quotes",
    Table: "a list of lists of whole numbers",
}


@cache
def alternatives(declared: Any) -> tuple[Any, ...]:
    """The types a declared option takes, `None` left out."""
    if get_origin(declared) in (Union, UnionType):
        return tuple(a for a in get_args(declared) if a is not type(None))
    return (declared,)


@cache
def is_initializer(declared: Any) -> bool:
    """Whether an option takes an initializer."""
    return any(isinstance(a, type) and issubclass(a, Initializer) for a in alternatives(declared))


def takes_words(option: Option) -> bool:
    """Whether a word that is no constant may be a value of an option, or be mistaken for one."""
    words = {bool, str, LayerName}
    is_kind = is_initializer(option.type) or option.kinds is not None
    return is_kind or bool(words & set(alternatives(option.type)))


def takes_numbers(option: Option) -> bool:
    """Whether a single number may be a value of an option."""
    return bool({int, float} & set(alternatives(option.type)))


def expected_text(option: Option) -> str:
    """What an option takes, in words."""
    if is_initializer(option.type):
        return "an initializer or a number"
    if option.kinds is not None:
        return f"a {option.noun}"
    words = []
    for alternative in alternatives(option.type):
        if alternative is str:
            words += [f"`{c}`" for c in option.choices] or ["a text in quotes"]
        else:
            words.append(_EXPECTED[alternative])
    return listed(words, "or")
