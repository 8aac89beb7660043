"""A scene as SVG, which browsers, papers and slides show without anything else."""

from collections.abc import Sequence
from itertools import pairwise

from netc.draw.layout import Label, Rect, Route, Scene, header_of
from netc.draw.picture import Box, Group, Picture
from netc.draw.style import Theme, family_class, hue_class, rules
from netc.draw.text import LINE, width_of

_MARGIN = 24.0
_TOP = 72.0
_NOTE = 16.0
_ROUND = 9.0

Point = tuple[float, float]


def svg(picture: Picture, scene: Scene, theme: Theme = "auto") -> str:
    """The text of an SVG file: well-formed whatever the net and its layers are called."""
    facts = width_of(picture.facts)
    widest = max([facts, *(width_of(note) for note in picture.notes)])
    widest = max(widest, width_of(picture.name, 18, bold=True))
    width = max(scene.width, widest) + 2 * _MARGIN
    foot = _NOTE * len(picture.notes) + (8 if picture.notes else 0)
    height = _TOP + scene.height + foot + _MARGIN
    dx, dy = (width - scene.width) / 2, _TOP
    size = f'width="{_n(width)}" height="{_n(height)}" viewBox="0 0 {_n(width)} {_n(height)}"'
    notes = [
        f'<text x="{_n(_MARGIN)}" y="{_n(height - _MARGIN - _NOTE * back)}">{_text(note)}</text>'
        for back, note in enumerate(reversed(picture.notes))
    ]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
        f"<title>{_text(picture.name)}</title>",
        f"<style>\n{rules(theme)}</style>",
        f'<rect class="ground" width="{_n(width)}" height="{_n(height)}"/>',
        f'<text class="name" x="{_n(_MARGIN)}" y="32">{_text(picture.name)}</text>',
        f'<text class="facts" x="{_n(_MARGIN)}" y="49">{_text(picture.facts)}</text>',
        f'<g transform="translate({_n(dx)} {_n(dy)})">',
        *(_frame(group, rect) for group, rect in scene.frames),
        *(_line(route, scene.right) for route in scene.routes),
        *(f'<circle class="dot" cx="{_n(x)}" cy="{_n(y)}" r="3"/>' for x, y in scene.dots),
        *(_head(route, scene.right) for route in scene.routes if route.arrow),
        '<g class="middle">',
        *(_box(box, rect) for box, rect in scene.boxes),
        "</g>",
        *(_label(label, scene.right) for label in scene.labels),
        "</g>",
        *notes,
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


# ---- boxes and frames


def _frame(group: Group, rect: Rect) -> str:
    cards = (6, 3, 0) if group.repeat > 1 else ()
    behind = [f'<g class="card">{_rect(rect.moved(off, off), 6)}</g>' for off in cards]
    name, note = header_of(group)
    right = f'<text class="header end" x="{_n(rect.x + rect.width - 9)}" y="{_n(rect.y + 14)}">'
    return "".join(
        (
            f'<g class="frame" id="{group.id}"><title>{_text(group.title or group.label)}</title>',
            *behind,
            _rect(rect, 6),
            f'<text class="header" x="{_n(rect.x + 9)}" y="{_n(rect.y + 14)}">'
            f"{_text(name)}</text>{right + _text(note) + '</text>' if note else ''}</g>",
        )
    )


def _box(box: Box, rect: Rect) -> str:
    top = rect.y + (rect.height - LINE * len(box.lines)) / 2 + LINE - 4
    x = rect.x + rect.width / 2
    lines = "".join(
        f'<text{" class=" + chr(34) + "strong" + chr(34) if line.strong else ""} x="{_n(x)}" '
        f'y="{_n(top + LINE * number)}">{_text(line.text)}</text>'
        for number, line in enumerate(box.lines)
    )
    round = rect.height / 2 if box.kind in ("input", "output") else 4
    classes = f"box kind-{box.kind} {family_class(box.family)}"
    return (
        f'<g class="{classes}" id="{box.id}"><title>{_text(box.title)}</title>'
        f"{_rect(rect, round)}{lines}</g>"
    )


