"""Graphs before and after each pass, as text: a new case is a file `passes/<pass>/NAME.net`."""

from functools import partial
from pathlib import Path

import pytest

from netc.ir import show
from netc.passes import (
    differentiate,
    drop_dead,
    for_inference,
    for_phase,
    for_testing,
    for_training,
    fully_convolutional,
)
from tests.conftest import Golden
from tests.nets import graph_of

FOLDER = Path(__file__).parent / "passes"
CASES = sorted(FOLDER.glob("*/*.net"))
PASSES = {
    "build": lambda graph: graph,
    "differentiate": differentiate,
    "drop_dead": drop_dead,
    "for_inference": for_inference,
    "for_testing": for_testing,
    "for_training": for_training,
    "fully_convolutional": fully_convolutional,
    "phase_test": partial(for_phase, phase="test"),
    "phase_train": partial(for_phase, phase="train"),
}


@pytest.mark.parametrize("path", CASES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_a_pass_makes_this_of_the_graph(path: Path, golden: Golden) -> None:
    before = graph_of(path.read_text(encoding="utf-8"))
    after = PASSES[path.parent.name](before)
    golden(path.with_suffix(".out"), show(after))


def test_every_pass_has_a_case() -> None:
    assert {path.parent.name for path in CASES} == set(PASSES)


@pytest.mark.parametrize("path", CASES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_a_pass_done_twice_changes_nothing_more(path: Path) -> None:
    if path.parent.name in ("differentiate", "for_training", "fully_convolutional"):
        return
    once = PASSES[path.parent.name](graph_of(path.read_text(encoding="utf-8")))
    assert show(PASSES[path.parent.name](once)) == show(once)
