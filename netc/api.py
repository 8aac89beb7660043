"""netc from Python: load a spec, look at it, train it, ask it, compile it.

net = netc.load("digits.net")
run = netc.train(net, epochs=5)
answers = net.predict(images, weights=run.best)
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from netc import __version__
from netc.diag import Level, Problem, render
from netc.export import Compiled, compile_onnx
from netc.formats import read
from netc.ir import Built, Graph, build
from netc.spec import Spec
from netc.summary import Summary, summarize
from netc.train import (
    Diverged,
    Ended,
    Event,
    Learner,
    Measured,
    Network,
    Run,
    Settings,
    Wish,
    check_engine,
    check_learning,
    check_settings,
    default_threads,
    inputs_for_answers,
    load_weights,
    weights_of,
    write_arrays,
)
from netc.train import predict as predict_arrays
from netc.train import resume as resume_run
from netc.train import start as start_run
from netc.types import Array

File = str | Path
Show = Callable[[Event], None]
T = TypeVar("T")


class SpecError(Exception):
    """Something is wrong with a spec, its data or its weights. The text is what `netc check` would
    print; `problems` are the same as values."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n\n".join(render(p.diagnostic()) for p in self.problems))


def load(path: File, **parameters: object) -> "Net":
    """Read a spec of any format netc knows.

    Raises `SpecError` where the text cannot be read at all. What is wrong with a net that can be
    read is in `net.problems`. Keywords set the net's parameters.
    """
    if parameters:
        names = ", ".join(f"`{name}`" for name in parameters)
        raise TypeError(f"the net in {path} has no parameters, so {names} cannot be set")
    return Net(_or_raise(read(str(path)), Spec))


class Net:
    """A network as a spec describes it. Nothing runs until it is asked for."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec

    @cached_property
    def _built(self) -> Built:
        return build(self.spec.net)

    @property
    def name(self) -> str:
        return self.spec.net.name.text

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything wrong with the net and its `train` section, warnings among it."""
        settings = check_settings(self.spec, self._built.graph)
        return (*self._built.problems, *settings.problems)

    @property
    def graph(self) -> Graph:
        """The net as it is meant. Raises `SpecError` where the net has errors."""
        if self._built.graph is None:
            raise SpecError(_errors(self._built.problems))
        return self._built.graph

    def summary(self, *, batch: int = 1) -> Summary:
        """The layers with their shapes and sizes, and totals; memory for a batch."""
        return summarize(self.graph, batch)

    def compile(
        self,
        path: File,
        *,
        weights: File | Mapping[str, Array] | None = None,
        opset: int | None = None,
        target: str | None = None,
        verify: bool = True,
    ) -> Compiled:
        """Write an ONNX file that gives the same numbers as netc.

        `weights` is a safetensors file, or arrays by name; without it they are freshly drawn.
        """
        arrays = self._arrays(weights) if isinstance(weights, str | Path) else weights
        made = compile_onnx(
            self.graph,
            self.spec.source,
            arrays,
            path,
            opset=opset,
            target=target,
            verify=verify,
            seed=self._settings.seed,
        )
        return _or_raise(made, Compiled)

    def trainer(
        self, *, engine: str = "cpu", threads: int | None = None, seed: int | None = None
    ) -> "Trainer":
        """The net with fresh weights, to be trained one batch at a time."""
        settings = check_settings(self.spec, self.graph)
        if settings.problems:
            raise SpecError(settings.problems)
        seed = self._settings.seed if seed is None else seed
        network = self._network(engine=engine, threads=threads, seed=seed)
        problems = check_learning(self.spec, network)
        if problems:
            raise SpecError(problems)
        return Trainer(Learner(network, self._settings.optimizer, seed=seed))

    def predict(
        self,
        *inputs: Any,
        weights: File,
        engine: str = "cpu",
        threads: int | None = None,
        **named: Any,
    ) -> Any:
        """What the net answers to arrays of shape (count, ...), given in the order of its inputs or
        by name; labels are not needed. An array, or one for each output by name if there are more.
        """
        network = self._network(engine=engine, threads=threads, seed=0)
        problems = load_weights(Path(weights), network.store, net=self.name)
        if problems:
            raise SpecError(problems)
        return _answers(network, inputs, named)

    @property
    def _settings(self) -> Settings:
        bound = check_settings(self.spec, self._built.graph)
        return bound.settings or Settings()

    def _network(self, *, engine: str, threads: int | None, seed: int) -> Network:
        problems = check_engine(engine)
        if problems:
            raise SpecError(problems)
        threads = threads or default_threads()
        return Network(self.graph, engine=engine, threads=threads, seed=seed)

    def _arrays(self, weights: File) -> dict[str, Array]:
        network = self._network(engine="cpu", threads=1, seed=0)
        problems = load_weights(Path(weights), network.store, net=self.name)
        if problems:
            raise SpecError(problems)
        return weights_of(network.store)


