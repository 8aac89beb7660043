"""Everything a run needs, made ready before its folder is touched."""

import time
from dataclasses import dataclass
from pathlib import Path

from netc import spec
from netc.diag import Level, Problem
from netc.engines import default_threads
from netc.ir import Graph, Unfit, at_sizes, build, open_sizes, sizes_in
from netc.summary import memory_of
from netc.training.data import Dataset, Where, bind, open_source
from netc.training.learner import Learner
from netc.training.loop import Loop, Place
from netc.training.memory import check_memory, check_room
from netc.training.network import Network, check_engine
from netc.training.problems import NoLoss, NothingLearns
from netc.training.settings import Settings, settings_for_training


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


def prepare(whole: spec.Spec, wish: Wish, spec_folder: Path) -> Ready | list[Problem]:
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
    opened = open_data(whole, graph, settings, Where(spec_folder, wish.data_folders))
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
        return [NoLoss(name.span, name=name.text)]
    if not network.graph_for("train").gradients:
        return [NothingLearns(name.span, name=name.text)]
    return []


def open_data(
    whole: spec.Spec, graph: Graph, settings: Settings, where: Where
) -> tuple[Dataset, str] | list[Problem]:
    """The data in the net's own names and shapes, and the digest of what was read."""
    assert settings.data is not None
    place = settings.places.get("data")
    inputs = {name: graph.types[name] for name in graph.inputs}
    read = open_source(settings.data, where, place, settings.data_options, inputs)
    if not isinstance(read, Dataset):
        return [*read]
    data = bind_inputs(whole, graph, read)
    return (data, read.digest) if isinstance(data, Dataset) else data


def bind_inputs(whole: spec.Spec, graph: Graph, data: Dataset) -> Dataset | list[Problem]:
    """Data with the fields named as the inputs of a net, which fits their sizes."""
    written = [s for s in whole.net.body if isinstance(s, spec.Input)]
    spans = {s.name.text: s.type.span.to((s.sizes or s.type).span) for s in written}
    inputs = {name: graph.types[name] for name in graph.inputs}
    bound = bind(data, inputs, spans)
    if not isinstance(bound, Dataset):
        return [*bound]
    try:
        at_sizes(graph, sizes_in(inputs, bound.train.shapes))
    except Unfit as unfit:
        return [unfit.problem]
    return bound
