"""A picture with places: what is drawn, in points from the upper left corner."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from netc.draw.picture import Box, Group

Point = tuple[float, float]
Bend = Literal["smooth", "corner", "arc"]


@dataclass(frozen=True)
class Rect:
    """A rectangle by its upper left corner and its sides."""

    x: float
    y: float
    width: float
    height: float

    def moved(self, dx: float, dy: float) -> "Rect":
        return replace(self, x=self.x + dx, y=self.y + dy)

    @property
    def turned(self) -> "Rect":
        """With down and right exchanged."""
        return Rect(self.y, self.x, self.height, self.width)


@dataclass(frozen=True)
class Route:
    """The line of a value between two boxes, or a piece of it up to the edge of a frame.

    `smooth` lines go along the flow and swing where they change sides, `corner` lines turn with
    rounded corners, an `arc` swings out beside the boxes; its points are those of one Bezier curve.
    `hue` numbers the colour of arcs that begin at the same place.
    """

    source: str
    target: str
    points: tuple[Point, ...]
    arrow: bool
    bend: Bend = "smooth"
    hue: int | None = None

    def moved(self, dx: float, dy: float) -> "Route":
        return replace(self, points=tuple((x + dx, y + dy) for x, y in self.points))


@dataclass(frozen=True)
class Label:
    """The shape of a value, beside the place where its line begins."""

    x: float
    y: float
    text: str


@dataclass
class Scene:
    """Everything with its place. `right` says that values flow to the right, and not down."""

    width: float = 0
    height: float = 0
    boxes: list[tuple[Box, Rect]] = field(default_factory=list)
    frames: list[tuple[Group, Rect]] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    dots: list[Point] = field(default_factory=list)
    right: bool = False

    def take(self, other: "Scene", dx: float, dy: float) -> None:
        """Put another scene into this one, that far from the corner."""
        self.boxes += [(box, rect.moved(dx, dy)) for box, rect in other.boxes]
        self.frames += [(group, rect.moved(dx, dy)) for group, rect in other.frames]
        self.routes += [route.moved(dx, dy) for route in other.routes]
        self.labels += [replace(label, x=label.x + dx, y=label.y + dy) for label in other.labels]
        self.dots += _moved(other.dots, dx, dy)

    def turned(self) -> "Scene":
        """The scene with down and right exchanged."""
        return Scene(
            self.height,
            self.width,
            [(box, rect.turned) for box, rect in self.boxes],
            [(group, rect.turned) for group, rect in self.frames],
            [replace(r, points=tuple((y, x) for x, y in r.points)) for r in self.routes],
            [replace(label, x=label.y, y=label.x) for label in self.labels],
            [(y, x) for x, y in self.dots],
            not self.right,
        )


def _moved(points: Iterable[Point], dx: float, dy: float) -> list[Point]:
    return [(x + dx, y + dy) for x, y in points]
