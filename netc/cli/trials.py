"""The trials of a search as people read them: a line when one is done, a table at the end."""

import sys
import time
from collections.abc import Mapping
from typing import Any

from netc.cli.measures import Measures, number
from netc.cli.screen import console, say
from netc.cli.table import Column, columns
from netc.cli.words import count, time_text
from netc.searching import Finished, Search, Trial, Tried, Trying

_REDRAWN = 0.2
"""Seconds between two looks of the line on a terminal."""

_MOST_COLUMNS = 8
"""Varied things that have a column of their own; more of them are told in one."""

_BEST = "  *"


class Trials:
    """Shows a search while it goes on, and what came of it."""

    def __init__(self, search: Search, *, is_shown: bool, is_terminal: bool) -> None:
        self._search, self._is_shown = search, is_shown
        self._measures = Measures(search.graph)
        self._console = console(sys.stderr) if is_shown and is_terminal else None
        self._drawn = 0.0
        self._live: Any = None

    def begin(self) -> None:
        """Say what is going to be done."""
        if not self._is_shown:
            return
        search, done = self._search, len(self._search.trials)
        length = f"{count(search.settings.epochs, 'epoch')} each"
        if search.settings.steps is not None:
            length = f"{count(search.settings.steps, 'step')} each"
        say(
            f"{search.graph.name}: {count(search.request.trials, 'trial')} of {length}; "
            f"{count(search.learned, 'training example')} to learn from, "
            f"{search.held:,} held out to score by"
        )
        for knob in search.knobs:
            say(f"  varied: {knob.name} {knob.among}")
        if done >= search.request.trials:
            say(f"{count(done, 'trial')} are done; `--trials` makes it longer")
            return
        if done:
            say(f"going on after {count(done, 'trial')}")
        say("")
        say(_aligned(self._titles))
        if self._console is not None:
            from rich.live import Live

            self._live = Live(
                console=self._console, auto_refresh=False, transient=True, redirect_stdout=False
            )
            self._live.start()

    def see(self, event: Tried | Trying | Finished) -> None:
        """Show what happened."""
        if not self._is_shown:
            return
        if isinstance(event, Tried):
            row = _aligned(self._titles, self._row(event.trial))
            row += _BEST if event.is_best else ""
            if self._console is not None:
                self._console.print(row, soft_wrap=True)
            else:
                say(row)
        elif isinstance(event, Trying) and self._live is not None:
            self._draw(event)

    def _draw(self, event: Trying) -> None:
        now, stepped = time.monotonic(), event.stepped
        if now - self._drawn < _REDRAWN:
            return
        self._drawn = now
        text = (
            f"trial {event.number} of {self._search.request.trials}: "
            f"step {stepped.step:,} of {stepped.steps:,}, loss {number(stepped.loss)}, "
            f"{time_text(stepped.seconds_left)} left"
        )
        self._live.update(text, refresh=True)

    def close(self) -> None:
        """Take the line away that is drawn on a terminal."""
        if self._live is not None:
            self._live.update("", refresh=True)
            self._live.stop()
            self._live = None

    def table(self) -> str:
        """All trials, the best first."""
        trials = sorted(self._search.trials, key=_place)
        layout = [Column(title, right=True) for title in self._titles[:-1]]
        layout += [Column(self._titles[-1], rest=True)] if self._is_told_in_one else []
        layout += [] if self._is_told_in_one else [Column(self._titles[-1], right=True)]
        return columns(layout, [self._row(trial) for trial in trials], width=100)

    @property
    def _is_told_in_one(self) -> bool:
        return len(self._search.knobs) > _MOST_COLUMNS

    @property
    def _titles(self) -> list[str]:
        first = ["trial", *self._measures.names, "loss", "params", "time"]
        if self._is_told_in_one:
            return [*first, "drawn"]
        return [*first, *(knob.name for knob in self._search.knobs)]

    def _row(self, trial: Trial) -> list[str]:
        metrics = self._measures.texts(trial.metrics or {})
        loss = number(trial.loss) if trial.outcome == "done" else trial.outcome
        first = [str(trial.number), *metrics, loss, f"{trial.params:,}", time_text(trial.seconds)]
        values = {knob.name: _text(trial.values.get(knob.name)) for knob in self._search.knobs}
        if self._is_told_in_one:
            return [*first, ", ".join(f"{name} {text}" for name, text in values.items())]
        return [*first, *values.values()]


def _place(trial: Trial) -> tuple[float, ...]:
    """Where a trial stands in the table: those without a score last, in their order."""
    if trial.score is None:
        return 1.0, 0.0, 0.0, trial.number
    return 0.0, -trial.score[0], -trial.score[1], trial.number


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3g}"
    return "-" if value is None else str(value)


def _aligned(titles: list[str], cells: list[str] | None = None) -> str:
    widths = [max(len(title), 7) for title in titles]
    return "  ".join(c.rjust(w) for c, w in zip(cells or titles, widths, strict=True))


def document(search: Search) -> Mapping[str, object]:
    """What came of a search, for programs."""
    best = search.best
    return {
        "folder": str(search.folder.path),
        "seed": search.request.seed,
        "learned": search.learned,
        "held_out": search.held,
        "varied": {knob.name: str(knob.among) for knob in search.knobs},
        "best": None if best is None else best.number,
        "best_file": None if best is None else str(search.folder.best),
        "trials": [trial.row for trial in sorted(search.trials, key=_place)],
    }
