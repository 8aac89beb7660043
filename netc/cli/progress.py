"""A training while it goes on: a bar on a terminal, plain lines elsewhere, JSON for programs."""

import json
import math
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import click

from netc.cli.measures import Measures, number
from netc.cli.screen import console, say
from netc.cli.words import count, speed_text, time_text
from netc.diag import bytes_text
from netc.training import Compiling, Diverged, Ended, Event, Saved, Started, Stepped, Tested

if TYPE_CHECKING:
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

_REDRAWN = 0.1
"""Seconds from one drawing of the bar to the next."""

_TOLD = 10.0
"""Seconds from one plain line to the next within an epoch."""

_BEST = "  best"


class View(Protocol):
    """Shows what happens in a training."""

    def see(self, event: Event) -> None: ...

    def close(self) -> None:
        """Leave the screen in order, however the training ended."""
        ...


class Nothing:
    """For `--quiet`."""

    def see(self, event: Event) -> None:
        pass

    def close(self) -> None:
        pass


class JsonLines:
    """For `--json`: each event as a line on standard output, named as in `metrics.jsonl`."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def see(self, event: Event) -> None:
        line = self._line(event)
        click.echo(json.dumps({k: _finite(v) for k, v in line.items()}, allow_nan=False))

    def close(self) -> None:
        pass

    def _line(self, event: Event) -> dict[str, Any]:
        facts = dict(vars(event))
        match event:
            case Started():
                return {"event": "start", "net": facts.pop("name"), **facts, "folder": self._folder}
            case Compiling():
                return {"event": "compile", **facts}
            case Stepped():
                return {"event": "step", **facts}
            case Tested():
                return {"event": "test", **facts}
            case Saved():
                return {"event": "save", **facts}
            case Diverged():
                return {"event": "end", "reason": "diverged", **facts}
            case Ended():
                return {"event": "end", **facts}


def _finite(value: Any) -> Any:
    """JSON has no word for what is not a number."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


@dataclass
class _Epoch:
    """What the steps of an epoch have shown so far."""

    epoch: int
    steps: int = 0
    loss: float = 0.0
    metrics: dict[str, float] = field(default_factory=dict)
    rate: float = 0.0
    tested: Tested | None = None

    def add(self, event: Stepped) -> None:
        self.steps += 1
        self.rate = event.rate
        self.loss += (event.loss - self.loss) / self.steps
        for name, value in event.metrics.items():
            mean = self.metrics.get(name, 0.0)
            self.metrics[name] = mean + (value - mean) / self.steps


class Lines:
    """Plain lines: a table that grows by a row with each epoch, and a word now and then between."""

    def __init__(self, measures: Measures) -> None:
        self._measures = measures
        self._started: Started | None = None
        self._epoch: _Epoch | None = None
        self._since = time.monotonic()
        self._told = time.monotonic()
        self._compiling: float | None = None
        names = measures.names
        self._titles = ["epoch", "loss", *names, "test loss", *(f"test {n}" for n in names)]
        self._titles += ["rate", "time"]
        self._shown = list(range(len(self._titles)))

    def see(self, event: Event) -> None:
        match event:
            case Started():
                self._start(event)
            case Compiling():
                self._tell_compiling(event)
            case Stepped():
                self._step(event)
            case Tested():
                self._current(event.epoch).tested = event
                self._finish_epoch()
            case Diverged() | Ended():
                self._finish_epoch()

    def close(self) -> None:
        pass

    # ---- what Bar draws otherwise

    def _print(self, line: str) -> None:
        say(line)

    def _print_row(self, cells: list[str], *, is_best: bool) -> None:
        self._print(self._aligned(cells) + (_BEST if is_best else ""))

    def _tell_compiling(self, event: Compiling) -> None:
        now = time.monotonic()
        if self._compiling is None or now - self._compiling >= _TOLD:
            self._compiling = now
            self._print(f"  {_compiling_text(event)}")

    def _tell(self, event: Stepped) -> None:
        now = time.monotonic()
        if now - self._told < _TOLD:
            return
        self._told = now
        words = [f"step {event.step:,} of {event.steps:,}", f"loss {number(event.loss)}"]
        words += [self._measures.worded(event.metrics)] if event.metrics else []
        words += [speed_text(event.examples_per_second), f"{time_text(event.seconds_left)} left"]
        self._print("  " + ", ".join(words))

    # ---- the table

    def _start(self, event: Started) -> None:
        self._started = event
        epochs, rest = divmod(event.steps, event.steps_per_epoch)
        length = f"{count(epochs, 'epoch')} of {count(event.steps_per_epoch, 'step')}"
        if rest:
            length = f"{count(event.steps, 'step')}, {event.steps_per_epoch:,} to an epoch"
        self._print(
            f"{event.name}: {count(event.params, 'param')}, "
            f"{count(event.train_examples, 'example')} to learn from, "
            f"{event.test_examples:,} to test with"
        )
        self._print(
            f"{length}, batches of {event.batch:,}; engine {event.engine}, "
            f"{count(event.threads, 'thread')}, {bytes_text(event.memory)} of memory"
        )
        if event.step >= event.steps:
            self._print("all of it is done; `--epochs` or `--steps` make the run longer")
            return
        if event.step:
            self._print(f"going on after step {event.step:,}")
        self._print("")
        self._print(self._aligned(self._titles))
        self._since = time.monotonic()

    def _step(self, event: Stepped) -> None:
        if self._epoch is not None and self._epoch.epoch != event.epoch:
            self._finish_epoch()
        self._current(event.epoch).add(event)
        self._tell(event)

    def _current(self, epoch: int) -> _Epoch:
        if self._epoch is None:
            self._epoch = _Epoch(epoch)
        return self._epoch

    def _finish_epoch(self) -> None:
        epoch, self._epoch = self._epoch, None
        if epoch is None:
            return
        measures, tested = self._measures, epoch.tested
        has_steps = epoch.steps > 0
        self._print_row(
            [
                f"{epoch.epoch}",
                number(epoch.loss) if has_steps else "-",
                *measures.texts(epoch.metrics),
                number(tested.loss if tested else None),
                *measures.texts(tested.metrics if tested else {}),
                number(epoch.rate) if has_steps else "-",
                time_text(time.monotonic() - self._since),
            ],
            is_best=tested is not None and tested.is_best,
        )
        self._since = time.monotonic()

    def _aligned(self, cells: list[str]) -> str:
        return "  ".join(cells[i].rjust(max(len(self._titles[i]), 7)) for i in self._shown)

    def _fit(self, width: int) -> None:
        """Leave out columns, what is missed least first, until a row fits."""
        rate = len(self._titles) - 2
        first_test = 2 + len(self._measures.names)
        for column in (rate, rate + 1, *range(first_test - 1, 0, -1)):
            if len(self._aligned(self._titles) + _BEST) <= width:
                return
            self._shown.remove(column)


