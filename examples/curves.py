"""Draw the learning curves of a run: `metrics.jsonl` in, an SVG out.

python examples/curves.py runs/mnist-1 curves.svg
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

WIDTH, HEIGHT, MARGIN = 420, 240, 48
GRAY, BLUE, ORANGE = "#888", "#2166ac", "#d6604d"
Points = list[tuple[float, float]]


def main(folder: str, out: str) -> None:
    lines = Path(folder, "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    events = [json.loads(line) for line in lines]
    steps = [e for e in events if e["event"] == "step"]
    tests = [e for e in events if e["event"] == "test"]
    if not tests or not tests[0]["metrics"]:
        sys.exit(f"{folder} has no tests with a metric to draw")
    per_epoch = tests[0]["step"] / tests[0]["epoch"]
    learned = means([(e["step"] / per_epoch, e["loss"]) for e in steps], pieces=60)
    tested = [(e["step"] / per_epoch, e["loss"]) for e in tests]
    metric = next(iter(tests[0]["metrics"]))
    accuracy = [(e["step"] / per_epoch, 100 * e["metrics"][metric]) for e in tests]
    left = panel("loss", [("while learning", learned, ORANGE), ("on test data", tested, BLUE)])
    right = panel(f"{metric} on test data, %", [("", accuracy, BLUE)], values=True)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * WIDTH} {HEIGHT}" '
        f'width="{2 * WIDTH}" height="{HEIGHT}" font-family="sans-serif" font-size="12">'
        f'<rect width="100%" height="100%" fill="white"/>{left}'
        f'<g transform="translate({WIDTH} 0)">{right}</g></svg>\n'
    )
    Path(out).write_text(svg, encoding="utf-8")


def means(points: Points, *, pieces: int) -> Points:
    """The points in so many groups, each as its mean, so that noise does not hide the curve."""
    size = max(1, len(points) // pieces)
    groups = [points[i : i + size] for i in range(0, len(points), size)]
    return [(mean([x for x, _ in g]), mean([y for _, y in g])) for g in groups]


def mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)


def panel(title: str, curves: list[tuple[str, Points, str]], *, values: bool = False) -> str:
    """One diagram: axes, a curve for each entry, its name at the right end."""
    points = [p for _, curve, _ in curves for p in curve]
    right = max(x for x, _ in points)
    low, high = min(y for _, y in points), max(y for _, y in points)
    if low == high:  # a single point
        low, high = low - 1, high + 1
    low, high = (low - 0.1 * (high - low), high + 0.1 * (high - low)) if values else (0, high)

    def place(x: float, y: float) -> tuple[float, float]:
        across = MARGIN + (WIDTH - 2 * MARGIN) * x / right
        return across, HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * (y - low) / (high - low)

    parts = [text(MARGIN, MARGIN - 16, title, weight="bold"), *axes(place, right, low, high)]
    for index, (name, curve, color) in enumerate(curves):
        line = " ".join(f"{a:.1f},{b:.1f}" for a, b in (place(x, y) for x, y in curve))
        parts.append(f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2"/>')
        parts.append(text(WIDTH - MARGIN, MARGIN + 16 * index, name, color=color, anchor="end"))
        for x, y in curve if values or len(curve) < 20 else ():
            a, b = place(x, y)
            parts.append(f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{color}"/>')
            if values:
                parts.append(text(a, b - 8, f"{y:.2f}", anchor="middle"))
    return "".join(parts)


def axes(place: Any, right: float, low: float, high: float) -> list[str]:
    """The two axes, their ends written, and a mark at each epoch."""
    (x0, y0), (x1, y1) = place(0, low), place(right, high)
    parts = [f'<path d="M{x0} {y1}V{y0}H{x1}" fill="none" stroke="{GRAY}"/>']
    for epoch in range(round(right) + 1):
        parts.append(text(place(epoch, low)[0], y0 + 16, str(epoch), anchor="middle"))
    parts.append(text(x1, y0 + 32, "epoch", anchor="end"))
    parts += [text(x0 - 6, y + 4, f"{v:.3g}", anchor="end") for y, v in ((y0, low), (y1, high))]
    return parts


def text(
    x: float, y: float, words: str, *, color: str = "black", anchor: str = "start", weight: str = ""
) -> str:
    bold = f' font-weight="{weight}"' if weight else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{color}" text-anchor="{anchor}"{bold}>{words}</text>'
    )


if __name__ == "__main__":
    main(*sys.argv[1:3])
