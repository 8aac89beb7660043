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

from netc import __version__
from netc.diag import Level, Problem, Source, Span, render
from netc.export import Compiled, compile_onnx
from netc.formats import COMPAT, as_original, read
from netc.ir import Built, Constant, Graph, build, give, literal, new_problems, settable
from netc.spec import Name, Setting, Spec
from netc.summary import Summary, memory_of, summarize
from netc.training import (
    Diverged,
    Ended,
    Event,
    Learner,
    Network,
    Run,
    Settings,
    Trainer,
    Where,
    Wish,
    answers,
    check_data,
    check_engine,
    check_learning,
    check_settings,
    default_threads,
    load_saved,
    load_weights,
)
from netc.training import resume as resume_run
from netc.training import start as start_run
from netc.types import Array

File = str | Path
Parameter = bool | int | float | str | Sequence["Parameter"]
Show = Callable[[Event], None]
T = TypeVar("T")


class SpecError(Exception):
    """Something is wrong with a spec, its data or its weights. The text is what `netc check` would
    print; `problems` are the same as values."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n\n".join(render(p.diagnostic()) for p in self.problems))


def load(path: File, **parameters: Parameter) -> "Net":
    """Read a spec of any format netc knows.

    Raises `SpecError` where the text cannot be read at all. What is wrong with a net that can be
    read is in `net.problems`. Keywords set the net's parameters, and open sizes of its inputs:
    `netc.load("resnet.net", depth=152)`; one that the net does not have is a `SpecError` too.
    `compat="convnetjs"` asks for the numbers of ConvNetJS itself, for a file of its own.
    """
    spec = _or_raise(read(str(path)), Spec)
    if COMPAT in parameters and COMPAT not in settable(spec):
        spec = _or_raise(as_original(spec, _setting(COMPAT, parameters.pop(COMPAT))), Spec)
    if parameters:
        given = [_setting(name, value) for name, value in parameters.items()]
        spec = _or_raise(give(spec, given), Spec)
    return Net(spec)


def _setting(name: str, value: Parameter) -> Setting:
    """A parameter as if it were written in a text of its own."""
    source = Source("netc.load", f"{name}={value!r}")
    place = Span(source, len(name) + 1, len(source.text))
    return Setting(
        Name(name, Span(source, 0, len(name))), literal(_constant(name, value), place), place
    )


def _constant(name: str, value: object) -> Constant:
    """A parameter as the language knows it; raises TypeError for what it does not know."""
    if isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return tuple(_constant(name, item) for item in value)
    raise TypeError(f"{name} must be a number, a text, a boolean or a list of them")


class Net:
    """A network as a spec describes it. Nothing runs until it is asked for."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec

    def __repr__(self) -> str:
        return f"<netc.Net {self.name} of {self.spec.source.path}>"

    @cached_property
    def _built(self) -> Built:
        return build(self.spec, memory=memory_of)

    @property
    def name(self) -> str:
        """What the spec calls the net."""
        return self.spec.net.name.text

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything wrong with the net and its `train` section, warnings among it; with the data,
        too, as far as that is known before they are read."""
        found, graph = self._built.problems, self._built.graph
        bound = check_settings(self.spec, graph)
        unfit: list[Problem] = []
        if graph is not None and bound.settings is not None:
            where = Where(Path(self.spec.source.path).parent)
            unfit = check_data(self.spec, graph, bound.settings, where)
        return (*self.spec.notices, *found, *new_problems(bound.problems, found), *unfit)

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

        `weights` is a file of them, or arrays by name; without it they are those in the spec's own
        file where it has some, as a network saved by ConvNetJS has, or else freshly drawn.
        """
        arrays: Mapping[str, Array] | None = None
        if isinstance(weights, Mapping):
            arrays = weights
        elif weights is not None or self.spec.holds_weights:
            arrays = self._filled(weights).store.arrays
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
    ) -> Trainer:
        """The net to be trained one batch at a time, with fresh weights or with those that the
        spec's own file has in it."""
        settings = check_settings(self.spec, self.graph)
        if settings.problems:
            raise SpecError(settings.problems)
        seed = self._settings.seed if seed is None else seed
        network = self._network(engine=engine, threads=threads, seed=seed)
        if self.spec.holds_weights:
            self._fill(network, None)
        problems = check_learning(self.spec, network)
        if problems:
            raise SpecError(problems)
        how = self._settings
        return Trainer(Learner(network, how.optimizer, seed=seed, clip=how.clip_norm))

    def predict(
        self,
        *inputs: Any,
        weights: File | None = None,
        engine: str = "cpu",
        threads: int | None = None,
        **named: Any,
    ) -> Any:
        """What the net answers to arrays of shape (count, ...), given in the order of its inputs or
        by name; labels are not needed. An array, or one for each output by name if there are more.
        `weights` may be left out where the spec's own file has them in it.
        """
        if weights is None and not self.spec.holds_weights:
            raise TypeError("predict() needs weights: the file of the net has none in it")
        network = self._filled(weights, engine=engine, threads=threads)
        return answers(network, inputs, named)

    @property
    def _settings(self) -> Settings:
        bound = check_settings(self.spec, self._built.graph)
        return bound.settings or Settings()

    def _network(self, *, engine: str, threads: int | None, seed: int | None) -> Network:
        problems = check_engine(engine)
        if problems:
            raise SpecError(problems)
        threads = threads or default_threads()
        return Network(self.graph, engine=engine, threads=threads, seed=seed)

    def _filled(
        self, weights: File | None, *, engine: str = "cpu", threads: int | None = 1
    ) -> Network:
        network = self._network(engine=engine, threads=threads, seed=None)
        self._fill(network, weights)
        return network

    def _fill(self, network: Network, weights: File | None) -> None:
        """Take the weights of a file, or those in the file of the spec."""
        if weights is None:
            problems = load_saved(self.spec.source, network.store, net=self.name)
        else:
            problems = load_weights(Path(weights), network.store, net=self.name)
        if problems:
            raise SpecError(problems)


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
            if isinstance(event, Ended) and event.reason == "interrupted":
                raise KeyboardInterrupt
            return Trained(event, run.folder.path)
    raise AssertionError("a run ends with an event that says so")


def _or_raise(made: Any, wanted: type[T]) -> T:
    if isinstance(made, wanted):
        return made
    raise SpecError(made)


def _errors(problems: Sequence[Problem]) -> list[Problem]:
    return [p for p in problems if p.level is Level.ERROR]
