"""A search: trials with drawn values one after the other, each kept as soon as it is done."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from netc import spec
from netc.diag import Problem
from netc.searching.divided import Divided
from netc.searching.folder import SearchFolder
from netc.searching.knobs import Knob, Knobs
from netc.searching.ranges import plain
from netc.searching.trial import Trial, run_trial
from netc.training import (
    Dataset,
    Interrupts,
    Metrics,
    Ready,
    Stepped,
    Where,
    Wish,
    make_ready,
    open_source,
    write_copy,
)

_TRIALS = 0x747269616C
"""Keeps what is drawn for a trial apart from other draws by the same seed and number."""

_TRIES = 200
"""Draws for one trial before it is taken that there is nothing new to draw."""


@dataclass(frozen=True)
class Tried:
    """A trial is done and kept; `is_best` says whether none before it was as good."""

    trial: Trial
    is_best: bool


@dataclass(frozen=True)
class Trying:
    """A step of a trial is done."""

    number: int
    stepped: Stepped


@dataclass(frozen=True)
class Finished:
    """The search is over: `done`, `interrupted`, or there was nothing else to try, `exhausted`."""

    reason: str


SearchEvent = Tried | Trying | Finished


@dataclass(frozen=True)
class Request:
    """How a search is done: how many trials, what draws come from, and which part of the training
    examples the trials are scored by. `wish` is what is asked of each training."""

    trials: int
    seed: int
    held_out: float
    wish: Wish
    spec_folder: Path


class Search:
    """A search that is ready to go, with its folder and the trials that are done."""

    def __init__(
        self,
        folder: SearchFolder,
        whole: spec.Spec,
        knobs: tuple[Knobs, tuple[Knob, ...]],
        request: Request,
        first: tuple[Ready, Divided],
        done: Sequence[Trial] = (),
    ) -> None:
        self.folder, self.request = folder, request
        self._whole = whole
        self._maker, self.knobs = knobs
        self._first: Ready | None = first[0]
        self._opener = first[1]
        self.graph, self.settings = first[0].learner.network.graph, first[0].settings
        self.learned, self.held = len(first[0].data.train), len(first[0].data.test)
        self.trials = list(done)

    def data_folders(self) -> tuple[Path, ...]:
        """The folders that a training of the best net must be told of to find its data."""
        self._opener.forget()
        data, request = self.settings.data, self.request
        if data is None or isinstance(open_source(data, Where(self.folder.path)), Dataset):
            return ()
        return tuple(dict.fromkeys((request.spec_folder, *request.wish.data_folders)))

    @property
    def best(self) -> Trial | None:
        """The best trial so far; of equal ones the first."""
        scored = [trial for trial in self.trials if trial.score is not None]
        return max(scored, key=lambda t: (t.score, -t.number), default=None)

    def events(self) -> Iterator[SearchEvent]:
        """Try what is left to try. Ctrl-C ends the search; the trial it meets is done anew when
        the search goes on."""
        rows = [trial.row for trial in self.trials]
        lines = Metrics(self.folder.trials, rows)
        try:
            with Interrupts() as interrupts:
                yield from self._events(lines, interrupts)
        finally:
            lines.close()
            self.folder.release()

    def _events(self, lines: Metrics, interrupts: Interrupts) -> Iterator[SearchEvent]:
        done = {trial.number for trial in self.trials}
        for number, values, made in self._drawn():
            if interrupts.is_asked:
                yield Finished("interrupted")
                return
            if number in done:
                continue
            for event in self._try(number, values, made, interrupts):
                if isinstance(event, Stepped):
                    yield Trying(number, event)
                    continue
                lines.add(event.row)
                lines.flush()
                yield self._kept(event, made)
            if len(self.trials) == len(done):
                yield Finished("interrupted")
                return
            done.add(number)
        yield Finished("done" if len(done) >= self.request.trials else "exhausted")

    def _kept(self, trial: Trial, made: spec.Spec) -> Tried:
        self.trials.append(trial)
        is_best = self.best is trial
        if is_best:
            write_copy(self.folder.best, made)
        return Tried(trial, is_best)

    def _try(
        self,
        number: int,
        values: Sequence[spec.Value | None],
        made: spec.Spec,
        interrupts: Interrupts,
    ) -> Iterator[Stepped | Trial]:
        named = {k.name: plain(v) for k, v in zip(self.knobs, values, strict=True)}
        try:
            ready = self._ready(number, made)
            if isinstance(ready, Ready):
                yield from run_trial(number, named, ready, lambda: interrupts.is_asked)
                return
            reason = ready[0].diagnostic().message if ready else ""
        except MemoryError:
            reason = "there is not enough memory"
        yield Trial(number, "refused", named, reason=reason)

    def _ready(self, number: int, made: spec.Spec) -> Ready | list[Problem]:
        """What trains the net of a trial; that of the first one is there, unless it is done."""
        first, self._first = self._first, None
        if first is not None and number == 1:
            return first
        del first  # Its weights make room for the others'.
        request = self.request
        return make_ready(made, request.wish, request.spec_folder, self._opener)

    def _drawn(self) -> Iterator[tuple[int, Sequence[spec.Value | None], spec.Spec]]:
        """The trials in their order, each with its values and its net: the first is the file's own.

        All of it follows from the seed. Values that were there before, or that make no right net,
        are drawn anew.
        """
        written = [knob.written for knob in self.knobs]
        seen = {tuple(map(plain, written))}
        yield 1, written, self._whole
        for number in range(2, self.request.trials + 1):
            rng = np.random.default_rng((self.request.seed, number, _TRIALS))
            for _ in range(_TRIES):
                values = [knob.among.draw(rng, knob.span) for knob in self.knobs]
                key = tuple(map(plain, values))
                if key in seen:
                    continue
                seen.add(key)
                made = self._maker.with_values(self.knobs, values)
                if isinstance(made, spec.Spec):
                    yield number, values, made
                    break
            else:
                return
