"""Fit polynomials of degree 1, 3 and 9 to ten points of a noisy sine, the last also with decay.

python examples/polynomial/plot.py
"""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

import netc

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent))

from diagram import HEIGHT, WIDTH, Curve, diagram, svg  # noqa: E402

STEPS, NOISE = 5000, 0.25
FITS = ((1, 0.0), (3, 0.0), (9, 0.0), (9, 0.02))


def main() -> None:
    """Fit, draw, and print how far each fit is from the points and from the sine itself."""
    x = np.linspace(-1, 1, 10)
    y = np.sin(np.pi * x) + np.random.default_rng(4).normal(0, NOISE, x.size)
    everywhere = np.linspace(-1, 1, 201)
    truth = Curve("sine", list(zip(everywhere, np.sin(np.pi * everywhere), strict=True)))
    points = Curve("points", list(zip(x, y, strict=True)), dots=True)
    panels = []
    for degree, decay in FITS:
        fitted = fit(degree, decay, x, y)
        found = fitted(everywhere)
        name = f"degree {degree}" + (f", decay {decay}" if decay else "")
        curves = [truth, points, Curve("fit", list(zip(everywhere, found, strict=True)))]
        panels.append(diagram(name, curves, under="x"))
        near = np.sqrt(np.mean((fitted(x) - y) ** 2))
        far = np.sqrt(np.mean((found - np.sin(np.pi * everywhere)) ** 2))
        print(f"{name}: {near:.3f} from the points, {far:.3f} from the sine")
    places = ((i % 2 * WIDTH, i // 2 * HEIGHT) for i in range(len(panels)))
    groups = (
        f'<g transform="translate({a} {b})">{p}</g>'
        for p, (a, b) in zip(panels, places, strict=True)
    )
    text = svg("Polynomials fitted to ten points", "".join(groups), 2 * WIDTH, 2 * HEIGHT)
    (HERE / "plot.svg").write_text(text, encoding="utf-8")


def fit(degree: int, decay: float, x: np.ndarray, y: np.ndarray) -> Callable[..., np.ndarray]:
    """The polynomial of a degree nearest to the points, as a function of x."""
    trainer = netc.load(HERE / "polynomial.net", degree=degree, decay=decay).trainer()
    for _ in range(STEPS):
        trainer.step(basis=basis(x), y=y[:, None])
    return lambda places: trainer.predict(basis(places))[:, 0]


def basis(x: np.ndarray) -> np.ndarray:
    """P1 to P9 at each x."""
    return np.polynomial.legendre.legvander(x, 9)[:, 1:]


if __name__ == "__main__":
    main()