class Bar(Lines):
    """On a terminal: the same table, and under it a bar that says how far the training is."""

    def __init__(self, measures: Measures, console: "Console") -> None:
        super().__init__(measures)
        self._console = console
        self._fit(console.width)
        self._live: Live | None = None
        self._drawn = 0.0

    def see(self, event: Event) -> None:
        super().see(event)
        if isinstance(event, Started):
            self._live = _live(self._console)
            self._live.start()
            if event.step < event.steps:
                # Compiling a large network takes some seconds before there is a step to show.
                text = self._bar(event.step / event.steps)
                self._live.update(text.append("  getting ready"), refresh=True)
        elif isinstance(event, Diverged | Ended):
            self.close()

    def close(self) -> None:
        if self._live is not None:
            self._live.update("", refresh=True)
            self._live.stop()
            self._live = None

    def _print(self, line: str) -> None:
        self._console.print(line)

    def _print_row(self, cells: list[str], *, is_best: bool) -> None:
        from rich.text import Text

        mark = (_BEST, "bold green") if is_best else ""
        self._console.print(Text.assemble(self._aligned(cells), mark), soft_wrap=True)

    def _tell_compiling(self, event: Compiling) -> None:
        if self._live is not None and self._started is not None:
            text = self._bar(self._started.step / self._started.steps)
            self._live.update(text.append(f"  {_compiling_text(event)}"), refresh=True)

    def _tell(self, event: Stepped) -> None:
        now = time.monotonic()
        if self._live is None or now - self._drawn < _REDRAWN:
            return
        self._drawn = now
        self._live.update(self._text(event), refresh=True)

    def _text(self, event: Stepped) -> "Text":
        """The line with the bar, its parts left out from the end where the terminal is narrow."""
        part = event.step / event.steps
        text, words = self._bar(part), [f" {100 * part:3.0f} %", f"loss {number(event.loss)}"]
        words += [self._measures.worded(event.metrics)] if event.metrics else []
        words += [f"rate {event.rate:.3g}", speed_text(event.examples_per_second)]
        words.insert(1, f"{time_text(event.seconds_left)} left")
        for word in words:
            if text.cell_len + len(word) + 2 < self._console.width:
                text.append(f" {word} ")
        return text

    def _bar(self, part: float) -> "Text":
        """The bar alone, filled to a part of it."""
        from rich.text import Text

        width = min(max(self._console.width // 4, 10), 30)
        done = round(part * width)
        if not self._console.encoding.startswith("utf"):
            return Text("#" * done + "." * (width - done))
        return Text.assemble(("━" * done, "green"), ("━" * (width - done), "dim"))


def _compiling_text(event: Compiling) -> str:
    return f"compiling kernels {event.done}/{event.total}"


def _live(console: "Console") -> "Live":
    from rich.live import Live

    return Live(console=console, auto_refresh=False, transient=True, redirect_stdout=False)


def view_for_people(measures: Measures, *, is_terminal: bool) -> View:
    """A bar where it can be drawn, plain lines elsewhere."""
    if not is_terminal:
        return Lines(measures)
    return Bar(measures, console(sys.stderr))
