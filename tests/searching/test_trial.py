"""A trial is kept as a line, and read back only where it is whole."""

import json
from typing import Any

import pytest

from netc.searching import Trial

DONE = Trial(2, "done", {"rate": 0.1, "optimizer": "adam", "h": 8}, 0.5, {"accuracy": 0.9}, 10, 4)
DIVERGED = Trial(3, "diverged", {"rate": 1e9}, reason="the loss was inf in step 2", steps=2)


@pytest.mark.parametrize("trial", [DONE, DIVERGED], ids=lambda t: t.outcome)
def test_a_trial_reads_back_as_it_was(trial: Trial) -> None:
    read = Trial.read(json.loads(json.dumps(trial.row)))
    assert read is not None
    assert read.row == trial.row
    assert read.score == trial.score


@pytest.mark.parametrize(
    "change",
    [
        {"trial": 0},
        {"trial": "two"},
        {"outcome": "fine"},
        {"outcome": "diverged"},
        {"loss": float("nan")},
        {"loss": float("inf")},
        {"loss": None, "metrics": {}},
        {"metrics": {"accuracy": float("nan")}},
        {"metrics": [1]},
        {"values": None},
        {"values": {"rate": [1]}},
        {"params": {}},
        {"seconds": "x"},
    ],
    ids=str,
)
def test_a_line_that_cannot_be_is_no_trial(change: dict[str, Any]) -> None:
    assert Trial.read({**DONE.row, **change}) is None
    assert Trial.read({name: DONE.row[name] for name in DONE.row if name not in change}) is None


def test_more_of_the_metric_is_better_and_less_of_the_loss() -> None:
    scores = [
        Trial(1, "done", {}, loss, {"accuracy": accuracy}).score
        for loss, accuracy in ((0.5, 0.8), (0.4, 0.8), (0.9, 0.9))
    ]
    assert scores == sorted(scores)  # type: ignore[type-var]
    assert DIVERGED.score is None
