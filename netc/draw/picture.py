"""A network as a picture without places: boxes, frames around them, what flows between."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["input", "output", "layer", "block", "loss", "metric", "gather"]

THEN = " → "
"""Between layers that stand on one line of a box, where they run one after the other."""


@dataclass(frozen=True)
class Line:
    """One line of a box; a `strong` one says what the box is, the others what goes with it."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Box:
    """Something drawn as one piece: a layer with its followers, a closed block, an input.

    `title` is what is shown when the mouse rests on it. `family` is that of the layer type.
    """

    id: str
    kind: Kind
    family: str
    lines: tuple[Line, ...]
    title: str


@dataclass(frozen=True)
class Group:
    """A frame: an opened block or round of a loop.

    `repeat` says that so many rounds, one after the other, are exactly like this one. In a `dense`
    group each box reads all boxes before it, and `note` says what each of them does.
    """

    id: str
    label: str
    title: str
    children: tuple["Box | Group", ...]
    repeat: int = 1
    dense: bool = False
    note: str = ""


@dataclass(frozen=True)
class Edge:
    """A value that flows from one box into another, with its name; `label` is its shape.

    `dense` marks the direct connections within a dense group.
    """

    source: str
    target: str
    value: str
    label: str
    dense: bool = False


@dataclass(frozen=True)
class Picture:
    """The whole: `facts` go below the name, `notes` at the foot."""

    name: str
    facts: str
    root: Group
    edges: tuple[Edge, ...]
    notes: tuple[str, ...] = field(default=())


def boxes_of(group: Group) -> Iterator[Box]:
    """All boxes in a group, those of inner groups among them."""
    for child in group.children:
        if isinstance(child, Box):
            yield child
        else:
            yield from boxes_of(child)


def groups_of(group: Group) -> Iterator[Group]:
    """A group and all groups inside of it, outer ones first."""
    yield group
    for child in group.children:
        if isinstance(child, Group):
            yield from groups_of(child)
