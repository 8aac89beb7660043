"""One trial: a net with drawn values, trained for a while and scored on examples held out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, Literal

from netc.searching.ranges import Plain
from netc.training import (
    Diverged,
    Ended,
    Ready,
    Score,
    Stepped,
    numbers,
    score_of,
)

Outcome = Literal["done", "diverged", "refused"]

_NEVER = 1 << 62
"""Epochs between two tests, so that there is but the one at the end."""


@dataclass(frozen=True)
class Trial:
    """What became of a trial. `values` are those that were drawn, by name.

    `refused` says that the net cannot be trained with them; then, and where it `diverged`, `reason`
    says why, and there is no loss. `params` counts what the net's weights hold.
    """

    number: int
    outcome: Outcome
    values: Mapping[str, Plain]
    loss: float | None = None
    metrics: Mapping[str, float] | None = None
    params: int = 0
    steps: int = 0
    seconds: float = 0.0
    reason: str = ""

    @property
    def score(self) -> Score | None:
        """How good the net was, so that a better one compares greater; None where it is none."""
        if self.outcome != "done":
            return None
        return score_of(self.loss or 0.0, self.metrics or {})

    @property
    def is_whole(self) -> bool:
        """Whether it has a loss just where it is done, and all of its numbers are some."""
        numbers = [*(self.metrics or {}).values(), *([] if self.loss is None else [self.loss])]
        has_loss = self.loss is not None or bool(self.metrics)
        return has_loss == (self.outcome == "done") and all(map(isfinite, numbers))

    @property
    def row(self) -> dict[str, Any]:
        """The trial as a line of `trials.jsonl`."""
        return {
            "trial": self.number,
            "outcome": self.outcome,
            "values": dict(self.values),
            "loss": self.loss,
            "metrics": dict(self.metrics or {}),
            "params": self.params,
            "steps": self.steps,
            "seconds": round(self.seconds, 3),
            "reason": self.reason,
        }

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> "Trial | None":
        """The trial of a line; None where it is not what it should be."""
        try:
            outcome: Outcome = row["outcome"]
            if outcome not in ("done", "diverged", "refused"):
                return None
            read = cls(
                int(row["trial"]),
                outcome,
                {str(name): _plain(value) for name, value in row["values"].items()},
                None if row["loss"] is None else float(row["loss"]),
                {str(name): float(value) for name, value in row["metrics"].items()},
                int(row["params"]),
                int(row["steps"]),
                float(row["seconds"]),
                str(row["reason"]),
            )
            return read if read.number > 0 and read.is_whole else None
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            return None


def _plain(value: object) -> Plain:
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError("a drawn value is a number or a text")


def run_trial(
    number: int, values: Mapping[str, Plain], ready: Ready, is_stopped: Callable[[], bool]
) -> Iterator[Stepped | Trial]:
    """Train, and score at the end: the steps, then the trial; no trial where it was stopped."""
    network = ready.learner.network
    ready = replace(ready, settings=replace(ready.settings, test_every=_NEVER))
    loop = ready.loop()
    params = sum(weight.size for weight in network.store.weights.values())
    begun = Trial(number, "diverged", values, params=params)
    try:
        for event in loop.events(is_stopped):
            match event:
                case Stepped():
                    yield event
                case Diverged():
                    reason = f"the loss was {event.loss} in step {event.step:,}"
                    yield replace(begun, steps=event.step, reason=reason)
                case Ended(reason="done"):
                    yield replace(
                        begun,
                        outcome="done",
                        loss=event.loss,
                        metrics=numbers(event.metrics),
                        steps=event.step,
                        seconds=event.seconds,
                    )
    finally:
        network.close()
