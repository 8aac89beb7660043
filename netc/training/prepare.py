"""Everything a run needs, made ready before its folder is touched."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from netc import spec
from netc.diag import Level, Problem
from netc.engines import default_threads
from netc.ir import Graph, build, open_sizes
from netc.summary import memory_of
from netc.training.data import Dataset, Where
from netc.training.inputs import open_data
from netc.training.learner import Learner
from netc.training.loop import Loop, Place
from netc.training.memory import check_memory, check_room
from netc.training.network import Network, check_engine
from netc.training.problems import NothingLearns
from netc.training.settings import Settings, no_loss, settings_for_training


@dataclass(frozen=True)
class Wish:
    """What is asked of a run beside its spec. `version` and `command` are kept for the reader."""

    out: Path | None = None
    data_folders: tuple[Path, ...] = ()
    init_from: Path | None = None
    engine: str = "cpu"
    threads: int | None = None
    epochs: int | None = None
    steps: int | None = None
    version: str = ""
    command: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("threads", "epochs", "steps"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ValueError(f"`{name}` must be at least 1, got {value}")
        if self.epochs is not None and self.steps is not None:
            raise ValueError("`epochs` and `steps` both say how long to train")


@dataclass(frozen=True)
class Ready:
    """A run without its folder."""

    learner: Learner
    data: Dataset
    settings: Settings
    digest: str

    def loop(self, place: Place | None = None) -> Loop:
        """The training itself, from its beginning or from a place where it was stopped."""
        return Loop(self.learner, self.data, self.settings, place, clock=time.perf_counter)


Opener = Callable[[spec.Spec, Graph, Settings, Where], tuple[Dataset, str] | list[Problem]]
"""What opens the data of a net, as `open_data` does."""


def make_ready(
    whole: spec.Spec, wish: Wish, spec_folder: Path, opener: Opener = open_data
) -> Ready | list[Problem]:
    """Everything that can be made ready without touching the run's folder."""
    built = build(whole, memory=memory_of)
    bound = settings_for_training(whole, built.graph)
    problems = [p for p in built.problems if p.level is Level.ERROR]
    problems += [*bound.problems, *check_engine(wish.engine)]
    graph, settings = built.graph, bound.settings
    if problems or graph is None or settings is None:
        return problems
    settings = settings.with_length(epochs=wish.epochs, steps=wish.steps)
    network = Network(
        graph,
        seed=settings.seed,
        engine=wish.engine,
        threads=wish.threads or default_threads(),
    )
    problems = check_learning(whole, network) or check_room(network, settings)
    if problems:
        return problems
    if not open_sizes(graph):
        network.begin("train", settings.batch)  # While the data are read.
    opened = opener(whole, graph, settings, Where(spec_folder, wish.data_folders))
    if not isinstance(opened, tuple):
        return opened
    data, digest = opened
    network = network.taking(data.train.shapes)
    problems = check_memory(network, settings, data)
    if problems:
        return problems
    learner = Learner(network, settings.optimizer, seed=settings.seed, clip=settings.clip_norm)
    return Ready(learner, data, settings, digest)


def check_learning(whole: spec.Spec, network: Network) -> list[Problem]:
    """A problem where no weight of a net can learn, its loss being what it is."""
    name = whole.net.name
    if not network.graph_for("train").losses:
        return [no_loss(whole)]
    if not network.graph_for("train").gradients:
        return [NothingLearns(name.span, name=name.text)]
    return []
