"""Everything a stopped training needs to go on bit for bit, in one file, so that it cannot disagree
with itself."""

import json
from dataclasses import asdict
from pathlib import Path

from netc.diag import Problem
from netc.training.checkpoint import load_arrays, write_arrays
from netc.training.contents import Contents, read_contents
from netc.training.learner import Learner
from netc.training.loop import Place
from netc.training.metrics import read_value
from netc.training.network import Measured
from netc.training.weight_problems import UnreadableWeights
from netc.types import Array


def write_state(path: Path, learner: Learner, place: Place) -> None:
    """Keep weights, states, the optimizer's arrays, the step, and how good the best test was.

    Draws need no keeping: they follow from the seed and the step.
    """
    facts = {
        "net": learner.network.graph.name,
        "optimizer": learner.optimizer.name,
        "step": str(learner.step),
        "place": json.dumps(asdict(place)),
    }
    write_arrays(path, _arrays(learner), facts)


def read_state(path: Path, learner: Learner) -> Place | list[Problem]:
    """Bring a learner to where the file was written, and give the loop's place."""
    contents = read_contents(path)
    if not isinstance(contents, Contents):
        return contents
    try:
        step, place = int(contents.facts["step"]), _place(contents.facts["place"])
        if step < 0:
            raise ValueError("no step has a number below 0")
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        reason = "it does not say where training was"
        return [UnreadableWeights(None, path=str(path), reason=reason)]
    net = learner.network.graph.name
    problems = load_arrays(path, _arrays(learner), net=net, contents=contents)
    if problems:
        return problems
    learner.step = step
    return place


def _arrays(learner: Learner) -> dict[str, Array]:
    name = learner.optimizer.name
    carried = {f"{name}:{array}": a for array, a in learner.updater.arrays.items()}
    return learner.network.store.arrays | carried


def _place(text: str) -> Place:
    """The place as it was written, every part of the kind it should be."""
    read = json.loads(text)
    last, best = read["last"], read["best"]
    metrics = {str(name): read_value(value) for name, value in last["metrics"].items()}
    loss = None if last["loss"] is None else float(last["loss"])
    return Place(
        tested=int(read["tested"]),
        best=None if best is None else (float(best[0]), float(best[1])),
        best_step=int(read["best_step"]),
        last=Measured(loss, metrics, int(last["examples"])),
    )
