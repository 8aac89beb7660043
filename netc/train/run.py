"""A run: a training with a folder, that can be stopped at any time and go on bit for bit."""

import os
import platform
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from netc import formats, spec
from netc.diag import Level, Problem
from netc.ir import Graph, build
from netc.train.checkpoint import transfer_weights, weights_of, write_arrays, write_file
from netc.train.data import Dataset, Where, bind, open_source
from netc.train.events import Diverged, Ended, Event, Saved, Started, Stepped, Tested
from netc.train.folder import Line, Metrics, RunFolder, lines_until, make_folder
from netc.train.interrupts import Interrupts
from netc.train.learner import Learner
from netc.train.loop import Loop, Place
from netc.train.memory import check_memory
from netc.train.network import Network, check_engine
from netc.train.problems import DataChanged, NoLoss, NothingLearns, UnusableRun
from netc.train.settings import Settings, settings_for_training, write_settings
from netc.train.state import read_state, write_state

_MOST_THREADS = 8
"""Beyond this the threads of a step wait for each other more than they work."""

_SAVE_SECONDS = 30.0
"""At the latest after so long, the state is saved with the next step."""


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


def default_threads() -> int:
    """As many threads as the process may use cores, within reason."""
    has_affinity = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1
    return max(1, min(cores, _MOST_THREADS))


class Run:
    """A training that is ready to go, with its folder."""

    def __init__(self, folder: RunFolder, loop: Loop, kept: list[Line], facts: Line) -> None:
        self.folder, self.loop = folder, loop
        self._kept, self._facts = kept, facts
        self._saved: tuple[int, int] | None = None
        self._saved_time = 0.0

    def events(self) -> Iterator[Event]:
        """Train. Ctrl-C ends the run after the step it meets, saved; who closes the iterator, or
        throws into it, stops it too, and what was done is saved as well."""
        metrics = Metrics(self.folder.metrics, self._kept)
        self._saved_time = time.monotonic()
        with Interrupts() as interrupts:
            self.loop.is_stopped = lambda: interrupts.is_asked
            try:
                for event in self.loop.events():
                    yield from self._keep(event, metrics)
            finally:
                metrics.close()

    def _keep(self, event: Event, metrics: Metrics) -> Iterator[Event]:
        """Write down what happened, and hand the event on."""
        line = self._line(event)
        if line is not None:
            metrics.add(line)
        try:
            if isinstance(event, Tested) and event.is_best:
                self._write_weights(self.folder.best)
            if self._is_save_due(event):
                metrics.flush()
                yield self._save()
            yield event
        except (GeneratorExit, KeyboardInterrupt):
            if not isinstance(event, Ended | Diverged):
                metrics.add({"event": "end", "reason": "interrupted", "step": self._step})
                self._save()
            raise

    @property
    def _step(self) -> int:
        return self.loop.learner.step

    def _is_save_due(self, event: Event) -> bool:
        if isinstance(event, Ended):
            return self._saved != (self._step, self.loop.place.tested)
        is_late = time.monotonic() - self._saved_time > _SAVE_SECONDS
        return isinstance(event, Stepped | Tested) and is_late

    def _save(self) -> Saved:
        write_state(self.folder.state, self.loop.learner, self.loop.place)
        self._write_weights(self.folder.last)
        if len(self.loop.data.test) == 0:
            self._write_weights(self.folder.best)
        self._saved, self._saved_time = (self._step, self.loop.place.tested), time.monotonic()
        return Saved(self._step, str(self.folder.path))

    def _write_weights(self, path: Path) -> None:
        network = self.loop.learner.network
        facts = {"net": network.graph.name, "step": str(self._step)}
        write_arrays(path, weights_of(network.store), facts)

    def _line(self, event: Event) -> Line | None:
        """What `metrics.jsonl` says of an event."""
        match event:
            case Started() if not self._kept:
                return {"event": "start", **self._facts, "steps": event.steps}
            case Stepped():
                return {
                    "event": "step",
                    "step": event.step,
                    "epoch": event.epoch,
                    "loss": event.loss,
                    "rate": event.rate,
                    "examples_per_second": round(event.examples_per_second, 1),
                }
            case Tested():
                return {
                    "event": "test",
                    "step": event.step,
                    "epoch": event.epoch,
                    "loss": event.loss,
                    "metrics": dict(event.metrics),
                }
            case Diverged():
                return {"event": "end", "reason": "diverged", "step": event.step}
            case Ended():
                return {
                    "event": "end",
                    "reason": event.reason,
                    "step": event.step,
                    "loss": event.loss,
                    "metrics": dict(event.metrics),
                    "seconds": round(event.seconds, 3),
                }
        return None


