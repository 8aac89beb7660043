"""What happens while a net is trained, as values that the loop yields and others show or keep."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from netc.training.metrics import MetricValue


@dataclass(frozen=True)
class Started:
    """Training begins, or goes on after `step` steps. Memory is in bytes.

    `params` counts what the weights hold, frozen ones included. `batch` is the number of
    examples in a step, `last_batch` that of the last step of an epoch.
    """

    name: str
    params: int
    memory: int
    train_examples: int
    test_examples: int
    batch: int
    last_batch: int
    step: int
    steps: int
    steps_per_epoch: int
    engine: str
    threads: int


@dataclass(frozen=True)
class Compiling:
    """The code of a step is being made, which takes longer than a moment: `done` kernels of
    `total` are there."""

    done: int
    total: int


@dataclass(frozen=True)
class Stepped:
    """A step is done. `loss` is the weighted sum of all losses, before the weights changed.

    `metrics` are those of this batch that are a number. `step` and `epoch` count from 1; `rate` is
    the learning rate of this step. Both `examples_per_second` and `seconds_left` go by the steps of
    the last moments.
    """

    step: int
    steps: int
    epoch: int
    loss: float
    rate: float
    metrics: Mapping[str, float]
    examples_per_second: float
    seconds_left: float


@dataclass(frozen=True)
class Tested:
    """All test examples were looked at; `is_best` says whether no earlier test was as good.

    `metrics` has a number for each metric, or a list or table for those that tell of classes.
    """

    step: int
    epoch: int
    loss: float
    metrics: Mapping[str, MetricValue]
    examples: int
    is_best: bool


@dataclass(frozen=True)
class Saved:
    """The run's folder holds everything that is needed to go on from this step."""

    step: int
    path: str


@dataclass(frozen=True)
class Diverged:
    """The loss is no number any more, so nothing can be learned from it. The last event."""

    step: int
    epoch: int
    loss: float
    advice: str


@dataclass(frozen=True)
class Ended:
    """Training is over: all steps are `done`, or somebody interrupted it. The last event.

    `loss` and `metrics` are those of the last test, or of the last step where there are no test
    data; `best` is the step of the best test.
    """

    reason: Literal["done", "interrupted"]
    step: int
    loss: float
    metrics: Mapping[str, MetricValue] = field(default_factory=dict)
    best: int = 0
    seconds: float = 0.0


Event = Started | Compiling | Stepped | Tested | Saved | Diverged | Ended
