"""Pages by the words they are about."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar


class Page:
    """Base of the pages: the docstring is the text. `also` are other words that it is about."""

    also: ClassVar[tuple[str, ...]] = ()


WORDS: dict[str, type[Page]] = {}
"""Every page by its word."""


def word(name: str, *also: str) -> Callable[[type[Page]], type[Page]]:
    """Enter a class as the page of a word, and of others that belong to it."""

    def define(cls: type[Page]) -> type[Page]:
        cls.also = also
        WORDS[name] = dataclass(frozen=True)(cls)
        return cls

    return define