def start(whole: spec.Spec, wish: Wish) -> Run | list[Problem]:
    """Make everything ready for a new run, or say why it cannot be."""
    ready = _prepare(whole, wish, Path(whole.source.path).parent)
    if not isinstance(ready, _Ready):
        return ready
    problems = _initialize(ready.learner, wish.init_from)
    if problems:
        return problems
    folder = make_folder(ready.learner.network.graph.name, wish.out)
    if not isinstance(folder, RunFolder):
        return folder
    facts = _manifest(whole, ready, wish)
    write_file(folder.spec, _as_trained(whole, ready.settings).encode())
    folder.write_manifest(facts)
    return Run(folder, ready.loop(), [], _start_facts(facts))


def resume(path: Path, wish: Wish) -> Run | list[Problem]:
    """Make ready to go on with the run in a folder, from where its state was saved.

    Engine and threads stay those of the run, since other sums round otherwise.
    """
    folder = RunFolder(path)
    facts = folder.read_manifest()
    if not isinstance(facts, dict):
        return facts
    known = _Known.read(facts)
    if known is None:
        return [UnusableRun(None, path=str(path), reason="its manifest is damaged")]
    whole = formats.read(str(folder.spec))
    if not isinstance(whole, spec.Spec):
        return whole
    folders = (*wish.data_folders, *known.data_folders)
    wish = replace(wish, engine=known.engine, threads=known.threads, data_folders=folders)
    ready = _prepare(whole, wish, known.spec_folder)
    if not isinstance(ready, _Ready):
        return ready
    if ready.digest != known.digest:
        return [DataChanged(None, path=str(path), now=ready.digest, then=known.digest)]
    place = _place(folder, ready.learner, known.init_from)
    if not isinstance(place, Place):
        return place
    if wish.epochs or wish.steps:
        write_file(folder.spec, _as_trained(whole, ready.settings).encode())
    kept = lines_until(folder.metrics, step=ready.learner.step, tested=place.tested)
    return Run(folder, ready.loop(place), kept, _start_facts(facts))


def _place(folder: RunFolder, learner: Learner, init_from: Path | None) -> Place | list[Problem]:
    """Where the run was; its beginning if it was stopped before anything was saved."""
    if folder.state.exists():
        return read_state(folder.state, learner)
    return _initialize(learner, init_from) or Place()


@dataclass(frozen=True)
class _Known:
    """What a manifest must say so that a run can go on."""

    engine: str
    threads: int
    digest: str
    spec_folder: Path
    data_folders: tuple[Path, ...]
    init_from: Path | None

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> "_Known | None":
        try:
            folders = tuple(Path(folder) for folder in facts["data"]["folders"])
            known = cls(
                str(facts["engine"]),
                int(facts["threads"]),
                str(facts["data"]["digest"]),
                Path(facts["spec"]).parent,
                folders,
                Path(facts["init_from"]) if facts["init_from"] else None,
            )
        except (KeyError, TypeError, ValueError):
            return None
        return known if 0 < known.threads <= 1024 else None


