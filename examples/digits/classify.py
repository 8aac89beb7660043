"""Let onnxruntime classify test digits with a compiled network, and draw them in the terminal.

python examples/digits/classify.py digits.onnx
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from netc.train import SOURCES, Where

SHADES = " .:-=+*#%@"
IN_A_ROW = 4


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path, help="the network as ONNX")
    parser.add_argument("--count", type=int, default=8, help="how many digits are drawn")
    arguments = parser.parse_args()
    images, labels = test_digits()
    session = onnxruntime.InferenceSession(arguments.model, providers=["CPUExecutionProvider"])
    (prob,) = session.run(None, {session.get_inputs()[0].name: images})
    answers = prob.argmax(axis=1)
    wrong = np.flatnonzero(answers != labels)
    right = np.flatnonzero(answers == labels)
    chosen = np.concatenate([right[: arguments.count - min(len(wrong), 2)], wrong[:2]])
    drawn = [draw(images[i, 0], int(labels[i]), prob[i]) for i in chosen]
    for start in range(0, len(drawn), IN_A_ROW):
        print()
        for parts in zip(*drawn[start : start + IN_A_ROW], strict=True):
            print("  " + "   ".join(parts))
    print(f"\n  {len(right)} of {len(labels)} test digits right, {len(wrong)} wrong")
    return 0


def test_digits() -> tuple[Any, Any]:
    """The test part of the digits that come with netc, as a network gets them."""
    test = SOURCES["digits"]().open(Where(Path())).test
    images = np.empty((len(test), 1, 8, 8), np.float32)
    labels = np.empty(len(test), np.int64)
    everything = {"image": images, "label": labels}
    test.fill(np.arange(len(test)), everything, np.random.default_rng(), training=False)
    return images, labels


def draw(image: Any, label: int, prob: Any) -> list[str]:
    """A digit in shades, two characters a pixel, and under it what the network says."""
    levels = np.clip(image * len(SHADES), 0, len(SHADES) - 1).astype(int)
    rows = ["".join(SHADES[level] * 2 for level in row) for row in levels]
    answer = int(prob.argmax())
    verdict = f"{answer} ({prob.max():.0%})"
    verdict = f"ok {verdict}" if answer == label else f"WRONG {verdict}, a {label}"
    return [*rows, paint(verdict.center(16), good=answer == label)]


def paint(text: str, *, good: bool) -> str:
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return text
    return f"\x1b[{32 if good else 31}m{text}\x1b[0m"


if __name__ == "__main__":
    sys.exit(main())
