"""A run: a training with a folder, that can be stopped at any time and go on bit for bit."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from netc import formats, spec
from netc.diag import Problem
from netc.training.as_trained import write_as_trained
from netc.training.checkpoint import load_saved, transfer_weights, write_arrays
from netc.training.events import Diverged, Ended, Event, Saved, Started, Stepped, Tested
from netc.training.folder import Line, Metrics, RunFolder, lines_until, make_folder
from netc.training.interrupts import Interrupts
from netc.training.learner import Learner
from netc.training.loop import Loop, Place
from netc.training.manifest import Known, manifest_of, start_facts
from netc.training.prepare import Ready, Wish, make_ready
from netc.training.problems import DataChanged, UnusableRun
from netc.training.state import read_state, write_state

_SAVE_SECONDS = 30.0
"""At the latest after so long, the state is saved with the next step."""


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
            try:
                for event in self.loop.events(lambda: interrupts.is_asked):
                    yield from self._keep(event, metrics)
            finally:
                try:
                    metrics.close()
                finally:
                    self.folder.release()

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
        write_arrays(path, network.store.arrays, facts)

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
    file = Path(whole.source.path)
    if whole.holds_weights and wish.init_from is None and file.is_file():
        wish = replace(wish, init_from=file)
    ready = make_ready(whole, wish, file.parent)
    if not isinstance(ready, Ready):
        return ready
    if wish.init_from is None and whole.holds_weights:
        problems = load_saved(whole.source, ready.learner.network.store, net=whole.net.name.text)
    else:
        problems = _initialize(ready.learner, wish.init_from)
    if problems:
        return problems
    folder = make_folder(ready.learner.network.graph.name, wish.out)
    if not isinstance(folder, RunFolder):
        return folder
    facts = manifest_of(whole, ready, wish)
    if problems := write_as_trained(folder.spec, whole, ready.settings):
        folder.release()
        return problems
    folder.write_manifest(facts)
    return Run(folder, ready.loop(), [], start_facts(facts))


def resume(path: Path, wish: Wish) -> Run | list[Problem]:
    """Make ready to go on with the run in a folder, from where its state was saved.

    Engine and threads stay those of the run, since other sums round otherwise.
    """
    folder = RunFolder(path)
    facts = folder.read_manifest()
    if not isinstance(facts, dict):
        return facts
    known = Known.read(facts)
    if known is None:
        return [UnusableRun(None, path=str(path), reason="its manifest is damaged")]
    if problems := folder.take():
        return problems
    whole = formats.read(str(folder.spec))
    if not isinstance(whole, spec.Spec):
        return whole
    folders = (*wish.data_folders, *known.data_folders)
    wish = replace(wish, engine=known.engine, threads=known.threads, data_folders=folders)
    ready = make_ready(whole, wish, known.spec_folder)
    if not isinstance(ready, Ready):
        return ready
    if ready.digest != known.digest:
        return [DataChanged(None, path=str(path), now=ready.digest, then=known.digest)]
    place = _place(folder, ready.learner, known.init_from)
    if not isinstance(place, Place):
        return place
    if wish.epochs or wish.steps:
        write_as_trained(folder.spec, whole, ready.settings)
    kept = lines_until(folder.metrics, step=ready.learner.step, tested=place.tested)
    return Run(folder, ready.loop(place), kept, start_facts(facts))


def _place(folder: RunFolder, learner: Learner, init_from: Path | None) -> Place | list[Problem]:
    """Where the run was; its beginning if it was stopped before anything was saved."""
    if folder.state.exists():
        return read_state(folder.state, learner)
    return _initialize(learner, init_from) or Place()


def _initialize(learner: Learner, init_from: Path | None) -> list[Problem]:
    if init_from is None:
        return []
    network = learner.network
    taken = transfer_weights(init_from, network.store, net=network.graph.name)
    return [problem for problem in taken if isinstance(problem, Problem)]