@dataclass(frozen=True)
class _Ready:
    """A run without its folder."""

    learner: Learner
    data: Dataset
    settings: Settings
    digest: str

    def loop(self, place: Place | None = None) -> Loop:
        return Loop(self.learner, self.data, self.settings, place, clock=time.perf_counter)


def _prepare(whole: spec.Spec, wish: Wish, spec_folder: Path) -> _Ready | list[Problem]:
    """Everything that can be made ready without touching the run's folder."""
    built = build(whole.net)
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
    problems = check_learning(whole, network)
    if problems:
        return problems
    opened = _open(whole, graph, settings, Where(spec_folder, wish.data_folders))
    if not isinstance(opened, tuple):
        return opened
    data, digest = opened
    problems = check_memory(network, settings, data)
    if problems:
        return problems
    return _Ready(Learner(network, settings.optimizer, seed=settings.seed), data, settings, digest)


def check_learning(whole: spec.Spec, network: Network) -> list[Problem]:
    """A problem where no weight of a net can learn, its loss being what it is."""
    name = whole.net.name
    if not network.graph.losses:
        return [NoLoss(name.span, name=name.text)]
    if not network.graph_for("train").gradients:
        return [NothingLearns(name.span, name=name.text)]
    return []


def _open(
    whole: spec.Spec, graph: Graph, settings: Settings, where: Where
) -> tuple[Dataset, str] | list[Problem]:
    """The data in the net's own names and shapes, and the digest of what was read."""
    assert settings.data is not None
    place = settings.places.get("data")
    read = open_source(settings.data, where, place, settings.data_options)
    if not isinstance(read, Dataset):
        return [*read]
    data = bind_inputs(whole, graph, read)
    return (data, read.digest) if isinstance(data, Dataset) else data


def bind_inputs(whole: spec.Spec, graph: Graph, data: Dataset) -> Dataset | list[Problem]:
    """Data with the fields named as the inputs of a net."""
    written = [s for s in whole.net.body if isinstance(s, spec.Input)]
    spans = {s.name.text: s.type.span for s in written}
    bound = bind(data, {name: graph.types[name] for name in graph.inputs}, spans)
    return bound if isinstance(bound, Dataset) else [*bound]


def _initialize(learner: Learner, init_from: Path | None) -> list[Problem]:
    if init_from is None:
        return []
    network = learner.network
    taken = transfer_weights(init_from, network.store, net=network.graph.name)
    return [problem for problem in taken if isinstance(problem, Problem)]


def _as_trained(whole: spec.Spec, settings: Settings) -> str:
    """The spec's text with a `train` section that says everything."""
    text, section = whole.source.text, write_settings(settings)
    if whole.train is None:
        return f"{text.rstrip()}\n\n{section}"
    span = whole.train.span
    return text[: span.start] + section.rstrip() + text[span.end :].rstrip() + "\n"


def _manifest(whole: spec.Spec, ready: _Ready, wish: Wish) -> dict[str, Any]:
    network = ready.learner.network
    return {
        "net": network.graph.name,
        "spec": os.path.abspath(whole.source.path),
        "command": list(wish.command),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": ready.settings.seed,
        "engine": network.engine_name,
        "threads": network.threads,
        "init_from": None if wish.init_from is None else os.path.abspath(wish.init_from),
        "data": {
            "name": ready.data.name,
            "digest": ready.digest,
            "train": len(ready.data.train),
            "test": len(ready.data.test),
            "folders": [os.path.abspath(folder) for folder in wish.data_folders],
        },
        "versions": {
            "netc": wish.version,
            "python": platform.python_version(),
            "numpy": np.__version__,
        },
        "machine": {
            "system": platform.platform(),
            "processor": platform.machine(),
            "cores": os.cpu_count(),
            "byte_order": sys.byteorder,
        },
    }


def _start_facts(facts: Mapping[str, Any]) -> Line:
    """What the first line of `metrics.jsonl` takes over from the manifest."""
    return {name: facts.get(name) for name in ("net", "seed", "engine", "threads", "started")}
