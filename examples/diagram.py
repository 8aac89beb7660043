"""Diagrams of curves as SVG text, for the scripts beside this one."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 460, 320
LEFT, RIGHT, TOP, BOTTOM = 58, 24, 66, 50
COLORS = ("#2166ac", "#d6604d", "#4d9221", "#8073ac", "#b8860b", "#444444")
GRAY = "#888"

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Curve:
    """A line with its name; with `dots` its points are drawn alone, with `values` their numbers
    stand above them."""

    name: str
    points: Points
    dots: bool = False
    values: bool = False


@dataclass(frozen=True)
class Frame:
    """The numbers at the ends of both axes."""

    left: float
    right: float
    low: float
    high: float

    def place(self, x: float, y: float) -> tuple[float, float]:
        across = (x - self.left) / ((self.right - self.left) or 1)
        up = (min(max(y, self.low), self.high) - self.low) / ((self.high - self.low) or 1)
        return (
            LEFT + (WIDTH - LEFT - RIGHT) * across,
            HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * up,
        )


def diagram(
    title: str, curves: Sequence[Curve], ends: str = "range", *, under: str = "step"
) -> str:
    """One diagram with its axes, its curves and their names; `ends` says whether the upright axis
    begins at zero ("zero") or is as long as the numbers go ("range")."""
    frame = frame_of(curves, ends)
    parts = [text(LEFT, 18, title, weight="bold"), *axes(frame, under)]
    for index, curve in enumerate(curves):
        color = COLORS[index % len(COLORS)]
        parts.append(drawn(curve, frame, color))
        column, row = index % 3, index // 3
        x, y = LEFT + column * 132, 36 + 16 * row
        parts.append(f'<rect x="{x}" y="{y - 8}" width="12" height="4" fill="{color}"/>')
        parts.append(text(x + 16, y - 2, curve.name, color=color))
    return "".join(parts)


def frame_of(curves: Sequence[Curve], ends: str) -> Frame:
    """Axes for all curves; what flies off, as in training that diverges, is cut at the top."""
    xs = [x for curve in curves for x, _ in curve.points]
    ys = sorted(y for curve in curves for _, y in curve.points if y == y)
    left = 0.0 if min(xs) > 0 else min(xs)
    if ends == "zero":
        usual = ys[int(0.98 * (len(ys) - 1))]
        return Frame(left, max(xs), 0.0, min(ys[-1], 1.2 * usual) or 1.0)
    space = 0.06 * (ys[-1] - ys[0]) or 0.5
    return Frame(left, max(xs), ys[0] - space, ys[-1] + space)


def ticks(low: float, high: float) -> list[float]:
    """Round numbers within a range, four to nine of them."""
    rough = (high - low) / 5
    size = 10.0 ** floor(log10(rough))
    step = next(s * size for s in (1, 2, 5, 10) if s * size >= 0.8 * rough)
    return [k * step for k in range(ceil(low / step), floor(high / step + 1e-9) + 1)]


def axes(frame: Frame, under: str) -> list[str]:
    (x0, y0), (x1, y1) = frame.place(frame.left, frame.low), frame.place(frame.right, frame.high)
    parts = [f'<path d="M{x0:.1f} {y1:.1f}V{y0:.1f}H{x1:.1f}" fill="none" stroke="{GRAY}"/>']
    for y in ticks(frame.low, frame.high):
        up = frame.place(frame.left, y)[1]
        parts.append(
            f'<path d="M{x0:.1f} {up:.1f}H{x1:.1f}" stroke="{GRAY}" stroke-opacity="0.18"/>'
        )
        parts.append(text(x0 - 6, up + 4, f"{y:.4g}", anchor="end", color=GRAY))
    for x in ticks(frame.left, frame.right):
        across = frame.place(x, frame.low)[0]
        parts.append(text(across, y0 + 16, f"{x:,.6g}", anchor="middle", color=GRAY))
    parts.append(text(x1, y0 + 34, under, anchor="end", color=GRAY))
    return parts


def drawn(curve: Curve, frame: Frame, color: str) -> str:
    places = [frame.place(x, y) for x, y in curve.points if y == y]
    circles = "".join(
        f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{color}"/>' for a, b in places
    )
    if curve.dots:
        return circles
    line = " ".join(f"{a:.1f},{b:.1f}" for a, b in places)
    path = f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2"/>'
    few = len(places) <= 12
    numbers = zip(places, curve.points, strict=False) if curve.values and few else ()
    above = "".join(text(a, b - 8, f"{y:.2f}", anchor="middle") for (a, b), (_, y) in numbers)
    return path + (circles if few or curve.values else "") + above


def means(points: Points, *, pieces: int) -> list[tuple[float, float]]:
    """The points in so many groups, each as its mean, so that noise does not hide the curve."""
    size = max(1, len(points) // pieces)
    groups = [points[i : i + size] for i in range(0, len(points), size)]
    return [(sum(x for x, _ in g) / len(g), sum(y for _, y in g) / len(g)) for g in groups]


def text(
    x: float, y: float, words: str, *, color: str = "black", anchor: str = "start", weight: str = ""
) -> str:
    bold = f' font-weight="{weight}"' if weight else ""
    place = f'x="{x:.1f}" y="{y:.1f}"'
    return f'<text {place} fill="{color}" text-anchor="{anchor}"{bold}>{escape(words)}</text>'


def svg(title: str, inside: str, width: int, height: int) -> str:
    """A whole picture on white."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="sans-serif" font-size="12"><title>{escape(title)}</title>'
        f'<rect width="100%" height="100%" fill="white"/>{inside}</svg>\n'
    )


def side_by_side(title: str, panels: Sequence[str]) -> str:
    """Diagrams beside one another in one picture."""
    groups = [f'<g transform="translate({i * WIDTH} 0)">{p}</g>' for i, p in enumerate(panels)]
    return svg(title, "".join(groups), WIDTH * len(panels), HEIGHT)
