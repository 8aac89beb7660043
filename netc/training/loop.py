"""Epochs and steps: training as a stream of events. Prints nothing and touches no file."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import wait
from dataclasses import dataclass, field, replace

from netc.engines import Engine
from netc.training.data import Dataset
from netc.training.evaluate import measure
from netc.training.events import Compiling, Diverged, Ended, Event, Started, Stepped, Tested
from netc.training.feed import Feed
from netc.training.learner import Learner, is_finite
from netc.training.memory import step_bytes, weight_bytes
from netc.training.network import Measured
from netc.training.population import fill_population
from netc.training.schedules import Progress
from netc.training.settings import Settings

Score = tuple[float, float]
"""How good a test was, so that a better one compares greater: a metric, then the loss turned."""

_SMOOTHING = 0.95
"""How much of the mean time of a step is kept, so that the rate is shown calmly."""

_LONG = 1.0
"""Seconds of compiling after which it is worth a word."""

_AT_ONCE = (
    "the loss was no number before anything was learned: check the data, or let the weights "
    "start smaller by `init`"
)
_IN_TEST = (
    "it is the loss of the test; that of the step was a number. Averages over a single step may "
    "tell too little of what flows: try more `steps`, or `statistics population`"
)
"""Advice where the first step, or the test after it, gives no number."""


@dataclass(frozen=True)
class Place:
    """Where a training is, beside the step its learner counts: the last test and the best one."""

    tested: int = 0
    best: Score | None = None
    best_step: int = 0
    last: Measured = field(default_factory=lambda: Measured(None, {}, 0))


class Loop:
    """One training. At every event the learner and `place` are whole: to go on from there, a new
    loop needs the learner's arrays and step, and the place."""

    def __init__(
        self,
        learner: Learner,
        data: Dataset,
        settings: Settings,
        place: Place | None = None,
        *,
        clock: Callable[[], float],
    ) -> None:
        self.learner, self.data, self.settings = learner, data, settings
        self.place = place or Place()
        self._feed = Feed(data.train, batch=settings.batch, seed=settings.seed)
        self.steps = settings.steps or settings.epochs * self._feed.steps
        self._clock = clock
        self._seconds = 0.0

    def events(self, is_stopped: Callable[[], bool] = lambda: False) -> Iterator[Event]:
        """Train until all steps are done, someone stops it, or the loss is no number."""
        begun = self._clock()
        yield self._started()
        yield from self._compiling(is_stopped)
        while True:
            if self._is_test_due():
                tested = self._test()
                yield tested
                if isinstance(tested, Diverged):
                    return
            is_done = self.learner.step >= self.steps
            if is_done or is_stopped():
                yield self._ended(is_done=is_done, seconds=self._clock() - begun)
                return
            stepped = self._step()
            yield stepped
            if isinstance(stepped, Diverged):
                return

    def _started(self) -> Started:
        data, network, feed = self.data, self.learner.network, self._feed
        step = step_bytes(network, self.settings, len(data.train), len(data.test))
        return Started(
            name=network.graph.name,
            params=sum(w.size for w in network.store.weights.values()),
            memory=step + weight_bytes(network, self.settings),
            train_examples=len(data.train),
            test_examples=len(data.test),
            batch=feed.batch,
            last_batch=feed.size(feed.steps - 1),
            step=self.learner.step,
            steps=self.steps,
            steps_per_epoch=feed.steps,
            engine=network.engine_name,
            threads=network.threads,
        )

    def _compiling(self, is_stopped: Callable[[], bool]) -> Iterator[Compiling]:
        """Wait for the code of a step, and say how far it is when that takes long."""
        if self.learner.step >= self.steps:
            return
        codes = self.learner.network.begin("train", self._feed.batch)
        while wait(codes, timeout=_LONG).not_done and not is_stopped():
            yield Compiling(sum(code.done() for code in codes), len(codes))

    def _is_test_due(self) -> bool:
        step = self.learner.step
        every = self.settings.test_every * self._feed.steps
        is_time = step % every == 0 or step >= self.steps
        return len(self.data.test) > 0 and is_time and step > self.place.tested

    def _step(self) -> Stepped | Diverged:
        step, size = self.learner.step, self._feed.size(self.learner.step)
        network, start = self.learner.network, self._clock()
        if size == self._feed.batch:
            engine = network.hold("train", size)
            start = self._clock()  # The first time code is compiled, which no other step waits for.
            measured = self._learn(step, engine)
        else:
            with network.lend("train", size) as engine:
                measured = self._learn(step, engine)
        loss = measured.loss or 0.0
        if not is_finite(loss):
            return self._diverged(loss, step + 1)
        if self.learner.step >= self.steps and len(self.data.test) == 0:
            self._fill_statistics()
        self._count_time(self._clock() - start, size)
        self.place = replace(self.place, last=self.place.last if self.place.tested else measured)
        left = (self.steps - step - 1) * self._feed.batch * self._seconds
        return Stepped(
            step=step + 1,
            steps=self.steps,
            epoch=step // self._feed.steps + 1,
            loss=loss,
            rate=self._rate(step),
            metrics=measured.numbers,
            examples_per_second=1 / self._seconds if self._seconds else 0.0,
            seconds_left=left,
        )

    def _learn(self, step: int, engine: Engine) -> Measured:
        self._feed.fill(step, engine.inputs)
        return self.learner.learn(engine, self._rate(step))

    def _fill_statistics(self) -> None:
        """Where they are to be those of the whole training set, so that a test, and the weights
        that are kept after it, have them. The next step moves them on, which changes no training.
        """
        settings = self.settings
        if settings.statistics == "population":
            network = self.learner.network
            fill_population(network, self.data.train, batch=settings.batch, seed=settings.seed)

    def _rate(self, step: int) -> float:
        progress = Progress(step, self._feed.steps, self.steps)
        return self.settings.optimizer.rate * self.settings.schedule.factor_at(progress)

    def _count_time(self, seconds: float, size: int) -> None:
        """Keep the mean seconds for one example."""
        now = seconds / size
        kept = _SMOOTHING if self._seconds else 0.0
        self._seconds = kept * self._seconds + (1 - kept) * now

    def _test(self) -> Tested | Diverged:
        self._fill_statistics()
        measured = measure(self.learner.network, self.data.test, batch=self.settings.batch)
        step, loss = self.learner.step, measured.loss or 0.0
        if not is_finite(loss):
            return self._diverged(loss, step, first=_IN_TEST)
        score = score_of(loss, measured.numbers)
        is_measured = measured.loss is not None or bool(measured.metrics)
        is_best = self.place.best is None or score > self.place.best or not is_measured
        best, best_step = (score, step) if is_best else (self.place.best, self.place.best_step)
        self.place = Place(tested=step, best=best, best_step=best_step, last=measured)
        epoch = (step - 1) // self._feed.steps + 1
        return Tested(step, epoch, loss, measured.metrics, measured.examples, is_best)

    def _ended(self, *, is_done: bool, seconds: float) -> Ended:
        last = self.place.last
        return Ended(
            reason="done" if is_done else "interrupted",
            step=self.learner.step,
            loss=last.loss or 0.0,
            metrics=last.metrics,
            best=self.place.best_step,
            seconds=seconds,
        )

    def _diverged(self, loss: float, step: int, first: str = _AT_ONCE) -> Diverged:
        """The end of a training; `first` is the advice where it comes with the first step."""
        rate = self._rate(step - 1)
        advice = f"learn more slowly: the rate was {rate:g}, try {rate / 10:g}"
        if step == 1:
            advice = first
        return Diverged(step, (step - 1) // self._feed.steps + 1, loss, advice)


def score_of(loss: float, numbers: Mapping[str, float]) -> Score:
    """By the first metric that is a number, of which more is better; by the loss where there is
    none or they tie."""
    return (next(iter(numbers.values()), 0.0), -loss)
