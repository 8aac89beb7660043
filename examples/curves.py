"""Draw the learning curves of a run: `metrics.jsonl` in, an SVG out.

python examples/curves.py runs/mnist-1 curves.svg
"""

import json
import sys
from pathlib import Path

from diagram import Curve, diagram, means, side_by_side


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
    losses = [Curve("on test data", tested), Curve("while learning", learned)]
    measured = [Curve(metric, accuracy, values=True)]
    panels = [
        diagram("loss", losses, "zero", under="epoch"),
        diagram(f"{metric} on test data, %", measured, under="epoch"),
    ]
    Path(out).write_text(side_by_side(f"What {folder} learned", panels), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:3])
