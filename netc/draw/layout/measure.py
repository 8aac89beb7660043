"""How much room boxes, labels and frames take, along the flow and across it."""

from dataclasses import dataclass, replace

from netc.draw.picture import THEN, Box, Edge, Group, Line
from netc.draw.text import LINE, SMALL, width_of

HEADER = 20.0
PAD = 14.0
_IN, _MOST_IN = 18.0, 8
_NARROWEST = {"layer": 104.0, "block": 120.0}


@dataclass(frozen=True)
class Measure:
    """Sizes for values that flow down, or to the `right`."""

    right: bool = False

    def box(self, box: Box, comes_in: int) -> tuple[float, float]:
        """The sides of a box across the flow and along it; many lines that come in need room."""
        width, height = size_of(box)
        across, along = (height, width) if self.right else (width, height)
        if box.family == "combine" and box.kind != "gather":
            across = max(across, _IN * min(comes_in, _MOST_IN) + 20)
        return across, along

    def header(self, group: Group) -> tuple[float, float]:
        """The widths of what is written at the top of a frame, at its left and at its right."""
        name, note = header_of(group)
        return (
            width_of(name, SMALL, bold=True) + PAD,
            width_of(note, SMALL, bold=True) + PAD,
        )

    @property
    def before(self) -> float:
        """Room in a frame before what it holds, along the flow: its header stands there."""
        return 0 if self.right else HEADER - 8

    @property
    def left(self) -> float:
        """Room at the left of the flow, where the header stands if values flow to the right."""
        return HEADER if self.right else PAD

    def gap(self, edges: list[Edge]) -> float:
        """Room between rows, for the shapes beside the lines."""
        if not self.right:
            return 38.0
        return max((width_of(edge.label, SMALL) for edge in edges), default=0) + 26


def stacked(box: Box) -> Box:
    """The box with each layer on a line of its own: where values flow to the right, height is
    what there is."""
    parts = (Line(text, line.strong) for line in box.lines for text in line.text.split(THEN))
    return replace(box, lines=tuple(parts))


def size_of(box: Box) -> tuple[float, float]:
    """Width and height of a box that holds its lines."""
    widths = [
        width_of(line.text, bold=True) if line.strong else width_of(line.text, SMALL)
        for line in box.lines
    ]
    narrowest = _NARROWEST.get(box.kind, 64.0) if box.family != "combine" else 56.0
    width = max([*widths, narrowest - 22]) + 22
    return round(width / 2) * 2, len(box.lines) * LINE + 11


def header_of(group: Group) -> tuple[str, str]:
    """What is written at the top of a frame, at its left and at its right."""
    repeat = f"×{group.repeat}" if group.repeat > 1 else ""
    return group.label, f"{group.note} {repeat}".strip()
