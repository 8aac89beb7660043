"""Train the nets of an experiment one after the other, and draw what they learned into one picture.

python examples/experiment.py examples/dropout

A folder has `experiment.toml`: a `title`, what to draw (`show`: "loss" while learning,
"test_loss", or the name of a metric), and a `[[run]]` for each curve with its `name`, its `spec`,
settings (`set`) and, if its weights come from another run, that run's name (`init_from`). Runs are
kept in `runs/FOLDER/` where the command is given, and one that is there is not trained again.
"""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from diagram import Curve, diagram, means, side_by_side

PIECES = 60


def main(folder: Path) -> None:
    """Train every run of the experiment, and draw."""
    with (folder / "experiment.toml").open("rb") as file:
        experiment = tomllib.load(file)
    place = Path("runs") / folder.name
    for run in experiment["run"]:
        train(run, folder, place)
    events = {run["name"]: read_events(place / slug(run["name"])) for run in experiment["run"]}
    panels = [
        diagram(title_of(show), [Curve(n, curve(e, show)) for n, e in events.items()], unit(show))
        for show in experiment["show"]
    ]
    (folder / "plot.svg").write_text(side_by_side(experiment["title"], panels), encoding="utf-8")
    for name, found in events.items():
        print(f"{name}: {last_words(found)}")


def train(run: dict[str, Any], folder: Path, place: Path) -> None:
    """Train one net, unless that was done before."""
    out = place / slug(run["name"])
    if (out / "best.safetensors").exists():
        return
    command = [sys.executable, "-m", "netc", "train", str(folder / run["spec"]), "--out", str(out)]
    command += [word for change in run.get("set", []) for word in ("--set", change)]
    if "init_from" in run:
        command += ["--init-from", str(place / slug(run["init_from"]) / "best.safetensors")]
    print("$", "netc", *command[3:], file=sys.stderr)
    done = subprocess.run(command)
    if done.returncode not in (0, 4):  # a net that diverges is a result
        sys.exit(done.returncode)


def read_events(run: Path) -> list[dict[str, Any]]:
    lines = (run / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def curve(events: list[dict[str, Any]], show: str) -> list[tuple[float, float]]:
    """The points of one curve over the steps."""
    if show == "loss":
        learned = [(e["step"], e["loss"]) for e in events if e["event"] == "step"]
        return means(learned, pieces=PIECES)
    tests = [e for e in events if e["event"] == "test"]
    if show == "test_loss":
        return [(e["step"], e["loss"]) for e in tests]
    return [(e["step"], 100 * e["metrics"][show]) for e in tests]


def title_of(show: str) -> str:
    words = {"loss": "loss while learning", "test_loss": "loss on test data"}
    return words.get(show, f"{show} on test data, %")


def unit(show: str) -> str:
    return "zero" if show == "loss" else "range"


def last_words(events: list[dict[str, Any]]) -> str:
    tests = [e for e in events if e["event"] == "test"]
    if not tests:
        return "no test"
    metrics = ", ".join(
        f"{name} {100 * value:.2f} %" for name, value in tests[-1]["metrics"].items()
    )
    return (
        f"test loss {tests[-1]['loss']:.4f}, {metrics}" if metrics else f"{tests[-1]['loss']:.4f}"
    )


def slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