def _rect(rect: Rect, round: float) -> str:
    return (
        f'<rect x="{_n(rect.x)}" y="{_n(rect.y)}" width="{_n(rect.width)}" '
        f'height="{_n(rect.height)}" rx="{_n(round)}"/>'
    )


def _label(label: Label, right: bool) -> str:
    x, y = (label.x + 5, label.y - 5) if right else (label.x + 6, label.y + 13)
    return f'<text class="label" x="{_n(x)}" y="{_n(y)}">{_text(label.text)}</text>'


# ---- lines


def _line(route: Route, right: bool) -> str:
    ends = f'data-from="{route.source}" data-to="{route.target}"'
    if route.bend == "arc":
        kind = f"arc {hue_class(route.hue or 0)}"
        points = " ".join(f"{_n(x)} {_n(y)}" for x, y in route.points[1:])
        start = f"M{_at(route.points[0])}"
        return f'<path class="{kind}" {ends} d="{start} C{points}"/>'
    shape = _corners(route.points) if route.bend == "corner" else _swings(route.points, right)
    return f'<path class="line" {ends} d="{shape}"/>'


def _swings(points: Sequence[Point], right: bool) -> str:
    """Straight along the flow, and from side to side in curves that begin and end along it."""
    text = f"M{_at(points[0])}"
    for (x, y), (u, v) in pairwise(points):
        if (y == v) if right else (x == u):
            text += f" L{_at((u, v))}"
        elif right:
            text += f" C{_n((x + u) / 2)} {_n(y)} {_n((x + u) / 2)} {_n(v)} {_at((u, v))}"
        else:
            text += f" C{_n(x)} {_n((y + v) / 2)} {_n(u)} {_n((y + v) / 2)} {_at((u, v))}"
    return text


def _corners(points: Sequence[Point]) -> str:
    """From point to point with rounded corners."""
    text = f"M{_at(points[0])}"
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        text += f" L{_at(_near(corner, before))} Q{_at(corner)} {_at(_near(corner, after))}"
    return f"{text} L{_at(points[-1])}"


def _near(corner: Point, other: Point) -> Point:
    """The point on the way from a corner to another where its rounding begins."""
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    length = abs(dx) + abs(dy)
    share = min(_ROUND, length / 2) / length if length else 0
    return corner[0] + dx * share, corner[1] + dy * share


def _head(route: Route, right: bool) -> str:
    """The arrow head at the end of a line; an arc comes in from the side."""
    sideways = right != (route.bend == "arc")
    back = 1 if route.bend == "arc" else -1
    long, wide = (4.5, 1.9) if route.bend == "arc" else (7.0, 3.2)
    x, y = route.points[-1]
    if sideways:
        corners = (x + back * long, y + wide), (x + back * long, y - wide)
    else:
        corners = (x + wide, y + back * long), (x - wide, y + back * long)
    return f'<path class="head" d="M{_at((x, y))} L{_at(corners[0])} L{_at(corners[1])} Z"/>'


# ---- texts and numbers


def _at(point: Point) -> str:
    return f"{_n(point[0])} {_n(point[1])}"


def _n(number: float) -> str:
    """A number to a tenth of a point, as short as it can be."""
    text = f"{number:.1f}"
    return text.removesuffix(".0") if text not in ("-0.0", "0.0") else "0"


def _text(text: str) -> str:
    """A text between tags; what XML cannot hold is shown as unknown."""
    known = "".join(
        letter if _is_allowed(letter) else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
    return (
        known.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )


def _is_allowed(letter: str) -> bool:
    code = ord(letter)
    if code < 0x20:
        return letter in "\t\n\r"
    return not (0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 or code in (0xFFFE, 0xFFFF))