class Trainer:
    """A net that learns from the batches it is given.

    `rate` is the learning rate of the next step; it starts as the optimizer's and is yours to
    change. `weights` are the arrays themselves, by name: writing to them changes the net.
    """

    def __init__(self, learner: Learner) -> None:
        self._learner = learner
        self.rate = learner.optimizer.rate

    @property
    def weights(self) -> Mapping[str, Array]:
        return self._learner.network.store.weights

    @property
    def steps(self) -> int:
        """Steps done."""
        return self._learner.step

    def step(self, *inputs: Any, **named: Any) -> Measured:
        """Learn from one batch: arrays of shape (count, ...) in the order of the net's inputs, or
        by name. Gives loss and metrics from before the weights moved; where the loss is not
        finite they did not move.
        """
        network = self._learner.network
        arrays = _by_name(network, list(network.graph.inputs), inputs, named)
        engine = network.hold("train", _count(arrays))
        _fill(engine.inputs, arrays)
        return self._learner.learn(engine, self.rate)

    def predict(self, *inputs: Any, **named: Any) -> Any:
        """What the net answers now; see `Net.predict`."""
        return _answers(self._learner.network, inputs, named)

    def save(self, path: File) -> None:
        """Write weights and states as a safetensors file."""
        network = self._learner.network
        facts = {"net": network.graph.name, "step": str(self.steps)}
        write_arrays(Path(path), weights_of(network.store), facts)


@dataclass(frozen=True)
class Trained:
    """A run that is over: its last event, and where its files are."""

    end: Ended | Diverged
    folder: Path

    @property
    def best(self) -> Path:
        """The weights of the best test."""
        return self.folder / "best.safetensors"

    @property
    def last(self) -> Path:
        """The weights after the last step."""
        return self.folder / "last.safetensors"


def train(
    net: Net | File,
    *,
    out: File | None = None,
    data: Sequence[File] = (),
    init_from: File | None = None,
    engine: str = "cpu",
    threads: int | None = None,
    epochs: int | None = None,
    steps: int | None = None,
    show: Show | None = None,
) -> Trained:
    """Train a net as its `train` section says, like `netc train`.

    `show` is called with every event. `data` are folders to look for data in. Raises `SpecError`
    where the run cannot start, and KeyboardInterrupt, with everything saved, after Ctrl-C.
    """
    spec = net.spec if isinstance(net, Net) else load(net).spec
    wish = Wish(
        out=None if out is None else Path(out),
        data_folders=tuple(Path(folder) for folder in data),
        init_from=None if init_from is None else Path(init_from),
        engine=engine,
        threads=threads,
        epochs=epochs,
        steps=steps,
        version=__version__,
    )
    return _finish(_or_raise(start_run(spec, wish), Run), show)


def resume(folder: File, *, show: Show | None = None) -> Trained:
    """Go on with a stopped run, bit for bit as if it had not been stopped."""
    wish = Wish(version=__version__)
    return _finish(_or_raise(resume_run(Path(folder), wish), Run), show)


def _finish(run: Run, show: Show | None) -> Trained:
    for event in run.events():
        if show is not None:
            show(event)
        if isinstance(event, Ended | Diverged):
            if getattr(event, "reason", "") == "interrupted":
                raise KeyboardInterrupt
            return Trained(event, run.folder.path)
    raise AssertionError("a run ends with an event that says so")


def _or_raise(made: Any, wanted: type[T]) -> T:
    if isinstance(made, wanted):
        return made
    raise SpecError(made)


def _errors(problems: Sequence[Problem]) -> list[Problem]:
    return [p for p in problems if p.level is Level.ERROR]


def _answers(network: Network, inputs: Sequence[Any], named: Mapping[str, Any]) -> Any:
    if not network.graph.outputs:
        raise ValueError(f"the net `{network.graph.name}` has no `output`")
    arrays = _by_name(network, inputs_for_answers(network), inputs, named)
    _count(arrays)
    answers = predict_arrays(network, arrays)
    return next(iter(answers.values())) if len(answers) == 1 else answers


def _by_name(
    network: Network, names: list[str], inputs: Sequence[Any], named: Mapping[str, Any]
) -> dict[str, Array]:
    """The given arrays by the inputs they are for, their shapes checked."""
    if len(inputs) > len(names):
        raise TypeError(f"got {len(inputs)} arrays for {len(names)} inputs: {', '.join(names)}")
    given = {**dict(zip(names, inputs, strict=False)), **named}
    if set(given) != set(names):
        raise TypeError(f"needs arrays for {', '.join(names)}, got {', '.join(given) or 'none'}")
    arrays = {name: np.asarray(array) for name, array in given.items()}
    for name, array in arrays.items():
        wanted = network.graph.types[name]
        if array.shape[1:] != wanted.shape or array.ndim == 0:
            sides = ", ".join(map(str, ("count", *wanted.shape)))
            raise ValueError(f"`{name}` must be of shape ({sides}), got {array.shape}")
        if wanted.classes is not None and array.size:
            low, high = array.min(), array.max()
            if low < 0 or high >= wanted.classes:
                raise ValueError(f"`{name}` must be from 0 to {wanted.classes - 1}")
    return arrays


def _count(arrays: Mapping[str, Array]) -> int:
    counts = {len(array) for array in arrays.values()}
    if len(counts) != 1 or 0 in counts:
        raise ValueError("all inputs must have the same number of examples, at least one")
    return counts.pop()


def _fill(inputs: Mapping[str, Array], arrays: Mapping[str, Array]) -> None:
    for name, array in arrays.items():
        np.copyto(inputs[name], array, casting="same_kind")
